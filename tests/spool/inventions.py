# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented acts for the spool's tests. The spool never looks inside an envelope, so any bytes will do."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from safeconduct.spool.contract import Commit, Errand, Kept, Lane, NewConversation, Quota, Spool
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.secrets import Sealed

DAY = 86_400
NOON = 20_800 * DAY + 43_200.25  # some day, a little after noon
ROOMY = Quota(256 << 20)

NOTICE = Sealed(b"notice")

MakeSpool = Callable[..., Awaitable[Spool]]


@dataclass
class Clock:
    """A wall clock that stands until it is moved."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


def key() -> DedupKey:
    return DedupKey(secrets.token_bytes(32))


def sealed(size: int = 300) -> Sealed:
    return Sealed(secrets.token_bytes(size))


def texts(*parts: bytes) -> tuple[Sealed, ...]:
    return tuple(map(Sealed, parts))


def opening(*envelopes: bytes, days: float = 180, duress: bytes | None = None, **changed: Any) -> Commit:
    """The first act of a conversation."""
    conversation = ConversationId(secrets.token_bytes(16))
    lookup = LookupId(secrets.token_bytes(16))
    opens = NewConversation(lookup, conversation, secrets.token_bytes(32), duress, int(NOON + days * DAY))
    whole = texts(*envelopes) or (sealed(),)
    return replace(Commit(key(), Lane.FIRST, conversation, whole, opens), **changed)


def following(first: Commit, *envelopes: bytes, **changed: Any) -> Commit:
    """A later act of the same conversation."""
    whole = texts(*envelopes) or (sealed(),)
    return replace(Commit(key(), Lane.KNOWN, first.conversation, whole), **changed)


def position(name: bytes, value: bytes, *, hours: float = 24) -> Kept:
    return Kept("position", name, value, int(NOON + hours * 3_600))


def lookup_of(first: Commit) -> LookupId:
    assert first.opens is not None
    return first.opens.lookup


async def queued(spool: Spool) -> list[bytes]:
    return [waiting.envelope for waiting in await spool.waiting(100_000)]


async def settle_all(spool: Spool) -> None:
    await spool.settle([waiting.seq for waiting in await spool.waiting(100_000)])


def errand(body: bytes = b"hello", *, queue: str = "send", after: int = 0, **changed: Any) -> Errand:
    """Due at noon, or so many seconds after."""
    return replace(Errand("telegram", queue, body, int(NOON) + after), **changed)


async def ready(spool: Spool, now: float = NOON, limit: int = 1_000) -> list[bytes]:
    """What a worker may do now."""
    return [due.body for due in await spool.errands("telegram", now, limit)]


async def number_of(spool: Spool, body: bytes = b"hello") -> int:
    """The number of an errand that may be done at noon or that has begun."""
    shown = await spool.errands("telegram", NOON, 1_000) + await spool.begun("telegram")
    (number,) = [due.number for due in shown if due.body == body]
    return number
