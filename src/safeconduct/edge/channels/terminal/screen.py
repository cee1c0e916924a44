# SPDX-License-Identifier: AGPL-3.0-or-later
"""One terminal, shared by a person who types and a line that speaks: neither tears the other's words apart."""

import asyncio
import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from safeconduct.edge.channels.terminal.keyboard import INPUT, PROMPT, Keyboard

_INDENT = "  "
_WIDEST = 84  # columns; longer lines are hard to follow
_LINE_MOST = 4096  # bytes; what a terminal lets through in one line


class Screen:
    """`read` and `show` may be called at any time. Nothing typed or shown is written to a file."""

    def __init__(self, keyboard: Keyboard | None) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._keyboard = keyboard
        self._is_after_blank = False
        self._next: asyncio.Future[str | None] | None = None

    async def read(self) -> str | None:
        """The next line; None at the end. A cancelled read loses nothing: the next one gets the line."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            # A thread of its own and not the loop's: a line that never comes must not keep the program from ending.
            threading.Thread(target=self._wait, args=(asyncio.get_running_loop(), self._next), daemon=True).start()
        line = await asyncio.shield(self._next)
        self._next = None
        return line

    def show(self, text: str, *, style: str = "") -> None:
        """A message, wrapped to the width; a line that is being typed moves below it."""
        with self._above_the_typed():
            if not self._is_after_blank:
                self._console.print()
            for paragraph in text.split("\n"):
                self._print(harmless(paragraph), style)
            self._console.print()
            self._is_after_blank = True

    def leave(self) -> None:
        """Whoever was about to type types no more."""
        self._is_after_blank = False

    def _print(self, paragraph: str, style: str) -> None:
        width = max(1, min(self._console.width - len(_INDENT), _WIDEST))
        for line in Text(paragraph).wrap(self._console, width):
            self._console.print((_INDENT + line.plain).rstrip(), style=style, markup=False, emoji=False)

    @contextlib.contextmanager
    def _above_the_typed(self) -> Iterator[None]:
        with self._keyboard.undisturbed() if self._keyboard else contextlib.nullcontext() as typed:
            if typed is None:
                yield
                return
            line = PROMPT + typed
            rows = cell_len(line) // max(1, self._console.width)
            _write("\r" + (f"\x1b[{rows}A" if rows else "") + "\x1b[J")
            yield
            _write(line)

    def _wait(self, loop: asyncio.AbstractEventLoop, line: asyncio.Future[str | None]) -> None:
        found = self._keyboard.line() if self._keyboard else _piped()
        self._is_after_blank = False
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(_settle, line, found)


@contextlib.contextmanager
def opened() -> Iterator[Screen]:
    """Afterwards the terminal behaves as it did before, however the chat ended."""
    keyboard = Keyboard() if os.isatty(INPUT) and sys.stdout.isatty() else None
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        yield Screen(keyboard)
    finally:
        if keyboard is not None:
            keyboard.leave()


def harmless(text: str) -> str:
    """Somebody else's words: no control character of theirs reaches the terminal."""
    return "".join(char for char in text if char >= " " and not "\x7f" <= char <= "\x9f")


def _piped() -> str | None:
    """Without Python's own buffer: its lock would be held by the thread that waits, and the program could not end."""
    found = bytearray()
    while not found.endswith(b"\n") and len(found) < _LINE_MOST:
        piece = os.read(INPUT, 1)
        if not piece:
            break
        found += piece
    return found.decode(errors="replace").rstrip("\n") if found else None


def _settle(line: asyncio.Future[str | None], found: str | None) -> None:
    if not line.done():
        line.set_result(found)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
