"""Files and symbols of the workspace, completed where a person mentions them: in a prompt file or a client's view."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from optafly.domain import FileHit, Folder, MentionKind, Position, Range, SymbolHit
from optafly.errors import OptaflyError
from optafly.lsp.documents import Documents, OpenDocument
from optafly.lsp.review import is_prompt_file, prompt_end
from optafly.lsp.snapshot import path_in
from optafly.lsp.sync import range_to
from optafly.mentions import Typed, being_typed, mention_of, name_of
from optafly.protocol import CompleteItem, CompleteParams, CompleteResult

if TYPE_CHECKING:  # imported late: it brings every room with it
    from optafly.pipeline import Pipeline

log = logging.getLogger(__name__)

TRIGGERS = ["#", "@"]
SHOWN = 30
LATE_S = 1.0  # by then somebody who types has gone on; it takes milliseconds unless the machine is very busy
_KINDS: dict[str, types.CompletionItemKind] = {
    "class": types.CompletionItemKind.Class,
    "interface": types.CompletionItemKind.Interface,
    "trait": types.CompletionItemKind.Interface,
    "struct": types.CompletionItemKind.Struct,
    "enum": types.CompletionItemKind.Enum,
    "function": types.CompletionItemKind.Function,
    "method": types.CompletionItemKind.Method,
    "constructor": types.CompletionItemKind.Constructor,
    "module": types.CompletionItemKind.Module,
    "namespace": types.CompletionItemKind.Module,
    "constant": types.CompletionItemKind.Constant,
    "variable": types.CompletionItemKind.Variable,
    "field": types.CompletionItemKind.Field,
    "property": types.CompletionItemKind.Property,
    "type": types.CompletionItemKind.TypeParameter,
}


class Completer:
    """Completes mentions from the index; where there is none yet, there is nothing to complete."""

    def __init__(
        self,
        documents: Documents,
        folders: Callable[[], tuple[Folder, ...]],
        pipeline: Callable[[], Awaitable[Pipeline]],
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        self._documents = documents
        self._folders = folders
        self._pipeline = pipeline
        self._settle = settle

    async def complete(self, params: CompleteParams) -> CompleteResult:
        """Return files or symbols that may be meant, best first."""
        from optafly.context.wire import Complete

        near = path_in(params.uri, self._folders()) if params.uri and not is_prompt_file(params.uri) else None
        workspace = (await self._pipeline()).workspace
        await self._settle()
        asked = Complete(kind=params.kind, text=params.text, limit=params.limit, near=near)
        found = await workspace.complete(asked)
        items = _files(found.hits) if params.kind == "file" else _symbols(found.hits)
        return CompleteResult(items=tuple(items[: params.limit]), complete=found.complete)

    async def in_document(self, uri: str, place: Position) -> types.CompletionList:
        """Return what completes the mention that is being typed at `place` (in the editor's units) of a prompt file."""
        nothing = types.CompletionList(is_incomplete=False, items=[])
        document = self._documents.get(uri) if is_prompt_file(uri) else None
        if document is None:
            return nothing
        here = _typed_at(self._documents, document, place)
        if here is None:
            return nothing
        typed, span = here
        params = CompleteParams(kind=typed.kind, text=typed.text[:200], limit=SHOWN)
        try:
            async with asyncio.timeout(LATE_S):
                found = await self.complete(params)
        except (TimeoutError, OptaflyError) as error:
            log.info("nothing was completed: %s", type(error).__name__)
            return types.CompletionList(is_incomplete=True, items=[])
        mark = TRIGGERS[typed.kind == "symbol"] + typed.text
        items = [_item(each, mark, order, span, typed.kind) for order, each in enumerate(found.items)]
        return types.CompletionList(is_incomplete=True, items=items)


def _typed_at(documents: Documents, document: OpenDocument, place: Position) -> tuple[Typed, Range] | None:
    """Return the mention that ends at a place of the prompt, and its range in the editor's units."""
    lines = documents.lines(document)
    cursor = lines.from_wire(place)
    if lines.offset(cursor) > prompt_end(document.text):
        return None
    line = lines.line(cursor.line)
    typed = being_typed(line[: cursor.character])
    if typed is None:
        return None
    quoted = line[typed.start : typed.start + 2] == '#"'
    closed = quoted and line[cursor.character : cursor.character + 1] == '"'  # editors close a quote by themselves
    end = Position(line=cursor.line, character=cursor.character + closed)
    start = Position(line=cursor.line, character=typed.start)
    return typed, lines.range_to_wire(Range(start=start, end=end))


def _item(found: CompleteItem, typed: str, order: int, span: Range, kind: MentionKind) -> types.CompletionItem:
    """Return an entry of the editor's list, in our order: what was typed is its filter, so that none is filtered out.

    The list is asked for anew with each letter, and finds what is misspelt too, which no editor's filter would.
    """
    symbol_kind = _KINDS.get(found.detail.split(" ", 1)[0], types.CompletionItemKind.Reference)
    return types.CompletionItem(
        label=found.label,
        kind=types.CompletionItemKind.File if kind == "file" else symbol_kind,
        detail=found.detail,
        filter_text=typed,
        sort_text=f"{order:04}",
        text_edit=types.TextEdit(range=range_to(span), new_text=found.insert),
    )


def _files(hits: tuple[FileHit, ...]) -> list[CompleteItem]:
    return [
        CompleteItem(
            label=hit.path,
            detail="; ".join(hit.reasons) or hit.language,
            insert=mention_of(hit.path),
            name=hit.path,
            root=hit.root,
            path=hit.path,
        )
        for hit in hits
    ]


def _symbols(hits: tuple[FileHit, ...]) -> list[CompleteItem]:
    pairs = [(hit, symbol) for hit in hits for symbol in hit.symbols]
    often = Counter(symbol.name for _, symbol in pairs)
    return [_symbol(hit, symbol, alone=often[symbol.name] == 1) for hit, symbol in pairs]


def _symbol(hit: FileHit, symbol: SymbolHit, *, alone: bool) -> CompleteItem:
    """Return a symbol; where several have its name, its mention says in which file it is."""
    name = name_of(hit.path, symbol.name)
    return CompleteItem(
        label=symbol.name,
        detail=f"{symbol.kind} in {hit.path}:{symbol.start_line}",
        insert=mention_of(f"#{symbol.name}") if alone else mention_of(name),
        name=name,
        root=hit.root,
        path=hit.path,
        symbol=symbol.name,
        range=Range(
            start=Position(line=symbol.start_line - 1, character=0), end=Position(line=symbol.end_line, character=0)
        ),
    )
