# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with lists of who travels: each one act, one transaction, one entry in the record. List first, then everything else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.duties import MONTH
from safeconduct.desk.custody.errors import CampClosed
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.movements import comrades, following, known, languages
from safeconduct.desk.custody.movements.audited import STAYED
from safeconduct.desk.custody.movements.errors import (
    MOST,
    DayBefore,
    DepartsBefore,
    DepartsFar,
    ListedAlready,
    NoAddress,
    NobodyListed,
    NoDoctorsWord,
    NoSuchList,
    NotFromTransit,
    NotThere,
    NotTold,
    NotToTravel,
    SameCamp,
)
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.movements.states import WAITING, Kind, Mark, State, Step
from safeconduct.desk.custody.movements.states import after as state_after
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import CampKind, PersonEvent

P = PersonEvent
_SOON = timedelta(days=MONTH)
_CALLED_OFF = {Kind.EVACUATION: P.EVACUATION_CALLED_OFF, Kind.TRANSFER: P.TRANSFER_CALLED_OFF}
_LISTS = {Kind.EVACUATION: P.LISTED_FOR_EVACUATION, Kind.TRANSFER: P.TRANSFER_PLANNED}
_DEPARTS = {Kind.EVACUATION: P.DEPARTED, Kind.TRANSFER: P.TRANSFER_DEPARTED}
_ARRIVES = {Kind.EVACUATION: (P.ARRIVED,), Kind.TRANSFER: (P.TRANSFERRED, P.ARRIVED)}
_WORDS = (P.TRANSFER_PASSED.value, P.TRANSFER_REFUSED.value)


@dataclass(frozen=True, slots=True)
class Plan:
    """From where to where, and on which day they are to leave."""

    kind: Kind
    origin: Camp
    to: Camp
    departs: date


@crossing.act
def draw_up(actor: Operator, plan: Plan, people: Sequence[Person], when: When) -> Movement:
    """The list, before anybody leaves. A full camp is no reason against it; a closed one is.

    Raises `SameCamp`, `NotFromTransit`, `CampClosed`, `DayBefore`, `DepartsFar`, `DayRefused`, `NobodyListed`, `NotThere`, `ListedAlready`, `NotToTravel`.
    """
    if plan.origin == plan.to:
        raise SameCamp
    if plan.kind is Kind.EVACUATION and plan.origin.kind != CampKind.TRANSIT.value:
        raise NotFromTransit
    if plan.departs < when.day:
        raise DepartsBefore
    if plan.departs > when.day + _SOON:
        raise DepartsFar
    _require_open(plan.to)
    movement = Movement.objects.create(
        kind=plan.kind.value, origin=plan.origin, to=plan.to, drawn_up=when.day, departs=plan.departs
    )
    _put(actor, movement, people, when)
    audit.record(actor, "movements.drawn_up", subject(movement))
    return movement


@crossing.act
def add(actor: Operator, movement: Movement, people: Sequence[Person], when: When) -> None:
    """More people for the list. Raises `StepRefused` and what `draw_up` raises."""
    movement = _step(movement, Step.CHANGE)
    _not_before(movement.drawn_up, when)
    _put(actor, movement, people, when)
    audit.record(actor, "movements.added", f"{subject(movement)}: {len(people)}")


@crossing.act
def strike(actor: Operator, row: Listed, when: When) -> None:
    """One person stays after all. Raises `StepRefused`, `DayRefused`."""
    movement = _step(row.movement, Step.STRIKE)
    if row.mark not in {Mark.GOES.value, Mark.NOT_TO_TRAVEL.value}:
        raise NoSuchList
    _mark([row], Mark.STRUCK)
    _call_off(actor, movement, [row.person], when)
    audit.record(actor, "movements.struck", row.person.number)


@crossing.act
def tell(actor: Operator, movement: Movement, when: When) -> None:
    """All who go have been told where, and the new address (art. 48). Raises `StepRefused`, `NoAddress`, `DayBefore`."""
    movement = _step(movement, Step.TELL)
    _not_before(movement.drawn_up, when)
    if not movement.to.address:
        raise NoAddress
    told = _since(movement, [P.TRANSFER_TOLD.value])
    people = [row.person for row in going(movement) if row.person_id not in told]
    register.happen_to_all(actor, people, [P.TRANSFER_TOLD], when)
    audit.record(actor, "movements.told", f"{subject(movement)}: {len(people)}")


