# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the medical office looks at. Opening a sheet is an act, and recorded; the lists stand in clear."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.medical import sheets
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import LEAVES, PersonEvent
from safeconduct.vocabulary.medical import HealthWord

P = PersonEvent
SHOWN = 100  # as many as are inspected in a day, and as one page holds
SOON = timedelta(days=7)
_TURNS = [P.SERIOUSLY_ILL.value, P.NO_LONGER_SERIOUSLY_ILL.value, *(event.value for event in LEAVES)]


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
    due: date | None


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
    of = Q(owed__duty="inspection")
    camps = Camp.objects.filter(is_open=True).annotate(
        due=Count("owed", filter=of & Q(owed__due__lte=today + SOON)),
        late=Count("owed", filter=of & Q(owed__due__lt=today)),
        reviews=Count("owed", filter=Q(owed__duty="review")),
    )
    return [Ward(camp, camp.due, camp.late, camp.reviews) for camp in camps]


def to_inspect(camp: Camp, today: date, *, everyone: bool = False) -> list[Owed]:
    """Who is late or due within a week, the most overdue first; `everyone` else of the camp behind them."""
    rows = Owed.objects.filter(duty="inspection", camp=camp).select_related("person").order_by("due", "person__number")
    return list((rows if everyone else rows.filter(due__lte=today + SOON))[:SHOWN])


def of_duty(code: str) -> QuerySet[Owed]:
    """Those of whom a duty of this office is owed: a review, a word before a transfer."""
    return Owed.objects.filter(duty=code).select_related("person", "camp").order_by("due", "person__number")[:SHOWN]


def seriously_ill() -> list[Ill]:
    """Of whom a weekly word is owed, the longest ill first."""
    last: dict[int, EventRow] = {}
    for row in EventRow.objects.filter(
        kind__in=_TURNS, stands=True, person__events__kind=P.SERIOUSLY_ILL.value
    ).order_by("happened", "pk"):
        last[row.person_id or 0] = row
    begun = [row for row in last.values() if row.kind == P.SERIOUSLY_ILL.value]
    people = Person.objects.select_related("camp").in_bulk([row.person_id for row in begun if row.person_id])
    return sorted((_ill(people[row.person_id or 0]) for row in begun), key=lambda one: (one.since, one.person.number))


def is_seriously_ill(person: Person) -> bool:
    row = person.events.filter(kind__in=_TURNS, stands=True).order_by("happened", "pk").last()
    return row is not None and row.kind == P.SERIOUSLY_ILL.value


def _ill(person: Person) -> Ill:
    rows = person.events.filter(stands=True)
    begun = rows.filter(kind=P.SERIOUSLY_ILL.value).order_by("happened").last()
    told = rows.filter(kind=P.BUREAU_TOLD_HEALTH.value).order_by("happened").last()
    owed = person.owed.filter(duty="seriously-ill").first()
    since = begun.happened if begun else date.min
    return Ill(person, since, told.happened if told else None, owed.due if owed else None)
