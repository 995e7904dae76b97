"""Lexicons that are made rather than listed: names in code, files, numbers, versions, durations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from bench.verdict.generate.grammar import Lexicon

VERBS = """parse load save fetch build render validate update merge split encode decode compute format filter sort send read
write open close init connect resolve normalize flatten export import upload download convert handle process create delete""".split()
NOUNS = """config user order token session invoice report record header payload cache query schema image buffer message
event account cart price address profile template row column index path url key batch chunk graph node tree queue""".split()
ROLES = "Manager Service Client Parser Handler Store Factory Controller Reader Writer Builder Repository Worker".split()
FOLDERS = "src app lib core utils api models services tests scripts backend web server pkg tools".split()
SUFFIXES = "py ts js go rs java rb php c cpp cs kt swift".split()
STRINGS = """hello world|error|not found|TODO|FIXME|user_id|foo|bar|admin|localhost|permission denied|timeout|deprecated|
secret|main|debug|warning|failed|connection refused|abc|test|DEBUG|null|undefined|http://|start|end|password|v1|retry""".replace("\n", "").split("|")
NUMBERS = "zero one two three four five six seven eight nine ten".split()


def lexicons() -> dict[str, Lexicon]:
    """Return the lexicons that every block has; the same on every run."""
    rng = random.Random(20)  # noqa: S311 (reproducible, not secret)
    functions = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
    camel = [_camel(name) for name in functions]
    classes = [f"{noun.title()}{role}" for noun in NOUNS for role in ROLES]
    stems = [*NOUNS, *(f"{noun}_{other}" for noun in NOUNS[:12] for other in ("utils", "service", "test", "model"))]
    files = [f"{stem}.{suffix}" for stem in stems for suffix in SUFFIXES]
    paths = [f"{folder}/{file}" for folder in FOLDERS for file in rng.sample(files, 12)]
    return {
        "fn": _literal("fn", "function", (*rng.sample(functions, 300), *rng.sample(camel, 200)), _function),
        "cls": _literal("cls", "function", rng.sample(classes, 200), _name),
        "var": _literal("var", "function", [*NOUNS, *(f"{a}_{b}" for a in NOUNS[:20] for b in ("id", "count", "name"))], _name),
        "srcfile": _literal("srcfile", "file", (*rng.sample(files, 250), *rng.sample(paths, 150)), _name),
        "line": _literal("line", "line", [str(number) for number in range(1, 400)], lambda text: (text,)),
        "few": _literal("few", "number", [str(number) for number in range(2, 21)], _counted),
        "many": _literal("many", "number", [str(n) for n in (25, 30, 40, 50, 60, 75, 80, 90, 100, 120, 128, 150, 200, 250, 256, 300, 365, 400, 500, 512, 600, 750, 1000, 1024, 2000, 5000, 10000)], lambda text: (text,)),
        "port": _literal("port", "number", "80 443 3000 3306 5000 5173 5432 6379 8000 8080 8081 8443 9000 9090 27017".split(), lambda text: (text,)),
        "percent": _literal("percent", "number", [str(n) for n in (1, 2, 5, 10, 15, 20, 25, 30, 50, 75, 80, 90, 95)], lambda text: (f"{text}%", f"{text} %", f"{text} percent")),
        "version": _literal("version", "version", [f"{a}.{b}" for a in (1, 2, 3, 4, 5, 16, 18, 20) for b in range(0, 14, 2)], lambda text: (text, f"v{text}", f"version {text}")),
        "qstr": _literal("qstr", "quoted", STRINGS, _quoted),
        "year": _literal("year", "number", [str(year) for year in range(1995, 2026)], lambda text: (text,)),
    }  # fmt: skip


def _literal(name: str, kind: str, values: Iterable[str], forms: Callable[[str], tuple[str, ...]]) -> Lexicon:
    return Lexicon(name, kind, literal=True, values={value: {"": forms(value)} for value in values})


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def _function(name: str) -> tuple[str, ...]:
    return name, f"`{name}`", f"{name}()", f"`{name}()`", name


def _name(name: str) -> tuple[str, ...]:
    return name, f"`{name}`", name


def _quoted(text: str) -> tuple[str, ...]:
    return f"'{text}'", f'"{text}"', f"`{text}`", f'"{text}"'


def _counted(text: str) -> tuple[str, ...]:
    return (text, NUMBERS[int(text)]) if int(text) < len(NUMBERS) else (text,)
