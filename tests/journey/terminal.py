# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real terminal with `safeconduct chat` in it, and somebody who reads it and types."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence

WAIT_S = 20.0
CTRL_C, CTRL_D = "\x03", "\x04"
_OF_ANOTHER_WINDOW = ("COLUMNS", "LINES")  # GNU readline tells every child of pytest's first process its own size
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[=>])")
_CHOICE = re.compile(r"^\s*(\d+)\. (.+)$", re.MULTILINE)


class Terminal:
    """What was shown is kept whole, with its line ends; `seen` is how much of it the person has taken in."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 90) -> None:
        self._screen, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        told = {name: value for name, value in environment.items() if name not in _OF_ANOTHER_WINDOW}
        self.process = subprocess.Popen(
            # So that Ctrl-C and a closed window reach it, also when whoever runs these tests is deaf to Ctrl-C.
            ["env", "--default-signal=INT", "setsid", "--ctty", *command],
            env={**told, "TERM": "xterm"}, stdin=inside, stdout=inside, stderr=inside,
        )  # fmt: skip
        os.close(inside)
        self._raw = b""
        self._seen = 0

    @property
    def shown(self) -> str:
        return _SEQUENCE.sub("", self._raw.decode(errors="replace")).replace("\r", "")

    @property
    def new(self) -> str:
        """What has been shown since the person last typed."""
        return self.shown[self._seen :]

    @property
    def behaviour(self) -> list[object]:
        """How the terminal itself deals with keys; a shell finds it so afterwards."""
        return termios.tcgetattr(self._screen)

    def type(self, text: str) -> None:
        """A line, with Enter."""
        self._seen = len(self.shown)
        self.press(text + "\r")

    def press(self, keys: str) -> None:
        os.write(self._screen, keys.encode())

    def choose(self, label: str) -> None:
        """The number that stands before these words."""
        numbers = {found.strip(): number for number, found in _CHOICE.findall(self.read(label))}
        assert label in numbers, self.shown[-800:]
        self.type(numbers[label])

    def read(self, sentence: str, *, typed: str = "") -> str:
        """Wait until these words are there, wherever their lines break, and below them what is being typed."""
        until = time.monotonic() + WAIT_S
        while not (_flat(sentence) in _flat(self.new) and self.new.endswith(f"\n> {typed}")):
            assert time.monotonic() < until, f"{sentence!r} does not come: {self.shown[-800:]}"
            assert self.listen(), f"the chat has ended: {self.shown[-800:]}"
        return self.new

    def left(self) -> str:
        """Wait for the end. All that is new."""
        until = time.monotonic() + WAIT_S
        while self.listen():
            assert time.monotonic() < until, self.shown[-800:]
        self.process.wait(WAIT_S)
        return self.new

    def listen(self) -> bool:
        """A moment long. False at the end."""
        ready, _, _ = select.select([self._screen], [], [], 0.2)
        with contextlib.suppress(OSError):  # what Linux says when nobody is left inside
            piece = os.read(self._screen, 65536) if ready else b""
            self._raw += piece
            return bool(piece) or not ready
        return False

    def close(self) -> None:
        """The window is closed, whatever runs in it."""
        os.close(self._screen)
        try:
            self.process.wait(WAIT_S)
        finally:
            self.process.kill()


@contextlib.contextmanager
def chat(environment: Mapping[str, str], *words: str, columns: int = 90) -> Iterator[Terminal]:
    terminal = Terminal([sys.executable, "-m", "safeconduct.cli", "chat", *words], environment, columns=columns)
    try:
        yield terminal
    finally:
        terminal.close()


def _flat(text: str) -> str:
    return " ".join(text.split())
