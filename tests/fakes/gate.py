"""Answers that come when a test says so, and not before: what is to happen meanwhile has happened by then."""

from __future__ import annotations

import threading

LATE_S = 60.0  # a test that fails before it opens the gate ends all the same

PATIENT = {"claude": {"timeoutS": 2 * LATE_S}}
"""Settings of a road whose answers are held back."""


class Gate:
    """As `answers` of a simulated API it holds its answers back while it is shut; it is open at first."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()

    def __call__(self, prompt: str) -> None:
        """Let the ordinary answer be given."""
        self._open.wait(LATE_S)

    def shut(self) -> None:
        """Hold answers back."""
        self._open.clear()

    def open(self) -> None:
        """Let all answers go."""
        self._open.set()
