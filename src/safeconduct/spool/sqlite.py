# SPDX-License-Identifier: AGPL-3.0-or-later
"""The embedded spool: one SQLite file that several processes may share."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Self

from safeconduct.spool import acts
from safeconduct.spool.contract import (
    Commit,
    Found,
    Kept,
    Lane,
    Outcome,
    Posted,
    Quota,
    Waiting,
    day_of,
)
from safeconduct.spool.errors import SpoolError, SpoolUnavailable
from safeconduct.spool.schema import connect, prepare
from safeconduct.spool.writer import Writer
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.secrets import Sealed

PROBE_BYTES = 16_384
_SWEEP_SLICE = 500


class SqliteSpool:
    """See the contract. Make one with `open`."""

    def __init__(self, path: Path, quota: Quota, clock: Callable[[], float]) -> None:
        prepare(path, quota).close()
        self._path = path
        self._clock = clock
        self._writer = Writer(partial(prepare, path, quota), quota, clock)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="spool-reader")
        self._reading = connect(path)

    @classmethod
    async def open(cls, path: Path, *, quota: Quota, clock: Callable[[], float] = time.time) -> Self:
        """Open or make the file. Raises SpoolUnreadable for what is not a sound spool, SpoolUnavailable otherwise."""
        return await asyncio.to_thread(cls, path, quota, clock)

    async def close(self) -> None:
        await self._writer.close()
        self._reader.shutdown()
        self._reading.close()

    async def commit(self, commit: Commit) -> Outcome:
        return await self._writer.ask(lambda transaction: acts.commit(transaction, commit), commit.lane)

    async def waiting(self, limit: int) -> list[Waiting]:
        rows = await self._read("SELECT seq, envelope, arrived FROM waiting ORDER BY seq LIMIT ?", limit)
        return [Waiting(*row) for row in rows]

    async def settle(self, seqs: Sequence[int]) -> None:
        await self._writer.ask(lambda transaction: acts.settle(transaction, seqs), None)

    async def accepts(self, lane: Lane) -> bool:
        try:
            free = await self._writer.ask(lambda transaction: acts.probe(transaction, PROBE_BYTES), lane)
        except SpoolError:
            return False
        return free[lane] >= PROBE_BYTES

    async def find(self, lookup: LookupId) -> Found | None:
        rows = await self._read(
            "SELECT conversation, half, duress FROM conversations WHERE lookup = ? AND last_day >= ?",
            lookup,
            day_of(self._clock()),
        )
        return Found(*rows[0]) if rows else None

    async def replies(self, conversation: ConversationId) -> list[Sealed]:
        rows = await self._read(
            "SELECT envelope FROM replies JOIN conversations USING (conversation)"
            " WHERE conversation = ? AND last_day >= ? ORDER BY seq",
            conversation,
            day_of(self._clock()),
        )
        return [row[0] for row in rows]

    async def deliver(self, conversation: ConversationId, replies: Sequence[Sealed], *, key: DedupKey) -> Outcome:
        return await self._writer.ask(
            lambda transaction: acts.deliver(transaction, conversation, replies, key), Lane.REPLY
        )

    async def erase(self, conversation: ConversationId, *, key: DedupKey, notice: Sealed) -> Outcome:
        return await self._writer.ask(
            lambda transaction: acts.erase(transaction, conversation, key, notice), Lane.KNOWN
        )

    async def keep(self, kept: Kept, *, lane: Lane = Lane.FIRST) -> None:
        await self._writer.ask(lambda transaction: acts.keep(transaction, kept, lane), lane)

    async def kept(self, kind: str, key: bytes) -> bytes | None:
        rows = await self._read(
            "SELECT value FROM kept WHERE kind = ? AND key = ? AND ends > ?", kind, key, self._clock()
        )
        return rows[0][0] if rows else None

    async def forget(self, kind: str, key: bytes) -> None:
        await self._writer.ask(lambda transaction: acts.forget(transaction, kind, key), None)

    async def sweep(self, now: float) -> int:
        swept = 0
        while count := await self._writer.ask(lambda transaction: acts.sweep(transaction, now, _SWEEP_SLICE), None):
            swept += count
        return swept

    async def publish(self, name: str, version: int, document: bytes, content: bytes) -> None:
        await self._writer.ask(lambda transaction: acts.publish(transaction, name, version, document, content), None)

    async def published(self, name: str) -> Posted | None:
        rows = await self._read("SELECT version, document, content FROM board WHERE name = ?", name)
        return Posted(*rows[0]) if rows else None

    async def _read(self, query: str, *values: object) -> list[tuple[object, ...]]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._reader, self._fetch, query, values)
        except RuntimeError as error:
            raise SpoolUnavailable("the spool is closed") from error

    def _fetch(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        try:
            return self._reading.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise SpoolUnavailable(f"{error.sqlite_errorname}: {error}") from error
