# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of rows that stand on pages. A row's number would count all rows of its table, and so tell of what others wrote (R30)."""

from enum import Enum

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from safeconduct.desk.custody.errors import NoSuchEvent
from safeconduct.desk.custody.models import Event

_LETTERS = 32  # 128 bits


class Table(Enum):
    """Names of one table say nothing of another's."""

    EVENTS = "events"
    SEALED = "sealed"


def name(table: Table, pk: int) -> str:
    """The same for as long as the house keeps its key, which is in no copy of the database."""
    return salted_hmac(f"custody.rows.{table.value}", str(pk), algorithm="sha256").hexdigest()[:_LETTERS]


def event(rows: QuerySet[Event], named: str) -> int:
    """Which of these events is meant. Raises `NoSuchEvent`."""
    for pk in rows.values_list("pk", flat=True):
        if constant_time_compare(name(Table.EVENTS, pk), named):
            return pk
    raise NoSuchEvent
