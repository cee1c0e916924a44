# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on somebody's medical sheet, opened with the key of whoever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.medical.weights import Loss, Weighed, losses
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.sealed import Page
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
    return Sheet(state, _inspections(keyring, person, state), _notes(keyring, person))


def _inspections(keyring: Keyring, person: Person, state: StateOnArrival) -> tuple[Inspected, ...]:
    """Of each event the newest page, as long as the event stands."""
    newest = {written.record.event: written.record for written in sealed.every(keyring, person, INSPECTION)}
    rows = _standing(person, newest, PersonEvent.INSPECTED)
    told = losses([Weighed(row.happened, newest[row.pk].grams) for row in rows], state.centimetres)
    return tuple(Inspected(row.pk, row.happened, newest[row.pk], told.get(row.happened, ())) for row in rows)


def _notes(keyring: Keyring, person: Person) -> tuple[Noted, ...]:
    newest = {written.record.event: written.record for written in sealed.every(keyring, person, NOTE)}
    return tuple(Noted(row, newest[row.pk]) for row in _standing(person, newest))


def _standing(person: Person, among: Iterable[int], kind: PersonEvent | None = None) -> list[EventRow]:
    rows = person.events.filter(pk__in=list(among), stands=True).order_by("happened", "pk")
    return list(rows if kind is None else rows.filter(kind=kind.value))
