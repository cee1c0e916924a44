# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moves sealed envelopes from the pipe into the desk, and the desk's replies and instructions to the edge.

It opens nothing: it holds no key that could. Killed at any point, it goes on from there (see `arrivals`).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import ParamSpec, Protocol, TypeVar

from django.db import close_old_connections, connections

from safeconduct.desk.cases import arrivals, instructing, outgoing
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.spool.contract import Mailbox, Pipe
from safeconduct.spool.errors import ConversationUnknown

BATCH = 500
IDLE_SECONDS = 0.5  # how long a fresh application may lie in the pipe before the queue shows it
TROUBLE_SECONDS = 5.0

P = ParamSpec("P")
R = TypeVar("R")
Gate = Callable[[], AbstractContextManager[None]]
log = logging.getLogger("safeconduct.collector")


class Ways(Pipe, Mailbox, Protocol):
    """What the collector needs of a spool."""


class Collector:
    """One per desk. Django's connections belong to threads, so that all its database work has one thread."""

    def __init__(self, spool: Ways, keys: DeskKeys) -> None:
        self._spool = spool
        self._keys = keys
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="collector")

    async def collect(self) -> int:
        """Take one batch over: durable at the desk first, then settled in the pipe. Returns its size."""
        batch = await self._spool.waiting(BATCH)
        if batch:
            taken = await self._in_thread(arrivals.take_over, batch, self._keys)
            await self._spool.settle([one.seq for one in batch])
            if taken.refused:
                log.warning("refused and kept in quarantine: %d", taken.refused)
        return len(batch)

    async def deliver(self) -> int:
        """Lay due replies into their mailboxes. Returns how many left. Raises what the spool raises."""
        leaving = await self._in_thread(outgoing.due, self._keys, BATCH)
        for one in leaving:
            done = await self._is_in_mailbox(one)
            await self._in_thread(outgoing.delivered if done else outgoing.undeliverable, one.row)
        return len(leaving)

    async def instruct(self) -> int:
        """Tell the edge to whom conversations are sealed. Returns how many were told. Raises what the spool raises."""
        telling = await self._in_thread(instructing.due, self._keys, BATCH)
        for one in telling:
            await self._tell(one)
        return len(telling)

    async def close(self) -> None:
        await self._in_thread(connections.close_all)
        self._thread.shutdown()

    async def _tell(self, one: instructing.Telling) -> None:
        try:
            await self._spool.commit(one.commit)
        except ConversationUnknown:
            await self._in_thread(instructing.pointless, one.case)
        else:
            await self._in_thread(instructing.told, one.case, one.serial)

    async def _is_in_mailbox(self, one: outgoing.Leaving) -> bool:
        if one.sealed is None:
            return False
        try:
            await self._spool.deliver(one.conversation, [one.sealed], key=one.key, errands=one.errands)
        except ConversationUnknown:
            return False
        return True

    async def _in_thread(self, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        def guarded() -> R:
            close_old_connections()  # a database that was restarted must not be asked over a dead connection
            return act(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)


async def collect_forever(spool: Ways, keys: DeskKeys, *, stop: asyncio.Event, gate: Gate) -> None:
    """Collect and deliver until `stop` is set. A full reply lane must not hold up intake: each has a loop of its own.

    Every batch passes the `gate`, which a backup closes: it must catch each envelope and each reply somewhere.
    """
    collector = Collector(spool, keys)
    try:
        acts = (collector.instruct, collector.collect, collector.deliver)
        await asyncio.gather(*(_repeat(act, stop, gate) for act in acts))
    finally:
        await collector.close()


async def _repeat(act: Callable[[], Awaitable[int]], stop: asyncio.Event, gate: Gate) -> None:
    while not stop.is_set():
        rest = await _attempt(act, gate)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rest)


async def _attempt(act: Callable[[], Awaitable[int]], gate: Gate) -> float:
    """Do what there is to do. Trouble is logged by its kind alone. How long to rest afterwards."""
    try:
        async with _passed(gate):
            moved = await act()
    except Exception as trouble:  # noqa: BLE001 - the worker's outermost loop
        log.error("cannot %s now: %s", act.__name__, type(trouble).__name__)  # noqa: TRY400 - its text may hold content
        return TROUBLE_SECONDS
    return 0.0 if moved else IDLE_SECONDS


@contextlib.asynccontextmanager
async def _passed(gate: Gate) -> AsyncIterator[None]:
    held = gate()
    await asyncio.to_thread(held.__enter__)  # it may have to wait for a backup, and the loop must not
    try:
        yield
    finally:
        held.__exit__(None, None, None)
