# SPDX-License-Identifier: AGPL-3.0-or-later
"""One thread that owns the writing connection and commits what is waiting in one go (group commit)."""

import asyncio
import itertools
import logging
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from safeconduct.spool.contract import Commit, Lane, Outcome
from safeconduct.spool.errors import SpoolError, SpoolFull, SpoolUnavailable
from safeconduct.spool.intake import commit_all
from safeconduct.spool.store import Store
from safeconduct.spool.transaction import Transaction

Result = TypeVar("Result")
Act = Callable[[Transaction], Any] | Commit

BATCH = 256
LINGER_SECONDS = 0.004  # while several write at once, a batch waits so long for more, which is less work for each
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Request:
    """An act that waits, and who waits for it."""

    act: Act
    lane: Lane | None
    future: asyncio.Future[Any]


class Writer:
    """Acts are asked from any loop and answered there, after their commit, in the order in which they were asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._requests: SimpleQueue[_Request | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._takes = True
        self._is_busy = False  # touched by the writer's own thread alone
        self._thread = threading.Thread(target=self._run, name="spool-writer", daemon=True)
        self._thread.start()

    async def commit(self, commit: Commit) -> Outcome:
        return cast("Outcome", await self._ask(commit, commit.lane))

    async def perform(self, act: Callable[[Transaction], Result], lane: Lane | None) -> Result:
        """`lane` is named when the disk is full; an act that only frees room has none."""
        return cast("Result", await self._ask(act, lane))

    async def close(self) -> None:
        """Commit what was asked for before, then stop."""
        with self._gate:
            if self._takes:
                self._takes = False
                self._requests.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _ask(self, act: Act, lane: Lane | None) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        with self._gate:
            if not self._takes:
                raise SpoolUnavailable("the spool is closed")
            self._requests.put(_Request(act, lane, future))
        return await future

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            batch, goes_on = self._take()
            try:
                self._serve(batch)
            except Exception as error:  # noqa: BLE001 - the worker's outermost loop
                _log.exception("the spool's writer failed")
                _tell(batch, [SpoolUnavailable(type(error).__name__) for _ in batch])  # nobody is left waiting
        self._store.close()

    def _take(self) -> tuple[list[_Request], bool]:
        """What waits now, or nothing when the store has something to tidy first; and whether more can come."""
        batch: list[_Request] = []
        try:
            request = self._requests.get(timeout=self._store.pause())
            until = time.monotonic() + (LINGER_SECONDS if self._is_busy else 0.0)
            while request is not None:
                batch.append(request)
                if len(batch) == BATCH:
                    return batch, True
                request = self._next(until)
        except Empty:
            return batch, True
        finally:
            self._is_busy = len(batch) > 1
        return batch, False

    def _next(self, until: float) -> _Request | None:
        left = until - time.monotonic()
        return self._requests.get(timeout=left) if left > 0 else self._requests.get_nowait()

    def _serve(self, batch: Sequence[_Request]) -> None:
        results = self._commit(batch) if batch else []
        if self._store.must_truncate_now():
            self._store.tidy()  # an erasure is answered when its traces are gone
        _tell(batch, results)
        self._store.tidy()

    def _commit(self, batch: Sequence[_Request]) -> list[Any]:
        """One result for each; an exception is a result too."""
        try:
            return self._store.transact(lambda transaction: _perform(transaction, batch), len(batch))
        except SpoolUnavailable as error:
            return [SpoolUnavailable(*error.args) for _ in batch]
        except Exception as error:  # noqa: BLE001 - the worker's outermost loop
            if len(batch) == 1:
                return [_refusal(error, batch[0].lane)]
        # One bad act must not spoil the others: each alone, in order.
        return [result for request in batch for result in self._commit([request])]


def _perform(transaction: Transaction, batch: Sequence[_Request]) -> list[Any]:
    results: list[Any] = []
    for is_commit, run in itertools.groupby(batch, lambda request: isinstance(request.act, Commit)):
        if is_commit:
            results += commit_all(transaction, [cast("Commit", request.act) for request in run])
        else:
            results += [_try(transaction, cast("Callable[[Transaction], Any]", request.act)) for request in run]
    return results


def _try(transaction: Transaction, act: Callable[[Transaction], Any]) -> Any:
    try:
        return act(transaction)
    except SpoolError as refusal:
        return refusal


def _refusal(error: Exception, lane: Lane | None) -> Exception:
    """What the caller is told. A value that no table takes is the caller's own error, and stays what it is."""
    if isinstance(error, OSError):
        return SpoolUnavailable(str(error))
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError) or not isinstance(error, sqlite3.Error):
        return error
    if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return SpoolFull(lane)
    return SpoolUnavailable(f"{error.sqlite_errorname}: {error}")


def _tell(batch: Sequence[_Request], results: Sequence[Any]) -> None:
    """One wake-up a loop, not one a request."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = defaultdict(list)
    for request, result in zip(batch, results, strict=True):
        by_loop[request.future.get_loop()].append((request.future, result))
    for loop, told in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, told)
        except RuntimeError:
            _log.debug("a loop ended before its acts were answered")


def _resolve(told: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in told:
        if future.done():  # whoever asked was cancelled
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
