# SPDX-License-Identifier: AGPL-3.0-or-later
"""Health on arrival: field 11 of the capture card, ticked by the registrar, readable by registrars and doctors; and who may be a minor."""

from collections.abc import Collection, Iterable

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import NobodyReads
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.reception import Health, HealthOnArrival


@crossing.act
def write(keyring: Keyring, person: Person, states: Collection[Health]) -> None:
    """What was ticked, anew. Nothing is written when nothing has changed. Raises `NotAdmitted`, `NobodyReads`."""
    said = HealthOnArrival(states=tuple(one for one in Health if one in set(states)))
    before = sealed.newest(keyring, person, sealed.HEALTH)
    if said == (before or HealthOnArrival()):
        return
    try:
        sealed.keep(person, sealed.HEALTH, said, entered=acts.today())
    except UnknownTeam:
        raise NobodyReads from None
    audit.record(keyring.operator, "reception.health", person.number)


def tick(keyring: Keyring, person: Person, state: Health) -> None:
    """One word from a sheet of many rows. More that was ticked on the person's own page stays when the word is among it."""
    before = sealed.newest(keyring, person, sealed.HEALTH)
    if before is None or state not in before.states:
        write(keyring, person, [state])


@crossing.act
def read(keyring: Keyring, person: Person) -> HealthOnArrival:
    """Empty where nothing was ticked. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "reception.health_read", person.number)
    return sealed.newest(keyring, person, sealed.HEALTH) or HealthOnArrival()


@crossing.act
def suspect(actor: Operator, person: Person, when: When) -> None:
    """Somebody reviews the age (R13). Said once: a second tick adds nothing while the first stands."""
    if suspected([person]):
        return
    acts.happen(actor, person, PersonEvent.MAY_BE_MINOR, when)
    audit.record(actor, "reception.minor", person.number)


def suspected(people: Iterable[Person]) -> set[int]:
    """Those of whom it stands that they may be minors, reviewed or not."""
    found = Event.objects.filter(person__in=list(people), kind=PersonEvent.MAY_BE_MINOR.value, stands=True)
    return set(found.values_list("person_id", flat=True))
