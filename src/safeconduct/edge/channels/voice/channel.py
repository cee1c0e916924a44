# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone calls, as a channel. README.md tells how to set it up and what the telephone company learns."""

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Outgoing, Take
from safeconduct.edge.channels.duty import NobodyOnDuty, OnDuty, Phone
from safeconduct.edge.channels.errors import ChannelDown, ChannelSpent, SendLater, SendRefused
from safeconduct.edge.channels.inside import Inside, Nowhere
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.voice import flow, numbers
from safeconduct.edge.channels.voice.asking import Held
from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.calling_back import number_of
from safeconduct.edge.channels.voice.engine import Call, Ended, Engine, EngineDown, NotReached, Why
from safeconduct.edge.channels.voice.places import Step
from safeconduct.edge.channels.voice.session import Session, Shared
from safeconduct.edge.channels.voice.settings import Settings, checked, prompts_of, sip
from safeconduct.edge.channels.voice.sounds import Sounds
from safeconduct.edge.channels.voice.waiting import Switchboard
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.prompts import Prompts, Synthesiser

__all__ = ["FACTS", "Settings", "Voice", "make"]

_PART = 600  # characters: less than a minute of speech, so that a reply is over before a send is given up
FACTS = Facts(code="voice", provider="telephone", text_limit=_PART, has_buttons=True, takes_files=True, is_call=True)
RING_AGAIN_SECONDS = 300.0  # R4: a telephone that rings again and again gives its owner away
_ENGINE_SECONDS = 5.0
_NARROW, _WIDE = 8000, 16000
_DIALS_AT_ONCE = 4
_LAST_SECONDS = 8.0  # for what was said in the last calls, when the process is told to stop

_log = logging.getLogger(__name__)

MakeEngine = Callable[[Settings], Engine]


def make(settings: Settings, reach: Reach) -> "Voice":  # noqa: ARG001 - nothing here is HTTP
    """Raises `SettingsRefused`."""
    prompts = Prompts(prompts_of(checked(settings), os.environ))
    return Voice(settings, engine_of, Sounds(prompts, synthesiser()))


def engine_of(settings: Settings) -> Engine:
    """What speaks SIP."""
    return BaresipEngine(sip(settings))


def synthesiser() -> Synthesiser:
    """What speaks an operator's words."""
    return Espeak()


