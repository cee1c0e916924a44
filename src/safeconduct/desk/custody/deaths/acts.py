# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done when somebody has died. Each day is an event in clear, from which the Bureau's duty follows; all else is sealed."""

from collections.abc import Mapping
from datetime import date

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, newest, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.deaths.errors import BeforeDeath, CauseNeeded, NoInquiryNeeded, NotDead
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.sealed import BUREAU, CUSTODY, Page
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold, Manner

P = PersonEvent
MEDICAL = "medical"
TOLD = Page("death", DeathTold, (CUSTODY, BUREAU))
CAUSE = Page("death-cause", CauseOfDeath, (MEDICAL, CUSTODY, BUREAU))
# The days that a registrar writes down, in the order in which they come.
DAYS = (P.DIED, P.DEATH_CERTIFIED, P.BURIED, P.INQUIRY_OPENED)


@crossing.act
def write(keyring: Keyring, person: Person, days: Mapping[PersonEvent, date], told: DeathTold, *, seen: str) -> None:
    """What the registrar knows by now. A day that changed corrects its event; one that is missing leaves it.

    `seen`: what the page was shown with, so that none overwrites what a colleague has written since.

    Raises `WrittenMeanwhile`, `NotDead`, `BeforeDeath`, `NoInquiryNeeded`, `DayRefused`, `NobodyReads`.
    """
    newest.require_seen(keyring, person, TOLD, seen)
    if P.DIED not in days and standing(person, P.DIED) is None:
        raise NotDead
    for event in DAYS:
        if event in days:
            _set(keyring, person, event, days[event])
    sealed.keep(person, TOLD, told, entered=acts.today())
    audit.record(keyring.operator, "deaths.written", person.number)


@crossing.act
def examine(keyring: Keyring, person: Person, day: date, found: CauseOfDeath) -> None:
    """A doctor's examination. What is violent or unknown is so in clear, and an inquiry is owed at once (art. 121).

    What was unexplained once stays so whatever is written later: an inquiry answers it, no second opinion. It goes with the death alone.
    Raises `NotDead`, `BeforeDeath`, `CauseNeeded`, `DayRefused`, `NobodyReads`.
    """
    if found.manner is not Manner.UNKNOWN and not found.cause:
        raise CauseNeeded
    _set(keyring, person, P.DEATH_EXAMINED, day)
    if found.manner.needs_inquiry and standing(person, P.DEATH_UNEXPLAINED) is None:
        died = standing(person, P.DIED)  # from that day on: an inquiry may well be older than the examination
        acts.happen(keyring.operator, person, P.DEATH_UNEXPLAINED, When(died.happened if died is not None else day))
    sealed.keep(person, CAUSE, found, entered=acts.today())
    audit.record(keyring.operator, "deaths.examined", person.number)


def standing(person: Person, event: PersonEvent) -> EventRow | None:
    """The last that stands."""
    return person.events.filter(kind=event.value, stands=True).order_by("happened", "pk").last()


def _set(keyring: Keyring, person: Person, event: PersonEvent, day: date) -> None:
    died, row = standing(person, P.DIED), standing(person, event)
    if event is not P.DIED and died is not None and day < died.happened:
        raise BeforeDeath
    if event is P.INQUIRY_OPENED and standing(person, P.DEATH_UNEXPLAINED) is None:
        raise NoInquiryNeeded
    if row is None:
        acts.happen(keyring.operator, person, event, When(day))
    elif row.happened != day:
        acts.amend(person, row.pk, When(day))
