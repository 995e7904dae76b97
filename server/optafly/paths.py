"""Where OptaFly keeps things on this machine; every folder is made private to the user (0700, files 0600)."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import platformdirs


class Paths(msgspec.Struct, frozen=True):
    """The data, config and log directories of one user."""

    data: Path
    config: Path
    log: Path

    @property
    def database(self) -> Path:
        """The SQLite file that is the truth."""
        return self.data / "optafly.db"

    @property
    def models(self) -> Path:
        """Where `optafly models install` puts model files."""
        return self.data / "models"

    @property
    def index(self) -> Path:
        """Where the indexes of workspaces are; all of it can be made again."""
        return self.data / "index"

    @property
    def reviews(self) -> Path:
        """Where review documents are saved."""
        return self.data / "reviews"

    @property
    def settings(self) -> Path:
        """The user's own settings file."""
        return self.config / "config.toml"


def user_paths() -> Paths:
    """Return this user's directories, or those under `OPTAFLY_HOME` where it is set. Makes nothing."""
    home = os.environ.get("OPTAFLY_HOME")
    if home:
        base = Path(home).expanduser().absolute()
        return Paths(data=base / "data", config=base / "config", log=base / "log")
    dirs = platformdirs.PlatformDirs("optafly", appauthor=False)
    return Paths(data=dirs.user_data_path, config=dirs.user_config_path, log=dirs.user_log_path)


def make_private(folder: Path) -> Path:
    """Make `folder` and its parents, readable by the user alone, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder
