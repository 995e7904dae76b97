"""Import a library without the modules that its packages only pass on.

Most packages of the anthropic SDK do nothing but import names from their own modules, all 2,930 of them. Here such a
package imports a name's module when the name is asked for (PEP 562), so that a third of them is enough.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import sys
from collections.abc import Generator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_IMPORT = re.compile(r"^from (\.+\w[\w.]*) import (?:\(([^)]*)\)|([^\n(*]+))$", re.MULTILINE)
_NOTHING_MORE = re.compile(r"^__all__ = \[[^\]]*\]|^from __future__ .*|^\s*#.*", re.MULTILINE)
_COMMENT = re.compile(r"#.*")


@contextlib.contextmanager
def sparing(library: str) -> Generator[None]:
    """Import `library`, and the packages in it that only pass names on, in this way while the context lasts.

    Of the library itself nothing but the names that it passes on is there. Raises what the library does not bear; then
    `forget` it and import it as it is.
    """
    finder = _Finder(library)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def forget(library: str) -> None:
    """Drop all modules of `library`, so that it can be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        del sys.modules[name]


class _Finder:
    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """Find the packages of the library; all else is found as ever."""
        if fullname.partition(".")[0] != self._library:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.submodule_search_locations is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Give the module a `__getattr__` instead of running it, if it is the library or only passes names on."""
        source = self.get_data(self.path).decode()
        if "." in module.__name__ and _NOTHING_MORE.sub("", _IMPORT.sub("", source)).strip():
            super().exec_module(module)
            return
        passed = {
            words[-1]: (match[1], words[0])
            for match in _IMPORT.finditer(source)
            for part in _COMMENT.sub("", match[2] or match[3]).split(",")
            if (words := part.split())
        }

        def look_up(name: str) -> object:
            if name not in passed:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            inner, original = passed[name]
            found = getattr(importlib.import_module(inner, module.__name__), original)
            setattr(module, name, found)
            return found

        module.__dict__["__getattr__"] = look_up
