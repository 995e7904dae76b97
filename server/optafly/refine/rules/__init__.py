"""The rules: each reads a prompt and drafts insertions, or none."""
