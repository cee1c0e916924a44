# SPDX-License-Identifier: AGPL-3.0-or-later
"""The engine over baresip. There is one in a process, and only the voice channel's process may import this."""

import asyncio
import atexit
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping

from baresip import (
    BaresipError,
    CallBusy,
    CallDeclined,
    CallFailed,
    CallTimeout,
    Runtime,
    StackEvent,
    UserAgent,
)
from baresip import Call as Native

from safeconduct.edge.channels.voice import numbers
from safeconduct.edge.channels.voice.audio_path import Pacer
from safeconduct.edge.channels.voice.baresip_call import BaresipCall
from safeconduct.edge.channels.voice.early import Early
from safeconduct.edge.channels.voice.engine import Call, Ended, EngineDown, NotReached, Why
from safeconduct.edge.channels.voice.floods import Floods
from safeconduct.edge.channels.voice.gate import Gate
from safeconduct.edge.channels.voice.muting import mute
from safeconduct.edge.channels.voice.rooms import MixingRoom
from safeconduct.edge.channels.voice.sip_settings import SipSettings, account, config, modern_tls
from safeconduct.edge.channels.voice.sources import Sources
from safeconduct.edge.channels.voice.wear import Wear

_log = logging.getLogger(__name__)

_TARGET = re.compile(r"sips?:[!-;=?-~]{1,255}", re.ASCII)  # one line, no space, no angle brackets
_SILENT = frozenset({408, 480, 487})
_BUSY = frozenset({486, 600})
_HEARD_SECONDS = 0.5  # an INVITE that nobody has answered yet cannot be cancelled (RFC 3261, 9.1)
_CLOSE_SECONDS = 3.0
_REFUSERS = 16
_REGISTER_AGAIN_SECONDS = 30.0

OnCall = Callable[[Call], Awaitable[None]]


