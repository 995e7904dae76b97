"""What fits into a budget of tokens, whole or as a skeleton."""
