"""A keyring in a file, for child processes: PYTHON_KEYRING_BACKEND=fakes.keyring_file.FileKeyring."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileKeyring(KeyringBackend):
    """Keeps passwords in the JSON file that FILE_KEYRING names."""

    priority = 1  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride] - keyring's own idiom

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        held = self._read()
        if held.pop(f"{service}/{username}", None) is None:
            raise PasswordDeleteError(username)
        self._write(held)

    def _read(self) -> dict[str, str]:
        file = Path(os.environ["FILE_KEYRING"])
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def _write(self, held: dict[str, str]) -> None:
        Path(os.environ["FILE_KEYRING"]).write_text(json.dumps(held), encoding="utf-8")
