# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each office sees of a death. Opening what is sealed is an act, and recorded."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.deaths.acts import CAUSE, TOLD
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Owed, Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
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


def is_there(role: Role, person: Person) -> bool:
    """Whether there is a page of their death: of somebody who lives it is there for the registrars, who begin it."""
    return roles.may(role, "custody.death_write") or P.DIED in days_of(person)


def days_of(person: Person) -> dict[PersonEvent, date]:
    """The steps that stand, each with its last day."""
    return _days([person]).get(person.pk, {})


def deaths() -> list[Line]:
    """Whose inquiry is missing, and then the last so many, the latest first."""
    waiting = Owed.objects.filter(duty="inquiry").select_related("person").order_by("due", "pk")
    died = EventRow.objects.filter(kind=P.DIED.value, stands=True).select_related("person")
    last = died.order_by("-happened", "-pk")[:SHOWN]
    people = list(
        dict.fromkeys([one.person for one in waiting if one.person] + [one.person for one in last if one.person])
    )
    days = _days(people)
    return [Line(person, days.get(person.pk, {})) for person in people]


def _days(people: list[Person]) -> dict[int, dict[PersonEvent, date]]:
    steps = [event.value for event in STEPS]
    rows = EventRow.objects.filter(person__in=people, kind__in=steps, stands=True).order_by("happened", "pk")
    told: dict[int, dict[PersonEvent, date]] = {}
    for person, kind, day in rows.values_list("person_id", "kind", "happened"):
        told.setdefault(person or 0, {})[PersonEvent(kind)] = day
    return told
