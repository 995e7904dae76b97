"""What is known of one language: how its grammar is loaded, and which parts of its tree matter."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Grammar(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one language.

    `module` and `function` load the grammar. `definitions` is a tree-sitter query whose captures are the definitions.
    `kinds` names each kind of definition by its node type; an empty kind only adds its name to those inside it.
    `wrappers` are the nodes around a definition that belong to it, where nothing but `beside` stands next to it; a
    line that starts with one of `above` belongs to the definition below it.

    Only an outline asks for more: `imports` captures whole statements as `import`, the package or namespace that a file
    says it is as `package`, `references` the names it uses as `ref` (as `upper`: only where they begin in upper case),
    `constants` what is named in one place as `constant`. What does not parse is captured as `lost`. A call of one of
    `loaders` is an import as well.
    """

    module: str
    function: str = "language"
    definitions: str
    kinds: dict[str, str]
    wrappers: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset({"decorator", "comment"})
    above: tuple[bytes, ...]
    separator: str = "."
    imports: str = ""
    references: str = ""
    constants: str = ""
    loaders: frozenset[str] = frozenset()

    @property
    def near(self) -> str:
        """The query for definitions and what is around them."""
        return self.definitions + (any_of(sorted(self.wrappers), "wrapper") if self.wrappers else "")

    @property
    def whole(self) -> str:
        """The query for all that an outline holds."""
        return self.near + self.imports + self.references + self.constants + "(ERROR) @lost\n"


def any_of(kinds: Iterable[str], capture: str = "definition") -> str:
    """Return a query for nodes of any of `kinds`."""
    return "[" + " ".join(f"({kind})" for kind in kinds) + f"] @{capture}\n"


SLASHES = (b"//", b"/*", b"*", b"@")
