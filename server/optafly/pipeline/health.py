"""What works, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import sqlite3
from collections.abc import Awaitable, Callable

from optafly import salvage
from optafly.cache.keeping import PRIVATE
from optafly.cache.wire import Text
from optafly.config import Config
from optafly.context.grammars import GRAMMARS
from optafly.domain import Record, RootStatus
from optafly.errors import ModelFileError, OptaflyError
from optafly.models.installed import INSTALL, installed
from optafly.paths import Paths
from optafly.pipeline.workspace import OFF, Workspace
from optafly.privacy.credentials import Credentials
from optafly.providers.anthropic import KEY_NAME
from optafly.storage import Database
from optafly.workers.supervisor import Worker

_STATES = {"scanning": "looking for files", "lexical": "ready but for what texts mean"}
LEAST_FREE_MB = 200


class HealthCheck(Record, frozen=True):
    """One thing that works or not. `needed` is False where OptaFly works without it, if less well."""

    name: str
    ok: bool
    detail: str
    todo: str = ""
    needed: bool = True


async def check(
    paths: Paths,
    config: Config,
    credentials: Credentials,
    database: Database,
    models: Worker | None,
    workspace: Workspace | None = None,
) -> tuple[HealthCheck, ...]:
    """Check everything the road needs. Sends nothing over the network; takes as long as the models take to load."""

    def grammars() -> HealthCheck:
        return _grammars(config)

    steps: tuple[tuple[str, Callable[[], Awaitable[HealthCheck]]], ...] = (
        ("database", lambda: _database(paths, database)),
        ("cache", lambda: _cache(config)),
        ("disk", lambda: asyncio.to_thread(_disk, paths)),
        ("key", lambda: asyncio.to_thread(_key, credentials)),
        ("grammars", lambda: asyncio.to_thread(grammars)),
        ("embedding model", lambda: asyncio.to_thread(_model, paths, config)),
        ("models worker", lambda: _worker(models)),
        ("workspace index", lambda: _index(paths, config, workspace)),
    )
    found: list[HealthCheck] = []
    for name, step in steps:
        if name != "models worker" or found[-1].ok:  # without a model it would say the same once more
            found.append(await _guarded(name, step))
    return tuple(found)


async def _guarded(name: str, step: Callable[[], Awaitable[HealthCheck]]) -> HealthCheck:
    try:
        return await step()
    except OptaflyError as error:
        return HealthCheck(name=name, ok=False, detail=f"{error.what} {error.why}".strip(), todo=error.todo)
    except OSError as error:
        return HealthCheck(name=name, ok=False, detail=f"{error}.", todo="Check the folder's permissions.")


async def _database(paths: Paths, database: Database) -> HealthCheck:
    def look(connection: sqlite3.Connection) -> tuple[int, int]:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        entries = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
        return int(entries), int(connection.execute("PRAGMA user_version").fetchone()[0])

    entries, schema = await database.run(look)
    held = f"{paths.database}: {entries} answers remembered, schema {schema}."
    detail = " ".join([held, *map(str, salvage.set_aside(paths.database))])
    return HealthCheck(name="database", ok=True, detail=detail)


async def _cache(config: Config) -> HealthCheck:
    cache = config.cache
    if not cache.enabled:
        detail = "Switched off."
    elif cache.private:
        detail = PRIVATE
    else:
        detail = (
            f"Serves by itself where at most {cache.error_budget:.1%} would be wrong, offers what is right with"
            f" {cache.offer_probability:.0%} or more; keeps {cache.keep_days} days"
            f" ({cache.keep_debug_days} about errors), {cache.max_entries:,} answers and {cache.max_mb:,} MB at most."
        )
    return HealthCheck(name="cache", ok=True, detail=detail, needed=False)


def _disk(paths: Paths) -> HealthCheck:
    free_mb = shutil.disk_usage(paths.data).free // 2**20
    return HealthCheck(
        name="disk",
        ok=free_mb >= LEAST_FREE_MB,
        detail=f"{free_mb:,} MB free for {paths.data}.",
        todo="" if free_mb >= LEAST_FREE_MB else f"Free at least {LEAST_FREE_MB} MB, or set OPTAFLY_HOME elsewhere.",
    )


def _key(credentials: Credentials) -> HealthCheck:
    source = credentials.source(KEY_NAME)
    if source is None:
        todo = f"Run `optafly keys set`, or set {KEY_NAME}."
        return HealthCheck(name="key", ok=False, detail="No API key: prompts can be refined, not sent.", todo=todo)
    return HealthCheck(name="key", ok=True, detail=f"{KEY_NAME} from the {source}.")


def _grammars(config: Config) -> HealthCheck:
    if not config.context.symbols:
        return HealthCheck(name="grammars", ok=True, detail="Switched off: lines around the cursor.", needed=False)
    missing = [name for name, each in GRAMMARS.items() if importlib.util.find_spec(each.module) is None]
    detail = f"Missing: {', '.join(missing)}." if missing else f"{', '.join(GRAMMARS)}."
    todo = "Install OptaFly again." if missing else ""
    return HealthCheck(name="grammars", ok=not missing, detail=detail, todo=todo, needed=False)


def _model(paths: Paths, config: Config) -> HealthCheck:
    if config.models.embedder != "onnx" or config.models.path:
        where = config.models.path or config.models.embedder
        return HealthCheck(name="embedding model", ok=True, detail=f"By settings: {where}.", needed=False)
    model = installed(paths)
    if model is None:
        detail = "Not installed: only the same text is found again."
        return HealthCheck(name="embedding model", ok=False, detail=detail, todo=INSTALL, needed=False)
    model.check()
    return HealthCheck(name="embedding model", ok=True, detail=f"{model.name} in {model.folder}.", needed=False)


async def _worker(models: Worker | None) -> HealthCheck:
    if models is None:
        return HealthCheck(name="models worker", ok=True, detail="Switched off.", needed=False)
    try:
        await models.call("embed", Text(text="Is anybody there?"), timeout_s=30.0)
    except ModelFileError as error:
        detail = f"{error.what} {error.why}".strip()
        return HealthCheck(name="models worker", ok=False, detail=detail, todo=INSTALL, needed=False)
    rss = f", {models.rss_bytes / 2**20:.0f} MB" if models.rss_bytes else ""
    return HealthCheck(name="models worker", ok=True, detail=f"Process {models.pid}{rss}.", needed=False)


async def _index(paths: Paths, config: Config, workspace: Workspace | None) -> HealthCheck:
    name = "workspace index"
    if not config.context.workspace:
        return HealthCheck(name=name, ok=True, detail=OFF, needed=False)
    roots = (await workspace.status()).roots if workspace is not None else ()
    if not roots:
        count, size = await asyncio.to_thread(_indexes, paths)
        detail = f"None is open: `optafly index` makes one. {count} kept in {paths.index}, {size / 2**20:,.0f} MB."
        return HealthCheck(name=name, ok=True, detail=detail, needed=False)
    failed = any(root.state == "failed" for root in roots)
    todo = "Look into the folder's permissions and indexer.log, then open it again." if failed else ""
    return HealthCheck(name=name, ok=not failed, detail=" ".join(map(_root, roots)), todo=todo, needed=False)


def _root(root: RootStatus) -> str:
    held = f"{root.files:,} files, {root.symbols:,} symbols, {root.vectors:,} compared by meaning"
    skipped = f", {root.skipped:,} not read or not whole" if root.skipped else ""
    progress = f" ({root.done:,} of {root.total:,})" if root.total else ""
    message = f" {root.message.rstrip('.')}." if root.message else ""
    return f"{root.root}: {_STATES.get(root.state, root.state)}{progress}, {held}{skipped}.{message}"


def _indexes(paths: Paths) -> tuple[int, int]:
    """Count the indexes that are kept, and the bytes they take."""
    files = [file for file in paths.index.glob("*.db*") if file.is_file()] if paths.index.is_dir() else []
    return sum(1 for file in files if file.suffix == ".db"), sum(file.stat().st_size for file in files)
