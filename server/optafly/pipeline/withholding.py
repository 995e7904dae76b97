"""What a snapshot may not tell: its secrets are masked, and what the ignore rules exclude is left out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from optafly.config import Config
from optafly.domain import Diagnostic, Masked, Snapshot
from optafly.privacy.ignored import IgnoreRules
from optafly.privacy.masking import mask
from optafly.uris import path_of


def without_secrets(snapshot: Snapshot) -> tuple[Snapshot, tuple[Masked, ...]]:
    """Mask what a snapshot could send; the document as a whole, since half a private key does not look like one."""
    prompt, masked = mask(snapshot.prompt, "prompt")
    active = snapshot.active
    if active is not None:
        text, found = masked_document(active.text, active.path)
        active = msgspec.structs.replace(active, text=text)
        masked += found
    diagnostics: list[Diagnostic] = []
    for each in snapshot.diagnostics:
        message, found = mask(each.message, "diagnostic")
        diagnostics.append(msgspec.structs.replace(each, message=message))
        masked += found
    changed = msgspec.structs.replace(snapshot, prompt=prompt, active=active, diagnostics=tuple(diagnostics))
    return changed, masked


@lru_cache(maxsize=2)
def masked_document(text: str, path: str) -> tuple[str, tuple[Masked, ...]]:
    """Mask a document, which is asked for again with each prompt about it."""
    return mask(text, path)


def rules_of(snapshot: Snapshot, config: Config) -> Callable[[str], str | None]:
    """Return what says why a path of `snapshot` is never read into a prompt, or None."""
    rules = IgnoreRules([Path(folder.path) for folder in snapshot.folders], config.privacy.ignore)

    @cache  # asked for by each that reads the snapshot, and each answer reads ignore files
    def excludes(path: str) -> str | None:
        active = snapshot.active
        absolute = path_of(active.uri) if active is not None and path == active.path else None
        places = [absolute] if absolute else [*(Path(folder.path, path) for folder in snapshot.folders), Path(path)]
        return next((reason for place in places if (reason := rules.excludes(place))), None)

    return excludes


def without_ignored(snapshot: Snapshot, excludes: Callable[[str], str | None]) -> Snapshot:
    """Return `snapshot` without what files that are never read say, also through their diagnostics."""
    active = snapshot.active
    if active is not None and excludes(active.path):
        active = msgspec.structs.replace(active, text="")
    reasons = {path: excludes(path) for path in {each.path for each in snapshot.diagnostics}}
    kept = tuple(each for each in snapshot.diagnostics if reasons[each.path] is None)
    return msgspec.structs.replace(snapshot, active=active, diagnostics=kept)
