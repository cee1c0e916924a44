# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: SQLite's write-ahead log keeps what has left the tables, until it is emptied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import journal
from safeconduct.desk.project import databases
from safeconduct.desk.project.errors import LogBusy

pytestmark = [
    pytest.mark.rule("T3"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def log(line: Line) -> Path:
    """The log of a desk that has taken in one chat."""
    line.greet(Person(), "есть кто?")
    line.collect()
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL recycles its own")
    return Path(f"{connection.settings_dict['NAME']}-wal")


def test_an_erasure_empties_the_log(line: Line, log: Path) -> None:
    someone = line.greet(Person(), "сотрите")
    line.collect()
    assert log.stat().st_size
    line.erase(someone)
    line.collect()
    assert log.stat().st_size == 0


def test_a_reader_in_the_way_is_told_of_and_the_next_time_empties_it(log: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM django_migrations").fetchall()
        assert not journal.empty()
        with pytest.raises(LogBusy):
            databases.empty_log()
    databases.empty_log()
    assert log.stat().st_size == 0
    connection.close()  # and with it the short patience
