# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who arrive together. Every row that can be entered is; one that cannot is told why and holds up no other.

The same sheet sent again enters nobody twice: what has changed in a row is written anew, what has not is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, forms, owing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CampClosed, CustodyError, WrittenMeanwhile
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.reception import health
from safeconduct.desk.custody.reception.errors import NumberMissing, TwiceOnSheet
from safeconduct.desk.custody.reception.models import Row, Sheet
from safeconduct.desk.custody.reception.sheet import FIELDS, Typed
from safeconduct.desk.custody.row_names import Table, name
from safeconduct.desk.custody.sealed import Written
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.reception import HealthOnArrival, Received


@dataclass(frozen=True, slots=True)
class Common:
    """What stands once at the head of a sheet, for whoever is new on it."""

    camp: Camp
    day: date
    language: str = ""
    power: str = ""
    in_power_since: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: a person, or the refusal."""

    typed: Typed
    person: Person | None = None
    refused: CustodyError | None = None


@crossing.act
def enter(keyring: Keyring, ticket: bytes, common: Common, rows: Sequence[Typed]) -> list[Outcome]:
    """Enter a sheet, or what has changed of it. Raises `CampClosed`; what is wrong with a row stands in its outcome."""
    sheet = _sheet(ticket, common)
    done: set[str] = set()
    outcomes = []
    with owing.together():
        acts.hold(sheet.rows.values_list("person_id", flat=True))  # nobody writes a page of theirs meanwhile
        for typed in rows:
            number = typed.number.upper()
            outcomes.append(_refused(typed, TwiceOnSheet()) if number in done else _row(keyring, sheet, common, typed))
            done |= {number} - {""}
    if not sheet.rows.exists():
        sheet.delete()
    return outcomes


@dataclass(frozen=True, slots=True)
class Kept:
    """One person of a sheet, as the register has them now; `page` names the page of details that was read."""

    person: Person
    known: Received
    page: str
    health: tuple[str, ...]
    is_young: bool


@transaction.atomic
def read(keyring: Keyring, sheet: Sheet) -> list[Kept]:
    """Everybody of a sheet. One act of reading. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "reception.sheet", f"{sheet.camp.name} {sheet.day.isoformat()}")
    people = [row.person for row in sheet.rows.select_related("person__camp")]
    young, rows = health.suspected(people), [person.pk for person in people]
    pages, states = sealed.every_of(rows, keyring, sealed.IDENTITY), sealed.last_of(rows, keyring, sealed.HEALTH)
    return [_kept(one, pages[one.pk][-1], states.get(one.pk), is_young=one.pk in young) for one in people]


def _kept(person: Person, last: Written[Received], said: HealthOnArrival | None, *, is_young: bool) -> Kept:
    states = tuple(one.value for one in said.states) if said else ()
    return Kept(person, last.record, name(Table.SEALED, last.pk), states, is_young)


def _sheet(ticket: bytes, common: Common) -> Sheet:
    """Held, so that a page sent twice at one moment is entered once."""
    if not common.camp.is_open:
        raise CampClosed
    defaults = {"camp": common.camp, "day": common.day, "entered": acts.today()}
    made, _is_new = Sheet.objects.get_or_create(ticket=ticket, defaults=defaults)
    Sheet.objects.select_for_update().get(pk=made.pk)
    return Sheet.objects.select_related("camp").get(pk=made.pk)


def _row(keyring: Keyring, sheet: Sheet, common: Common, typed: Typed) -> Outcome:
    if not typed.number:
        return _refused(typed, NumberMissing())
    try:
        with transaction.atomic():
            return Outcome(typed, _entered(keyring, sheet, common, typed))
    except CustodyError as error:
        return _refused(typed, error)


def _entered(keyring: Keyring, sheet: Sheet, common: Common, typed: Typed) -> Person:
    row = sheet.rows.filter(person__number=typed.number.upper()).select_related("person__camp").first()
    if row is None:
        person = acts.register(keyring.operator, typed.number, sheet.camp, _new(common, typed), When(sheet.day))
        Row.objects.create(sheet=sheet, person=person)
    else:
        person = row.person
        _write(keyring, person, common, typed)
    if typed.health is not None:
        health.tick(keyring, person, typed.health)
    if typed.is_young:
        health.suspect(keyring.operator, person, When(sheet.day))
    return person


def _new(common: Common, typed: Typed) -> Received:
    head = {"power": common.power, "in_power_since": common.in_power_since}
    said = forms.received({**typed.said, **head, "language": _language(common, typed)})
    forms.require_one_birth(said)
    return said


def _language(common: Common, typed: Typed) -> str:
    """Whoever was asked nothing was asked in no language (R22)."""
    return typed.said.get("language", "") or (common.language if typed.has_details else "")


def _write(keyring: Keyring, person: Person, common: Common, typed: Typed) -> None:
    """What the row says now, over all else that is known. A row that changes nothing writes nothing."""
    pages = sealed.every(keyring, person, sealed.IDENTITY)
    last = pages[-1]
    said = forms.received({**typed.said, "language": _language(common, typed), "power": last.record.power}, last.record)
    forms.require_one_birth(said, last.record)
    new = {name: getattr(said, name) for name in (*FIELDS, "equivalent")}
    after = msgspec.structs.replace(last.record, **new)
    if after == last.record:
        return
    is_first_sending = not typed.seen and len(pages) == 1  # the page was sent, gone back to, and mended
    if typed.seen != name(Table.SEALED, last.pk) and not is_first_sending:
        raise WrittenMeanwhile
    acts.describe(keyring.operator, person, after, last.record)


def _refused(typed: Typed, error: CustodyError) -> Outcome:
    return Outcome(typed, refused=error)
