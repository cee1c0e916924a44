# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many invented cases, fast: what the desk's pages are measured against. Needs Django started and migrated."""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from safeconduct.desk.cases.states import CaseState
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.languages import LANGUAGES

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
_BATCH = 50_000
_COLUMNS = (
    "number, conversation, state, last_day, waiting_since, urgency, channel, language, kind, retention, "
    "opened_by_id, opened_at"
)


def fill(count: int, *, waiting: float = 1.0, seed: int = 7, first: int = 0) -> None:
    """Add `count` cases from that serial on, of which a share waits. The same seed gives the same; they hold no envelopes."""
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(first, first + count, _BATCH):
            serials = range(start, min(start + _BATCH, first + count))
            _insert(cursor, _rows(serials, waiting, random.Random(seed + start)))


def conversation(serial: int) -> bytes:
    """Of the case with this serial."""
    return hashlib.sha256(serial.to_bytes(8)).digest()[:16]


def number(serial: int) -> str:
    """Of the case with this serial, as it is said aloud."""
    return f"25-{serial:06}"


def _insert(cursor: Any, rows: Iterator[tuple[Any, ...]]) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY cases_case ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(_COLUMNS.split(",")))
    cursor.executemany(f"INSERT INTO cases_case ({_COLUMNS}) VALUES ({marks})", list(rows))  # noqa: S608 - our own names


def _rows(serials: range, waiting: float, dice: random.Random) -> Iterator[tuple[Any, ...]]:
    urgencies, languages = [one.value for one in Urgency], list(LANGUAGES)
    for serial in serials:
        moment = START - timedelta(seconds=dice.randrange(30 * 24 * 3600), microseconds=dice.randrange(1_000_000))
        name = (number(serial), conversation(serial))
        if dice.random() < waiting:
            state = dice.choice((CaseState.NEW, CaseState.OPEN)).value
            labels = (dice.choice(urgencies), "web", dice.choice(languages), Kind.MESSAGE.value)
            yield (*name, state, moment.date(), _stored(moment), *labels, "", None, None)
        else:
            state = dice.choice((CaseState.ANSWERED, CaseState.CLOSED)).value
            yield (*name, state, moment.date(), None, None, "", "", "", "", None, None)


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
