"""Answers that were already paid for: store, vectors, fingerprint and verdict."""
