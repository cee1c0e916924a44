# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of a call. A word by keys (R5) is star, digits, hash, at any moment: it is taken out of what the menus hear.

Who types a number or a code, errs, and begins anew with a star has said no word: what follows stays at the edge.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from safeconduct.edge.channels.voice.engine import Call

WORD = "word"  # instead of a key: a word was heard
ANEW = "anew"  # instead of a key: what was being typed was typed again behind a star
STAR_SECONDS = 1.2  # so soon a digit follows a star that begins a word
DIGIT_SECONDS = 2.5
WORD_LEAST, WORD_MOST = 3, 40  # fewer digits would be choices
_ANEW_LEAST = 8  # no telephone number with its country code is shorter
TYPING_SECONDS = 12.0  # somebody reads them from paper, in the dark


class Keys:
    """`word` gets the digits of each word; `pressed` is called as soon as a key goes down."""

    def __init__(self, call: Call, *, word: Callable[[str], None], pressed: Callable[[], None]) -> None:
        self._call = call
        self._word = word
        self._pressed = pressed
        self._back: deque[str] = deque()
        self._pending: asyncio.Task[str] | None = None
        self._typed = ""  # of a number or a code
        self._is_typing = False
        self.is_pressing = False  # a key went down, and what it means is not known yet

    def waiting(self) -> "asyncio.Task[str]":
        """The task that ends with the next key. It is never cancelled by who waits for it: no key is lost."""
        if self._pending is None:
            self._pending = asyncio.create_task(self._read())
        return self._pending

    async def next(self, seconds: float | None) -> str | None:
        """A key, or `WORD`; None after so long. Raises `Ended`."""
        task = self.waiting()
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done and not self.is_pressing:
            return None
        found = await asyncio.shield(task)
        self._pending = None
        return found

    async def digits(self, most: int) -> str | None:
        """What is typed up to hash, or up to a long pause. None for a star: the person wants to go back. Raises `Ended`."""
        self._typed, self._is_typing = "", True
        try:
            while len(self._typed) <= most:
                key = await self.next(TYPING_SECONDS)
                if key == "*":
                    return None
                if key in {None, "#", ANEW}:
                    break
                self._typed += key if key is not None and key != WORD else ""
            return self._typed[: most + 1]
        finally:
            self._is_typing = False

    def give_back(self, key: str) -> None:
        """It was meant for what follows."""
        self._back.appendleft(key)

    async def close(self) -> None:
        if self._pending is not None:
            self._pending.cancel()
            await asyncio.gather(self._pending, return_exceptions=True)
            self._pending = None

    async def _read(self) -> str:
        key = self._back.popleft() if self._back else await self._one(None)
        if key is None:  # no time was set, so this is no answer of a sound engine
            raise AssertionError
        self.is_pressing = True
        try:
            self._pressed()
            return await self._after_star() if key == "*" and not self._back else key
        finally:
            self.is_pressing = False

    async def _after_star(self) -> str:
        typed = ""
        while len(typed) < WORD_MOST:
            key = await self._one(DIGIT_SECONDS if typed else STAR_SECONDS)
            if key == "#" and self._is_typing and self._typed and len(typed) >= _ANEW_LEAST:
                self._typed = typed
                return ANEW
            if key == "#" and len(typed) >= WORD_LEAST:
                self._word(typed)
                return WORD
            if key is not None and key.isdecimal():
                typed += key
                continue
            self._back.extend(typed)
            if key is not None:
                self._back.append(key)
            return "*"
        return WORD  # nobody's word is as long; a telephone in a pocket presses so

    async def _one(self, seconds: float | None) -> str | None:
        return await self._call.key(seconds)
