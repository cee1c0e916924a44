# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the medical office looks at. Opening a sheet is an act, and recorded; the lists stand in clear."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.medical import sheets
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.medical import HealthWord

P = PersonEvent
SHOWN = 100  # as many as are inspected in a day, and as one page holds
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ward:
    """A camp as the medical office sees it: who is to be inspected, how many of them late."""

    camp: Camp
    due: int
    late: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Ill:
    """Somebody seriously ill: since when, and when the Bureau last passed on a word."""

    person: Person
    since: date
    told: date | None
    due: date


@transaction.atomic
def sheet(keyring: Keyring, person: Person) -> sheets.Sheet:
    """Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "medical.read", person.number)
    return sheets.sheet_of(keyring, person)


@transaction.atomic
def word(keyring: Keyring, person: Person) -> HealthWord | None:
    """The last one. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "medical.heard", person.number)
    return sealed.newest(keyring, person, sheets.WORD)


def wards(today: date) -> list[Ward]:
    """Every open camp, in the order of names."""
    inspections = Owed.objects.filter(duty="inspection", due__lte=today + SOON).order_by().values("camp")
    told = {
        row["camp"]: (row["number"], row["late"])
        for row in inspections.annotate(number=Count("pk"), late=Count("pk", filter=Q(due__lt=today)))
    }
    reviews = Owed.objects.filter(duty="review").order_by().values("camp").annotate(number=Count("pk"))
    to_review = {row["camp"]: row["number"] for row in reviews}
    camps = Camp.objects.filter(is_open=True)
    return [Ward(camp, *told.get(camp.pk, (0, 0)), to_review.get(camp.pk, 0)) for camp in camps]


def to_inspect(camp: Camp, today: date, *, everyone: bool = False) -> list[Owed]:
    """Who is late or due within a week, the most overdue first; `everyone` else of the camp behind them."""
    rows = Owed.objects.filter(duty="inspection", camp=camp).select_related("person").order_by("due", "person__number")
    return list((rows if everyone else rows.filter(due__lte=today + SOON))[:SHOWN])


def of_duty(code: str) -> QuerySet[Owed]:
    """Those of whom a duty of this office is owed: a review, a word before a transfer."""
    return (
        Owed.objects.filter(duty=code).select_related("person__camp", "camp").order_by("due", "person__number")[:SHOWN]
    )


def seriously_ill() -> list[Ill]:
    """Of whom a weekly word is owed, who has waited longest first."""
    rows = list(of_duty("seriously-ill"))
    begun, told = _last(rows, P.SERIOUSLY_ILL), _last(rows, P.BUREAU_TOLD_HEALTH)
    people = [(row, cast("Person", row.person)) for row in rows]
    return [Ill(one, begun.get(one.pk, row.since), told.get(one.pk), row.due) for row, one in people]


def is_seriously_ill(person: Person) -> bool:
    return person.owed.filter(duty="seriously-ill").exists()


def _last(rows: Iterable[Owed], kind: PersonEvent) -> dict[int, date]:
    """The last day of such an event of each of these people."""
    events = EventRow.objects.filter(person__in=[row.person_id for row in rows], kind=kind.value, stands=True)
    return dict(events.order_by().values_list("person").annotate(Max("happened")))
