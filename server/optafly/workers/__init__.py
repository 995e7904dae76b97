"""Supervised child processes and the framed protocol to them."""
