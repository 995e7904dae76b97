"""JavaScript and TypeScript, with and without JSX."""

from __future__ import annotations

import msgspec

from optafly.context.outline.grammar.table import SLASHES, Grammar, any_of

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
    f"(call_expression function: [(identifier) (member_expression)] @wrapping arguments: (arguments . [{_FUNCTIONS}]))"
)


def _definitions(kinds: dict[str, str], field: str) -> str:
    return (
        any_of(kinds)
        + f"""
        (variable_declarator value: [{_FUNCTIONS} (class) (object)]) @definition
        ((variable_declarator value: {_WRAPPED}) @definition
          (#match? @wrapping "(^|\\\\.)(memo|forwardRef|useCallback|observer|debounce|throttle|defineComponent)$"))
        ({field} value: [{_FUNCTIONS}]) @definition
        (pair value: [{_FUNCTIONS} (object)]) @definition
        (assignment_expression right: [{_FUNCTIONS} (class)]) @definition
        (export_statement value: [{_FUNCTIONS} (class)]) @definition
        """
    )


_EXTRA_KINDS = {
    "variable_declarator": "function",
    "pair": "method",
    "assignment_expression": "function",
    "export_statement": "function",
}
_IMPORTS = """
(import_statement) @import
(export_statement source: (string)) @import
(call_expression function: (import) @ref)
"""
_REFERENCES = """
(call_expression function: (identifier) @ref)
(new_expression constructor: (identifier) @ref)
(member_expression property: (property_identifier) @ref)
(member_expression object: (identifier) @upper)
"""
_JSX = """
(jsx_opening_element name: (identifier) @upper)
(jsx_self_closing_element name: (identifier) @upper)
"""
_CONSTANT = """(lexical_declaration ((variable_declarator name: (identifier) value: (_) @value) @constant
  (#not-match? @value "^(await )?(require|import) ?\\\\(")))"""
_CONSTANTS = f"(program {_CONSTANT})\n(program (export_statement {_CONSTANT}))\n"

JAVASCRIPT = Grammar(
    module="tree_sitter_javascript",
    definitions=_definitions(_JAVASCRIPT_KINDS, "field_definition"),
    kinds={**_JAVASCRIPT_KINDS, **_EXTRA_KINDS, "field_definition": "method"},
    wrappers=frozenset({"export_statement", "lexical_declaration", "variable_declaration", "expression_statement"}),
    above=SLASHES,
    imports=_IMPORTS,
    references=_REFERENCES + _JSX + "(class_heritage (identifier) @ref)\n",
    constants=_CONSTANTS,
    loaders=frozenset({"require", "import"}),
)
TYPESCRIPT = Grammar(
    module="tree_sitter_typescript",
    function="language_typescript",
    definitions=_definitions(_TYPESCRIPT_KINDS, "public_field_definition"),
    kinds={**_TYPESCRIPT_KINDS, **_EXTRA_KINDS, "public_field_definition": "method"},
    wrappers=JAVASCRIPT.wrappers | {"ambient_declaration"},
    above=SLASHES,
    imports=_IMPORTS,
    references=_REFERENCES + "(type_identifier) @ref\n(extends_clause value: (identifier) @ref)\n",
    constants=_CONSTANTS,
    loaders=JAVASCRIPT.loaders,
)
TYPESCRIPT_REACT = msgspec.structs.replace(TYPESCRIPT, function="language_tsx", references=TYPESCRIPT.references + _JSX)
