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
