"""Python, Ruby and PHP."""

from __future__ import annotations

from optafly.context.outline.grammar.table import Grammar, any_of

_PYTHON_KINDS = {"function_definition": "function", "class_definition": "class"}
PYTHON = Grammar(
    module="tree_sitter_python",
    definitions=any_of(_PYTHON_KINDS),
    kinds=_PYTHON_KINDS,
    wrappers=frozenset({"decorated_definition"}),
    above=(b"#", b"@"),
    imports=any_of(("import_statement", "import_from_statement", "future_import_statement"), "import"),
    references="""
    (call function: (identifier) @ref)
    (attribute attribute: (identifier) @ref)
    (attribute object: (identifier) @upper)
    (type (identifier) @ref)
    (type (_ (identifier) @ref))
    (type_parameter (type (identifier) @ref))
    (class_definition superclasses: (argument_list (identifier) @ref))
    (decorator (identifier) @ref)
    (except_clause value: (identifier) @ref)
    """,
    constants="""
    (module (expression_statement (assignment left: (identifier)) @constant))
    (module (type_alias_statement) @constant)
    """,
    loaders=frozenset({"import_module", "__import__"}),
)

_RUBY_KINDS = {"method": "method", "singleton_method": "method", "class": "class", "module": "module"}
RUBY = Grammar(
    module="tree_sitter_ruby",
    definitions=any_of(_RUBY_KINDS)
    + """
    ((assignment left: (constant) right: (call receiver: (constant) @holder block: (_))) @definition
      (#any-of? @holder "Struct" "Class" "Data" "Module"))
    """,
    kinds={**_RUBY_KINDS, "assignment": "class"},
    above=(b"#",),
    separator="::",
    references="""
    (call method: (identifier) @ref)
    (constant) @ref
    """,
    constants="(assignment left: (constant)) @constant\n",
    loaders=frozenset({"require", "require_relative", "load", "autoload"}),
)

_PHP_KINDS = {
    "function_definition": "function",
    "method_declaration": "method",
    "class_declaration": "class",
    "interface_declaration": "interface",
    "trait_declaration": "trait",
    "enum_declaration": "enum",
}
PHP = Grammar(
    module="tree_sitter_php",
    function="language_php",
    definitions=any_of(_PHP_KINDS),
    kinds=_PHP_KINDS,
    above=(b"//", b"/*", b"*", b"#"),
    separator="::",
    imports=any_of(
        (
            "namespace_use_declaration",
            "require_expression",
            "require_once_expression",
            "include_expression",
            "include_once_expression",
        ),
        "import",
    )
    + "(namespace_definition) @package\n",
    references="""
    (function_call_expression function: (name) @ref)
    (member_call_expression name: (name) @ref)
    (nullsafe_member_call_expression name: (name) @ref)
    (scoped_call_expression name: (name) @ref)
    (scoped_call_expression scope: (name) @ref)
    (member_access_expression name: (name) @ref)
    (class_constant_access_expression . (name) @ref)
    (object_creation_expression (name) @ref)
    (named_type (name) @ref)
    (base_clause (name) @ref)
    (class_interface_clause (name) @ref)
    (use_declaration (name) @ref)
    (attribute (name) @ref)
    """,
    constants="(const_declaration) @constant\n",
)
