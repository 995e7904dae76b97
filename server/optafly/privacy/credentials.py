"""API keys: handed over by the editor, in the environment, or in the OS keyring; never in a log, a repr or a file."""

from __future__ import annotations

import importlib
import logging
import os
import threading
from types import ModuleType
from typing import Literal

from optafly.errors import OptaflyError

KeySource = Literal["editor", "environment", "keyring"]
SERVICE = "optafly"

_log = logging.getLogger(__name__)
_importing = threading.Lock()


class Credentials:
    """The keys of this process. `key_name` is the name of an environment variable, such as `ANTHROPIC_API_KEY`.

    Reading the OS keyring can block on a locked keyring, so call `get` and `source` outside the event loop.
    """

    def __init__(self) -> None:
        self._handed: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Credentials()"

    def hand_over(self, key_name: str, value: str | None) -> None:
        """Keep the editor's own secret in memory, or drop it where `value` is None or empty."""
        if value and value.strip():
            self._handed[key_name] = value.strip()
        else:
            self._handed.pop(key_name, None)

    def get(self, key_name: str) -> str | None:
        """Return the key from the first place that holds it: editor, environment, keyring. Never raises."""
        return self._find(key_name)[1]

    def source(self, key_name: str) -> KeySource | None:
        """Say where `get` finds the key, without the key."""
        return self._find(key_name)[0]

    def _find(self, key_name: str) -> tuple[KeySource | None, str | None]:
        if value := self._handed.get(key_name):
            return "editor", value
        if value := os.environ.get(key_name, "").strip():
            return "environment", value
        if value := _from_keyring(key_name):
            return "keyring", value
        return None, None

    def store(self, key_name: str, value: str) -> None:
        """Keep `value` in the OS keyring. Raises OptaflyError where there is none, or the value is empty."""
        if not value.strip():
            raise OptaflyError("No key was stored.", why="It is empty.", todo="Paste the whole key.")
        try:
            _keyring().set_password(SERVICE, key_name, value.strip())
        except Exception as error:
            raise _no_keyring("stored", key_name, error) from None

    def forget(self, key_name: str) -> bool:
        """Remove the key from the OS keyring; False where it held none. Raises OptaflyError without a keyring."""
        try:
            if _keyring().get_password(SERVICE, key_name) is None:
                return False
            _keyring().delete_password(SERVICE, key_name)
        except Exception as error:
            raise _no_keyring("removed", key_name, error) from None
        return True


def _keyring() -> ModuleType:
    with _importing:  # keyring picks its backend while it is imported: two threads must not see it half done
        return importlib.import_module("keyring")


def _from_keyring(key_name: str) -> str | None:
    try:
        value = _keyring().get_password(SERVICE, key_name)
    except Exception as error:  # backends raise whatever their platform raises; all of it means: no key there
        _log.debug("keyring gave nothing: %s", type(error).__name__)
        return None
    return value.strip() or None if isinstance(value, str) else None


def _no_keyring(done: str, key_name: str, error: Exception) -> OptaflyError:
    return OptaflyError(
        f"The key {key_name} was not {done}.",
        why=f"This machine's keyring cannot be used ({type(error).__name__}).",
        todo=f"Set {key_name} in the environment, or start a Secret Service such as gnome-keyring and try again.",
    )