class Voice:
    """Calls that come, and those that people wished for. `duty` and `inside` are set before it runs."""

    def __init__(self, settings: Settings, engine_of: MakeEngine, sounds: Sounds) -> None:
        self.duty: OnDuty = NobodyOnDuty()
        self.inside: Inside = Nowhere()
        self._settings = settings
        self._engine_of = engine_of
        self._sounds = sounds
        self._held = Held()
        self._shared: Shared | None = None
        self._is_up = asyncio.Event()
        self._live: dict[Address, Session] = {}
        self._begun: set[Address] = set()  # to whom a part of a reply was said, and not yet all of it
        self._rests: dict[Address, float] = {}  # until when whoever hung up is not rung
        self._sessions: set[Session] = set()
        self._dialling = asyncio.Semaphore(_DIALS_AT_ONCE)

    def parts(self, text: str) -> list[str]:
        return split(text, _PART)

    async def receive(self, take: Take) -> None:
        """Answer calls, until cancelled. What was said in the last of them is still handed over."""
        engine = self._engine_of(self._settings)
        switchboard = Switchboard(engine, self)
        shared = Shared(
            engine, self._sounds, switchboard, take, self._held, self, self._settings, time.time, self._live.__setitem__
        )
        self._shared = shared
        rates = (_NARROW, *([_WIDE] if self._settings.wide else []))
        await self._sounds.load(self._settings.languages[:1], rates)
        shared.later(self._sounds.load(self._settings.languages[1:], rates))
        try:
            await engine.start(self._on_call)
            self._is_up.set()
            _log.warning("channel voice answers calls at %s", self._ports)
            await engine.down.wait()
        except EngineDown as error:
            raise ChannelDown(str(error), retry_after=10.0) from None
        finally:
            self._is_up.clear()
            await engine.close()
            await _settled(shared)
        raise ChannelSpent("the SIP library cannot go on in this process")

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        """Say it in the call of this chat, if there is one. Else call, if the chat has a number: that is its person's wish."""
        session = self._live.get(address)
        is_there = session is not None and not session.is_over
        if message.about == "answer":
            if session is None or not is_there:
                raise SendRefused("the call is over")
            session.asking.answered(message)
        elif session is not None and is_there:
            await self._say_in(session, address, message)
        elif (number := number_of(address)) is not None and self._settings.dial is not None:
            if not self._settings.may_call(number):  # the setting may be younger than the wish
                raise SendRefused("calls to this country do not go from here")
            if message.index > 1 and address in self._begun:  # they hung up before the rest of it
                self._rests[address] = time.monotonic() + RING_AGAIN_SECONDS
            self._begun.discard(address)
            await self._call(address, number, message)
        else:
            raise SendRefused("nobody wished to be called")
        return ()

    async def delete(self, _address: Address, _ids: Sequence[str]) -> None:
        raise SendRefused("what was said was said")

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        async for piece in self._held.fetch(file):
            yield piece

    async def close(self) -> None:
        """`receive` lets go of what it opened."""

    async def phones(self, language: str) -> Sequence[Phone]:
        """For the switchboard: whoever is on duty by what this channel was told last."""
        return [phone for phone in await self.duty.phones(language) if self._settings.may_ring(phone.uri)]

    async def languages(self) -> Sequence[str] | None:
        """R12: those of the settings that were approved."""
        allowed = await self.inside.languages() or ()
        return [tag for tag in self._settings.languages if tag in allowed]

    async def conversation(self, address: Address) -> str | None:
        return await self.inside.conversation(address)

    async def _on_call(self, call: Call) -> None:
        languages = await self.languages()
        if self._shared is None or not languages:
            await call.refuse(503)
            return
        if len(self._sessions) >= self._settings.calls + self._settings.calls_beyond:
            await call.refuse(486)
            return
        name = secrets.token_hex(16)
        session = self._session(self._shared, call, languages, name, Address(f"call:{name}"))
        is_full = len(self._sessions) > self._settings.calls
        first = flow.begin(
            languages, numbers.likely(call.number, languages), dials=self._settings.dial is not None,
            has_number=call.number is not None, is_full=is_full,
        )  # fmt: skip
        await self._run(session, first, answers=call)

    async def _say_in(self, session: Session, address: Address, message: Outgoing) -> None:
        """R4: who hangs up before they have heard it is not rung at once."""
        try:
            await self._deliver(session, address, message)
        except SendLater as later:
            if number_of(address) is None:
                raise
            self._rests[address] = time.monotonic() + RING_AGAIN_SECONDS
            pause = RING_AGAIN_SECONDS if session.replies.is_closed else None
            raise SendLater(str(later), retry_after=pause) from None

    async def _call(self, address: Address, number: Address, message: Outgoing) -> None:
        if (left := self._rests.pop(address, 0.0) - time.monotonic()) > 0:
            self._rests[address] = time.monotonic() + left
            raise SendLater("they hung up a moment ago", retry_after=left)
        session = await self._called(address, number, message)
        try:
            await self._deliver(session, address, message)
        except SendLater as later:
            raise SendLater(str(later), retry_after=RING_AGAIN_SECONDS) from None

    async def _deliver(self, session: Session, address: Address, message: Outgoing) -> None:
        await session.replies.deliver(message)
        if number_of(address) is not None:
            (self._begun.add if message.index < message.total else self._begun.discard)(address)

    async def _called(self, address: Address, number: Address, message: Outgoing) -> Session:
        """A call to somebody who wished for it. Raises `SendLater`, `SendRefused`."""
        shared = await self._up()
        languages = await self.languages()
        if not languages:
            raise SendLater("no language may be spoken now")
        async with self._dialling:
            try:
                call = await shared.engine.dial(self._settings.uri_of(number), seconds=self._settings.ring_seconds)
            except NotReached as why:
                raise _not_reached(why.kind) from None
        language = message.language if message.language in languages else languages[0]
        session = self._session(shared, call, languages, secrets.token_hex(16), address, is_ours=True)
        shared.later(self._run(session, flow.asked(languages, language)))
        return session

    def _session(  # noqa: PLR0913 - what a session is made of
        self, shared: Shared, call: Call, languages: Sequence[str], name: str, address: Address, *, is_ours: bool = False
    ) -> Session:  # fmt: skip
        session = Session(call, shared, languages, name=name, address=address, is_ours=is_ours)
        self._live[address] = session
        self._sessions.add(session)
        return session

    async def _run(self, session: Session, first: Step, *, answers: Call | None = None) -> None:
        try:
            if answers is not None:
                with contextlib.suppress(Ended):
                    await answers.answer()
            await session.run(first)
        finally:
            self._sessions.discard(session)
            for address in [address for address, one in self._live.items() if one is session]:
                del self._live[address]

    @property
    def _ports(self) -> str:
        return ", ".join(f"{one} {self._settings.port_of(one)}" for one in self._settings.transports)

    async def _up(self) -> Shared:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENGINE_SECONDS):
                await self._is_up.wait()
        if self._shared is None or not self._is_up.is_set():
            raise SendLater("no calls can be made now")
        return self._shared


def _not_reached(kind: Why) -> SendLater | SendRefused:
    """A telephone that rang is left in peace for a while; the way to it may be tried again at once."""
    if kind == "declined":
        return SendRefused(kind)
    return SendLater(kind, retry_after=None if kind == "unreachable" else RING_AGAIN_SECONDS)


async def _settled(shared: Shared) -> None:
    """What the last calls left to be done, in bounded time."""
    if shared.background:
        await asyncio.wait(set(shared.background), timeout=_LAST_SECONDS)
    for task in shared.background:
        task.cancel()
