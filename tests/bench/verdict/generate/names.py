"""Lexicons that are made rather than listed: names in code, files, numbers, versions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

from bench.verdict.generate.grammar import Lexicon


def _words(text: str) -> list[str]:
    return text.split()


VERBS = _words(
    """parse load save fetch build render validate update merge split encode decode compute format filter sort send
    read write open close init connect resolve normalize flatten export import upload download convert handle process
    create delete"""
)
NOUNS = _words(
    """config user order token session invoice report record header payload cache query schema image buffer message
    event account cart price address profile template row column index path url key batch chunk graph node tree queue"""
)
ROLES = _words("Manager Service Client Parser Handler Store Factory Controller Reader Writer Builder Repository Worker")
FOLDERS = _words("src app lib core utils api models services tests scripts backend web server pkg tools")
SUFFIXES = _words("py ts js go rs java rb php c cpp cs kt swift")
STRINGS = """hello world|error|not found|TODO|FIXME|user_id|foo|bar|admin|localhost|permission denied|timeout|secret
main|debug|warning|failed|connection refused|abc|test|DEBUG|null|undefined|http://|start|end|password|v1|retry
deprecated""".replace("\n", "|").split("|")
SPELLED = _words("zero one two three four five six seven eight nine ten")
MANY = _words(
    "25 30 40 50 60 75 80 90 100 120 128 150 200 250 256 300 365 400 500 512 600 750 1000 1024 2000 5000 10000"
)
PORTS = _words("80 443 3000 3306 5000 5173 5432 6379 8000 8080 8081 8443 9000 9090 27017")
PERCENTS = _words("1 2 5 10 15 20 25 30 50 75 80 90 95")


def lexicons() -> dict[str, Lexicon]:
    """Return the lexicons that every block has; the same on every run."""
    rng = random.Random(20)
    functions = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
    camel = [_camel(name) for name in functions]
    classes = [f"{noun.title()}{role}" for noun in NOUNS for role in ROLES]
    variables = [*NOUNS, *(f"{noun}_{end}" for noun in NOUNS[:20] for end in ("id", "count", "name"))]
    stems = [*NOUNS, *(f"{noun}_{end}" for noun in NOUNS[:12] for end in ("utils", "service", "test", "model"))]
    files = [f"{stem}.{suffix}" for stem in stems for suffix in SUFFIXES]
    paths = [f"{folder}/{file}" for folder in FOLDERS for file in rng.sample(files, 12)]
    versions = [f"{major}.{minor}" for major in (1, 2, 3, 4, 5, 16, 18, 20) for minor in range(0, 14, 2)]
    made = (
        _literal("fn", "function", (*rng.sample(functions, 300), *rng.sample(camel, 200)), _function),
        _literal("cls", "function", rng.sample(classes, 200), _name),
        _literal("var", "function", variables, _name),
        _literal("srcfile", "file", (*rng.sample(files, 250), *rng.sample(paths, 150)), _name),
        _literal("line", "line", map(str, range(1, 400)), _plain),
        _literal("few", "number", map(str, range(2, 21)), _counted),
        _literal("many", "number", MANY, _plain),
        _literal("port", "number", PORTS, _plain),
        _literal("percent", "number", PERCENTS, lambda text: (f"{text}%", f"{text} %", f"{text} percent")),
        _literal("version", "version", versions, lambda text: (text, f"v{text}", f"version {text}")),
        _literal("qstr", "quoted", STRINGS, _quoted),
        _literal("year", "number", map(str, range(1995, 2026)), _plain),
    )
    return {lexicon.name: lexicon for lexicon in made}


def _literal(name: str, kind: str, values: Iterable[str], forms: Callable[[str], tuple[str, ...]]) -> Lexicon:
    return Lexicon(name, kind, literal=True, values={value: {"": forms(value)} for value in values})


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def _plain(text: str) -> tuple[str, ...]:
    return (text,)


def _function(name: str) -> tuple[str, ...]:
    return name, f"`{name}`", f"{name}()", f"`{name}()`", name


def _name(name: str) -> tuple[str, ...]:
    return name, f"`{name}`", name


def _quoted(text: str) -> tuple[str, ...]:
    return f"'{text}'", f'"{text}"', f"`{text}`", f'"{text}"'


def _counted(text: str) -> tuple[str, ...]:
    return (text, SPELLED[int(text)]) if int(text) < len(SPELLED) else (text,)
