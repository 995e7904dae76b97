"""The scripts inside Vue, Svelte and Astro components, as if the file held nothing else."""

from __future__ import annotations

import re

_SCRIPT = re.compile(rb"<script\b[^>]*>(.*?)(?:</script\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_FRONT_MATTER = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)(?:^---|\Z)", re.DOTALL | re.MULTILINE)
_OTHER = re.compile(rb"[^\r\n]")

LANGUAGES = ("vue", "svelte", "astro")
READ_AS = "typescript"  # it reads JavaScript as well


def scripts_of(data: bytes) -> bytes:
    """Return a component with spaces for all that is no script: every script keeps its place."""
    kept: list[bytes] = []
    at = 0
    for found in sorted((*_FRONT_MATTER.finditer(data), *_SCRIPT.finditer(data)), key=lambda each: each.start()):
        if found.start() < at:
            continue
        kept += (_OTHER.sub(b" ", data[at : found.start(1)]), found[1])
        at = found.end(1)
    return b"".join((*kept, _OTHER.sub(b" ", data[at:])))
