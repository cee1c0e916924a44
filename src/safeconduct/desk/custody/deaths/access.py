# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each office sees of a death. Opening what is sealed is an act, and recorded."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.deaths.acts import CAUSE, TOLD
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold

P = PersonEvent
SHOWN = 200
STEPS = (P.DIED, P.DEATH_EXAMINED, P.DEATH_CERTIFIED, P.BURIED, P.DEATH_UNEXPLAINED, P.INQUIRY_OPENED)


@dataclass(frozen=True, slots=True)
class Known:
    """What opens for the reader's team; None for what is sealed to others, or not written."""

    told: DeathTold | None
    cause: CauseOfDeath | None


@dataclass(frozen=True, slots=True)
class Line:
    """One death on the list: the day of each step that was taken."""

    person: Person
    days: dict[PersonEvent, date]

    @property
    def lacks_inquiry(self) -> bool:
        return P.DEATH_UNEXPLAINED in self.days and P.INQUIRY_OPENED not in self.days


@transaction.atomic
def known(keyring: Keyring, person: Person) -> Known:
    """Raises `NotAdmitted`, `Tampered`."""
    team = keyring.operator.plays.team
    if team not in CAUSE.teams:
        return Known(None, None)
    audit.record(keyring.operator, "deaths.read", person.number)
    told = sealed.newest(keyring, person, TOLD) if team in TOLD.teams else None
    return Known(told, sealed.newest(keyring, person, CAUSE))


def days_of(person: Person) -> dict[PersonEvent, date]:
    """The steps that stand, each with its last day."""
    rows = person.events.filter(kind__in=[event.value for event in STEPS], stands=True).order_by("happened", "pk")
    return {PersonEvent(row.kind): row.happened for row in rows}


def deaths() -> list[Line]:
    """The last so many, the latest first; those whose inquiry is missing before all others."""
    last = EventRow.objects.filter(kind=P.DIED.value, stands=True).order_by("-happened", "-pk")[:SHOWN]
    people = [row.person for row in last.select_related("person") if row.person]
    lines = [Line(person, days_of(person)) for person in dict.fromkeys(people)]
    return sorted(lines, key=lambda line: not line.lacks_inquiry)
