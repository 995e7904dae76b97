"""A few files as finding holds them, and how they are asked."""

from __future__ import annotations

from optafly.context.find.corpus import Corpus
from optafly.context.find.entry import Entry, file_terms
from optafly.context.find.finding import find
from optafly.context.find.query import understood
from optafly.context.imports.graph import Graph
from optafly.context.outline.languages import kind_of, language_of
from optafly.context.outline.read import outline_of
from optafly.domain import FileHit

FILES = {
    "app/config.py": "def load_config(path):\n    '''Read the settings file.'''\n    return open(path).read()\n",
    "app/server.py": (
        "from app.config import load_config\n\n\nclass Server:\n    def start(self):\n"
        "        self.settings = load_config('x')\n"
    ),
    "app/retry.py": "def with_backoff(call, most_attempts):\n    'Try again after a time-out.'\n    return call()\n",
    "app/colours.py": "RED = 1\n\n\ndef blend(one, other):\n    return one\n",
    "tests/test_retry.py": "def test_backoff_grows():\n    assert with_backoff\n",
    "docs/retry.md": "# Backoff\n\nHow time-outs are tried again.\n",
}


def corpus_of(files: dict[str, str]) -> Corpus:
    corpus, graph = Corpus(), Graph()
    for path, text in files.items():
        outline = outline_of(text, language_of(path))
        corpus.put(path, Entry(path, kind_of(path), outline, file_terms(text, outline)))
        graph.put(path, outline)
    corpus.graph = graph
    return corpus


def asked(
    prompt: str, active: str | None = None, corpus: Corpus | None = None, *, vague: bool = False
) -> tuple[FileHit, ...]:
    query = understood(prompt, vague=vague)
    return find("/w", corpus_of(FILES) if corpus is None else corpus, query, active=active)


def paths(hits: tuple[FileHit, ...]) -> list[str]:
    return [hit.path for hit in hits]
