"""Scripts that are written without spaces, or that put their endings right behind a foreign word."""

from __future__ import annotations

import re

# Thai, Lao, Burmese, Khmer, Hangul, Kana and Chinese characters.
UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""For a class in a regular expression: in `parse_configを直して`, a name ends where one of these begins."""

_EDGE = re.compile(rf"(?<=[{UNSPACED}])(?=[!-~])|(?<=[!-~])(?=[{UNSPACED}])")


def apart(text: str) -> str:
    """Return `text` with a space wherever such a script meets a printable ASCII character."""
    return text if text.isascii() else _EDGE.sub(" ", text)
