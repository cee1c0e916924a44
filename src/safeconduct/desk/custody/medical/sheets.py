# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on somebody's medical sheet, opened with the key of whoever reads it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.medical.weights import Loss, Weighed, losses
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.sealed import Page, Written
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.medical import HealthWord, Inspection, MedicalNote, StateOnArrival

TEAM = "medical"
INSPECTION = Page("inspection", Inspection, (TEAM,))
STATE = Page("medical", StateOnArrival, (TEAM,))
NOTE = Page("medical-note", MedicalNote, (TEAM,))
WORD = Page("health-word", HealthWord, (TEAM, sealed.BUREAU))


@dataclass(frozen=True, slots=True)
class Inspected:
    """One inspection that stands, and why its weight calls for a review."""

    event: int
    day: date
    record: Inspection
    why: tuple[Loss, ...]

    @property
    def kilograms(self) -> str:
        return kilograms(self.record.grams)


@dataclass(frozen=True, slots=True)
class Noted:
    """A note beside the event it tells of."""

    row: EventRow
    record: MedicalNote


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it, inspections and notes from the first to the last."""

    state: StateOnArrival
    inspections: tuple[Inspected, ...]
    notes: tuple[Noted, ...]


def kilograms(grams: int) -> str:
    """With one decimal, as a scale shows it."""
    return f"{grams / 1000:.1f}"


def sheet_of(keyring: Keyring, person: Person) -> Sheet:
    """Raises `NotAdmitted`, `Tampered`."""
    state = sealed.newest(keyring, person, STATE) or StateOnArrival()
    return Sheet(state, inspections_of(keyring, [person])[person.pk], _notes(keyring, person))


def inspections_of(keyring: Keyring, people: Collection[Person]) -> dict[int, tuple[Inspected, ...]]:
    """The same of each of several people: their inspections alone. Raises `NotAdmitted`, `Tampered`."""
    pks = [person.pk for person in people]
    states, pages = sealed.last_of(pks, keyring, STATE), sealed.every_of(pks, keyring, INSPECTION)
    rows = EventRow.objects.filter(person__in=pks, kind=PersonEvent.INSPECTED.value, stands=True)
    events: dict[int, list[EventRow]] = {pk: [] for pk in pks}
    for row in rows.order_by("happened", "pk"):
        events[row.person_id or 0].append(row)
    return {pk: _inspected(pages.get(pk, []), events[pk], states.get(pk, StateOnArrival())) for pk in pks}


def _inspected(
    pages: Iterable[Written[Inspection]], events: Iterable[EventRow], state: StateOnArrival
) -> tuple[Inspected, ...]:
    """Of each event that stands the newest page."""
    newest = {written.record.event: written.record for written in pages}
    rows = [row for row in events if row.pk in newest]
    told = losses([Weighed(row.happened, newest[row.pk].grams) for row in rows], state.centimetres)
    return tuple(Inspected(row.pk, row.happened, newest[row.pk], told.get(row.happened, ())) for row in rows)


def _notes(keyring: Keyring, person: Person) -> tuple[Noted, ...]:
    newest = {written.record.event: written.record for written in sealed.every(keyring, person, NOTE)}
    return tuple(Noted(row, newest[row.pk]) for row in _standing(person, newest))


def _standing(person: Person, among: Iterable[int]) -> list[EventRow]:
    return list(person.events.filter(pk__in=list(among), stands=True).order_by("happened", "pk"))
