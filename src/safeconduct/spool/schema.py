# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables, and the mark by which a file is known to be a spool.

Whatever grows by random keys costs a whole page in the journal for every row, so rows are appended by number, point
at each other by number, and only the four look-ups that need a random key have an index on one.
"""

import sqlite3
from collections.abc import Iterable

from safeconduct.spool.shredding import SECRET_BYTES

APPLICATION_ID = 0x53435350  # "SCSP"
VERSION = 3
ROW_COST = 128  # what a row takes besides its bytes: numbers, indexes, page headers

_VERSION_1 = f"""
CREATE TABLE conversation_secrets (  -- rows of one size that are never deleted, so that none ever moves (see shredding)
    number INTEGER PRIMARY KEY,
    free INTEGER NOT NULL,
    secret BLOB NOT NULL  -- the key of all that belongs to the conversation, then its half
) STRICT;
CREATE INDEX conversation_secrets_free ON conversation_secrets (number) WHERE free;

CREATE TABLE conversations (
    number INTEGER PRIMARY KEY REFERENCES conversation_secrets,
    conversation BLOB NOT NULL UNIQUE,
    lookup BLOB NOT NULL UNIQUE,
    duress BLOB,
    last_day INTEGER NOT NULL,
    days INTEGER NOT NULL,  -- how long it lives after the last word of either side
    lane TEXT NOT NULL
) STRICT;
CREATE INDEX conversations_last_day ON conversations (last_day);

CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: settling twice must not hit a new envelope
    conversation INTEGER REFERENCES conversations,  -- none for the notice of an erasure
    lane TEXT NOT NULL,
    arrived REAL NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX waiting_conversation ON waiting (conversation);

CREATE TABLE replies (
    seq INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX replies_conversation ON replies (conversation);

CREATE TABLE kept (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    ends INTEGER NOT NULL,
    conversation INTEGER REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX kept_ends ON kept (ends);
CREATE INDEX kept_conversation ON kept (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE seen (
    number INTEGER PRIMARY KEY,  -- swept from the lowest number, so that the day needs no index
    key BLOB NOT NULL UNIQUE,
    day INTEGER NOT NULL,
    lane TEXT NOT NULL
) STRICT;

CREATE TABLE board (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, document BLOB NOT NULL, content BLOB NOT NULL
) STRICT;

CREATE TABLE room (lane TEXT PRIMARY KEY, used INTEGER NOT NULL) STRICT;
INSERT INTO room VALUES ('first', 0), ('known', 0), ('reply', 0);

CREATE TABLE probe (body BLOB NOT NULL) STRICT;
INSERT INTO probe VALUES (x'');

CREATE TRIGGER conversations_shred AFTER DELETE ON conversations BEGIN
    UPDATE conversation_secrets SET free = 1, secret = zeroblob({SECRET_BYTES}) WHERE number = OLD.number;
END;

PRAGMA application_id = {APPLICATION_ID};
"""  # noqa: S608 - no value in it comes from outside

_VERSION_2 = """
CREATE TABLE errands (
    number INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: finishing twice must not hit a new errand
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    channel TEXT NOT NULL,
    queue TEXT NOT NULL,
    body BLOB NOT NULL,
    due INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    replaceable INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    begun INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX errands_queue ON errands (conversation, queue);
CREATE INDEX errands_channel ON errands (channel, begun, priority, number, due);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,  -- the row outlives its holder, so that no number comes twice
    holder BLOB,  -- none once it was released
    until REAL NOT NULL,
    seconds REAL NOT NULL
) STRICT;
"""

# What a row gives back when it goes, cascades included. What it takes is charged by whoever inserts it.
_SIZES = {
    "conversations": "coalesce(length(OLD.duress), 0)",
    "waiting": "length(OLD.envelope)",
    "replies": "length(OLD.envelope)",
    "kept": "length(OLD.value)",
    "seen": "0",
    "errands": "length(OLD.body)",
}
_SINCE_VERSION_2 = frozenset({"errands"})

# What is kept is written over in its row: a position is, with every message, and a row that goes and comes back costs four
# indexes. Version 2 replaced the row.
KEEP = "INSERT INTO kept (kind, key, value, ends, conversation, lane)"
KEEP_ANEW = (
    "ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, ends = excluded.ends,"
    " conversation = excluded.conversation, lane = excluded.lane"
)
_VERSION_3 = f"""
CREATE TRIGGER kept_gives_back_anew AFTER UPDATE ON kept BEGIN
    UPDATE room SET used = used - ({_SIZES["kept"]}) - {ROW_COST} WHERE lane = OLD.lane;
END;
"""  # noqa: S608 - no value in it comes from outside


def make_tables(connection: sqlite3.Connection) -> None:
    """In one transaction, or not at all: another process may be making them too. An older file gains what it lacks."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for statement in _statements(version):
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _statements(version: int) -> list[str]:
    """What brings a file of that version to this one. One by one, because `executescript` would commit first."""
    if version == VERSION:
        return []
    steps = (
        _split(_VERSION_1) + _triggers(_SIZES.keys() - _SINCE_VERSION_2),
        _split(_VERSION_2) + _triggers(_SINCE_VERSION_2),
        _split(_VERSION_3),
    )
    return [*(statement for step in steps[version:] for statement in step), f"PRAGMA user_version = {VERSION}"]


def _split(script: str) -> list[str]:
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements


def _triggers(tables: Iterable[str]) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_gives_back AFTER DELETE ON {table} BEGIN"  # noqa: S608 - the tables above
        f" UPDATE room SET used = used - ({_SIZES[table]}) - {ROW_COST} WHERE lane = OLD.lane; END"
        for table in sorted(tables)
    ]
