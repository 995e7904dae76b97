"""One key at a time from the person at the terminal, without holding up the event loop."""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any

END = "\x04"  # Ctrl-D, and the end of the input


class Keys:
    """The keyboard behind `stdin`, or behind the controlling terminal where stdin is a pipe; use it in a `with`.

    Ctrl-C stays what it is: an interrupt. Where there is no POSIX terminal (Windows), a key is a letter and Enter.
    """

    def __init__(self, descriptor: int | None, *, owned: bool) -> None:
        self._descriptor = descriptor
        self._owned = owned
        self._before: list[Any] = []  # as termios gives it

    @classmethod
    def open(cls) -> Keys | None:
        """Return the keyboard, or None where nobody can press a key."""
        if sys.stdin is not None and sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison] - pythonw
            return cls(sys.stdin.fileno() if os.name == "posix" else None, owned=False)
        try:
            return cls(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY), owned=True) if os.name == "posix" else None
        except OSError:
            return None

    def __enter__(self) -> Keys:
        """Let keys come one by one and unechoed."""
        if self._descriptor is not None:
            assert sys.platform != "win32"
            import termios
            import tty

            self._before = termios.tcgetattr(self._descriptor)
            tty.setcbreak(self._descriptor, termios.TCSADRAIN)
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            self._restore()
            if self._owned:
                os.close(self._descriptor)

    @contextmanager
    def lines(self) -> Generator[None]:
        """Give the terminal back as it was, for an editor or for whole lines."""
        if self._descriptor is None:
            yield
            return
        self._restore()
        try:
            yield
        finally:
            self.__enter__()

    def _restore(self) -> None:
        assert sys.platform != "win32"
        import termios

        assert self._descriptor is not None
        with suppress(termios.error):  # the terminal was closed
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def drop(self) -> None:
        """Forget what was typed and not yet read."""
        if self._descriptor is not None:
            assert sys.platform != "win32"
            import termios

            with suppress(termios.error):  # the terminal was closed
                termios.tcflush(self._descriptor, termios.TCIFLUSH)

    async def press(self) -> str:
        """Return the next key as one lower-case character; END when there will be no more."""
        if self._descriptor is None:
            line = await self.line()
            return (line.strip().lower() or "?")[:1] if line else END
        pressed = await self._read(1)
        if pressed == b"\x1b":  # an arrow or a function key sends more: drop it all
            while select.select([self._descriptor], [], [], 0)[0]:
                os.read(self._descriptor, 1)
        return pressed.decode("utf-8", "replace").lower() or END

    async def line(self) -> str:
        """Return the next line with its newline; "" when there will be no more."""
        if self._descriptor is None:
            try:
                return await asyncio.to_thread(input) + "\n"
            except EOFError:
                return ""
        return (await self._read(100_000)).decode("utf-8", "replace")

    async def _read(self, most: int) -> bytes:
        assert self._descriptor is not None
        descriptor, loop = self._descriptor, asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(descriptor, ready.set)
        try:
            await ready.wait()  # a person may take as long as they like
        finally:
            loop.remove_reader(descriptor)
        try:
            return os.read(descriptor, most)
        except OSError:  # the terminal was closed
            return b""
