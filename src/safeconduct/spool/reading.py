# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads: on connections and threads of their own, so that they wait neither for the writer nor in the loop."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.opening import connect

Result = TypeVar("Result")

_READERS = 2


class Readers:
    """A reader whose connection failed opens a new one with the next read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="spool-reader")
        self._idle: SimpleQueue[sqlite3.Connection | None] = SimpleQueue()
        for _ in range(_READERS):
            self._idle.put(None)

    async def fetch(self, query: str, values: Sequence[object], make: Callable[..., Result]) -> list[Result]:
        """`make` of every row. Raises SpoolUnavailable when closed or when the disk fails."""
        try:
            reading = asyncio.get_running_loop().run_in_executor(self._threads, self._fetch, query, values, make)
        except RuntimeError as error:
            raise SpoolUnavailable("the spool is closed") from error
        return await reading

    def close(self) -> None:
        """Idempotent: whoever closes a second time must not wait for connections that are gone."""
        self._threads.shutdown()
        with contextlib.suppress(Empty):
            while True:
                if (database := self._idle.get_nowait()) is not None:
                    database.close()

    def _fetch(self, query: str, values: Sequence[object], make: Callable[..., Result]) -> list[Result]:
        database = self._idle.get()
        try:
            database = database or self._connect()
            return [make(*row) for row in database.execute(query, values).fetchall()]
        except sqlite3.Error as error:
            if database is not None:
                database.close()
            database = None
            raise SpoolUnavailable(f"{error.sqlite_errorname}: {error}") from error
        finally:
            self._idle.put(database)

    def _connect(self) -> sqlite3.Connection:
        database = connect(self._path)
        database.execute("PRAGMA query_only = ON")
        return database
