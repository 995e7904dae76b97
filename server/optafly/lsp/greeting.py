"""The answer to `initialize`, before pygls and lsprotocol are imported: they take longer than all the rest.

What the server can do is written down here as LSP's plain data; a test holds it against what pygls would have said.
"""

from __future__ import annotations

from typing import NamedTuple

from optafly import __version__
from optafly.lsp.conversation import Conversation
from optafly.lsp.envelope import INVALID_PARAMS, NOT_INITIALIZED, Incoming, Refusal, a_list, an_object, open_envelope
from optafly.lsp.positions import Encoding, choose_encoding
from optafly.protocol import APPROVE, CANCEL, COMPLETE, FEEDBACK, REFINE, SEND, STATS

COMMANDS = (REFINE, APPROVE, SEND, CANCEL, STATS, FEEDBACK, COMPLETE)


class Greeted(NamedTuple):
    """An `initialize` that was answered."""

    request: Incoming
    encoding: Encoding


async def greet(conversation: Conversation) -> Greeted | None:
    """Answer `initialize`, and whatever comes before it as LSP says; None where the editor left instead."""
    async for value in conversation.messages():
        message = open_envelope(value)
        if isinstance(message, Refusal):
            conversation.send(message.message())
        elif isinstance(message, Incoming):
            if message.method == "exit":
                return None
            if message.method == "initialize" and message.id is not None:
                if (greeted := _initialize(conversation, message)) is not None:
                    return greeted
            elif message.id is not None:
                conversation.refuse(message.id, NOT_INITIALIZED, "The server is not initialized.")
    return None


def _initialize(conversation: Conversation, request: Incoming) -> Greeted | None:
    params = an_object(request.params)
    if not isinstance(params.get("capabilities"), dict):
        conversation.refuse(request.id, INVALID_PARAMS, "`initialize` must say what the client is capable of.")
        return None
    offered = an_object(an_object(params["capabilities"]).get("general")).get("positionEncodings")
    encoding = choose_encoding(a_list(offered))
    server = {"name": "optafly", "version": __version__}
    result = {"capabilities": capabilities(encoding), "serverInfo": server}
    conversation.send({"jsonrpc": "2.0", "id": request.id, "result": result})
    return Greeted(request, encoding)


def capabilities(encoding: Encoding) -> dict[str, object]:
    """Return what the server can do."""
    return {
        "positionEncoding": encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": False},
        "codeActionProvider": {"codeActionKinds": ["quickfix", "refactor"], "resolveProvider": False},
        "completionProvider": {"triggerCharacters": ["#", "@"], "resolveProvider": False},
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}, "fileOperations": {}},
    }