class BaresipEngine:
    def __init__(self, settings: SipSettings) -> None:
        self.down = asyncio.Event()
        self._settings = settings
        self._runtime = Runtime(native_log_level="error")
        self._agent: UserAgent | None = None
        self._pacer = Pacer()
        self._floods = Floods(settings.trunks)
        self._gate = Gate(settings.address, (settings.port, settings.port + 1))
        self._sources = Sources(Floods(settings.trunks), self._gate.shut)
        self._wear = Wear()
        self._early = Early()
        self._calls: dict[BaresipCall, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: set[asyncio.Task[None]] = set()  # where a call comes from
        self._unwanted: asyncio.Queue[Native] = asyncio.Queue()
        self._on_call: OnCall | None = None

    async def start(self, on_call: OnCall) -> None:
        mute()
        self._sources.begin()
        self._on_call = on_call
        try:
            with modern_tls():
                await self._runtime.start(config(self._settings))
            self._runtime.on_dead = self._die
            self._runtime.subscribe(self._watch)
            for transport in self._settings.transports:
                agent = await UserAgent.create(
                    self._runtime, account(self._settings, transport), transfer_policy="reject"
                )
                agent.on_incoming(self._receive)
                self._agent = self._agent or agent
        except (BaresipError, ValueError, TypeError) as error:
            await self.close()
            raise EngineDown(f"voice: SIP cannot be started ({type(error).__name__})") from None
        self._pacer.start()
        self._spawn(self._register())
        for _ in range(_REFUSERS):
            self._spawn(self._refuse_unwanted())

    async def dial(self, uri: str, *, seconds: float, headers: Mapping[str, str] | None = None) -> Call:
        if self._agent is None or self.down.is_set() or not _TARGET.fullmatch(uri):
            raise NotReached("unreachable")
        dialling = asyncio.ensure_future(self._begin(self._agent, uri, headers or {}))
        try:
            call, native = await asyncio.shield(dialling)
        except (BaresipError, ValueError):
            raise NotReached("unreachable") from None
        except asyncio.CancelledError:
            self._spawn(_given_up(dialling))
            raise
        self._adopt(call)
        try:
            await native.wait_established(seconds)
            await call.until_ready()
        except (BaresipError, Ended, TimeoutError) as error:
            await call.hang_up()
            raise NotReached(_why(error, was_rung=call.was_rung)) from None
        except asyncio.CancelledError:
            await asyncio.shield(call.hang_up())
            raise
        return call

    async def _begin(self, agent: UserAgent, uri: str, headers: Mapping[str, str]) -> tuple[BaresipCall, Native]:
        with self._early.kept():
            native = await agent.dial(uri, dict(headers), video=False)
            call = BaresipCall(native, None, "", self._forget)
            self._early.tell(native)  # once somebody listens
        return call, native

    def room(self) -> "Rooms":
        return Rooms(MixingRoom(self._pacer))

    async def close(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await asyncio.gather(*self._asking)
                await asyncio.gather(*(call.hang_up() for call in self._calls))
                await asyncio.gather(*(call.ended.wait() for call in self._calls))
                await self._unwanted.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._pacer.close()
        await self._stop_library()
        self._sources.end()
        for call in tuple(self._calls):
            call.end()

    async def _stop_library(self) -> None:
        if not self._wear.may_close():
            # It would end the process with a fault. What it holds goes when the process does.
            atexit.unregister(self._runtime._forced_teardown)  # noqa: SLF001 - nothing public keeps it from trying
            return
        with contextlib.suppress(BaresipError):
            await self._runtime.close()

    def _watch(self, event: StackEvent) -> None:
        self._wear.hear(event)
        self._early.hear(event)
        self._make_way()

    def _make_way(self) -> None:
        if not self.down.is_set() and self._wear.is_worn(len(self._calls)):
            _log.error("voice: broken calls have worn out the SIP library; a new process is needed")
            self.down.set()

    def _receive(self, native: Native) -> None:
        asking = self._spawn(self._admit(native))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _admit(self, native: Native) -> None:
        """What a call says of its own way is never asked for: it would be another's share that it uses up, or nobody's."""
        place = await self._sources.of(native.call_id)
        number = numbers.caller(native.headers, without_plus=self._settings.numbers_without_plus)
        if len(self._calls) >= self._settings.calls or not self._floods.admit(place, number):
            self._unwanted.put_nowait(native)
            return
        call = self._adopt(BaresipCall(native, number, numbers.called(native.headers), self._forget))
        if not call.ended.is_set():
            self._spawn(self._serve(call))

    def _adopt(self, call: BaresipCall) -> BaresipCall:
        if not call.ended.is_set():
            self._calls[call] = None
            self._pacer.add(call.path)
        return call

    def _forget(self, call: BaresipCall) -> None:
        self._pacer.drop(call.path)
        if isinstance(call.path.room, MixingRoom):
            call.path.room.go(call.path)
        self._calls.pop(call, None)
        self._make_way()

    async def _serve(self, call: BaresipCall) -> None:
        assert self._on_call is not None  # noqa: S101 - nothing is received before `start`
        try:
            await self._on_call(call)
        except Ended:
            pass  # the caller hung up: what most calls end with
        except Exception as error:  # noqa: BLE001 - one call's failure must not end the others
            _log.error("voice: a call failed: %s", type(error).__name__)
        finally:
            await call.hang_up()

    async def _refuse_unwanted(self) -> None:
        while True:
            native = await self._unwanted.get()
            with contextlib.suppress(BaresipError):
                await native.reject()
            self._unwanted.task_done()

    async def _register(self) -> None:
        while self._settings.registers and self._agent is not None:
            try:
                await self._agent.register()
            except BaresipError as error:
                _log.warning("voice: the trunk does not take us: %s", type(error).__name__)
                await asyncio.sleep(_REGISTER_AGAIN_SECONDS)
            else:
                return  # the library refreshes it

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _die(self) -> None:
        _log.critical("voice: the SIP library has stopped; only a new process helps")
        self.down.set()
        for call in tuple(self._calls):
            call.end()


class Rooms:
    """`engine.Room` over the paths of this engine's calls."""

    def __init__(self, room: MixingRoom) -> None:
        self._room = room

    def join(self, call: Call, *, speaks: bool = True) -> None:
        if isinstance(call, BaresipCall) and not call.ended.is_set():
            self._room.enter(call.path, speaks=speaks)

    def leave(self, call: Call) -> None:
        if isinstance(call, BaresipCall):
            self._room.go(call.path)

    def tell(self, pcm: bytes, rate: int = 8000) -> None:
        self._room.tell(pcm, rate)


async def _given_up(dialling: "asyncio.Future[tuple[BaresipCall, Native]]") -> None:
    """The INVITE is on its way already: a telephone would ring, and be answered, for nobody."""
    with contextlib.suppress(BaresipError, ValueError):
        call, _ = await dialling
        await asyncio.sleep(_HEARD_SECONDS)
        await call.hang_up()


def _why(error: Exception, *, was_rung: bool) -> Why:
    if isinstance(error, CallBusy):
        return "busy"
    if isinstance(error, CallDeclined):
        return "declined"
    if isinstance(error, CallTimeout | TimeoutError):
        return "silent" if was_rung else "unreachable"
    status = error.status if isinstance(error, CallFailed) else None
    if status in _BUSY:
        return "busy"
    return "silent" if status in _SILENT else "unreachable"
