# SPDX-License-Identifier: AGPL-3.0-or-later
"""The side of the voice channel: one SIP endpoint that takes every phone's calls. It never dials, registers or transfers."""

import asyncio
import contextlib
import os
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Literal

from baresip import (
    Account,
    AudioNotActive,
    AudioRestarted,
    BaresipError,
    Call,
    Config,
    Runtime,
    StackEvent,
    UserAgent,
)
from baresip.events import Event

from safeconduct.desk.telephone import sip_names
from safeconduct.desk.telephone.calls import PIECE_SECONDS, SAMPLE_BYTES, Told
from safeconduct.desk.telephone.errors import CallOver, NotStarted, Refusal
from safeconduct.desk.telephone.settings import Settings

# What the voice channel tells with a call; the user part of To is the phone's name.
CONVERSATION, LANGUAGE, WAITED = "X-Conversation", "X-Language", "X-Waited"
CODECS = ("g722/16000/1", "pcma", "pcmu")
MOST_CALLS = 1000  # each phone takes one; the library also counts calls that it has lost
ANSWER_SECONDS = 10.0
LONGEST_RING = 90  # seconds: a caller whose machine died does not say that it gives up
GONE_SECONDS = 20  # without a packet of the other side: it has died
FURTHEST_BEHIND = 0.12  # seconds of sound that may wait; a telephone that answers later is talked over
CUSHION = 2  # pieces of 20 ms
PUT_ON_HOLD, TAKE_BACK, LOST = "*5", "*6", "*9"  # as the voice channel reads them
_SILENT_RATE = 8000
_OPENSSL = "OPENSSL_CONF"

_HEX = re.compile(r"[0-9a-f]{32}")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
_SECONDS = re.compile(r"[0-9]{1,5}")


