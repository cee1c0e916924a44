# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call of the library, as `engine.Call` promises it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from baresip import BaresipError, CallState, Event, StackEvent
from baresip import Call as Native

from safeconduct.edge.channels.contract import Address
from safeconduct.edge.channels.voice.audio_path import Path
from safeconduct.edge.channels.voice.engine import Ended
from safeconduct.edge.channels.voice.rates import Steady

KEYS = frozenset("0123456789*#")

_READY_SECONDS = 2.0
_READY_STEP = 0.005
HELD_SECONDS = 300.0  # the library times no call whose other side has put us on hold, and it may never come back
_KEYS_KEPT = 64  # more than a whole code; nobody reads what was pressed before

_GOODBYE = "Connection reset by peer"  # what the library says of a BYE


class BaresipCall:
    def __init__(
        self, native: Native, number: Address | None, called: str, on_end: Callable[["BaresipCall"], None]
    ) -> None:
        self.number = number
        self.called = called
        self.ended = asyncio.Event()
        self.path = Path(Steady(native.audio))
        self.was_rung = False  # the other side said that it rings, or more
        self.was_lost = False
        self._is_hung_up = False
        self._native = native
        self._on_end = on_end
        self._established = asyncio.Event()
        self._keys: deque[str] = deque()
        self._news = asyncio.Event()  # a key, or the end
        self._held: asyncio.Task[None] | None = None
        native.on(self._hear_event)
        if native.state is CallState.ESTABLISHED:  # answered before anybody listened: a telephone that needs no hand
            self._established.set()
        elif native.state is CallState.CLOSED:
            self.end()

    def __repr__(self) -> str:
        return "Call(…)"

    @property
    def rate(self) -> int:
        return self.path.rate

    async def answer(self) -> None:
        try:
            await self._native.answer(video=True)  # with no picture to offer: the library asks once more without this
            await self.until_ready()
        except (BaresipError, TimeoutError):
            await self.hang_up()
            raise Ended from None

    async def until_ready(self) -> None:
        """Until both can hear. Raises `Ended`."""
        await self._either(self._established)
        async with asyncio.timeout(_READY_SECONDS):
            while not self.path.open():
                if self.ended.is_set():
                    raise Ended
                await asyncio.sleep(_READY_STEP)

    async def _either(self, wanted: asyncio.Event) -> None:
        tasks = [asyncio.ensure_future(event.wait()) for event in (wanted, self.ended)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if not wanted.is_set():
            raise Ended

    async def refuse(self, status: int) -> None:  # noqa: ARG002 - the library says 486 for every reason
        with contextlib.suppress(BaresipError):  # gone already
            await self._native.reject()

    async def hang_up(self) -> None:
        self._is_hung_up = True
        if self.ended.is_set():
            return
        with contextlib.suppress(BaresipError):
            await self._native.hangup()

    def play(self, pcm: bytes) -> None:
        self.path.play(pcm)

    async def played(self) -> None:
        await self.path.played()

    def stop_playing(self) -> None:
        self.path.stop()

    async def key(self, seconds: float | None) -> str | None:
        try:
            async with asyncio.timeout(seconds):
                while not self._keys:
                    if self.ended.is_set():
                        raise Ended
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return None
        return self._keys.popleft()  # nothing waits from here on: who gives up in this moment loses no key

    def listen(self, take: Callable[[bytes], None] | None) -> None:
        self.path.listen(take if not self.ended.is_set() else None)

    def end(self) -> None:
        """The library says so, or is no more."""
        if not self.ended.is_set():
            self.ended.set()
            self._news.set()
            self.path.close()
            self._hold(is_held=False)
            self._on_end(self)

    def _hear_event(self, event: StackEvent) -> None:
        if event.event is Event.CALL_ESTABLISHED:
            self._established.set()
        elif event.event in (Event.CALL_RINGING, Event.CALL_PROGRESS):
            self.was_rung = True
        elif event.event in (Event.CALL_HOLD, Event.CALL_RESUME):
            self._hold(is_held=event.event is Event.CALL_HOLD)
        elif event.event is Event.CALL_DTMF_START and event.text in KEYS:
            if len(self._keys) < _KEYS_KEPT:
                self._keys.append(event.text)
                self._news.set()
        elif event.event is Event.CALL_CLOSED:
            self.was_lost = not self._is_hung_up and not (event.text or "").startswith(_GOODBYE)
            self.end()

    def _hold(self, *, is_held: bool) -> None:
        if not is_held and self._held is not None:
            self._held.cancel()
            self._held = None
        elif is_held and self._held is None and not self.ended.is_set():
            self._held = asyncio.create_task(self._give_up())

    async def _give_up(self) -> None:
        """Its place is for somebody else then. It counts as lost: nobody of the two wanted its end."""
        await asyncio.sleep(HELD_SECONDS)
        self._held = None
        with contextlib.suppress(BaresipError):
            await self._native.hangup()
