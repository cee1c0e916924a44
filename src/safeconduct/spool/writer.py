# SPDX-License-Identifier: AGPL-3.0-or-later
"""One thread that owns the writing connection and commits what is waiting in one go (group commit)."""

import asyncio
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from safeconduct.spool.acts import Transaction
from safeconduct.spool.contract import Lane, Quota
from safeconduct.spool.errors import SpoolError, SpoolFull, SpoolUnavailable

Result = TypeVar("Result")
BATCH = 256


@dataclass(frozen=True, slots=True)
class Request(Generic[Result]):
    """An act that waits, and who waits for it."""

    act: Callable[[Transaction], Result]
    lane: Lane | None
    future: "asyncio.Future[Result]"


class Writer:
    """Acts are asked from any loop and answered there, after their commit."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], quota: Quota, clock: Callable[[], float]) -> None:
        self._connect = connect
        self._quota = quota
        self._clock = clock
        self._requests: SimpleQueue[Request[Any] | None] = SimpleQueue()
        self._open = True
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="spool-writer", daemon=True)
        self._thread.start()

    async def ask(self, act: Callable[[Transaction], Result], lane: Lane | None) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        with self._gate:
            if not self._open:
                raise SpoolUnavailable("the spool is closed")
            self._requests.put(Request(act, lane, future))
        return await future

    async def close(self) -> None:
        with self._gate:
            if self._open:
                self._open = False
                self._requests.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        connection = self._connect()
        goes_on = True
        while goes_on:
            batch, goes_on = self._take()
            answers = self._commit(connection, batch)
            _answer(batch, answers)
        connection.close()

    def _take(self) -> tuple[list[Request[Any]], bool]:
        batch: list[Request[Any]] = []
        request = self._requests.get()
        try:
            while request is not None:
                batch.append(request)
                if len(batch) == BATCH:
                    return batch, True
                request = self._requests.get_nowait()
        except Empty:
            return batch, True
        return batch, False

    def _commit(self, connection: sqlite3.Connection, batch: Sequence[Request[Any]]) -> list[Any]:
        try:
            return self._try(connection, batch)
        except sqlite3.Error as error:
            if len(batch) <= 1:
                return [_refusal(error, request.lane) for request in batch]
            # One bad act must not spoil the others: each alone.
            return [answer for request in batch for answer in self._commit(connection, [request])]

    def _try(self, connection: sqlite3.Connection, batch: Sequence[Request[Any]]) -> list[Any]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            transaction = Transaction(connection, self._quota, self._clock())
            answers = [_perform(request, transaction) for request in batch]
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return answers


def _perform(request: Request[Any], transaction: Transaction) -> Any:
    try:
        return request.act(transaction)
    except SpoolError as error:
        return error


def _refusal(error: sqlite3.Error, lane: Lane | None) -> SpoolError:
    if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return SpoolFull(lane)
    return SpoolUnavailable(f"{error.sqlite_errorname}: {error}")


def _answer(batch: Sequence[Request[Any]], answers: Sequence[Any]) -> None:
    """One wake-up a loop, not one a request."""
    by_loop = defaultdict(list)
    for request, answer in zip(batch, answers, strict=True):
        by_loop[request.future.get_loop()].append((request.future, answer))
    for loop, results in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, results)


def _resolve(results: Sequence[tuple["asyncio.Future[Any]", Any]]) -> None:
    for future, answer in results:
        if future.done():
            continue
        if isinstance(answer, SpoolError):
            future.set_exception(answer)
        else:
            future.set_result(answer)
