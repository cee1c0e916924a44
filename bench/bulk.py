# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many rows at once into the desk's database: COPY on PostgreSQL, `executemany` on SQLite. Needs Django started."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Values = tuple[Any, ...]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """The rows as they are; nothing is checked that the database does not check."""
    table = model._meta.db_table  # noqa: SLF001 - the documented way to a model's table
    named = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.connection.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", rows)  # noqa: S608 - our own names


@contextmanager
def at_once(*tables: type[models.Model]) -> Iterator[None]:
    """In it no second index is kept, and on PostgreSQL no foreign key checked; all indexes are there again at its end.

    Rows may bring ids of their own: the sequences go on behind them.
    """
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        made = [one for table in tables for one in _dropped(cursor, table._meta.db_table)]  # noqa: SLF001
        yield
        for statement in [*made, *connection.ops.sequence_reset_sql(no_style(), tables)]:
            cursor.execute(statement)
        if is_postgresql:
            cursor.execute("RESET session_replication_role; RESET maintenance_work_mem")


_SECOND_INDEXES = {
    "postgresql": "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
}


def _dropped(cursor: Any, table: str) -> list[str]:
    """What makes the indexes again that were dropped: all that are no constraint's."""
    cursor.execute(_SECOND_INDEXES[connection.vendor], [table])
    found: list[tuple[str, str]] = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def analyse() -> None:
    """As the database does by itself some time after so many rows came."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
