"""A vague prompt becomes a good one: intent, rules, quality and the word diff."""
