# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3 on PostgreSQL: tables are written anew, so that no file keeps what was destroyed. `test_expiry` looks into the files."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from safeconduct.desk.cases.models import Erased
from safeconduct.desk.project.rewriting import Rewriter

pytestmark = [pytest.mark.rule("T3"), pytest.mark.django_db(transaction=True)]
TABLE = Erased._meta.db_table


@pytest.fixture
def _on_a_server() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite overwrites at once")


@pytest.fixture
def reader() -> Iterator[None]:
    """Somebody who reads a table all the time."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS SHARE MODE")
        yield
        cursor.execute("ROLLBACK")
    other.close()


def file_of(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filepath(%s)", [table])
        return str(cursor.fetchone()[0])


def one_goes() -> None:
    Erased.objects.create(digest=b"x" * 32, day=timezone.now().date())
    Erased.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT 1")


@pytest.mark.usefixtures("_on_a_server")
def test_a_table_is_written_into_another_file_once_more_rows_of_it_went_and_not_more_often() -> None:
    rewriter, now = Rewriter(), timezone.now()
    files = [file_of(TABLE)]
    for hours in (0, 1, 24, 25):
        one_goes()
        rewriter.run(now + hours * timedelta(hours=1))
        files.append(file_of(TABLE))
    first, at_start, too_soon, later, again_too_soon = files
    assert first != at_start == too_soon != later == again_too_soon


@pytest.mark.usefixtures("_on_a_server", "reader")
def test_a_table_that_is_in_use_is_left_for_the_next_time_and_the_others_are_not() -> None:
    before, others = file_of(TABLE), file_of("django_session")
    assert Rewriter().run(timezone.now()) > 10
    assert file_of(TABLE) == before
    assert file_of("django_session") != others


@pytest.mark.usefixtures("_on_a_server")
def test_a_table_that_would_keep_everybody_waiting_is_left() -> None:
    assert Rewriter(bytes_most=0).run(timezone.now()) == 0


def test_a_desk_on_sqlite_has_nothing_to_do() -> None:
    if connection.vendor == "sqlite":
        assert Rewriter().run(timezone.now()) == 0
