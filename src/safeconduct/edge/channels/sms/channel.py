# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text messages over SMPP 3.4, as a transceiver. README.md tells how to set it up and what it cannot promise."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence

from safeconduct.edge.channels.contract import Address, Facts, FileRef, Outgoing, Take
from safeconduct.edge.channels.errors import ChannelDown, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.sms import alphabets
from safeconduct.edge.channels.sms.receiving import Receiving
from safeconduct.edge.channels.sms.session import Session
from safeconduct.edge.channels.sms.settings import Settings, bind, tls
from safeconduct.edge.channels.sms.submitting import judge, request

__all__ = ["FACTS", "Settings", "SmsChannel", "make"]

_PARTS_MAX = 10
FACTS = Facts(code="sms", provider="telephone", text_limit=_PARTS_MAX * alphabets.WIDE[1])

_WINDOW = 10  # messages on their way at once
_BACK_OFF_MAX = 60.0
_STEADY_SECONDS = 30.0  # a session that lived so long starts the back-off anew


def make(settings: Settings, reach: Reach) -> "SmsChannel":  # noqa: ARG001 - nothing here is HTTP
    """Raises `SettingsRefused`."""
    return SmsChannel(settings)


class SmsChannel:
    """One session for both directions, opened by whichever needs it first. What arrives waits until `receive` runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tls = tls(settings)
        bind(settings)
        self._session: Session | None = None
        self._opening = asyncio.Lock()
        self._window = asyncio.Semaphore(_WINDOW)
        self._failures = 0
        self._not_before = 0.0
        self._receiving = Receiving(settings.default_alphabet, settings.join_seconds)

    @property
    def unknown(self) -> int:
        """What was well-formed and of no concern to us."""
        return self._receiving.unknown + (self._session.unknown if self._session else 0)

    def parts(self, text: str) -> list[str]:
        limits = (FACTS.text_limit, FACTS.text_limit) if self._settings.long_messages == "payload" else None
        return alphabets.parts(text, self._settings.default_alphabet, limits=limits)

    async def receive(self, take: Take) -> None:
        session = await self._bound()
        await self._receiving.run(session, take)
        raise ChannelDown(session.ended or "ended", retry_after=self._back_off(session))

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        wanted = request(address, message, self._settings)
        async with self._window:
            try:
                session = await self._bound_by_now()
                answer = await session.ask(wanted)
            except ChannelDown as down:
                raise SendLater(str(down), retry_after=down.retry_after) from None
            except ConnectionError:
                raise SendUncertain("the session ended before the answer") from None
        judge(answer.status)
        return ()

    async def delete(self, address: Address, ids: Sequence[str]) -> None:  # noqa: ARG002
        raise SendRefused("a text message cannot be taken back")

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:  # noqa: ARG002
        raise SendRefused("a text message has no files")
        yield b""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _bound_by_now(self) -> Session:
        """As `_bound`, but not more often than the back-off allows: many messages may wait for one SMSC."""
        wait = self._not_before - time.monotonic()
        if wait > 0 and (self._session is None or self._session.ended is not None):
            raise ChannelDown("the SMSC was not there a moment ago", retry_after=wait)
        return await self._bound()

    async def _bound(self) -> Session:
        """The session. Raises `ChannelDown`."""
        async with self._opening:
            if self._session is not None and self._session.ended is None:
                return self._session
            try:
                self._session = await Session.opened(
                    self._settings.host,
                    self._settings.port,
                    self._tls,
                    bind(self._settings),
                    enquire=self._settings.enquire_seconds,
                    patience=self._settings.response_seconds,
                )
            except ChannelDown as down:
                raise ChannelDown(str(down), retry_after=self._back_off(None, least=down.retry_after)) from None
            return self._session

    def _back_off(self, session: Session | None, *, least: float = 0.0) -> float:
        if session is not None and time.monotonic() - session.bound_at > _STEADY_SECONDS:
            self._failures = 0
        self._failures += 1
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        seconds = max(least, min(_BACK_OFF_MAX, 2.0 ** min(self._failures - 1, 6)) * jitter)
        self._not_before = time.monotonic() + seconds
        return seconds
