"""Snapshot to pieces: which code goes with a prompt, and why."""