@crossing.act
def say_fit(actor: Operator, movement: Movement, rows: Sequence[Listed], when: When, *, fit: bool) -> None:
    """A doctor's word on people of a list. A no takes them off it, and nothing departs with them (art. 47).

    Raises `StepRefused`, `DayBefore`, `DayRefused`.
    """
    movement = held(movement.pk)
    state_after(Kind(movement.kind), State(movement.state), Step.STRIKE)
    _not_before(movement.drawn_up, when)
    people = [row.person for row in rows if row.movement_id == movement.pk and row.mark == Mark.GOES.value]
    register.happen_to_all(actor, people, [P.TRANSFER_PASSED if fit else P.TRANSFER_REFUSED], when)
    numbers = " ".join(person.number for person in people[:8])  # an entry of the record has one size
    audit.record(actor, "movements.passed" if fit else "movements.refused", f"{subject(movement)}: {numbers}")


@crossing.act
def depart(actor: Operator, movement: Movement, stayed: Collection[int], when: When) -> None:
    """They leave, all but those rows that stayed. All of it, or nothing.

    Raises `StepRefused`, `CampClosed`, `DayBefore`, `DayRefused`, `NobodyListed`, `NotThere`, `NotTold`, `NoDoctorsWord`,
    `NotToTravel`, `ComradesParted`.
    """
    movement = _step(movement, Step.DEPART)
    _not_before(movement.drawn_up, when)
    _require_open(movement.to)
    rows = going(movement)
    register.hold([row.person_id for row in rows])
    leaves, stays = [row for row in rows if row.pk not in stayed], [row for row in rows if row.pk in stayed]
    _require_ready(movement, leaves)
    Movement.objects.filter(pk=movement.pk).update(departed=when.day)
    _mark(stays, Mark.STAYED)
    _call_off(actor, movement, [row.person for row in stays if row.person.camp_id], when)
    register.happen_to_all(actor, [row.person for row in leaves], [_DEPARTS[Kind(movement.kind)]], when)
    if stays:
        raise_alert(STAYED)
    audit.record(actor, "movements.departed", f"{subject(movement)}: {len(leaves)}")


@crossing.act
def arrive(keyring: Keyring, movement: Movement, missing: Collection[int], when: When) -> int:
    """They have arrived, all but those who left on the way and those rows that are missing, for whom it alarms. How many languages are not known to the reader.

    Raises `StepRefused`, `DayBefore`, `DayRefused`, `CampClosed`.
    """
    movement = held(movement.pk)
    state = state_after(Kind(movement.kind), State(movement.state), Step.ARRIVE)
    rows = going(movement)
    gone = {row.pk for row in rows if row.person.camp_id is None}  # they left on the way: who died does not arrive
    came: list[Listed] = []
    lost: list[Listed] = []
    for row in rows:
        (lost if row.pk in missing or row.pk in gone else came).append(row)
    unknown = _came(keyring, movement, came, when)
    _mark(lost, Mark.MISSING)
    Movement.objects.filter(pk=movement.pk).update(state=state.value)
    following.watch_missing()
    audit.record(keyring.operator, "movements.arrived", f"{subject(movement)}: {len(came)}")
    return unknown


@crossing.act
def arrive_late(keyring: Keyring, row: Listed, when: When) -> None:
    """Who was missing has come. Raises `StepRefused`, `NoSuchList`, `DayBefore`, `DayRefused`, `CampClosed`."""
    movement = _step(row.movement, Step.ARRIVE_LATE)
    if row.mark != Mark.MISSING.value:
        raise NoSuchList
    _came(keyring, movement, [row], when)
    following.watch_missing()
    audit.record(keyring.operator, "movements.arrived_late", row.person.number)


@crossing.act
def call_off(actor: Operator, movement: Movement, when: When) -> None:
    """Nobody of this list leaves. Raises `StepRefused`, `DayRefused`."""
    movement = _step(movement, Step.CALL_OFF)
    _call_off(actor, movement, [row.person for row in going(movement)], when)
    audit.record(actor, "movements.called_off", subject(movement))


def subject(movement: Movement) -> str:
    """How the record names a list."""
    return f"{movement.pk} {movement.origin.name} – {movement.to.name}"


def going(movement: Movement) -> list[Listed]:
    """Those who travel, or are to."""
    rows = movement.rows.filter(mark=Mark.GOES.value)
    return list(rows.select_related("person__camp", "movement").order_by("person__number"))


def held(pk: int) -> Movement:
    """A list as it is now, for an act: others wait."""
    Movement.objects.select_for_update().get(pk=pk)
    return Movement.objects.select_related("origin", "to").get(pk=pk)


def told_since(movement: Movement) -> set[int]:
    """The persons who know of it."""
    return set(_since(movement, [P.TRANSFER_TOLD.value]))


def passed_since(movement: Movement) -> set[int]:
    """The persons of whom a doctor's last word since the list was drawn up is yes."""
    last = _since(movement, _WORDS)
    return {person for person, kind in last.items() if kind == P.TRANSFER_PASSED.value}


