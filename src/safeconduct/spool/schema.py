# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file: who may read it, how it is written, what tables it has."""

import os
import sqlite3
from pathlib import Path

from safeconduct.spool.contract import Quota
from safeconduct.spool.errors import SpoolUnavailable, SpoolUnreadable

APPLICATION_ID = 0x53435350  # "SCSP": SQLite's own mark of what a file is
VERSION = 1
PAGE_BYTES = 4096
ROW_COST = 128  # what a row costs besides its bytes: identifiers, indexes, b-tree
BUSY_SECONDS = 5.0

_SETTINGS = (
    f"page_size = {PAGE_BYTES}",
    # Freed pages are zeroed and used again. A file that shrinks would give blocks back to the file system with copies
    # of what lay there, and those nobody can zero.
    "auto_vacuum = NONE",
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # a REPLACE must count what it replaces
    "temp_store = MEMORY",
    "wal_autocheckpoint = 0",  # the writer checkpoints, where its errors are seen
    "journal_size_limit = 16777216",
)

_TABLES = f"""
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- never again the same number: settling twice must not hit a new envelope
    conversation BLOB NOT NULL,
    lane TEXT NOT NULL,
    arrived REAL NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX waiting_conversation ON waiting (conversation);

CREATE TABLE conversations (
    conversation BLOB PRIMARY KEY,
    lookup BLOB NOT NULL UNIQUE,
    half BLOB NOT NULL,
    duress BLOB,
    last_day INTEGER NOT NULL,
    lane TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation BLOB NOT NULL REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX replies_conversation ON replies (conversation);

CREATE TABLE kept (
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    ends INTEGER NOT NULL,
    conversation BLOB REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_ends ON kept (ends);
CREATE INDEX kept_conversation ON kept (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE seen (key BLOB PRIMARY KEY, day INTEGER NOT NULL, lane TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX seen_day ON seen (day);

CREATE TABLE board (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, document BLOB NOT NULL, content BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room (lane TEXT PRIMARY KEY, used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO room VALUES ('first', 0), ('known', 0), ('reply', 0);

CREATE TABLE probe (body BLOB NOT NULL) STRICT;
INSERT INTO probe VALUES (x'');

PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""

# The room that a lane uses is counted by the database itself, so that cascades and other processes count alike.
_COUNTED = {
    "waiting": "length({row}.envelope)",
    "conversations": "length({row}.half) + coalesce(length({row}.duress), 0)",
    "replies": "length({row}.envelope)",
    "kept": "length({row}.value)",
    "seen": "0",
}


def _triggers() -> str:
    sentences = []
    for table, size in _COUNTED.items():
        for event, row, sign in (("INSERT", "NEW", "+"), ("DELETE", "OLD", "-")):
            sentences.append(
                f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN"
                f" UPDATE room SET used = used {sign} ({size.format(row=row)} + {ROW_COST}) WHERE lane = {row}.lane;"
                " END;"
            )
    return "\n".join(sentences)


def prepare(path: Path, quota: Quota) -> sqlite3.Connection:
    """Open the file for writing; make it when there is none. Raises SpoolUnreadable rather than touch a foreign one."""
    try:
        _own_alone(path)
        _refuse_foreign(path)
        connection = connect(path)
    except (OSError, sqlite3.OperationalError) as error:
        raise SpoolUnavailable(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise SpoolUnreadable(path, f"{error}; restore it from a backup, or move it away") from error
    try:
        connection.execute(f"PRAGMA max_page_count = {quota.total_bytes // PAGE_BYTES}")
        _make_tables(connection)
    except sqlite3.Error as error:
        connection.close()
        raise SpoolUnavailable(f"{path}: {error}") from error
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """A connection as every user of the file must have it. Transactions are begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _own_alone(path: Path) -> None:
    """0700 and 0600 whatever the umask; SQLite gives its -wal and -shm the mode of the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _refuse_foreign(path: Path) -> None:
    """Looks before any setting is made, because setting the journal mode already writes."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    try:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables == 0:
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


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")  # another process may be making them too
    try:
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            for statement in _split(_TABLES + _triggers()):
                connection.execute(statement)
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _split(script: str) -> list[str]:
    """`executescript` would commit first, and two processes would race."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