class SipSide:
    """Runs the endpoint. Each call is given to `on_call` in a task of its own and ends with it."""

    def __init__(self, here: Settings) -> None:
        self._here = here
        self._runtime = Runtime(native_log_level="error")
        self._tasks: set[asyncio.Task[None]] = set()
        self.dead = asyncio.Event()

    async def start(self, on_call: "Callable[[SipCaller], Awaitable[None]]") -> None:
        """Raises `NotStarted`."""
        self._runtime.on_dead = self.dead.set
        try:
            with _modern_tls():
                await self._runtime.start(_config(self._here))
            for transport in _transports(self._here):
                account = _account(self._here, transport)
                agent = await UserAgent.create(self._runtime, account, transfer_policy="reject")
                agent.on_incoming(lambda call: self._take(call, on_call))
        except (BaresipError, ValueError) as error:
            raise NotStarted("SAFECONDUCT_SOFTPHONE_SIP cannot be listened on: is the port taken?") from error

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(BaresipError):
            await self._runtime.close()

    def _take(self, call: Call, on_call: "Callable[[SipCaller], Awaitable[None]]") -> None:
        task = asyncio.create_task(_stay(SipCaller(call), on_call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _stay(caller: "SipCaller", on_call: "Callable[[SipCaller], Awaitable[None]]") -> None:
    try:
        await on_call(caller)
    finally:
        await caller.hang_up()


Transport = Literal["udp", "tcp", "tls"]


def _transports(here: Settings) -> tuple[Transport, ...]:
    return ("tls",) if here.certificate else ("udp", "tcp")


def _account(here: Settings, transport: Transport) -> Account:
    """No user of these is ever called: catchall takes what is addressed to any. Sealed sound is taken where it is offered."""
    return Account(
        "softphone",
        here.sip_host,
        "",
        reg_interval=0,
        transport=transport,
        audio_codecs=CODECS,
        extra_params=("catchall=yes", "call_transfer=no", "video_codecs=none", "mediaenc=srtp"),
    )


def _config(here: Settings) -> Config:
    port = here.sip_port - (here.certificate is not None)  # the library's TLS listens on the next one
    lines = [
        f"sip_listen {here.sip_host}:{port}",
        f"sip_transports {','.join(_transports(here))}",
        f"rtp_ports {here.sip_ports.start}-{here.sip_ports.stop - 1}",
        "call_hold_other_calls no",  # or an operator who answers would put every other operator's call on hold
        f"call_local_timeout {LONGEST_RING}",
        # The way to the voice channel is short. Of the library's own 100 ms, two people talking would feel every one.
        "audio_jitter_buffer_type adaptive",
        "audio_jitter_buffer_ms 40-200",
    ]
    if here.certificate:
        lines.append(f"sip_certificate {here.certificate}")
    return Config(
        net_interface=here.sip_host.strip("[]"),
        expose_headers=("To", CONVERSATION, LANGUAGE, WAITED),
        native_log_level="error",
        max_concurrent_calls=MOST_CALLS,
        rtp_timeout=GONE_SECONDS,
        extra_config_text="\n".join(lines),
    )


@contextlib.contextmanager
def _modern_tls() -> Iterator[None]:
    """While this lasts, an OpenSSL that begins to work allows nothing below TLS 1.3. Python's own has begun before."""
    before = os.environ.get(_OPENSSL)
    os.environ[_OPENSSL] = str(Path(__file__).with_name("tls.cnf"))
    try:
        yield
    finally:
        del os.environ[_OPENSSL]
        if before is not None:
            os.environ[_OPENSSL] = before


def told(headers: dict[str, str]) -> Told:
    """What stands in an INVITE, as far as it has the form that it must have."""
    conversation, language = headers.get(CONVERSATION, "").strip().lower(), headers.get(LANGUAGE, "").strip()
    waited = headers.get(WAITED, "").strip()
    return Told(
        phone=sip_names.called(headers.get("To", "")),
        conversation=conversation if _HEX.fullmatch(conversation) else "",
        language=language if _TAG.fullmatch(language) else "",
        waited=int(waited) if _SECONDS.fullmatch(waited) else None,
    )


class SipCaller:
    """One call of the voice channel, which is told by keys what to do (its README, An operator's keys)."""

    def __init__(self, call: Call) -> None:
        self.told = told(call.headers)
        self.ended = asyncio.Event()
        self._up = asyncio.Event()
        self._call = call
        call.on(self._hear_of)

    @property
    def voice(self) -> "SipVoice":
        return SipVoice(self._call)

    async def answer(self) -> None:
        try:
            await self._call.answer(
                video=True
            )  # with no picture to offer: the library negotiates once more without this
            await asyncio.wait_for(self._first_of(self._up, self.ended), ANSWER_SECONDS)
        except (BaresipError, TimeoutError) as error:
            await self.hang_up()
            raise CallOver from error
        if self.ended.is_set():
            raise CallOver

    async def hang_up(self) -> None:
        if not self.ended.is_set():
            with contextlib.suppress(BaresipError):  # the other side was quicker
                await self._call.hangup()

    async def hold(self, *, on: bool) -> None:
        await self.press(PUT_ON_HOLD if on else TAKE_BACK)

    async def press(self, keys: str) -> None:
        try:
            await self._call.send_dtmf(keys)
        except BaresipError as error:
            raise Refusal("not possible now") from error

    async def lose(self) -> None:
        if not self.ended.is_set():
            with contextlib.suppress(Refusal):
                await self.press(LOST)
        await self.hang_up()

    def _hear_of(self, event: StackEvent) -> None:
        if event.event is Event.CALL_ESTABLISHED:
            self._up.set()
        elif event.event is Event.CALL_CLOSED:
            self.ended.set()

    @staticmethod
    async def _first_of(*events: asyncio.Event) -> None:
        waits = [asyncio.create_task(event.wait()) for event in events]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


class SipVoice:
    """The sound of one call. A renegotiation replaces the streams; what was in them then is lost."""

    def __init__(self, call: Call) -> None:
        self._audio = call.audio
        self._is_dry = True

    @property
    def rate(self) -> int:
        try:
            return self._audio.info().rx_sample_rate or _SILENT_RATE
        except (AudioNotActive, AudioRestarted):
            return _SILENT_RATE

    def read(self) -> bytes:
        try:
            info = self._audio.info()
            piece = _piece(info.rx_sample_rate)
            late = info.rx_buffered - int(FURTHEST_BEHIND / PIECE_SECONDS) * piece
            if late > 0:
                self._audio.read(late)
            # Two clocks that nobody compares: once it has run dry, a little is gathered before it goes on.
            least = piece * (CUSHION if self._is_dry else 1)
            self._is_dry = not info.rx_buffered >= least > 0
            return b"" if self._is_dry else self._audio.read(piece)
        except (AudioNotActive, AudioRestarted):
            self._is_dry = True
            return b""

    def write(self, pcm: bytes) -> None:
        try:
            info = self._audio.info()
            if info.tx_buffered < int(FURTHEST_BEHIND / PIECE_SECONDS) * _piece(info.tx_sample_rate):
                self._audio.write(pcm)
        except (AudioNotActive, AudioRestarted):
            return


def _piece(rate: int) -> int:
    return int(rate * PIECE_SECONDS) * SAMPLE_BYTES
