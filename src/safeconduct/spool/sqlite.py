# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded spool: one SQLite file that several processes may share."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from safeconduct.spool import acts, errands, leases
from safeconduct.spool.contract import (
    Commit,
    Due,
    Errand,
    Fence,
    Found,
    Kept,
    Lane,
    Outcome,
    Posted,
    Quota,
    Waiting,
    day_of,
)
from safeconduct.spool.errors import SpoolFull, SpoolUnavailable
from safeconduct.spool.reading import Readers
from safeconduct.spool.shredding import Place, half_of, reopen, reopen_to_pass_on
from safeconduct.spool.store import Store
from safeconduct.spool.writer import Writer
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.secrets import Sealed

PROBE_BYTES = 16_384  # more than an application with both its envelopes
_PROBE_SECONDS = 1.0
_SLICE = 500  # rows of each table that one transaction sweeps


class SqliteSpool:
    """See the contract. Make one with `open`.

    All that belongs to a conversation lies closed under a key of its own, which an erasure overwrites in place; the
    old key leaves the journal before `erase` returns, and what is settled within about a second (later only while a
    reader of some process holds an old snapshot). After that no file of the folder opens it. It is not promised that
    the disk forgets: a journal that shrinks gives blocks back to the file system, and a solid-state disk keeps old
    copies where no program can reach them. Encrypt the disk as well.
    """

    def __init__(self, path: Path, quota: Quota, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._quota = quota
        self._writer = Writer(Store(path, quota, clock))
        self._readers = Readers(path)
        self._probed = float("-inf")
        self._probing = asyncio.Lock()
        self._free: dict[Lane, int] = {}

    @classmethod
    async def open(cls, path: Path, *, quota: Quota, clock: Callable[[], float] = time.time) -> Self:
        """Open or make the file. Raises SpoolUnreadable for what is not a sound spool, SpoolUnavailable otherwise."""
        return await asyncio.to_thread(cls, path, quota, clock)

    async def close(self) -> None:
        await self._writer.close()
        await asyncio.to_thread(self._readers.close)

    async def commit(self, commit: Commit) -> Outcome:
        return await self._writer.commit(commit)

    async def waiting(self, limit: int) -> list[Waiting]:
        return await self._readers.fetch(
            "SELECT seq, envelope, arrived, secret FROM waiting LEFT JOIN conversation_secrets ON number = conversation"
            " ORDER BY seq LIMIT ?",
            (limit,),
            _waiting,
        )

    async def settle(self, seqs: Sequence[int]) -> None:
        await self._writer.perform(lambda transaction: acts.settle(transaction, seqs), None)

    async def accepts(self, lane: Lane) -> bool:
        return await self._free_in(lane) >= PROBE_BYTES

    async def fullness(self, lane: Lane) -> float:
        return 1 - min(max(await self._free_in(lane) / self._quota.room(lane), 0), 1)

    async def find(self, lookup: LookupId) -> Found | None:
        found = await self._readers.fetch(
            "SELECT conversation, duress, secret FROM conversations JOIN conversation_secrets USING (number)"
            " WHERE lookup = ? AND last_day >= ?",
            (lookup, self._today),
            _found,
        )
        return found[0] if found else None

    async def replies(self, conversation: ConversationId) -> list[Sealed]:
        return await self._readers.fetch(
            "SELECT envelope, secret FROM conversations JOIN conversation_secrets USING (number)"
            " JOIN replies ON replies.conversation = number"
            " WHERE conversations.conversation = ? AND last_day >= ? ORDER BY seq",
            (conversation, self._today),
            lambda stored, secret: Sealed(reopen(secret, stored, Place.REPLY)),
        )

    async def deliver(
        self, conversation: ConversationId, replies: Sequence[Sealed], *, key: DedupKey, errands: Sequence[Errand] = ()
    ) -> Outcome:
        return await self._writer.perform(
            lambda transaction: acts.deliver(transaction, conversation, replies, key, errands), Lane.REPLY
        )

    async def erase(self, conversation: ConversationId, *, key: DedupKey, notice: Sealed) -> Outcome:
        return await self._writer.perform(
            lambda transaction: acts.erase(transaction, conversation, key, notice), Lane.KNOWN
        )

    async def keep(self, kept: Kept, *, lane: Lane = Lane.FIRST) -> None:
        await self._writer.perform(lambda transaction: acts.keep(transaction, kept, lane), lane)

    async def kept(self, kind: str, key: bytes) -> bytes | None:
        found = await self._readers.fetch(
            "SELECT value, secret FROM kept LEFT JOIN conversation_secrets AS own ON own.number = conversation"
            " WHERE kind = ? AND key = ? AND ends > ?",
            (kind, key, self._clock()),
            lambda stored, secret: reopen(secret, stored, Place.KEPT),
        )
        return found[0] if found else None

    async def kept_keys(self, kind: str) -> frozenset[bytes]:
        query = "SELECT key FROM kept WHERE kind = ? AND ends > ?"
        return frozenset(await self._readers.fetch(query, (kind, self._clock()), lambda key: key))

    async def forget(self, kind: str, key: bytes) -> None:
        await self._writer.perform(lambda transaction: acts.forget(transaction, kind, key), None)

    async def sweep(self, now: float) -> int:
        swept = 0
        while count := await self._writer.perform(lambda transaction: acts.sweep(transaction, now, _SLICE), None):
            swept += count
        return swept

    async def publish(self, name: str, version: int, document: bytes, content: bytes) -> None:
        await self._writer.perform(
            lambda transaction: acts.publish(transaction, name, version, document, content), None
        )

    async def published(self, name: str) -> Posted | None:
        found = await self._readers.fetch(
            "SELECT version, document, content FROM board WHERE name = ?", (name,), Posted
        )
        return found[0] if found else None

    async def errands(self, channel: str, now: float, limit: int) -> list[Due]:
        return await self._readers.fetch(errands.READY, (self._today, channel, now, limit), errands.due)

    async def errands_of(self, conversation: ConversationId, queue: str) -> list[Due]:
        return await self._readers.fetch(errands.OF_CONVERSATION, (self._today, conversation, queue), errands.due)

    async def begun(self, channel: str) -> list[Due]:
        return await self._readers.fetch(errands.BEGUN, (self._today, channel), errands.due)

    async def begin(self, number: int, *, fence: Fence | None = None) -> bool:
        return await self._writer.perform(lambda transaction: errands.begin(transaction, number, fence), None)

    async def put_off(self, number: int, until: int, *, fence: Fence | None = None) -> None:
        await self._writer.perform(lambda transaction: errands.put_off(transaction, number, until, fence), None)

    async def next_due(self, channel: str) -> int | None:
        (earliest,) = await self._readers.fetch(errands.NEXT_DUE, (self._today, channel), _only)
        return earliest

    async def lease(self, name: str, holder: bytes, seconds: float) -> Fence | None:
        return await self._writer.perform(lambda transaction: leases.lease(transaction, name, holder, seconds), None)

    async def release(self, fence: Fence) -> None:
        await self._writer.perform(lambda transaction: leases.release(transaction, fence), None)

    @property
    def _today(self) -> int:
        return day_of(self._clock())

    async def _free_in(self, lane: Lane) -> int:
        if not self._is_fresh():
            async with self._probing:  # whoever comes meanwhile waits for the same answer: an old one may be wrong
                if not self._is_fresh():
                    self._free = await self._probe(lane)
                    self._probed = time.monotonic()
        return self._free.get(lane, 0)

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._probed < _PROBE_SECONDS

    async def _probe(self, lane: Lane) -> dict[Lane, int]:
        """A full disk and a failing one both mean: no room anywhere."""
        try:
            return await self._writer.perform(lambda transaction: acts.probe(transaction, PROBE_BYTES), lane)
        except (SpoolFull, SpoolUnavailable):
            return {}


def _only(value: int | None) -> int | None:
    return value


def _waiting(seq: int, stored: bytes, arrived: float, secret: bytes | None) -> Waiting:
    return Waiting(seq, Sealed(reopen_to_pass_on(secret, stored, Place.ENVELOPE)), arrived)


def _found(conversation: ConversationId, duress: bytes | None, secret: bytes) -> Found:
    mark = None if duress is None else reopen(secret, duress, Place.DURESS)
    return Found(conversation, half_of(secret), mark)
