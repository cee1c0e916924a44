# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: what has left the tables must not stay readable in SQLite's write-ahead log. PostgreSQL recycles its own."""

from django.db import connection


def empty() -> bool:
    """False when a reader stood in the way: try again soon."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone()
    return not busy
