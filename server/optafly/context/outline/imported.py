"""What an import statement takes from where, by its text: one small reader per language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# The line (counted from the statement's first), the module as it is written, and the names taken from it.
Taken = tuple[int, str, tuple[str, ...]]

_MOST_NAMES = 200
_DEEPEST = 32
_STRING = re.compile(r"""["'`]([^"'`\n]+)["'`]""")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)


def _python(text: str) -> Iterator[Taken]:
    text = re.sub(r"#[^\n]*|\\\n", " ", text)
    if found := re.match(r"\s*from\s+([\w.\s]+?)\s+import\s*\(?([^)]*)", text):
        yield 0, "".join(found[1].split()), _listed(found[2])
        return
    for part in text.partition("import")[2].split(","):
        if words := part.split():
            yield 0, words[0], ()


def _listed(text: str, renamed: str = " as ") -> tuple[str, ...]:
    """Return the names in a list, each as it is called where it comes from."""
    parts = (" ".join(part.split()).partition(renamed)[0].strip() for part in text.split(","))
    return tuple(part for part in parts if part)[:_MOST_NAMES]


def _ecmascript(text: str) -> Iterator[Taken]:
    text = _COMMENT.sub(" ", text)
    head, source = text, re.search(r"""\bfrom\s*["']([^"'\n]+)["']""", text)
    if source is not None:
        head = text[: source.start()]
    elif (source := _STRING.search(text)) is None:
        return
    else:  # `import "x"` and `import x = require("x")`
        head = text[: source.start()].partition("=")[0]
    head = re.sub(r"^\s*(import|export)\b(\s+(type|typeof|defer)\b(?!\s*(,|$)))?", "", head)
    outside, _, inside = head.partition("{")
    names = [name for name in _listed(outside) if re.fullmatch(r"[\w$]+", name)]
    if "*" in outside:
        names.append("*")
    names += [name.removeprefix("type ").removeprefix("typeof ") for name in _listed(inside.partition("}")[0])]
    yield 0, source[1], tuple(names)


def _go(text: str) -> Iterator[Taken]:
    for number, line in enumerate(_COMMENT.sub(_same_lines, text).split("\n")):
        for found in re.finditer(r"""(?:([\w.]+)[ \t]+)?["`]([^"`]+)["`]""", line):
            yield number, found[2], ("*",) if found[1] == "." else ()


def _same_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _rust(text: str) -> Iterator[Taken]:
    text = _COMMENT.sub(" ", text)
    if found := re.search(r"\bmod\s+(?:r#)?(\w+)\s*;", text):
        yield 0, f"self::{found[1]}", ()
    elif found := re.search(r"\bextern\s+crate\s+(\w+)", text):
        yield 0, found[1], ()
    elif found := re.search(r"\buse\s+(.*?);?\s*$", text, re.S):
        yield from _use_tree(re.sub(r"\s+", " ", found[1]))


def _use_tree(text: str) -> Iterator[Taken]:
    """Yield what a tree such as `a::{b::{c, d as e}, f::*, self}` takes, module by module."""
    names: dict[str, list[str]] = {}
    prefixes: list[str] = []
    held = ""
    for part in re.findall(r"[{},]|[^{},]+", text):
        if part == "{":
            prefixes.append("".join((*prefixes[-1:], held)))
            held = ""
            if len(prefixes) > _DEEPEST:
                break
            continue
        if part in ",}":
            _use(names, "".join((*prefixes[-1:], held)))
            held = ""
            if part == "}" and prefixes:
                prefixes.pop()
            continue
        held = part.strip()
    _use(names, "".join((*prefixes[-1:], held)) if held else "")
    for module, taken in names.items():
        yield 0, module, tuple(taken[:_MOST_NAMES])


def _use(names: dict[str, list[str]], path: str) -> None:
    path = path.partition(" as ")[0].replace(" ", "").replace("r#", "").removeprefix("::")
    if not path or path.endswith("::"):
        return
    module, _, name = path.rpartition("::")
    if name == "self":
        names.setdefault(module, [])
    else:
        names.setdefault(module or name, []).extend((name,) if module else ())


def _java(text: str) -> Iterator[Taken]:
    text = re.sub(r"\s+", " ", _COMMENT.sub(" ", text))
    if found := re.search(r"\bimport (static )?([\w. ]+?)(?: ?\. ?(\*))? ?;?$", text.strip()):
        module = found[2].replace(" ", "")
        if found[3]:
            yield 0, module, ("*",)
        elif found[1]:
            holder, _, name = module.rpartition(".")
            yield 0, holder, (name,)
        else:
            yield 0, module, ()


def _kotlin(text: str) -> Iterator[Taken]:
    if found := re.match(r"import\s+([\w.`]+?)(\.\*)?(?:\s+as\s+\w+)?\s*;?\s*$", _COMMENT.sub(" ", text)):
        yield 0, found[1].replace("`", ""), ("*",) if found[2] else ()


