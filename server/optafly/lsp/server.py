"""`optafly lsp`: the language server, from the first byte to the last.

Only what `initialize` needs is imported before it is answered; everything else comes with the first command or right
after `initialized`.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import NoReturn

from optafly.lsp.stdio import Wire, claim

EXIT_WITHIN_S = 5.0


def run() -> int:
    """Serve the editor on stdin and stdout until it is gone; return the exit code that LSP asks for."""
    wire = claim()
    import asyncio

    code = asyncio.run(_serve(wire))
    _leave_in_time(code)
    return code


async def _serve(wire: Wire) -> int:
    from optafly.lsp.face import Face

    return await Face(wire).serve()


def _leave_in_time(code: int) -> None:
    """End the process even where a thread still hangs in a call that nobody can stop."""

    def leave() -> NoReturn:
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(EXIT_WITHIN_S, leave)
    timer.daemon = True
    timer.start()
