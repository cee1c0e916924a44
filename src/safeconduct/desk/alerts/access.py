# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of what somebody has to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import resolve, reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise

from safeconduct.desk.alerts import registry, roster
from safeconduct.desk.alerts.errors import AlertGone
from safeconduct.desk.alerts.models import Alert, PeriodicAct
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator

_NAME_LETTERS = 32  # 128 bits
STOPPED = timedelta(minutes=5)  # some act of the clock is due every second


@dataclass(frozen=True, slots=True)
class Standing:
    """One open alert as the page shows it."""

    row: Alert
    name: str
    sentence: str | Promise
    page: str
    asked: Sequence[Operator]
    is_for_you: bool
    is_to_take: bool  # by the reader
    all_asked: bool


def standing(reader: Operator, order: Sequence[str]) -> list[Standing]:
    """Every open alert that is the reader's to see: what waits for somebody first, then what somebody has taken."""
    seen = Alert.objects.exclude(kind__in=registry.hidden_from(reader.plays))
    rows = seen.select_related("acknowledged_by").order_by("acknowledged_at", "is_over", "since")
    found = [_standing(row, reader, order) for row in rows]
    return sorted(found, key=lambda one: (not roster.waits(one.row), not one.is_for_you))


def waiting(reader: Operator) -> int:
    """How many alerts that the reader sees nobody has taken yet."""
    hidden = registry.hidden_from(reader.plays)
    return Alert.objects.filter(acknowledged_by=None, is_over=False).exclude(kind__in=hidden).count()


def named(alert: str) -> int:
    """The row that a page calls so. Raises `AlertGone`."""
    for pk in Alert.objects.values_list("pk", flat=True):
        if constant_time_compare(_name(pk), alert):
            return pk
    raise AlertGone(alert)


def _name(pk: int) -> str:
    """Rows are numbered one after the other: their numbers would say that one rang which is not the reader's to see."""
    return salted_hmac("alerts.rows", str(pk), algorithm="sha256").hexdigest()[:_NAME_LETTERS]


def clock_has_stopped(now: datetime) -> bool:
    """Nothing was done for minutes: then no alert is raised or sent either, and a page has to say so itself."""
    newest: datetime | None = PeriodicAct.objects.aggregate(newest=Max("last_done"))["newest"]
    return newest is None or now - newest > STOPPED


def _standing(row: Alert, reader: Operator, order: Sequence[str]) -> Standing:
    asked = roster.asked(row, order)
    return Standing(
        row,
        _name(row.pk),
        registry.sentence(row.kind),
        _page_for(reader, row.kind),
        asked,
        is_for_you=reader in asked,
        is_to_take=row.acknowledged_by_id is None and roster.takes(reader, row, order),
        all_asked=row.step >= len(order),
    )


def _page_for(reader: Operator, kind: str) -> str:
    """Where the reader looks; nothing where that page is another office's: it would not be there for them."""
    page = registry.page(kind)
    act = getattr(resolve(reverse(page)).func, "act", "") if page else ""
    return page if not act or roles.may(reader.plays, act) else ""
