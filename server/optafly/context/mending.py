"""Code while it is being written: a bracket not yet closed makes a parser take in what follows, or lose its way."""

from __future__ import annotations

from optafly.context.lines import DocumentLines, indentation


def last_line(lines: DocumentLines, header: int, end: int) -> int:
    """Return the last line of a definition with syntax errors, by its indentation: at most `end`.

    `header` is the line with its name. It ends with the first `}` indented no further than the header, or before
    the first other such line; a line that begins with another bracket still belongs to the signature.
    """
    margin = indentation(lines.raw[header])
    last = header
    for number in range(header + 1, end + 1):
        text = lines.raw[number].strip()
        if not text:
            continue
        if indentation(lines.raw[number]) <= margin and not text.startswith((b")", b"]", b"{")):
            return number if text.startswith(b"}") else last
        last = number
    return last


def without_line(lines: DocumentLines, line: int) -> str:
    """Return the document with nothing left of one line but its indentation and its braces."""
    raw = lines.raw[line]
    kept = (
        raw[: indentation(raw)] + bytes(byte for byte in raw.strip() if byte in b"{}") + raw[len(raw.rstrip(b"\r\n")) :]
    )
    data = b"".join((*lines.raw[:line], kept, *lines.raw[line + 1 :]))
    return data.decode("utf-8", "surrogatepass")
