"""The text in a file's bytes, whatever encoding it was saved in."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT_BYTES = 65_536
_MOST_CONTROLS = 0.02
# Tabs, line ends, form feeds, backspaces and escapes stand in text; other control characters do not.
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 11, 12, 13, 27}) + b"\x7f"


def text_of(data: bytes) -> str | None:
    """Return the text of a file without its byte order mark, or None for a binary file. Never raises.

    Without a mark it is UTF-8, and Windows' code page 1252 where it is not valid UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return None if "\0" in text[:_LOOKED_AT_BYTES] else text
    if _binary(data):
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _binary(data: bytes) -> bool:
    head = data[:_LOOKED_AT_BYTES]
    if b"\0" in head:
        return True
    return len(head) - len(head.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(head)
