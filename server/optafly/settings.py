"""The settings that hold now, per workspace folder, gathered from every place they may come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from optafly.config import Config
from optafly.errors import ConfigError
from optafly.layers import Layer, Loaded, Loose, from_environment, from_file, merge
from optafly.paths import Paths

WORKSPACE_FILE = ".optafly.toml"


class Settings:
    """Reads the settings once and again when told that something changed.

    `config(folder)` is what holds for a workspace folder (None: outside every folder). Nothing here raises for a bad
    setting: `problems(folder)` names what was ignored.
    """

    def __init__(self, paths: Paths, environment: Mapping[str, str] | None = None) -> None:
        self._paths = paths
        self._environment = dict(os.environ if environment is None else environment)
        self._editor: dict[str | None, Loose] = {}
        self._held: dict[str | None, Loaded] = {}

    def config(self, folder: str | None = None) -> Config:
        """Return the settings that hold for `folder`, an absolute path."""
        return self._loaded(folder).config

    def problems(self, folder: str | None = None) -> tuple[ConfigError, ...]:
        """Return what was wrong in the settings for `folder`."""
        return self._loaded(folder).problems

    def from_editor(self, folder: str | None, values: Loose) -> None:
        """Take what the editor says for `folder`; what it says for None holds where it says nothing of a folder."""
        self._editor[folder] = values
        self._held.clear()

    def changed(self) -> None:
        """Read the files again the next time somebody asks."""
        self._held.clear()

    def _loaded(self, folder: str | None) -> Loaded:
        if folder not in self._held:
            self._held[folder] = self._load(folder)
        return self._held[folder]

    def _load(self, folder: str | None) -> Loaded:
        mine, broken = from_file(self._paths.settings, "config.toml")
        layers = [
            mine,
            from_environment(self._environment),
            Layer("editor", self._editor.get(folder, self._editor.get(None, {}))),
        ]
        if folder is not None:
            workspace, faults = from_file(Path(folder) / WORKSPACE_FILE, ".optafly.toml")
            layers.append(workspace)
            broken += faults
        loaded = merge(tuple(layers))
        return Loaded(loaded.config, broken + loaded.problems)
