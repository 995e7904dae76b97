"""Go, Rust, C and C++."""

from __future__ import annotations

from optafly.context.outline.grammar.table import Grammar, any_of

_GO_KINDS = {"function_declaration": "function", "method_declaration": "method", "type_spec": "type"}
GO = Grammar(
    module="tree_sitter_go",
    definitions=any_of((*_GO_KINDS, "type_alias")) + "(var_spec value: (expression_list (func_literal))) @definition\n",
    kinds={**_GO_KINDS, "type_alias": "type", "var_spec": "function"},
    wrappers=frozenset({"type_declaration", "var_declaration"}),
    above=(b"//", b"/*", b"*"),
    imports="(import_declaration) @import\n(package_clause) @package\n",
    references="""
    (call_expression function: (identifier) @ref)
    (selector_expression field: (field_identifier) @ref)
    (selector_expression operand: (identifier) @upper)
    (type_identifier) @ref
    """,
    constants="""
    (source_file (const_declaration (const_spec) @constant))
    (source_file (var_declaration (var_spec) @constant))
    (source_file (var_declaration (var_spec_list (var_spec) @constant)))
    """,
)

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
RUST = Grammar(
    module="tree_sitter_rust",
    definitions=any_of(kind for kind in _RUST_KINDS if kind != "mod_item")
    + "(mod_item body: (declaration_list)) @definition\n",
    kinds=_RUST_KINDS,
    above=(b"//", b"#[", b"/*", b"*"),
    separator="::",
    imports="""
    (use_declaration) @import
    (extern_crate_declaration) @import
    (mod_item !body) @import
    """,
    references="""
    (call_expression function: (identifier) @ref)
    (call_expression function: (scoped_identifier name: (identifier) @ref))
    (generic_function function: (identifier) @ref)
    (generic_function function: (scoped_identifier name: (identifier) @ref))
    (scoped_identifier path: (identifier) @upper)
    (field_expression field: (field_identifier) @ref)
    (macro_invocation macro: (identifier) @ref)
    (macro_invocation macro: (scoped_identifier name: (identifier) @ref))
    (type_identifier) @ref
    """,
    constants="[(const_item) (static_item) (type_item)] @constant\n",
)

_C_TYPES = {"struct_specifier": "struct", "union_specifier": "union", "enum_specifier": "enum"}
_C_KINDS = {**_C_TYPES, "function_definition": "function", "type_definition": "type", "preproc_function_def": "macro"}
# A prototype stands in a file, a namespace or between `#if` and `#endif`; in a function it is a variable.
_PROTOTYPES = """
[(function_declarator) (_ declarator: (function_declarator))
 (_ declarator: (_ declarator: (function_declarator)))]
"""
C = Grammar(
    module="tree_sitter_c",
    definitions=any_of(("function_definition", "type_definition", "preproc_function_def"))
    + "".join(f"({kind} body: (_)) @definition\n" for kind in _C_TYPES)
    + "".join(
        f"({around} (declaration declarator: {_PROTOTYPES}) @definition)\n"
        for around in ("translation_unit", "preproc_ifdef", "preproc_if", "preproc_else", "declaration_list")
    ),
    kinds={**_C_KINDS, "declaration": "declaration"},
    above=(b"//", b"/*", b"*"),
    imports="(preproc_include) @import\n",
    references="""
    (call_expression function: (identifier) @ref)
    (field_expression field: (field_identifier) @ref)
    (type_identifier) @ref
    """,
    constants="""
    (preproc_def value: (_)) @constant
    (translation_unit (declaration declarator: (init_declarator)) @constant)
    """,
)
CPP = Grammar(
    module="tree_sitter_cpp",
    definitions=C.definitions
    + f"""
    (class_specifier body: (_)) @definition
    [(namespace_definition) (alias_declaration) (concept_definition)] @definition
    (field_declaration_list (declaration declarator: {_PROTOTYPES}) @definition)
    (field_declaration declarator: [(function_declarator) (_ (function_declarator))]) @definition
    """,
    kinds={
        **C.kinds,
        "class_specifier": "class",
        "namespace_definition": "",
        "alias_declaration": "type",
        "concept_definition": "concept",
        "field_declaration": "declaration",
    },
    wrappers=frozenset({"template_declaration"}),
    beside=frozenset({"comment", "template_parameter_list", "requires_clause"}),
    above=C.above,
    separator="::",
    imports=C.imports,
    references=C.references
    + """
    (qualified_identifier name: (identifier) @ref)
    (qualified_identifier scope: (namespace_identifier) @upper)
    (template_function name: (identifier) @ref)
    (field_expression field: (template_method name: (field_identifier) @ref))
    """,
    constants=C.constants,
)
