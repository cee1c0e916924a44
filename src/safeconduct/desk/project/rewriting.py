# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: what has left PostgreSQL's tables must not stay readable in their files.

A row that is deleted or replaced stays where it was. Autovacuum gives its place free, and leaves its bytes until something
happens to be written there. Only a table that is written anew, into another file, holds none of them. The server also keeps
samples of every column for its planner (pg_statistic), and what it sampled once stays there in the same way. SQLite
overwrites at once (`secure_delete`).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection

EVERY = timedelta(days=1)
BYTES_MOST = 256 << 20  # with its indexes; nobody can use a table meanwhile, and this takes ten seconds or more
PATIENCE_MS = 500  # whoever comes behind waits as well
_SAMPLES = "pg_statistic"
_TABLES = """
SELECT relname, n_tup_upd + n_tup_del, pg_total_relation_size(relid) FROM pg_stat_user_tables
WHERE schemaname = current_schema() ORDER BY 3, 1
"""
log = logging.getLogger("safeconduct.clock")


@dataclass(frozen=True, slots=True)
class _Done:
    at: datetime
    gone: int  # rows, as the server counts them: when the count stands still, there is nothing to do


class Rewriter:
    """Writes each table anew within a day after rows of it went, as long as it is small enough to be done in seconds."""

    def __init__(self, *, bytes_most: int = BYTES_MOST, besides: frozenset[str] = frozenset()) -> None:
        self._bytes_most = bytes_most
        self._besides = besides
        self._done: dict[str, _Done] = {}
        self._are_samples_old = False

    def run(self, now: datetime) -> int:
        """How many tables were written anew. One that is in use, or too large, is left; the log says so. Not in a transaction."""
        if connection.vendor != "postgresql":
            return 0
        written = sum(self._write(name, gone, size, now) for name, gone, size in _tables() if name not in self._besides)
        self._are_samples_old = (self._are_samples_old or written > 0) and not _write_samples_anew()
        return written

    def _write(self, name: str, gone: int, size: int, now: datetime) -> bool:
        done = self._done.get(name)
        if done and (done.gone == gone or timedelta(0) <= now - done.at < EVERY):
            return False
        if size > self._bytes_most:
            log.warning("a table is too large to be written anew: see Databases in docs/install.md")
            return False
        if not _write_anew(name, "FULL, ANALYZE"):
            return False
        self._done[name] = _Done(now, gone)
        return True


def _tables() -> list[tuple[str, int, int]]:
    """Their names, how many of their rows have gone in all, and their sizes; the small ones first."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        found: list[tuple[str, int, int]] = cursor.fetchall()
        return found


def _write_samples_anew() -> bool:
    """The old ones of tables that were sampled anew. False when they are in use; or the database is not ours."""
    return _write_anew(_SAMPLES, "FULL")


def _write_anew(name: str, how: str) -> bool:
    """False, and the log says so, when it is in use for longer than we wait, or another's."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {PATIENCE_MS}")
        try:
            before = _file_of(name)
            cursor.execute(f"VACUUM ({how}) {connection.ops.quote_name(name)}")
        except OperationalError:
            log.warning("a table was in use, and is written anew later")
            return False
        finally:
            cursor.execute("RESET lock_timeout")
    if _file_of(name) == before:  # the server only warns
        log.warning("a table belongs to somebody else, and is not written anew: see Databases in docs/install.md")
        return False
    return True


def _file_of(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode(%s::regclass)", [connection.ops.quote_name(name)])
        return int(cursor.fetchone()[0])
