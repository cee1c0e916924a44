# SPDX-License-Identifier: AGPL-3.0-or-later
"""The writing connection: its transactions, its recovery after a failing disk, and what its journal still holds.

The journal (WAL) keeps old pages until it is truncated, so whatever was destroyed must also leave it. A blocked
truncation (a reader of any process in an old snapshot) is tried again until it succeeds.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from safeconduct.spool.ahead import Ahead
from safeconduct.spool.contract import Quota
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.opening import PAGE_BYTES, connect, prepare
from safeconduct.spool.transaction import Transaction

Result = TypeVar("Result")

BUSY_SECONDS = 10.0  # another process may hold the file so long before an act is refused
_BUSY_PAUSE = 0.0005  # SQLite's own waiting grows to 100 ms and loses every race against a busy process
_FIRST_RETRY_SECONDS = 0.02  # a reader is gone within milliseconds,
_LAST_RETRY_SECONDS = 1.0  # a full disk is not
_ACTS_PER_CHECKPOINT = 1000  # about 30 MB of journal
_ACTS_BEFORE_TRUNCATION = 100  # so many more are worth copying while the writer goes on, before it has to stand still
_SOON_SECONDS = 0.5

# After these the connection is opened anew, because what it remembers of the file may be wrong.
_BROKEN = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
_log = logging.getLogger(__name__)


class Store:
    """Used by one thread at a time."""

    def __init__(self, path: Path, quota: Quota, clock: Callable[[], float]) -> None:
        self._path = path
        self._quota = quota
        self._clock = clock
        self._database: sqlite3.Connection | None = prepare(path, quota)
        self._database.execute("PRAGMA busy_timeout = 0")
        self._identity = _identity(path)
        self._truncate_at: float | None = time.monotonic()  # a process that was killed may have left traces
        self._retry_seconds = _FIRST_RETRY_SECONDS
        self._acts = 0
        self._ahead = Ahead(path)

    def transact(self, work: Callable[[Transaction], Result], acts: int) -> Result:
        """Run `work` in one transaction; when this returns it is on the disk. On any error nothing of it is."""
        database = self._usable()
        try:
            self._begin(database)
            transaction = Transaction(database, self._quota, self._clock(), self._disk_free(database))
            result = work(transaction)
            transaction.settle_accounts()
            database.execute("COMMIT")
        except BaseException as error:
            self._abandon(database, error)
            raise
        self._acts += acts
        if transaction.truncate_within is not None:
            self._owe(transaction.truncate_within)
        return result

    def pause(self) -> float | None:
        """How long the writer may sleep before `tidy` has work."""
        return None if self._truncate_at is None else max(0.0, self._truncate_at - time.monotonic())

    def must_truncate_now(self) -> bool:
        return self._truncate_at is not None and self._truncate_at <= time.monotonic()

    def tidy(self) -> None:
        """Empty the journal when a truncation is due, and keep it short otherwise."""
        if self._database is None:
            self._owe_again()
        elif self.must_truncate_now():
            self._truncate(self._database)
        elif self._acts >= self._acts_to_copy() and self._ahead.has_copied():
            self._acts = 0
            self._checkpoint(self._database, "PASSIVE")  # what came meanwhile; the next act begins the journal anew

    def close(self) -> None:
        self._ahead.stop()
        if self._database is not None:
            self._checkpoint(self._database, "TRUNCATE")
        if self._database is not None:
            self._database.close()

    def _acts_to_copy(self) -> int:
        pause = self.pause()
        return _ACTS_PER_CHECKPOINT if pause is None or pause > _SOON_SECONDS else _ACTS_BEFORE_TRUNCATION

    def _usable(self) -> sqlite3.Connection:
        if _identity(self._path) != self._identity:
            # What would be written now is lost with the old file, or belongs to another.
            raise SpoolUnavailable(f"{self._path} was moved or replaced: put it back, or restart")
        if self._database is None:
            try:
                self._database = connect(self._path, self._quota)
                self._database.execute("PRAGMA busy_timeout = 0")
            except sqlite3.Error as error:
                raise SpoolUnavailable(f"{self._path}: {error}") from error
        return self._database

    def _begin(self, database: sqlite3.Connection) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _kind(error) != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() > deadline:
                    raise SpoolUnavailable("another process holds the spool") from error
                time.sleep(_BUSY_PAUSE)
            else:
                return

    def _disk_free(self, database: sqlite3.Connection) -> int:
        """What the disk has left, and the pages that the file keeps for using them again."""
        state = os.statvfs(self._path)
        (pages,) = database.execute("PRAGMA freelist_count").fetchone()
        return int(state.f_bavail * state.f_frsize + pages * PAGE_BYTES)

    def _abandon(self, database: sqlite3.Connection, error: BaseException) -> None:
        """Nothing of the transaction stays. A connection that cannot even roll back is given up."""
        try:
            if database.in_transaction:
                database.execute("ROLLBACK")
        except sqlite3.Error as second:
            error = second
        if isinstance(error, sqlite3.Error) and _kind(error) in _BROKEN:
            self._give_up(database)

    def _give_up(self, database: sqlite3.Connection) -> None:
        self._database = None
        database.close()

    def _owe(self, within: float) -> None:
        due = time.monotonic() + within
        self._truncate_at = due if self._truncate_at is None else min(due, self._truncate_at)

    def _owe_again(self) -> None:
        if self._truncate_at is not None:
            self._truncate_at = time.monotonic() + self._retry_seconds
            self._retry_seconds = min(2 * self._retry_seconds, _LAST_RETRY_SECONDS)

    def _truncate(self, database: sqlite3.Connection) -> None:
        self._acts = 0
        self._ahead.stop()  # it would stand in the way
        # Truncating keeps other processes from writing, so most of the work is done before, when it does not.
        self._checkpoint(database, "PASSIVE")
        if self._database is database and self._checkpoint(database, "TRUNCATE"):
            self._truncate_at = None
            self._retry_seconds = _FIRST_RETRY_SECONDS
        else:
            self._owe_again()

    def _checkpoint(self, database: sqlite3.Connection, mode: str) -> bool:
        """False when a reader or another process stood in the way, or the disk did. Loses nothing either way."""
        try:
            (busy, _, _) = database.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.Error as error:
            _log.warning("the spool's journal could not be emptied: %s", error)
            self._abandon(database, error)
            return False
        return not busy


def _kind(error: sqlite3.Error) -> int:
    """The primary code; the upper bits say where."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = os.stat(path)  # noqa: PTH116 - on the hot path
    except OSError:
        return None
    return state.st_dev, state.st_ino