def _csharp(text: str) -> Iterator[Taken]:
    found = re.search(r"\busing\s+(static\s+)?(?:(\w+)\s*=\s*)?([\w.:\s]+?)\s*(?:<[^;]*)?;", _COMMENT.sub(" ", text))
    if not found:
        return
    module = re.sub(r"\s", "", found[3]).removeprefix("global::")
    holder, _, name = module.rpartition(".")
    if found[2] and holder:  # another name for a type, or for a namespace
        yield 0, holder, (name,)
    else:
        yield 0, module, ("*",) if found[1] else ()


def _include(text: str) -> Iterator[Taken]:
    if found := re.search(r"""include\s*(?:"([^"\n]+)"|(<[^>\n]+>))""", text):
        yield 0, found[1] or found[2], ()


def _php(text: str) -> Iterator[Taken]:
    text = _COMMENT.sub(" ", text)
    if not text.startswith("use"):  # `require __DIR__ . "/x.php"`
        if found := _STRING.search(text):
            yield 0, ("." if "__DIR__" in text else "") + found[1], ()
        return
    text = re.sub(r"^use\s+(function\s+|const\s+)?", "", text.strip().rstrip(";"))
    prefix, braced, inside = text.partition("{")
    for part in (inside.partition("}")[0] if braced else text).split(","):
        name = re.sub(r"^\s*(function|const)\s+", "", part).strip().partition(" as ")[0].strip()
        if name:
            yield 0, (prefix.strip() if braced else "") + name, ()


_READERS: dict[str, Callable[[str], Iterator[Taken]]] = {
    "python": _python,
    "javascript": _ecmascript,
    "javascriptreact": _ecmascript,
    "typescript": _ecmascript,
    "typescriptreact": _ecmascript,
    "go": _go,
    "rust": _rust,
    "java": _java,
    "kotlin": _kotlin,
    "csharp": _csharp,
    "c": _include,
    "cpp": _include,
    "php": _php,
}


def taken_by(statement: str, language: str) -> Iterator[Taken]:
    """Yield what an import statement takes; nothing where it is not understood."""
    reader = _READERS.get(language)
    if reader is not None:
        yield from reader(statement)


def loaded_by(loader: str, arguments: str) -> str:
    """Return the module that a call such as `require("./x")` loads, "" where that is not written there."""
    found = re.match(r"""\s*\(?\s*(?::\w+\s*,\s*)?["'`]([^"'`\n$#]+)["'`]""", arguments)
    if not found:
        return ""
    beside = loader == "require_relative" and not found[1].startswith((".", "/"))
    return f"./{found[1]}" if beside else found[1]


def package_of(statement: str) -> str:
    """Return the package or namespace that a file says it is, as it is written there."""
    found = re.search(r"\b(?:package|namespace)\s+([\w.\\\s`]+)", _COMMENT.sub(" ", statement))
    return "".join(found[1].split()).replace("`", "") if found else ""
