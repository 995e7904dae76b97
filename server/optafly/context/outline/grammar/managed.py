"""Java, Kotlin and C#."""

from __future__ import annotations

from optafly.context.outline.grammar.table import SLASHES, Grammar, any_of

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
JAVA = Grammar(
    module="tree_sitter_java",
    definitions=any_of(_JAVA_KINDS),
    kinds=_JAVA_KINDS,
    above=SLASHES,
    imports="(import_declaration) @import\n(package_declaration) @package\n",
    references="""
    (method_invocation name: (identifier) @ref)
    (method_invocation object: (identifier) @upper)
    (field_access field: (identifier) @ref)
    (field_access object: (identifier) @upper)
    (method_reference (identifier) @ref)
    (annotation name: (identifier) @ref)
    (marker_annotation name: (identifier) @ref)
    (type_identifier) @ref
    """,
)
