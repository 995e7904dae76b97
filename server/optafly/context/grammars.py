"""The languages whose grammars are at hand, and what counts as a definition in each; grammars are loaded late."""

from __future__ import annotations

import importlib
import logging
import threading
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from tree_sitter import Language, Query

_log = logging.getLogger(__name__)


class Grammar(msgspec.Struct, frozen=True):
    """How to read one language.

    `module` and `function` load the grammar. `definitions` is a tree-sitter query whose captures are the definitions.
    `kinds` names each kind of definition by its node type. `wrappers` are the nodes around a definition that belong to
    it; a line that starts with one of `above` belongs to the definition below it.
    """

    module: str
    function: str
    definitions: str
    kinds: dict[str, str]
    wrappers: frozenset[str]
    above: tuple[bytes, ...]
    separator: str = "."


def _any_of(kinds: dict[str, str], more: str = "") -> str:
    return "[" + " ".join(f"({kind})" for kind in kinds) + "] @definition\n" + more


_PYTHON_KINDS = {"function_definition": "function", "class_definition": "class"}
_GO_KINDS = {"function_declaration": "function", "method_declaration": "method", "type_spec": "type"}
_RUST_KINDS = {
    "function_item": "function",
    "function_signature_item": "function",
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "impl_item": "impl",
    "mod_item": "module",
    "macro_definition": "macro",
}
_JAVA_KINDS = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
    "annotation_type_declaration": "annotation",
    "method_declaration": "method",
    "constructor_declaration": "constructor",
    "compact_constructor_declaration": "constructor",
}
_JAVASCRIPT_KINDS = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "method_definition": "method",
}
_TYPESCRIPT_KINDS = {
    **_JAVASCRIPT_KINDS,
    "abstract_class_declaration": "class",
    "interface_declaration": "interface",
    "type_alias_declaration": "type",
    "enum_declaration": "enum",
    "internal_module": "namespace",
    "module": "namespace",
    "function_signature": "function",
    "abstract_method_signature": "method",
}
_FUNCTIONS = "(arrow_function) (function_expression) (generator_function)"
# A component or handler is often wrapped in a call: `const Panel = memo(() => …)`.
_WRAPPED = (
    f"(call_expression function: [(identifier) (member_expression)] @wrapper arguments: (arguments . [{_FUNCTIONS}]))"
)


def _ecmascript(kinds: dict[str, str], field: str) -> str:
    return _any_of(
        kinds,
        f"""
        (variable_declarator value: [{_FUNCTIONS} (class) (object)]) @definition
        ((variable_declarator value: {_WRAPPED}) @definition
          (#match? @wrapper "(^|\\\\.)(memo|forwardRef|useCallback|observer|debounce|throttle|defineComponent)$"))
        ({field} value: [{_FUNCTIONS}]) @definition
        (pair value: [{_FUNCTIONS} (object)]) @definition
        (assignment_expression right: [{_FUNCTIONS} (class)]) @definition
        (export_statement value: [{_FUNCTIONS} (class)]) @definition
        """,
    )


_ECMASCRIPT_EXTRA = {
    "variable_declarator": "function",
    "pair": "method",
    "assignment_expression": "function",
    "export_statement": "function",
}
_ECMASCRIPT_WRAPPERS = frozenset(
    {"export_statement", "lexical_declaration", "variable_declaration", "expression_statement", "ambient_declaration"}
)
_SLASHES = (b"//", b"/*", b"*", b"@")

_JAVASCRIPT = Grammar(
    module="tree_sitter_javascript",
    function="language",
    definitions=_ecmascript(_JAVASCRIPT_KINDS, "field_definition"),
    kinds={**_JAVASCRIPT_KINDS, **_ECMASCRIPT_EXTRA, "field_definition": "method"},
    wrappers=_ECMASCRIPT_WRAPPERS,
    above=_SLASHES,
)
_TYPESCRIPT = Grammar(
    module="tree_sitter_typescript",
    function="language_typescript",
    definitions=_ecmascript(_TYPESCRIPT_KINDS, "public_field_definition"),
    kinds={**_TYPESCRIPT_KINDS, **_ECMASCRIPT_EXTRA, "public_field_definition": "method"},
    wrappers=_ECMASCRIPT_WRAPPERS,
    above=_SLASHES,
)

# By LSP language id.
GRAMMARS: dict[str, Grammar] = {
    "python": Grammar(
        module="tree_sitter_python",
        function="language",
        definitions=_any_of(_PYTHON_KINDS),
        kinds=_PYTHON_KINDS,
        wrappers=frozenset({"decorated_definition"}),
        above=(b"#", b"@"),
    ),
    "javascript": _JAVASCRIPT,
    "javascriptreact": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "typescriptreact": msgspec.structs.replace(_TYPESCRIPT, function="language_tsx"),
    "go": Grammar(
        module="tree_sitter_go",
        function="language",
        definitions=_any_of(_GO_KINDS, "(var_spec value: (expression_list (func_literal))) @definition"),
        kinds={**_GO_KINDS, "var_spec": "function"},
        wrappers=frozenset({"type_declaration", "var_declaration"}),
        above=(b"//", b"/*", b"*"),
    ),
    "rust": Grammar(
        module="tree_sitter_rust",
        function="language",
        definitions=_any_of(_RUST_KINDS),
        kinds=_RUST_KINDS,
        wrappers=frozenset(),
        above=(b"//", b"#[", b"/*", b"*"),
        separator="::",
    ),
    "java": Grammar(
        module="tree_sitter_java",
        function="language",
        definitions=_any_of(_JAVA_KINDS),
        kinds=_JAVA_KINDS,
        wrappers=frozenset(),
        above=_SLASHES,
    ),
}

_loaded: dict[str, tuple[Language, Query] | None] = {}
_loading = threading.Lock()


def load(language: str) -> tuple[Language, Query] | None:
    """Return the grammar of an LSP language id and the query for its definitions, or None where there is none.

    A grammar that is missing or does not fit the installed tree-sitter is none: it is looked for once and logged.
    """
    grammar = GRAMMARS.get(language)
    if grammar is None:
        return None
    with _loading:
        if language not in _loaded:
            _loaded[language] = _load(grammar)
        return _loaded[language]


def _load(grammar: Grammar) -> tuple[Language, Query] | None:
    try:
        from tree_sitter import Language, Query, QueryError

        pointer: object = getattr(importlib.import_module(grammar.module), grammar.function)()
        language = Language(pointer)
    except (ImportError, AttributeError, ValueError) as error:
        _log.warning("%s cannot be used (%s): its files have no symbols", grammar.module, error)
        return None
    try:
        return language, Query(language, grammar.definitions)
    except QueryError as error:
        _log.warning("%s has other node types than expected (%s): its files have no symbols", grammar.module, error)
        return None


def forget() -> None:
    """Let the next use load its grammar anew."""
    with _loading:
        _loaded.clear()
