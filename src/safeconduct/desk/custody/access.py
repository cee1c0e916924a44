# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody's people may look at. Reading a prisoner's details is an act of its own, and recorded."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import bounds, numbers, offices, sealed
from safeconduct.desk.custody.duties import BY_CODE, TABLE, Duty
from safeconduct.desk.custody.models import Camp, Former, Owed, Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.reception import Received

SOON = timedelta(days=2)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One duty on the board: how much of it is late, due within two days, and owed in all."""

    duty: Duty
    late: int
    soon: int
    owed: int


def seen_by(role: Role) -> tuple[Duty, ...]:
    """The duties whose state this role may see."""
    office = offices.office_of(role)
    return tuple(duty for duty in TABLE if office in duty.seen_by)


def board(operator: Operator, today: date, camp: Camp | None = None) -> list[Line]:
    """Each duty of the operator's office of which anything is owed: what is late first."""
    rows = _within(operator, Owed.objects.filter(duty__in=[duty.code for duty in seen_by(operator.plays)]))
    if camp is not None:
        rows = rows.filter(camp=camp)
    # By day, because the days are few: SQLite walks its index, PostgreSQL hashes; told to sort, it would walk as well, twice as slowly.
    owed: dict[str, Counter[str]] = defaultdict(Counter)
    for code, due, count in rows.values_list("duty", "due").annotate(Count("pk")).order_by():
        owed[code].update(
            {"owed": count, "late": count * (due < today), "soon": count * (today <= due <= today + SOON)}
        )
    lines = [Line(BY_CODE[code], told["late"], told["soon"], told["owed"]) for code, told in owed.items()]
    return sorted(lines, key=lambda line: (-line.late, -line.soon, line.duty.code))


def owed_of(operator: Operator, duty: Duty, camp: Camp | None = None) -> QuerySet[Owed]:
    """The first so many of what is owed of one duty, the most overdue first."""
    rows = _within(operator, Owed.objects.filter(duty=duty.code))
    rows = rows.select_related("person", "camp").order_by("due", "pk")
    return (rows if camp is None else rows.filter(camp=camp))[:SHOWN]


def owed_to(person: Person, role: Role) -> list[tuple[Duty, Owed]]:
    """What this role may know of what is owed to a person."""
    mine = {duty.code for duty in seen_by(role)}
    return [(BY_CODE[row.duty], row) for row in person.owed.filter(duty__in=mine).order_by("due")]


def people(operator: Operator, number: str = "") -> QuerySet[Person]:
    """Those whose number begins so, in order. A commander finds those of their camps."""
    found = Person.objects.select_related("camp").order_by("number")
    if bounds.is_bound(operator):
        found = found.filter(camp__in=bounds.camps_of(operator))
    return found.filter(number__startswith=numbers.plain(number))[:SHOWN]


def former(operator: Operator, number: str) -> QuerySet[Former]:
    """Numbers that begin so and that somebody had before; nothing while nothing is typed. A commander finds those of their camps."""
    begins = numbers.plain(number)
    found = Former.objects.filter(number__startswith=begins) if begins else Former.objects.none()
    found = found.exclude(number=F("person__number")).select_related("person__camp")
    if bounds.is_bound(operator):
        found = found.filter(person__camp__in=bounds.camps_of(operator))
    return found[:SHOWN]


def _within(operator: Operator, rows: QuerySet[Owed]) -> QuerySet[Owed]:
    return rows.filter(camp__in=bounds.camps_of(operator)) if bounds.is_bound(operator) else rows


@transaction.atomic
def identity(keyring: Keyring, person: Person) -> Received | None:
    """Who the person said they are. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.identity", person.number)
    return sealed.identity(keyring, person)
