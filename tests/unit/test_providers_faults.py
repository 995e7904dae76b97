"""Errors in plain words."""

from __future__ import annotations

import email.utils
import time

import pytest

from optafly.providers.faults import retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("", None), ("soon", None), ("inf", None), ("nan", None), ("-3", 0.0), ("0.5", 0.5), ("12", 12.0)],
)
def test_a_retry_after_header_is_read_or_ignored(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


def test_a_retry_after_date_is_seconds_from_now() -> None:
    header = email.utils.formatdate(time.time() + 100, usegmt=True)
    assert retry_after_s(header) == pytest.approx(100, abs=30)
