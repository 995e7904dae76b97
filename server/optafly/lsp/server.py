"""`optafly lsp`: the language server, from the first byte to the last.

Only what `initialize` needs is imported before it is answered, then pygls, then the rooms. Messages wait in order
meanwhile.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from optafly.lsp.stdio import Wire, claim

if TYPE_CHECKING:
    from optafly.lsp.conversation import Conversation
    from optafly.lsp.greeting import Greeted

EXIT_WITHIN_S = 5.0


def run() -> int:
    """Serve the editor on stdin and stdout until it is gone; return the exit code that LSP asks for."""
    wire = claim()
    code = asyncio.run(_serve(wire))
    _leave_in_time(code)
    return code


async def _serve(wire: Wire) -> int:
    from optafly.lsp.conversation import Conversation
    from optafly.lsp.greeting import greet

    conversation = Conversation(wire)
    greeted = await greet(conversation)
    code = 1 if greeted is None else await _go_on(conversation, greeted)
    await conversation.close()
    return code


async def _go_on(conversation: Conversation, greeted: Greeted) -> int:
    from optafly.lsp import logs
    from optafly.paths import user_paths

    paths = user_paths()
    logs.start(paths.log)
    await asyncio.to_thread(importlib.import_module, "optafly.lsp.face")
    from optafly.lsp.face import Face

    return await Face(conversation, paths).serve(greeted)


def _leave_in_time(code: int) -> None:
    """End the process even where a thread still hangs in a call that nobody can stop."""

    def leave() -> NoReturn:
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(EXIT_WITHIN_S, leave)
    timer.daemon = True
    timer.start()
