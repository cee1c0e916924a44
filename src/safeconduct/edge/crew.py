# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sealing crew: processes of the door that seal applications, because threads would share one processor's time.

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
from collections.abc import Sequence
from pathlib import Path
from typing import Self, cast

import msgspec

from safeconduct.edge.applications import Application, SealedApplication, seal_application
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.frames import LENGTH_BYTES, FrameRefused, framed, length_of, mark_of, sealed_in
from safeconduct.edge.sealing_hand import DEMONSTRATION

HANDS_MOST = 2  # they seal more than one door can ask for
BACKLOG_MOST = 128  # that wait for one hand, about 0.1 s of work; beyond that the door seals as well
PAUSE_SECONDS = 5.0  # before a hand that ended is replaced: starting one takes half a second of a processor
PATIENCE_SECONDS = 10.0  # a hand that says nothing for so long although it was asked is not waited for
ENDED = "a sealing process ended; the door does its work until another has started"

_log = logging.getLogger(__name__)


def hands_for_this_machine() -> int:
    """One processor is the door's own."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(processors - 1, HANDS_MOST)


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
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._keep()) for _ in range(self._size)]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def ready(self) -> int:
        """How many hands have greeted."""
        return sum(link.is_ready for link in self._links)

    @property
    def outstanding(self) -> int:
        """How many applications the hands hold."""
        return sum(link.outstanding for link in self._links)

    async def seal(self, application: Application) -> SealedApplication:
        """By the hand that has least to do, or else here. Raises what `seal_application` raises."""
        free = [link for link in self._links if link.is_ready and link.outstanding < BACKLOG_MOST]
        if free:
            sealed = await min(free, key=lambda link: link.outstanding).ask(application)
            if sealed is not None:
                return sealed
        return seal_application(application, self._credentials)

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
        link = _Link(mark_of(self._credentials))
        transport, _ = await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        self._links.append(link)
        try:
            await link.lost.wait()
        finally:
            self._links.remove(link)
            transport.abort()


class _Link(asyncio.Protocol):
    """The door's end of the line to one hand."""

    def __init__(self, mark: bytes) -> None:
        self.lost = asyncio.Event()
        self.is_ready = False
        self._mark = mark
        self._asked: deque[asyncio.Future[SealedApplication | None]] = deque()
        self._buffer = bytearray()
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()

    @property
    def outstanding(self) -> int:
        return len(self._asked)

    def ask(self, application: Application) -> asyncio.Future[SealedApplication | None]:
        """The answer; None when there will be none."""
        future: asyncio.Future[SealedApplication | None] = self._loop.create_future()
        if not self._asked:
            self._heard = self._loop.time()
        self._asked.append(future)
        self._transport.write(framed(msgspec.msgpack.encode(application)))
        return future

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's own is none by name
        self._watch = self._loop.call_later(PATIENCE_SECONDS, self._look)

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        self._buffer += data
        try:
            while (frame := self._next()) is not None:
                self._hear(frame)
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
        sealed = sealed_in(frame)
        future = self._asked.popleft()
        if not future.done():  # whoever asked was cancelled
            future.set_result(sealed)

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
            future = self._asked.popleft()
            if not future.done():
                future.set_result(None)
