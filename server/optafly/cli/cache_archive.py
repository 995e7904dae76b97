"""`optafly cache stats|export|import|backup|restore|vacuum`: the remembered answers as a whole."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import msgspec

from optafly.cli import exits
from optafly.cli.streams import printable
from optafly.errors import CacheError
from optafly.paths import user_paths
from optafly.settings import Settings
from optafly.storage import Database

if TYPE_CHECKING:
    from argparse import _SubParsersAction  # pyright: ignore[reportPrivateUsage]  argparse names it nowhere else

    from optafly.cache.summary import Part, Summary

T = TypeVar("T")

ACTIONS = ("stats", "export", "import", "backup", "restore", "vacuum")


def add_arguments(actions: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the actions."""
    stats = actions.add_parser("stats", help="how many answers, how large, how old, and what they saved")
    exporting = actions.add_parser("export", help="write every answer as a line of JSON")
    exporting.add_argument("file", help="a file that is not there yet, or - for stdout")
    importing = actions.add_parser("import", help="add the answers of such lines that are not there yet")
    importing.add_argument("file", help="a file, or - for stdin")
    backup = actions.add_parser("backup", help="write a checked copy of the whole database")
    backup.add_argument("file", type=Path, help="a file that is not there yet")
    for action in (exporting, backup):
        action.add_argument("--force", action="store_true", help="take the place of a file that is there")
    restoring = actions.add_parser("restore", help="go back to such a copy; the present database is set aside")
    restoring.add_argument("file", type=Path, help="a file that `backup` wrote")
    vacuum = actions.add_parser("vacuum", help="forget what has expired and give unused space back to the disk")
    for action in (stats, importing, backup, restoring, vacuum):
        action.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    path = user_paths().database
    {
        "stats": _stats,
        "export": _export,
        "import": _import,
        "backup": _backup,
        "restore": _restore,
        "vacuum": _vacuum,
    }[args.action](args, path)
    return exits.OK


def _with(path: Path, function: Callable[[sqlite3.Connection], T]) -> T:
    """Run `function` on the database. Raises StorageError."""

    async def once() -> T:
        database = Database(path)
        try:
            return await database.run(function)
        finally:
            await database.close()

    return asyncio.run(once())


def _stats(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.summary import summary

    found = _with(path, lambda connection: summary(connection, path, time.time()))
    if args.json:
        print(msgspec.json.encode(found).decode())
        return
    for line in _described(found):
        print(printable(line))


def _described(found: Summary) -> list[str]:
    whole = found.whole
    lines = [
        f"{whole.entries:,} answers, {_size(whole.size_bytes)}, in {found.file} ({_size(found.file_bytes)})",
        f"  from {_day(whole.oldest_s)} to {_day(whole.newest_s)}",
        f"  used {whole.hits:,} times: ${whole.saved_usd:,.2f} and {whole.saved_s:,.0f} s saved",
        f"  pinned {whole.pinned:,}, expired {whole.expired:,}, without a vector {whole.without_vector:,}",
    ]
    if whole.dated_ahead:
        lines.append(f"  {whole.dated_ahead:,} are dated in the future (was the clock set back?) and are used.")
    if found.damaged:
        lines.append(f"  {found.damaged:,} changed on the disk and are not used: check the disk.")
    lines += [f"  {_name(part)}: {part.entries:,} answers, {_size(part.size_bytes)}" for part in found.namespaces]
    return lines + [f"  {each}" for each in found.set_aside]


def _export(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import lines

    def write(connection: sqlite3.Connection, file: BinaryIO) -> int:
        return sum(file.write(line) > 0 for line in lines(connection))

    if args.file == "-":
        _with(path, lambda connection: write(connection, sys.stdout.buffer))
        return
    target = Path(args.file)
    if target.exists() and not args.force:
        raise CacheError(f"{target} is there already.", todo="Name another file, or give --force.")
    new = target.with_name(f"{target.name}.new-{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            count = _with(path, lambda connection: write(connection, file))
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except OSError as error:
        raise CacheError(f"{target} was not written.", why=f"{error}.") from error
    finally:
        new.unlink(missing_ok=True)
    print(f"Written: {count:,} answers to {target}.")


def _import(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import add

    settings = Settings(user_paths()).config(None).cache
    try:
        with sys.stdin.buffer if args.file == "-" else Path(args.file).open("rb") as file:
            most = settings.max_entries, settings.max_mb * 1_000_000
            done = _with(path, lambda connection: add(connection, file, *most))
    except OSError as error:
        raise CacheError(f"{args.file} cannot be read.", why=f"{error}.") from error
    _say(args, done, f"Added: {done.added:,} answers. There already: {done.skipped:,}.")


def _backup(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import backup

    done = backup(path, args.file, force=args.force)
    _say(args, done, f"Written and checked: {done.entries:,} answers, {_size(done.size_bytes)}, in {done.file}.")


def _restore(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import restore

    done = restore(path, args.file)
    aside = f" What was there is kept as {done.aside}." if done.aside else ""
    _say(args, done, f"Restored and checked: {done.entries:,} answers.{aside}")


def _vacuum(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import vacuum

    def sized(connection: sqlite3.Connection) -> tuple[int, int, int]:
        before = path.stat().st_size + _log_bytes(path)
        gone = vacuum(connection, time.time())
        return gone, before, path.stat().st_size + _log_bytes(path)

    gone, before, after = _with(path, sized)
    if args.json:
        print(json.dumps({"expired": gone, "beforeBytes": before, "afterBytes": after}))
    else:
        print(f"{_size(before)} before, {_size(after)} now. Expired answers forgotten: {gone:,}.")


def _log_bytes(path: Path) -> int:
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0


def _say(args: argparse.Namespace, done: msgspec.Struct, words: str) -> None:
    print(msgspec.json.encode(done).decode() if args.json else printable(words))


def _name(part: Part) -> str:
    """Return a namespace's project and model, which stand in it as JSON; or the namespace as it is."""
    try:
        project, _, model, *_ = json.loads(part.namespace)
        return f"{project or '(no project)'} · {model}"
    except (ValueError, TypeError):
        return part.namespace


def _day(at_s: float | None) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s)) if at_s is not None else "-"
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return "?"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:,.1f} kB"
