"""The languages whose words we know, one module of data each.

Every phrase is in small letters, phrases are separated by `|`, a word that ends in `*` matches any ending. Apostrophes
and hyphens are written as spaces ("doesn't" is `doesn t`). What the fields hold:

- `function_words`, `filler`: words that name nothing (and, please); together with the rest they tell the language;
- `small`: more words that name nothing, which other languages have too, or which hardly tell the language;
- `demonstratives`, `articles`, `possessives`, `adjectives`: what stands before a thing (this, the, my, selected);
- `of`: words by which a definite thing belongs to something else ("the function of a mutex");
- `pronouns`, `here`: what points at code without a noun (it, here);
- `subjects`: those of the pronouns that do so whatever follows ("this" in "why does this lose a cent?"), and "these
  lines" in languages where "line" is no thing in the plural;
- `behaves`: what code does, which makes a pronoun before it the code at hand ("it loops for ever", "this waits too
  long"); `should_behave`: what does so after one of the `subjects` alone ("this never stops");
- `things`: nouns for code in an editor, by what they stand for; "functions here" stands for a file, and "methods here"
  for a class;
- `methods`: the nouns for a function of a class;
- `types`: the nouns that mean a type where nothing goes on with them ("this type", not "this type hint");
- `interfaces`: the nouns for a type that others implement (interface, trait);
- `intents`: words that tell what is asked; the earliest in a prompt decides, the longest where two start at once;
- `ask`: openings of a question, which asks for an explanation where no intent says otherwise; `whether`: those of them
  that ask for a yes or a no, which needs no plan of ours;
- `requests`: what makes an order of a question ("can you", "how do I"), which then asks for a change;
- `indefinite`, `set_phrases`, `local`: what tells a question that anybody could ask (see the module `general`): "a",
  what is definite by its form alone ("the difference between"), and what is in none ("where", "why", "we"; "is it
  worked out" in Japanese and Korean, where "does it work" is asked of the world too);
- `make`, `test_things`, `document_things`: "write" and "tests" or "docstring" together ask for tests or documents;
- `all_documents`: those of the whole project ("the docs"), which are not written beside the code on the screen;
- `expectation`: words with which a person says what should happen;
- `goals`: our sentences by intent, each with the words by which a person has said the same already.
"""

from __future__ import annotations

from optafly.refine.languages import de, en, es, fr, it, ja, ko, pt, ru, zh
from optafly.refine.lexicon import Lexicon

LEXICONS: tuple[Lexicon, ...] = tuple(module.LEXICON for module in (en, de, fr, es, pt, it, ru, zh, ja, ko))
ENGLISH: Lexicon = en.LEXICON
