"""The editor's settings, pulled per folder and laid into the others; what was wrong is told once, quietly."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from lsprotocol import types
from pygls.uris import from_fs_path

from optafly.lsp import logs
from optafly.lsp.editor import Editor
from optafly.lsp.status import Status
from optafly.settings import Settings

log = logging.getLogger(__name__)

PULL_TIMEOUT_S = 3.0


class Configuration:
    """Keeps `Settings` in step with the editor."""

    def __init__(self, editor: Editor, settings: Settings, status: Status) -> None:
        self._editor = editor
        self._settings = settings
        self._status = status
        self._told: set[str] = set()

    async def listen(self) -> None:
        """Ask to be told of changes."""
        abilities = self._editor.abilities
        if abilities.register_configuration:
            await self._editor.register(
                types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                types.DidChangeConfigurationRegistrationOptions(section="optafly"),
            )
        if abilities.register_watched_files:
            watcher = types.FileSystemWatcher(glob_pattern="**/*")  # the settings of a workspace, and what is indexed
            await self._editor.register(
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers=[watcher]),
            )

    async def pull(self) -> None:
        """Ask the editor for its settings, and read the files again. Waits `PULL_TIMEOUT_S` at most."""
        self._settings.changed()
        if self._editor.abilities.configuration:
            folders = [folder.path for folder in self._editor.protocol.folders()]
            scopes = [None, *(from_fs_path(folder) for folder in folders)]
            try:
                values = await asyncio.wait_for(self._editor.configuration(scopes), PULL_TIMEOUT_S)
            except TimeoutError:
                log.warning("the editor did not give its settings in time")
                values = None
            for folder, value in zip([None, *folders], values or (), strict=False):
                self._take(folder, value)
        self._held()

    def pushed(self, settings: object) -> None:
        """Take settings from an editor that cannot be asked."""
        self._settings.changed()
        if isinstance(settings, dict) and "optafly" in settings:
            self._take(None, cast("dict[str, object]", settings)["optafly"])
        self._held()

    def _take(self, folder: str | None, value: object) -> None:
        if isinstance(value, dict):
            self._settings.from_editor(folder, cast("dict[str, object]", value))

    def _held(self) -> None:
        """Act on what holds now."""
        folders = [None, *(folder.path for folder in self._editor.protocol.folders())]
        problems = {problem.path: problem for folder in folders for problem in self._settings.problems(folder)}
        for path, problem in problems.items():
            if str(problem) not in self._told:
                self._told.add(str(problem))
                log.warning("the setting %s (%s) was ignored", path, problem.source)
                self._editor.say(str(problem))
        first = next(iter(problems.values()), None)
        self._status.problem("settings", None if first is None else str(first))
        logs.set_level(self._settings.config().log.level)
