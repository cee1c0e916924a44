# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies the journal into the file beside the writer, which goes on meanwhile.

Only the writer may begin the journal anew, and only when nothing in it is left to copy; but then little is left.
"""

import contextlib
import sqlite3
import threading
from pathlib import Path

from safeconduct.spool.opening import connect


class Ahead:
    """Asked by one thread at a time; works in another, on a connection of its own, only while it copies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: threading.Thread | None = None

    def has_copied(self) -> bool:
        """Whether what was in the journal when this was asked first is in the file. Begins to copy when nobody does."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._copy, name="spool-ahead", daemon=True)
            self._thread.start()
            return False
        if self._thread.is_alive():
            return False
        self._thread = None
        return True

    def stop(self) -> None:
        """Wait until nothing is copied here any more."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _copy(self) -> None:
        # Whatever stands in the way (a full disk, a file that was moved) the writer meets itself, and tells.
        with contextlib.suppress(sqlite3.Error), contextlib.closing(connect(self._path)) as database:
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")
