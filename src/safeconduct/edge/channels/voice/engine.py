# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the voice channel asks of whatever speaks SIP and carries the voices. `baresip_engine.py` is what answers.

PCM everywhere: signed 16 bit, mono, native order, at the `rate` of the call.

VoiceError
├── Ended       the call is over, whoever ended it
├── NotReached  a call of ours was not answered
└── EngineDown  the engine cannot start or has stopped: only a new process helps

No text of these holds a number, an address or a name.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, Protocol

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.channels.errors import ChannelError

SAMPLE_BYTES = 2
PIECE_SECONDS = 0.02  # what `Call.listen` hands over at once

Rate = Literal[8000, 16000]
Why = Literal["busy", "declined", "silent", "unreachable"]


class VoiceError(ChannelError):
    """Every error of an engine."""


class Ended(VoiceError):  # noqa: N818 - a fact about the call
    """The call is over."""


class NotReached(VoiceError):  # noqa: N818 - what happened
    """Nobody answered. `kind`: busy now, declined by a person, silent until the time was over, or not reachable at all."""

    def __init__(self, kind: Why) -> None:
        super().__init__(kind)
        self.kind: Why = kind


class EngineDown(VoiceError):  # noqa: N818 - a state
    """The engine cannot start, or has stopped for good."""


class Call(Protocol):
    """One call. Its repr tells nothing of the caller. Every method may be called after the end; `key` then raises."""

    ended: asyncio.Event
    """Set once the call is over, whoever ended it."""

    was_lost: bool
    """Whether it is over and neither side had said so: the line broke, or nothing came any more."""

    @property
    def number(self) -> Address | None:
        """The other side's number: "+" and 7 to 15 digits. None when it is withheld or no such number.

        It is as true as the telephone company is careful: a caller can have lied.
        """

    @property
    def called(self) -> str:
        """The user part that was dialled; may be empty."""

    @property
    def rate(self) -> int:
        """Samples a second of `play` and `listen`, 8000 or 16000. Known once the call is answered."""

    async def answer(self) -> None:
        """Return once the caller can hear. Raises `Ended` when the caller was gone before that."""

    async def refuse(self, status: int) -> None:
        """End a call that was not answered: 480, 486 or 503. What goes out may be 486 for all of these."""

    async def hang_up(self) -> None:
        """End the call; over already is fine."""

    def play(self, pcm: bytes) -> None:
        """Queue behind what plays; never blocks. Nothing happens once the call is over."""

    async def played(self) -> None:
        """Return once all that was queued has left, or was stopped, or the call is over."""

    def stop_playing(self) -> None:
        """Silence within 40 ms, and an empty queue: a key was pressed."""

    async def key(self, seconds: float | None) -> str | None:
        """The next key, '0' to '9', '*' or '#', in the order in which they were pressed; those pressed before are kept.

        None after `seconds` without one; without a time it waits. Raises `Ended` once the call is over and no key is left.
        """

    def listen(self, take: Callable[[bytes], None] | None) -> None:
        """Hand what the caller says to `take`, 20 ms at a time, from now on; None stops. `take` must not block."""


class Room(Protocol):
    """Calls that hear each other: a bridge of two, a conference of more. A call that ends leaves by itself.

    What is queued with `Call.play` is heard by that one besides the others. The rates may differ.
    """

    def join(self, call: Call, *, speaks: bool = True) -> None:
        """`speaks=False` hears all and is heard by none: a supervisor. Joining again changes only `speaks`."""

    def leave(self, call: Call) -> None:
        """Not there is fine."""

    def tell(self, pcm: bytes, rate: int = 8000) -> None:
        """All hear it, mixed with what is said: announcements."""


class Engine(Protocol):
    """All calls of one process."""

    down: asyncio.Event
    """Set when the engine has stopped for good."""

    async def start(self, on_call: Callable[[Call], Awaitable[None]]) -> None:
        """Listen; each call is given to `on_call` in a task of its own, unanswered. When that task ends, the call ends.

        Raises `EngineDown`.
        """

    async def dial(self, uri: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Call:
        """An answered call. `headers` go with the INVITE. Raises `NotReached`, whatever the cause."""

    def room(self) -> Room:
        """A new, empty one. Nothing needs closing."""

    async def close(self) -> None:
        """End every call and stop listening."""
