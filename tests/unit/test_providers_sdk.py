"""The SDK is brought in late, keeps its mouth shut and takes no environment's word for where to send."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.asking import MessagesApi, ask, outgoing, provider
from optafly.demo.server import SIMULATED_KEY
from optafly.errors import NetworkDown
from optafly.providers import sdk
from optafly.providers.sdk import is_loopback

TALKATIVE = """
import asyncio, logging, sys
logging.basicConfig(level=logging.DEBUG)
from fakes.asking import ask, outgoing, provider
from optafly.errors import ProviderError

async def main(url):
    await ask(provider(sys.argv[2]), outgoing(url, "a canary in the prompt"))
    for name in ("anthropic", "anthropic._base_client", "httpx2", "httpcore2.http11"):
        logging.getLogger(name).debug("a canary in the logger %s", name)
    try:
        await ask(provider("sk-ant-wrong-canary"), outgoing(url, "a canary in the prompt"))
    except ProviderError:
        logging.exception("failed")

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.parametrize("level", ["debug", "info"])
def test_nothing_of_a_request_is_logged_at_any_level(level: str, pytestconfig: pytest.Config) -> None:
    with MessagesApi() as api:
        finished = subprocess.run(
            [sys.executable, "-c", TALKATIVE, api.url, SIMULATED_KEY],
            env={"ANTHROPIC_LOG": level, "PYTHONPATH": str(pytestconfig.rootpath / "tests"), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        sent = b"".join(request.body for request in api.requests)
    assert b"canary" in sent
    assert "failed" in finished.stderr
    assert "canary" not in finished.stderr + finished.stdout
    assert SIMULATED_KEY not in finished.stderr + finished.stdout


SPARED = """
import asyncio, sys
from fakes.asking import ask, outgoing, provider
from optafly.errors import ProviderError
from optafly.providers import sdk

async def main(url):
    await sdk.load()
    loaded = {name for name in sys.modules if name.startswith("anthropic")}
    await ask(provider(sys.argv[2]), outgoing(url))
    await provider(sys.argv[2]).count(outgoing(url))
    try:
        await ask(provider("sk-ant-wrong"), outgoing(url))
    except ProviderError:
        print(len(loaded), *{name for name in sys.modules if name.startswith("anthropic")} - loaded)

asyncio.run(main(sys.argv[1]))
"""
WHOLE = f"""
import contextlib
from optafly.providers import sdk

@contextlib.contextmanager
def broken(library):
    import anthropic._models
    raise AttributeError("another shape")
    yield

sdk.sparing = broken
{SPARED}"""


LACKING = f"""
import contextlib
from optafly.providers import sdk
sparing = sdk.sparing

@contextlib.contextmanager
def lacking(library):
    with sparing(library):
        import anthropic
        passed_on = anthropic.__getattr__
        def look_up(name):
            if name == "APIStatusError":  # such as one that is passed on by a star
                raise AttributeError(name)
            return passed_on(name)
        anthropic.__getattr__ = look_up
        yield

sdk.sparing = lacking
{SPARED}"""


@pytest.mark.parametrize(
    ("script", "spared"),
    [(SPARED, True), (WHOLE, False), (LACKING, False)],
    ids=["in parts", "whole", "without a name that an error needs"],
)
def test_only_the_parts_of_the_sdk_that_an_answer_needs_are_imported_or_else_all(
    script: str, spared: bool, pytestconfig: pytest.Config
) -> None:
    """An import on the event loop would hold it up: a request, a count and an error bring in nothing more."""
    with MessagesApi() as api:
        finished = subprocess.run(
            [sys.executable, "-c", script, api.url, SIMULATED_KEY],
            env={"PYTHONPATH": str(pytestconfig.rootpath / "tests"), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    modules, *later = finished.stdout.split()
    assert later == []
    assert (int(modules) < 1_500) is spared


OTHER = """
import asyncio, importlib, sys
from fakes.asking import ask, outgoing, provider
import_module = importlib.import_module

def without(name, package=None):
    if name == "anthropic.types.shared.error_details":
        raise ModuleNotFoundError(name)
    return import_module(name, package)

importlib.import_module = without
asyncio.run(ask(provider(sys.argv[2]), outgoing(sys.argv[1])))
"""


def test_an_sdk_without_a_module_that_is_only_imported_ahead_answers_too(pytestconfig: pytest.Config) -> None:
    with MessagesApi() as api:
        subprocess.run(
            [sys.executable, "-c", OTHER, api.url, SIMULATED_KEY],
            env={"PYTHONPATH": str(pytestconfig.rootpath / "tests"), "PATH": ""},
            timeout=60,
            check=True,
        )


def test_every_name_that_is_asked_of_the_sdk_is_tried_when_it_is_loaded() -> None:
    sources = Path(sdk.__file__).parent.glob("*.py")
    asked = {name for file in sources for name in re.findall(r"\banthropic\.([A-Z]\w+)", file.read_text("utf-8"))}
    assert asked == set(sdk.NAMES)


def test_importing_the_provider_does_not_import_the_sdk() -> None:
    script = (
        "import sys, optafly.providers.anthropic as a; "
        "sys.exit(sorted({'anthropic', 'httpx2', 'pydantic', 'keyring'} & set(sys.modules)) or 0)"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert finished.stderr == ""
    assert finished.returncode == 0


async def test_a_proxy_in_the_environment_is_used_for_addresses_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(NetworkDown):
            await ask(provider(), outgoing("https://api.example.invalid"))
    assert asked[0].startswith(b"CONNECT api.example.invalid:443")


@pytest.mark.parametrize(
    ("base_url", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:1/v1", True),
        ("https://api.anthropic.com", False),
        ("https://127.0.0.1.example.com", False),
        ("https://localhost.example.com", False),
    ],
)
def test_only_this_machine_is_loopback(base_url: str, local: bool) -> None:
    assert is_loopback(base_url) is local
