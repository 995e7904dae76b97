"""`optafly cache stats|export|import|backup|restore|vacuum`: the remembered answers as a whole."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import msgspec

from optafly.cli import cache_files, exits
from optafly.cli.actions import Add
from optafly.cli.cache_words import place_of
from optafly.cli.figures import counted
from optafly.cli.streams import printable
from optafly.paths import user_paths
from optafly.settings import Settings
from optafly.storage import Database

if TYPE_CHECKING:
    from optafly.cache.summary import Summary

T = TypeVar("T")

ACTIONS = ("stats", "export", "import", "backup", "restore", "vacuum")


def add_arguments(add: Add) -> None:
    """Declare the actions."""
    stats = add("stats", "how many answers, how large, how old, and what they saved")
    exporting = add("export", "write every answer as a line of JSON")
    exporting.add_argument("file", help="a file that is not there yet, or - for stdout")
    importing = add("import", "add the answers of such lines that are not there yet")
    importing.add_argument("file", help="a file, or - for stdin")
    backup = add("backup", "write a checked copy of the whole database")
    backup.add_argument("file", type=Path, help="a file that is not there yet")
    for action in (exporting, backup):
        action.add_argument("--force", action="store_true", help="take the place of a file that is there")
    restoring = add("restore", "go back to such a copy; the present database is set aside")
    restoring.add_argument("file", type=Path, help="a file that `backup` wrote")
    vacuum = add("vacuum", "forget what has expired and give unused space back to the disk")
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
        f"{counted(whole.entries, 'answer')}, {_size(whole.size_bytes)}, in {found.file} ({_size(found.file_bytes)})",
        f"  from {_day(whole.oldest_s)} to {_day(whole.newest_s)}",
        f"  used {counted(whole.hits, 'time')}: ${whole.saved_usd:,.2f} and {whole.saved_s:,.0f} s saved",
        f"  pinned {whole.pinned:,}, expired {whole.expired:,}, without a vector {whole.without_vector:,}",
    ]
    if whole.dated_ahead:
        dated = counted(whole.dated_ahead, "answer")
        lines.append(f"  dated in the future (was the clock set back?), and used all the same: {dated}")
    if found.damaged:
        lines.append(f"  changed on the disk, and not used: {counted(found.damaged, 'answer')}. Check the disk.")
    lines += [
        f"  {place_of(part.namespace)}: {counted(part.entries, 'answer')}, {_size(part.size_bytes)}"
        for part in found.namespaces
    ]
    return lines + [f"  {each}" for each in found.set_aside]


def _export(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import lines

    def write(connection: sqlite3.Connection, file: BinaryIO) -> int:
        return sum(file.write(line) > 0 for line in lines(connection))

    if args.file == "-":
        _with(path, lambda connection: write(connection, sys.stdout.buffer))
        return
    target = Path(args.file)
    with cache_files.writing(target, force=args.force), _beside(target) as new:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            count = _with(path, lambda connection: write(connection, file))
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    print(printable(f"Written: {counted(count, 'answer')} to {target}."))


@contextmanager
def _beside(target: Path) -> Generator[Path]:
    """Give the name that a file has until it is whole; what is left under it goes."""
    new = target.with_name(f"{target.name}.new-{os.getpid()}")
    try:
        yield new
    finally:
        new.unlink(missing_ok=True)


def _import(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import add

    settings = Settings(user_paths()).config(None).cache
    most = settings.max_entries, settings.max_mb * 1_000_000
    if args.file == "-":
        done = _with(path, lambda connection: add(connection, sys.stdin.buffer, *most))
    else:
        with cache_files.reading(file := Path(args.file), "read", "optafly cache export"), file.open("rb") as opened:
            done = _with(path, lambda connection: add(connection, opened, *most))
    _say(args, done, f"Added: {counted(done.added, 'answer')}. There already: {done.skipped:,}.")


def _backup(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import backup

    with cache_files.writing(args.file, force=args.force):
        done = backup(path, args.file, force=args.force)
    _say(
        args, done, f"Written and checked: {counted(done.entries, 'answer')}, {_size(done.size_bytes)}, in {done.file}."
    )


def _restore(args: argparse.Namespace, path: Path) -> None:
    from optafly.cache.archive import restore

    with cache_files.reading(args.file, "restored; nothing was changed", "optafly cache backup"):
        done = restore(path, args.file)
    aside = f" What was there is kept as {done.aside}." if done.aside else ""
    _say(args, done, f"Restored and checked: {counted(done.entries, 'answer')}.{aside}")


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


def _day(at_s: float | None) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_s)) if at_s is not None else "-"
    except (ValueError, OverflowError, OSError):  # a time that no calendar has
        return "?"


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:,.1f} kB"
