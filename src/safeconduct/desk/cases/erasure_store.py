# SPDX-License-Identifier: AGPL-3.0-or-later
"""The erasure keys of conversations, in a small file of their own.

Destroying a row here erases a conversation everywhere: every wrap at the desk is encrypted under its key. That is why
the file is separate (its backups live at most 7 days), overwrites what it deletes, and keeps no write-ahead log in
which a key could outlive its row.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from safeconduct.desk.cases.errors import ErasureStoreRefused
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.vocabulary.identifiers import ConversationId

_WAIT_SECONDS = 10  # the desk and the collector share the file
# SQLite's secure_delete zeroes deleted rows, but not the copies that stay behind in a page when its tree is balanced and
# a row moves to a neighbour. So keys lie in rows of one size that are only ever appended and overwritten in place; what
# is looked up by a random id, and does move, holds no key.
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS erasure_keys (number INTEGER PRIMARY KEY, key BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS erasure (conversation BLOB PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID, STRICT",
)
_FIND = "SELECT number, key FROM erasure JOIN erasure_keys USING (number) WHERE conversation = ?"


class ErasureStore:
    """Thread-safe. Each call is durable when it returns. Raises `ErasureStoreRefused` if the file cannot be used."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise ErasureStoreRefused(
                f"cannot open {path.name} ({error}). Its folder must exist and belong to the desk's user; "
                "if the file is damaged, restore it together with the desk's database."
            ) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def make(self, conversation: ConversationId) -> ErasureKey:
        """The key of this conversation; made now if there is none yet."""
        return self.make_many([conversation])[conversation]

    def make_many(self, conversations: Iterable[ConversationId]) -> dict[ConversationId, ErasureKey]:
        """The same for many in one durable act. An existing key is never replaced: what it protects would be lost."""
        wanted = list(dict.fromkeys(conversations))
        known = self.get_many(wanted)
        fresh = [(one, bytes(ErasureKey.generate().raw)) for one in wanted if one not in known]
        if not fresh:
            return known
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for conversation, key in fresh:
                if self._connection.execute(_FIND, (conversation,)).fetchone() is None:  # no other process was first
                    number = self._connection.execute("INSERT INTO erasure_keys (key) VALUES (?)", (key,)).lastrowid
                    self._connection.execute("INSERT INTO erasure VALUES (?, ?)", (conversation, number))
        return self.get_many(wanted)

    def get(self, conversation: ConversationId) -> ErasureKey | None:
        """None: erased, or never known."""
        return self.get_many([conversation]).get(conversation)

    def get_many(self, conversations: Iterable[ConversationId]) -> dict[ConversationId, ErasureKey]:
        found = {}
        with self._lock:
            for one in conversations:
                row = self._connection.execute(_FIND, (one,)).fetchone()
                if row:
                    found[one] = ErasureKey(row[1])
        return found

    def destroy(self, conversation: ConversationId) -> None:
        """R48: from here on nobody can open anything of this conversation. Does nothing if there is no key."""
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            row = self._connection.execute(_FIND, (conversation,)).fetchone()
            if row:
                nothing = bytes(len(row[1]))
                self._connection.execute("UPDATE erasure_keys SET key = ? WHERE number = ?", (nothing, row[0]))
                self._connection.execute("DELETE FROM erasure WHERE conversation = ?", (conversation,))

    def destroy_all(self) -> int:
        """R51: from here on nobody can open anything of any conversation that was there. How many there were."""
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("UPDATE erasure_keys SET key = zeroblob(length(key))")
            return int(self._connection.execute("DELETE FROM erasure").rowcount)

    def __len__(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM erasure").fetchone()[0])


def _open(path: Path) -> sqlite3.Connection:
    # Created by us with 0600 before SQLite sees it: its own umask-made file would be readable for a moment.
    # And only if it is not there: closing a file drops the locks that another connection of this process holds on it.
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False, isolation_level=None)
    for pragma, wanted in _PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma} = {wanted}")
    for table in _SCHEMA:
        connection.execute(table)
    return connection


# journal_mode DELETE and not WAL: a log would keep a destroyed key until some later checkpoint.
_PRAGMAS: Mapping[str, str] = {"journal_mode": "DELETE", "secure_delete": "ON", "synchronous": "FULL"}
