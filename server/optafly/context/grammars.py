"""The grammars at hand, loaded late; what counts as a definition in each stands in `outline.grammar`."""

from __future__ import annotations

import importlib
import logging
import threading
from typing import TYPE_CHECKING

from optafly.context.outline.grammar import GRAMMARS, Grammar

if TYPE_CHECKING:
    from tree_sitter import Language, Query

_log = logging.getLogger(__name__)

_loaded: dict[tuple[str, bool], tuple[Language, Query] | None] = {}
_loading = threading.Lock()


def load(language: str, *, whole: bool = False) -> tuple[Language, Query] | None:
    """Return the grammar of an LSP language id and the query for its definitions, or None where there is none.

    The query for the `whole` outline finds imports and references too. A grammar that is missing or does not fit the
    installed tree-sitter is none: it is looked for once and logged.
    """
    grammar = GRAMMARS.get(language)
    if grammar is None:
        return None
    key = (language, whole)
    with _loading:
        if key not in _loaded:
            _loaded[key] = _load(grammar, grammar.whole if whole else grammar.near)
        return _loaded[key]


def _load(grammar: Grammar, query: str) -> tuple[Language, Query] | None:
    try:
        from tree_sitter import Language, Query, QueryError

        pointer: object = getattr(importlib.import_module(grammar.module), grammar.function)()
        language = Language(pointer)
    except (ImportError, AttributeError, ValueError) as error:
        _log.warning("%s cannot be used (%s): its files have no symbols", grammar.module, error)
        return None
    try:
        return language, Query(language, query)
    except QueryError as error:
        _log.warning("%s has other node types than expected (%s): its files have no symbols", grammar.module, error)
        return None


def forget() -> None:
    """Let the next use load its grammar anew."""
    with _loading:
        _loaded.clear()


__all__ = ["GRAMMARS", "Grammar", "forget", "load"]
