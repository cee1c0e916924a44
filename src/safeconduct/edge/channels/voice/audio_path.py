# SPDX-License-Identifier: AGPL-3.0-or-later
"""The voices of all calls: what each is told and says, 20 ms at a time, moved by one task.

What the library sends it takes from a buffer of its own, at a pace of its own. That buffer is kept filled for so long that
the loop may be busy for a moment without a gap for the caller, and no longer, since whatever is in it comes late.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from baresip import AudioNotActive, AudioRestarted

from safeconduct.edge.channels.voice.engine import PIECE_SECONDS, SAMPLE_BYTES
from safeconduct.edge.channels.voice.rates import Audio

AHEAD_SECONDS = 0.16  # of a prompt in the library's buffer: a loop that stands still for as long is not heard
_BEHIND_SECONDS = 1.0  # a loop that stood still for longer does not catch up
_STALE = 1 << 16  # bytes: more than the library keeps for a reader

_log = logging.getLogger(__name__)

Hear = Callable[[bytes], None]


class Path:
    """What one call is told and says."""

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self._queue: deque[memoryview] = deque()
        self._waiting: list[asyncio.Future[None]] = []
        self._take: Hear | None = None
        self._heard = bytearray()
        self._holds = False
        self._is_open = True
        self.rate = 8000
        self.room: Ticking | None = None

    @property
    def piece(self) -> int:
        """Bytes of 20 ms."""
        return int(self.rate * PIECE_SECONDS) * SAMPLE_BYTES

    def open(self) -> bool:
        """Whether the library is ready for this call; learns its rate."""
        try:
            info = self._audio.info()
        except (AudioNotActive, AudioRestarted):
            return False
        if info.tx_ready:
            self.rate = info.tx_sample_rate
        return bool(info.tx_ready)

    def close(self) -> None:
        """The call is over: nothing more is told or heard."""
        self._is_open = False
        self._take = None
        self._queue.clear()
        self._release()

    def play(self, pcm: bytes) -> None:
        if self._is_open and pcm:
            self._queue.append(memoryview(pcm))

    def stop(self) -> None:
        self._queue.clear()
        with contextlib.suppress(AudioNotActive, AudioRestarted):
            self._audio.flush_tx()
        self._holds = True  # the library empties its buffer at its own next piece: what came before that would be lost
        self._release()

    async def played(self) -> None:
        if not self._is_open:
            return
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        await done

    def listen(self, take: Hear | None) -> None:
        self._forget_heard()
        self._take = take

    def tick(self) -> None:
        """Move what 20 ms ask for. A call in a room is moved by the room."""
        if self._holds:
            self._holds = False
            return
        try:
            if self._queue or self._waiting:
                self._tell()
            if self._take is not None and self.room is None:
                self.hear()
        except (AudioNotActive, AudioRestarted):
            return  # not yet, no more, or negotiated anew: the next piece finds out

    def _tell(self) -> None:
        fill = self._audio.info().tx_buffered
        if not self._queue:
            if fill == 0 or self.room is not None:  # in a room there is always more to come
                self._release()
        elif self.room is None:
            self._fill_up(int(self.rate * AHEAD_SECONDS) * SAMPLE_BYTES - fill)

    def _fill_up(self, room_for: int) -> None:
        while self._queue and room_for > 0:
            taken = self._audio.write(self._queue[0][:room_for])
            if not taken:
                return
            self._drop_told(taken)
            room_for -= taken

    def next_told(self) -> bytes | None:
        """20 ms of what plays to this call alone, the last of it filled up with silence. For the room."""
        if not self._queue:
            return None
        piece = bytes(self._queue[0][: self.piece])
        self._drop_told(len(piece))
        return piece.ljust(self.piece, b"\0")

    def _drop_told(self, size: int) -> None:
        self._queue[0] = self._queue[0][size:]
        if not self._queue[0]:
            self._queue.popleft()

    def write(self, piece: bytes, *, most: float) -> None:
        """Tell at once, unless more than `most` seconds still wait to leave: two clocks are never the same."""
        with contextlib.suppress(AudioNotActive, AudioRestarted):
            waiting = self._audio.info().tx_buffered
            if waiting == 0:  # a start, or a gap: a little silence first, so that the next piece may be late
                self._audio.write(bytes(self.piece))
            if waiting <= int(self.rate * most) * SAMPLE_BYTES:
                self._audio.write(piece)

    def hear(self) -> list[bytes]:
        """What has come since, in pieces of 20 ms. May raise what `Audio` raises."""
        self._heard += self._audio.read(_STALE)
        size, pieces = self.piece, []
        while len(self._heard) >= size:
            pieces.append(bytes(self._heard[:size]))
            del self._heard[:size]
        if self._take is not None:
            for piece in pieces:
                self._take(piece)
        return pieces

    def _forget_heard(self) -> None:
        self._heard.clear()
        with contextlib.suppress(AudioNotActive, AudioRestarted):
            self._audio.read(_STALE)

    def _release(self) -> None:
        for done in self._waiting:
            if not done.done():
                done.set_result(None)
        self._waiting.clear()


class Ticking(Protocol):
    """Whatever the pacer moves."""

    def tick(self) -> None: ...


class Pacer:
    """One task for all paths and rooms of a process."""

    def __init__(self) -> None:
        self._moved: dict[Ticking, None] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, one: Ticking) -> None:
        self._moved[one] = None

    def drop(self, one: Ticking) -> None:
        self._moved.pop(one, None)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + PIECE_SECONDS, loop.time() - _BEHIND_SECONDS)
            await asyncio.sleep(max(0.0, due - loop.time()))
            for one in tuple(self._moved):
                self._move(one)

    def _move(self, one: Ticking) -> None:
        try:
            one.tick()
        except Exception as error:  # noqa: BLE001 - one caller's trouble must not silence all the others
            _log.warning("voice: a piece of audio was lost: %s", type(error).__name__)
