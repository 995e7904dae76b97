"""The languages whose grammars are at hand, by LSP language id."""

from __future__ import annotations

from optafly.context.outline.grammar.ecmascript import JAVASCRIPT, TYPESCRIPT, TYPESCRIPT_REACT
from optafly.context.outline.grammar.managed import CSHARP, JAVA, KOTLIN
from optafly.context.outline.grammar.native import CPP, GO, RUST, C
from optafly.context.outline.grammar.scripts import PHP, PYTHON, RUBY
from optafly.context.outline.grammar.table import Grammar

GRAMMARS: dict[str, Grammar] = {
    "python": PYTHON,
    "javascript": JAVASCRIPT,
    "javascriptreact": JAVASCRIPT,
    "typescript": TYPESCRIPT,
    "typescriptreact": TYPESCRIPT_REACT,
    "go": GO,
    "rust": RUST,
    "java": JAVA,
    "kotlin": KOTLIN,
    "csharp": CSHARP,
    "c": C,
    "cpp": CPP,
    "ruby": RUBY,
    "php": PHP,
}

__all__ = ["GRAMMARS", "Grammar"]
