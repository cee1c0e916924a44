# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3 on PostgreSQL: tables are written anew, so that no file keeps what was destroyed. `test_expiry` looks into the files."""

import contextlib
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
    with in_use(TABLE):
        yield


@contextlib.contextmanager
def in_use(table: str) -> Iterator[None]:
    """Somebody reads it all the time."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
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
def test_the_servers_samples_are_written_anew_with_the_tables_and_not_without() -> None:
    rewriter, now = Rewriter(), timezone.now()
    before = file_of("pg_statistic")
    rewriter.run(now)
    at_start = file_of("pg_statistic")
    rewriter.run(now + timedelta(hours=1))
    assert before != at_start == file_of("pg_statistic")


@pytest.mark.usefixtures("_on_a_server")
def test_samples_that_are_in_use_are_written_anew_the_next_time() -> None:
    rewriter, now = Rewriter(), timezone.now()
    before = file_of("pg_statistic")
    with in_use("pg_statistic"):
        rewriter.run(now)
    assert file_of("pg_statistic") == before
    rewriter.run(now + timedelta(hours=1))
    assert file_of("pg_statistic") != before


@pytest.mark.usefixtures("_on_a_server")
def test_a_database_that_is_another_users_is_said_to_be_so(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE a_guest")
        cursor.execute("SET ROLE a_guest")
        try:
            assert Rewriter().run(timezone.now()) == 0
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE a_guest")
    assert "belongs to somebody else" in caplog.text


@pytest.mark.usefixtures("_on_a_server")
def test_a_table_that_would_keep_everybody_waiting_is_left() -> None:
    assert Rewriter(bytes_most=0).run(timezone.now()) == 0


def test_a_desk_on_sqlite_has_nothing_to_do() -> None:
    if connection.vendor == "sqlite":
        assert Rewriter().run(timezone.now()) == 0
