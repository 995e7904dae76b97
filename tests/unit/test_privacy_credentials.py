"""Keys are found in the editor, the environment or the keyring, in that order, and never shown."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from optafly.errors import OptaflyError
from optafly.privacy.credentials import SERVICE, Credentials

NAME = "OPTAFLY_TEST_KEY"
EDITOR, ENVIRONMENT, STORED = (f"canary-{place}-4711" for place in ("editor", "environment", "keyring"))


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that lives as long as the test."""

    priority = 1  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]  # keyring's stubs say float

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.held:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.held[service, username]


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner does not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("dismissed")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked(f"dismissed while storing {password}")


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    """A keyring in place of this machine's own, and no key in the environment."""
    monkeypatch.delenv(NAME, raising=False)
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_no_key_anywhere_is_none() -> None:
    assert Credentials().get(NAME) is None
    assert Credentials().source(NAME) is None


def test_the_editor_comes_before_the_environment_and_that_before_the_keyring(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = Credentials()
    ring.held[SERVICE, NAME] = STORED
    assert (credentials.source(NAME), credentials.get(NAME)) == ("keyring", STORED)
    monkeypatch.setenv(NAME, f" {ENVIRONMENT}\n")
    assert (credentials.source(NAME), credentials.get(NAME)) == ("environment", ENVIRONMENT)
    credentials.hand_over(NAME, EDITOR)
    assert (credentials.source(NAME), credentials.get(NAME)) == ("editor", EDITOR)
    credentials.hand_over(NAME, None)
    assert credentials.source(NAME) == "environment"


def test_an_empty_key_is_no_key(ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = Credentials()
    credentials.hand_over(NAME, "  ")
    monkeypatch.setenv(NAME, "")
    ring.held[SERVICE, NAME] = ""
    assert credentials.get(NAME) is None


def test_a_stored_key_is_found_again_until_it_is_forgotten(ring: MemoryKeyring) -> None:
    Credentials().store(NAME, f"{STORED}\n")
    assert ring.held == {(SERVICE, NAME): STORED}
    assert Credentials().get(NAME) == STORED
    assert Credentials().forget(NAME) is True
    assert Credentials().forget(NAME) is False
    assert Credentials().get(NAME) is None


def test_nothing_is_stored_where_there_is_nothing_to_store(ring: MemoryKeyring) -> None:
    with pytest.raises(OptaflyError, match="Paste the whole key"):
        Credentials().store(NAME, "\n")
    assert ring.held == {}


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, LockedKeyring])
def test_without_a_usable_keyring_getting_is_quiet_and_storing_says_what_to_do(
    backend: type[keyring.backend.KeyringBackend], caplog: pytest.LogCaptureFixture
) -> None:
    keyring.set_keyring(backend())
    credentials = Credentials()
    with caplog.at_level(logging.INFO):
        assert credentials.get(NAME) is None
    assert caplog.records == []
    with pytest.raises(OptaflyError, match=f"Set {NAME} in the environment") as raised:
        credentials.store(NAME, STORED)
    assert STORED not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__
    with pytest.raises(OptaflyError, match="was not removed"):
        credentials.forget(NAME)


def test_a_machine_without_the_keyring_package_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert Credentials().get(NAME) is None
    with pytest.raises(OptaflyError, match="was not stored"):
        Credentials().store(NAME, STORED)


def test_no_value_shows_in_a_repr_or_a_log(ring: MemoryKeyring, caplog: pytest.LogCaptureFixture) -> None:
    credentials = Credentials()
    with caplog.at_level(logging.DEBUG):
        credentials.hand_over(NAME, EDITOR)
        credentials.store(NAME, STORED)
        credentials.get(NAME)
        keyring.set_keyring(LockedKeyring())
        credentials.hand_over(NAME, None)
        credentials.get(NAME)
    shown = f"{credentials!r} {credentials} {caplog.text}"
    assert EDITOR not in shown
    assert STORED not in shown


def test_many_threads_may_ask_at_once(ring: MemoryKeyring) -> None:
    ring.held[SERVICE, NAME] = STORED
    credentials, answers, ready = Credentials(), list[str | None](), threading.Barrier(8)

    def ask() -> None:
        ready.wait(10)
        answers.append(credentials.get(NAME))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == [STORED] * 8
