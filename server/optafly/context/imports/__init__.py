"""Which file imports which: a resolver for each language, and a graph of all files."""

from __future__ import annotations

from optafly.context.imports.facts import Facts, facts_of
from optafly.context.imports.graph import Graph, Use
from optafly.context.imports.manifests import is_manifest
from optafly.context.imports.resolve import Resolver

__all__ = ["Facts", "Graph", "Resolver", "Use", "facts_of", "is_manifest"]