def _since(movement: Movement, kinds: Sequence[str]) -> dict[int, str]:
    """Of each person of the list the last such event since it was drawn up."""
    told = Event.objects.filter(
        person__listed__movement=movement, kind__in=kinds, stands=True, happened__gte=movement.drawn_up
    )
    return {row.person_id: row.kind for row in told.order_by("happened", "pk") if row.person_id}


def _put(actor: Operator, movement: Movement, people: Sequence[Person], when: When) -> None:
    people = list({person.pk: person for person in people}.values())
    _require_free(movement, people)
    for person in people:
        Listed.objects.update_or_create(movement=movement, person=person, defaults={"mark": Mark.GOES.value})
    if not 0 < len(going(movement)) <= MOST:
        raise NobodyListed
    register.happen_to_all(actor, people, [_LISTS[Kind(movement.kind)]], when)


def _require_free(movement: Movement, people: Sequence[Person]) -> None:
    """Two lists that name the same people are drawn up one after the other; in the order of their rows, so that neither waits for ever."""
    rows = Person.objects.select_for_update().filter(pk__in=[one.pk for one in people]).order_by("pk")
    here = {pk for pk, camp in rows.values_list("pk", "camp_id") if camp == movement.origin_id}
    if away := [one.number for one in people if one.pk not in here]:
        raise NotThere(away)
    open_ones = [state.value for state in (*WAITING, State.DEPARTED)]
    busy = Listed.objects.filter(person__in=people, mark=Mark.GOES.value, movement__state__in=open_ones)
    if numbers := list(busy.values_list("person__number", flat=True)):
        raise ListedAlready(numbers)
    _require_no_doctors_no(movement, people)


def _require_no_doctors_no(movement: Movement, people: Sequence[Person]) -> None:
    """No doctor is asked before an evacuation: a no said before its list binds it until a doctor says otherwise (art. 47)."""
    words = _since(movement, _WORDS) if movement.kind == Kind.TRANSFER.value else _last_words(people)
    if numbers := [one.number for one in people if words.get(one.pk) == P.TRANSFER_REFUSED.value]:
        raise NotToTravel(numbers)


def _last_words(people: Sequence[Person]) -> dict[int, str]:
    said = Event.objects.filter(person__in=people, kind__in=_WORDS, stands=True)
    return {row.person_id: row.kind for row in said.order_by("happened", "pk") if row.person_id}


def _require_ready(movement: Movement, leaves: Sequence[Listed]) -> None:
    if not leaves:
        raise NobodyListed
    if away := [row.person.number for row in leaves if row.person.camp_id != movement.origin_id]:
        raise NotThere(away)
    if movement.kind == Kind.TRANSFER.value:
        told, passed = told_since(movement), passed_since(movement)
        if numbers := [row.person.number for row in leaves if row.person_id not in told]:
            raise NotTold(numbers)
        if numbers := [row.person.number for row in leaves if row.person_id not in passed]:
            raise NoDoctorsWord(numbers)
    _require_no_doctors_no(movement, [row.person for row in leaves])
    comrades.require_together(movement.origin, [row.person for row in leaves])


def _came(keyring: Keyring, movement: Movement, rows: Sequence[Listed], when: When) -> int:
    """Enters the arrivals while the rows still say that they are awaited: the gate asks for that."""
    _not_before(movement.departed or movement.drawn_up, when)
    people = [row.person for row in rows]
    register.happen_to_all(keyring.operator, people, _ARRIVES[Kind(movement.kind)], when, camp=movement.to)
    _mark(rows, Mark.ARRIVED)
    spoken = languages.spoken_by(known.sheets_of(keyring, people))
    languages.settle(movement.to, spoken.values(), when)
    return len(people) - len(spoken)


def _call_off(actor: Operator, movement: Movement, people: Sequence[Person], when: When) -> None:
    """Ends what is owed to those who stay because they were listed."""
    _not_before(movement.drawn_up, when)
    register.happen_to_all(actor, people, [_CALLED_OFF[Kind(movement.kind)]], when)


def _step(movement: Movement, step: Step) -> Movement:
    """The list held, and moved on."""
    now = held(movement.pk)
    now.state = state_after(Kind(now.kind), State(now.state), step).value
    Movement.objects.filter(pk=now.pk).update(state=now.state)
    return now


def _mark(rows: Sequence[Listed], mark: Mark) -> None:
    Listed.objects.filter(pk__in=[row.pk for row in rows]).update(mark=mark.value)


def _not_before(day: date, when: When) -> None:
    if when.day < day:
        raise DayBefore


def _require_open(camp: Camp) -> None:
    if not Camp.objects.get(pk=camp.pk).is_open:
        raise CampClosed
