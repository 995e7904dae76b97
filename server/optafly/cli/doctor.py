"""`optafly doctor`: what works, what is missing, and how to fix it.

Exit code 1 if something needed is broken. The network is only tried with `--online`, and no key is ever shown or sent.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import re
import sys

import msgspec

from optafly import __version__
from optafly.cli import exits
from optafly.cli.indexing import is_kept, usable, wait
from optafly.cli.processes import running
from optafly.cli.snapshot import folder_for
from optafly.cli.streams import printable
from optafly.config import Config
from optafly.errors import OptaflyError
from optafly.paths import Paths, user_paths
from optafly.pipeline import HealthCheck, Pipeline
from optafly.privacy.credentials import Credentials
from optafly.settings import Settings

ONLINE_TIMEOUT_S = 5.0
INDEX_S = 5.0
SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `doctor`."""
    parser.add_argument("--online", action="store_true", help="also try to reach the Messages API (sends no key)")
    parser.add_argument("--json", action="store_true", help="print one JSON array of checks")


def run(args: argparse.Namespace) -> int:
    """Check everything and print it."""
    checks = asyncio.run(_checks(online=args.online))
    if args.json:
        print(msgspec.json.encode(checks).decode())
    else:
        print(f"OptaFly {__version__}\n")
        for check in checks:
            _print(check)
    return exits.FAILED if any(check.needed and not check.ok for check in checks) else exits.OK


def _print(check: HealthCheck) -> None:
    word = "ok" if check.ok else "BROKEN" if check.needed else "missing"
    print(printable(f"  {word:<8}{check.name}: {check.detail}"))
    if check.todo and not check.ok:
        print(printable(f"          {check.todo}"))


async def _checks(*, online: bool) -> tuple[HealthCheck, ...]:
    paths = user_paths()
    settings = Settings(paths)
    folder = str(folder_for(None))
    config = settings.config(folder)
    checks = [_python(), *_settings(settings, folder, paths)]
    pipeline = Pipeline(paths=paths, credentials=Credentials(), configure=settings.config)
    try:
        await pipeline.start()
        opened = await _open_index(pipeline, paths, config)
        checks += await pipeline.health()
        checks += [await _left_out(pipeline)] if opened else []
    except OptaflyError as error:
        checks.append(HealthCheck(name="pipeline", ok=False, detail=f"{error.what} {error.why}", todo=error.todo))
    finally:
        await pipeline.close()
    checks += [_keyring(), _editors()]
    if online:
        checks.append(await asyncio.to_thread(_network, config.claude.base_url))
    return tuple(checks)


async def _open_index(pipeline: Pipeline, paths: Paths, config: Config) -> bool:
    """Open the index of the current folder's workspace, where there is one: none is made here."""
    root = folder_for(None)
    if not config.context.workspace or not await asyncio.to_thread(is_kept, paths, root, config.privacy.ignore):
        return False
    await wait(pipeline.workspace, root, usable, at_most_s=INDEX_S)
    return True


async def _left_out(pipeline: Pipeline) -> HealthCheck:
    """Name the first files that are not in the index, or not whole."""
    skipped = await pipeline.workspace.skipped()
    shown = [f"{each.path}: {each.reason}" for each in skipped.files[:SHOWN]]
    rest = skipped.total - len(shown)
    more = [f"and {rest:,} more, which `optafly index` names"] if rest > 0 else []
    detail = "; ".join((*shown, *more)) or "Every file that is not ignored is in the index, and whole."
    return HealthCheck(name="not indexed", ok=True, detail=detail, needed=False)


def _python() -> HealthCheck:
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {sys.executable}"
    return HealthCheck(name="python", ok=True, detail=detail)


def _settings(settings: Settings, folder: str, paths: Paths) -> list[HealthCheck]:
    problems = settings.problems(folder)
    if not problems:
        there = "no file, so the defaults hold" if not paths.settings.exists() else "every setting is understood"
        return [HealthCheck(name="settings", ok=True, detail=f"{paths.settings}: {there}")]
    return [
        HealthCheck(name="settings", ok=False, detail=f"{each.what} {each.why}", todo=each.todo, needed=False)
        for each in problems
    ]


def _keyring() -> HealthCheck:
    """Name the keyring's backend; loading one may fail in as many ways as there are desktops."""
    todo = "Set ANTHROPIC_API_KEY in the environment instead, or install a keyring backend."
    try:
        import keyring

        backend = keyring.get_keyring()
    except Exception as error:
        return HealthCheck(name="keyring", ok=False, detail=type(error).__name__, todo=todo, needed=False)
    if backend.priority > 0:
        return HealthCheck(name="keyring", ok=True, detail=backend.name, needed=False)
    return HealthCheck(
        name="keyring", ok=False, detail="This computer has none that keeps a key.", todo=todo, needed=False
    )


def _editors() -> HealthCheck:
    """Say which other servers run for this user's editors: they share the data directory, each with its own worker."""
    processes = running()
    servers = [str(each.pid) for each in processes if re.search(r"optafly(\S*|\.cli\.main) lsp\b", each.command)]
    known = ", ".join(servers) or ("none" if processes else "this system does not say")
    detail = f"language servers running: {known}"
    return HealthCheck(name="editors", ok=True, detail=detail, needed=False)


def _network(base_url: str) -> HealthCheck:
    """Try a connection to where the Messages API is; any HTTP answer counts."""
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(base_url, timeout=ONLINE_TIMEOUT_S):  # noqa: S310 - the setting allows http(s) alone
            detail = f"{base_url} answers"
    except urllib.error.HTTPError:
        detail = f"{base_url} answers"
    except OSError as error:
        todo = "Check the network, the proxy and the setting `claude.baseUrl`."
        return HealthCheck(name="network", ok=False, detail=f"{base_url}: {error}", todo=todo)
    return HealthCheck(name="network", ok=True, detail=detail)
