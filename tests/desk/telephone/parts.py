# SPDX-License-Identifier: AGPL-3.0-or-later
"""A caller and a browser that do what a test tells them."""

import asyncio
import time

from safeconduct.desk.telephone.calls import Told, Voice
from safeconduct.desk.telephone.errors import CallOver, Refusal


class Silence:
    rate = 8000

    def read(self) -> bytes:
        return b""

    def write(self, pcm: bytes) -> None:
        """Nobody listens."""


class SomeCaller:
    def __init__(self, phone: str, *, is_gone: bool = False, holds: bool = True) -> None:
        self.told = Told(phone, "uk", "", 30)
        self.ended = asyncio.Event()
        self.did: list[str] = []
        self.voice: Voice = Silence()
        self._is_gone, self._holds = is_gone, holds

    async def answer(self) -> None:
        if self._is_gone:
            self.ended.set()
            raise CallOver
        self.did.append("answered")

    async def hang_up(self) -> None:
        self.did.append("ended")
        self.ended.set()

    async def hold(self, *, on: bool) -> None:
        if not self._holds:
            raise Refusal("not possible now")
        self.did.append("held" if on else "resumed")

    async def press(self, key: str) -> None:
        self.did.append(key)

    async def lose(self) -> None:
        self.did.append("lost")
        self.ended.set()


class SomeBrowser:
    """Connects at once, unless it never does."""

    def __init__(self, *, connects: bool = True, readable: bool = True) -> None:
        self.ended = asyncio.Event()
        self.did: list[str] = []
        self._connects, self._readable = connects, readable

    async def accept(self, offer: str) -> str:
        if not self._readable:
            raise Refusal("bad offer")
        return "half of " + offer

    async def connected(self) -> bool:
        self.did.append("connected")
        return self._connects

    def join(self, voice: Voice) -> None:
        del voice
        self.did.append("joined")

    def pause(self, *, on: bool) -> None:
        self.did.append("paused" if on else "on")

    async def close(self) -> None:
        self.did.append("closed")
        self.ended.set()


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.passed
