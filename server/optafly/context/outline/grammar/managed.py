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
    constants="""
    ((field_declaration (modifiers) @modifiers) @constant
      (#match? @modifiers "static.* final|final.* static"))
    """,
)

_KOTLIN_KINDS = {
    "class_declaration": "class",
    "object_declaration": "object",
    "companion_object": "object",
    "function_declaration": "function",
    "secondary_constructor": "constructor",
    "type_alias": "type",
}
KOTLIN = Grammar(
    module="tree_sitter_kotlin",
    definitions=any_of(_KOTLIN_KINDS) + "(property_declaration [(getter) (setter)]) @definition\n",
    kinds={**_KOTLIN_KINDS, "property_declaration": "property"},
    above=SLASHES,
    imports="(import) @import\n(package_header) @package\n",
    references="""
    (call_expression . (identifier) @ref)
    (navigation_expression (_) (identifier) @ref)
    (navigation_expression . (identifier) @upper)
    (user_type (identifier) @ref)
    (callable_reference (identifier) @ref)
    """,
    constants="""
    (source_file (property_declaration) @constant)
    ((property_declaration (modifiers) @modifiers) @constant (#match? @modifiers "const"))
    """,
)

_CSHARP_KINDS = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "struct_declaration": "struct",
    "enum_declaration": "enum",
    "record_declaration": "record",
    "delegate_declaration": "delegate",
    "method_declaration": "method",
    "constructor_declaration": "constructor",
    "destructor_declaration": "method",
    "operator_declaration": "method",
    "indexer_declaration": "property",
    "property_declaration": "property",
    "local_function_statement": "function",
}
CSHARP = Grammar(
    module="tree_sitter_c_sharp",
    definitions=any_of(_CSHARP_KINDS),
    kinds=_CSHARP_KINDS,
    above=(b"//", b"/*", b"*", b"["),
    imports="""
    (using_directive) @import
    [(namespace_declaration) (file_scoped_namespace_declaration)] @package
    """,
    references="""
    (invocation_expression function: (identifier) @ref)
    (member_access_expression name: (identifier) @ref)
    (member_access_expression name: (generic_name (identifier) @ref))
    (member_access_expression expression: (identifier) @upper)
    (_ type: (identifier) @ref)
    (_ returns: (identifier) @ref)
    (base_list (identifier) @ref)
    (generic_name (identifier) @ref)
    (type_argument_list (identifier) @ref)
    (attribute name: (identifier) @ref)
    """,
    constants="""
    ((field_declaration (modifier) @modifier) @constant (#eq? @modifier "const"))
    """,
)
