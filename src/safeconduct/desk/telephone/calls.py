# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two sides of a call, as the switchboard sees them. PCM is signed 16 bit, mono, native order."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

PIECE_SECONDS = 0.02
SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What the voice channel says about a call that it brings. Believed no further than to show it."""

    phone: str
    language: str = ""
    conversation: str = ""
    waited: int | None = None


class Voice(Protocol):
    """What is heard on one side, taken and given 20 ms at a time. Neither ever waits or raises."""

    @property
    def rate(self) -> int:
        """Samples a second, now: a call may change it."""

    def read(self) -> bytes:
        """The next 20 ms, or nothing when there are none."""

    def write(self, pcm: bytes) -> None:
        """Dropped when the other side does not keep up: late words are worse than lost ones."""


class Caller(Protocol):
    """The side of the voice channel."""

    told: Told
    ended: asyncio.Event

    @property
    def voice(self) -> Voice: ...

    async def answer(self) -> None:
        """Return once both can hear. Raises `CallOver`."""

    async def hang_up(self) -> None:
        """End or decline the call; over already is fine."""

    async def hold(self, *, on: bool) -> None:
        """The line tells the caller to wait. Raises `Refusal` when it is not possible at this moment."""

    async def press(self, keys: str) -> None:
        """One key, or several that belong together. Raises `Refusal`."""

    async def lose(self) -> None:
        """Tell the line that nobody is here any more, so that the caller goes first again, and end the call. Over already is fine."""


class Browser(Protocol):
    """The side of the operator."""

    ended: asyncio.Event

    async def accept(self, offer: str) -> str:
        """Our half of the connection. Raises `Refusal`."""

    async def connected(self) -> bool:
        """Wait until sound can pass; False when that did not come about."""

    def join(self, voice: Voice) -> None:
        """From now on both hear each other."""

    def pause(self, *, on: bool) -> None:
        """While it is on, nothing passes in either direction."""

    async def close(self) -> None:
        """Over already is fine."""
