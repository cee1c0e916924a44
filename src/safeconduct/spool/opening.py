# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening the file: who may read it, how SQLite writes it, what is refused."""

import os
import sqlite3
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from safeconduct.spool.contract import Quota
from safeconduct.spool.errors import SpoolUnavailable, SpoolUnreadable
from safeconduct.spool.schema import APPLICATION_ID, VERSION, make_tables

PAGE_BYTES = 8192  # two or three envelopes a page; measured 10 to 20% faster than 4096
_BUSY_SECONDS = 5.0
_STATEMENTS = 512  # prepared statements a connection keeps

_SETTINGS = (
    f"page_size = {PAGE_BYTES}",
    # Freed pages are zeroed and used again. A file that shrinks would give blocks back to the file system with copies
    # of what lay there, and those nobody can zero.
    "auto_vacuum = NONE",
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "cache_size = -32768",
    "wal_autocheckpoint = 16384",  # a backstop of 128 MB: the writer checkpoints by itself, after answering
    "journal_size_limit = 33554432",
)


def prepare(path: Path, quota: Quota) -> sqlite3.Connection:
    """Make the file when there is none, check it, open it for writing.

    Raises SpoolUnreadable for what is not a sound spool of this release or an older one, and leaves it untouched;
    SpoolUnavailable when it cannot be opened at all.
    """
    try:
        _make_private(path)
        _refuse_unsound(path)
        make_tables(connection := connect(path, quota))
    except (OSError, sqlite3.OperationalError) as error:
        raise SpoolUnavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise SpoolUnreadable(path, f"{error}; restore it from a backup, or move it away") from error
    return connection


def connect(path: Path, quota: Quota | None = None) -> sqlite3.Connection:
    """A connection to a file that exists. Transactions are begun by hand; `quota` is for the one that writes."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_SECONDS,
        cached_statements=_STATEMENTS,
    )
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        if quota is not None:
            connection.execute(f"PRAGMA max_page_count = {max(1, quota.total_bytes // PAGE_BYTES)}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """Folder 0700, file 0600, whatever the umask; SQLite gives its -wal and -shm the mode of the file.

    An existing database is never opened here: closing a second descriptor of it would drop the locks that this
    process holds through SQLite (POSIX).
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = path.parent.stat()
    if folder.st_uid == os.geteuid() and not folder.st_mode & stat.S_ISVTX:  # not a shared folder such as /tmp
        path.parent.chmod(0o700)
    if not path.exists():
        _make_beside(path)
    path.chmod(0o600)


def _make_beside(path: Path) -> None:
    """Whole before it has its name: of two processes that set one file's journal mode SQLite refuses one at once.

    That refusal does not wait for the busy timeout, so doors that start together on a new machine would not all start.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        new = Path(folder) / path.name
        new.touch(0o600)
        connection = connect(new)
        try:
            make_tables(connection)
        finally:
            connection.close()  # the last one: its log goes into the file and is gone
        with suppress(FileExistsError):  # another process was faster
            path.hardlink_to(new)


def _refuse_unsound(path: Path) -> None:
    """Looks before any setting is made, because setting the journal mode already writes."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,):
            return
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if mark != APPLICATION_ID:
            raise SpoolUnreadable(path, "this is not a spool; move it away, or name another file")
        if version > VERSION:
            raise SpoolUnreadable(path, f"written by a newer release (version {version}); install that release")
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise SpoolUnreadable(path, f"damaged ({verdict}); restore it from a backup, or move it away")
    finally:
        connection.close()
