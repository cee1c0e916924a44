# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sealing crew: processes of the door that seal what people send, because threads would share one processor's time.

A hand that dies, stalls or talks nonsense costs nothing but time: what it was asked is sealed here, once, since nothing
is stored before its answer; another is started. Without hands (one processor) everything is sealed here.
"""

import asyncio
import contextlib
import hmac
import logging
import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar, cast

import msgspec

from safeconduct.edge.applications import Application, SealedApplication, seal_application
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.frames import LENGTH_BYTES, Asked, FrameRefused, framed, length_of, mark_of, sealed_in
from safeconduct.edge.sealing_hand import DEMONSTRATION

HANDS_MOST = 2  # they seal more than one door can ask for
AHEAD = 6  # that a hand holds at a time; others wait for whichever hand is free next, so that a slow one delays few
BACKLOG_MOST = 128  # that wait for each hand, about 0.1 s of work; beyond that the door seals as well
PAUSE_SECONDS = 5.0  # before a hand that ended is replaced: starting one takes half a second of a processor
PATIENCE_SECONDS = 10.0  # a hand that says nothing for so long although it was asked is not waited for
ENDED = "a sealing process ended; the door does its work until another has started"

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


def hands_for_this_machine() -> int:
    """One for each processor, the door's own as well: the door needs half of one, and leaves the rest to a hand."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(processors, HANDS_MOST) if processors > 1 else 0


def hands_beside_this_process() -> int:
    """For a door that several others stand beside, each with its own: one, where there is a processor for it."""
    return min(hands_for_this_machine(), 1)


def hand_command(folder: Path, *, demonstration: bool) -> tuple[str, ...]:
    """How a hand is started. The folder of the secrets is named; the secrets are not."""
    told = (DEMONSTRATION,) if demonstration else ()
    return (sys.executable, "-P", "-m", "safeconduct.edge.sealing_hand", str(folder), *told)


class Crew:
    """Seals what it is given. Used as a context; outside it there are no hands."""

    def __init__(self, credentials: EdgeCredentials, command: Sequence[str] = (), *, hands: int = 0) -> None:
        self._credentials = credentials
        self._command = command
        self._size = hands
        self._links: list[_Link] = []
        self._waiting: deque[_Asked] = deque()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def begin(self) -> None:
        """Start the hands, if that was not done."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._keep()) for _ in range(self._size)]

    async def close(self) -> None:
        """End them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def ready(self) -> int:
        """How many hands have greeted."""
        return sum(link.is_ready for link in self._links)

    @property
    def outstanding(self) -> int:
        """How many things the hands hold, or will."""
        return len(self._waiting) + sum(link.outstanding for link in self._links)

    async def seal(self, application: Application) -> SealedApplication:
        """By the hand that is free first, or else here. Raises what `seal_application` raises."""
        sealed = await self.ask(application, sealed_in)
        return seal_application(application, self._credentials) if sealed is None else sealed

    async def ask(self, asked: Asked, reads: Callable[[bytes], Result]) -> Result | None:
        """What the hand that is free first made of it, as `reads` reads its answer; None: it is for the asker to do."""
        if self.outstanding >= BACKLOG_MOST * self.ready:
            return None
        answer: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Asked(framed(msgspec.msgpack.encode(asked)), reads, answer))
        self._share_out()
        return await answer

    def _share_out(self) -> None:
        """Give what waits to the hands, in the order in which it came; without a hand none of it will be answered."""
        hands = [link for link in self._links if link.is_ready]
        while self._waiting:
            hand = min(hands, key=lambda link: link.outstanding, default=None)
            if hand is not None and hand.outstanding >= AHEAD:
                return
            asked = self._waiting.popleft()
            if hand is None:
                asked.decline()
            elif not asked.answer.done():  # else whoever asked was cancelled
                hand.ask(asked)

    async def _keep(self) -> None:
        """One hand after another."""
        while True:
            try:
                await self._live()
            except OSError as error:
                _log.warning("a sealing process could not be started: %s", error.strerror)
            else:
                _log.warning(ENDED)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _live(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(*self._command, stdin=theirs.fileno())
        except BaseException:  # the door may close at this moment
            ours.close()
            raise
        try:
            await self._work_with(ours)
        finally:
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                process.kill()
            await process.wait()

    async def _work_with(self, ours: socket.socket) -> None:
        link = _Link(mark_of(self._credentials), self._share_out)
        transport, _ = await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        self._links.append(link)
        try:
            await link.lost.wait()
        finally:
            self._links.remove(link)
            transport.abort()
            self._share_out()


class _Asked(NamedTuple):
    frame: bytes
    reads: Callable[[bytes], Any]
    answer: asyncio.Future[Any]  # None when there will be none

    def hear(self, frame: bytes) -> None:
        """Raises `FrameRefused`."""
        self._tell(self.reads(frame) if frame else None)

    def decline(self) -> None:
        self._tell(None)

    def _tell(self, made: object) -> None:
        if not self.answer.done():  # whoever asked was cancelled
            self.answer.set_result(made)


class _Link(asyncio.Protocol):
    """The door's end of the line to one hand."""

    def __init__(self, mark: bytes, on_room: Callable[[], None]) -> None:
        self.lost = asyncio.Event()
        self.is_ready = False
        self._mark = mark
        self._on_room = on_room
        self._asked: deque[_Asked] = deque()
        self._buffer = bytearray()
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()

    @property
    def outstanding(self) -> int:
        return len(self._asked)

    def ask(self, asked: _Asked) -> None:
        if not self._asked:
            self._heard = self._loop.time()
        self._asked.append(asked)
        self._transport.write(asked.frame)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's own is none by name
        self._watch = self._loop.call_later(PATIENCE_SECONDS, self._look)

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        self._buffer += data
        try:
            while (frame := self._next()) is not None:
                self._hear(frame)
            self._on_room()
        except FrameRefused:
            self._give_up()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio
        self._give_up()

    def _next(self) -> bytes | None:
        if len(self._buffer) < LENGTH_BYTES:
            return None
        end = LENGTH_BYTES + length_of(self._buffer)
        if len(self._buffer) < end:
            return None
        frame = bytes(self._buffer[LENGTH_BYTES:end])
        del self._buffer[:end]
        return frame

    def _hear(self, frame: bytes) -> None:
        if not self.is_ready:
            if not hmac.compare_digest(frame, self._mark):
                raise FrameRefused
            self.is_ready = True
            return
        if not self._asked:
            raise FrameRefused
        self._asked[0].hear(frame)
        self._asked.popleft()

    def _look(self) -> None:
        if self._asked and self._loop.time() - self._heard > PATIENCE_SECONDS:
            self._give_up()
            return
        self._watch = self._loop.call_later(PATIENCE_SECONDS, self._look)

    def _give_up(self) -> None:
        """Whoever waits is told that no answer comes. The same again changes nothing."""
        self.is_ready = False
        self._watch.cancel()
        self._transport.abort()
        self.lost.set()
        while self._asked:
            self._asked.popleft().decline()
