# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody is held follows from the events that moved them: on which day each counts, and what of them a correction may not do.

One office alone makes nobody vanish: whoever was registered is held somewhere, or an event that stands says how they left (R27).
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from safeconduct.desk.custody.errors import DayRefused, LastArrival, MovesBySide, MovesRest
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import LEAVES, PersonEvent, Precision

P = PersonEvent
MOVES = frozenset({P.ARRIVED, P.TRANSFERRED})
PLACES = MOVES | LEAVES  # what says where somebody is; nothing else does
_MOVES = frozenset(event.value for event in MOVES)
_LEAVES = frozenset(event.value for event in LEAVES)
_FREED = frozenset({P.RELEASED, P.REPATRIATED})
_ILLNESS = frozenset(
    {P.FELL_SICK, P.TAKEN_TO_HOSPITAL, P.SERIOUSLY_ILL}
)  # who fell ill elsewhere is in nobody's care here
# What led to the arrival may well be earlier than it.
_EARLIER = frozenset({P.DEPARTED, P.TRANSFER_DEPARTED, P.LISTED_FOR_EVACUATION, P.EFFECTS_TAKEN, P.EFFECTS_RECEIPTED})
Journeys = frozenset[tuple[int, int]]


def day_of(rows: Collection[EventRow], event: PersonEvent, day: date, precision: Precision) -> date:
    """The day that is kept of an event of somebody of whom `rows` stand: of a month or a year the first that it can have been.

    An inspection dated before arrival tells of nothing. Who left in the month in which they came left after they came. Raises `DayRefused`.
    """
    last = last_of(day, precision)
    came = min((row.happened for row in rows if row.kind == P.ARRIVED.value), default=None)
    if came is not None and event not in _EARLIER and last < came:
        raise DayRefused("before")
    if event in PLACES and precision is not Precision.DAY:
        day = max([day, *(row.happened for row in rows if row.kind in _before(event) and row.happened <= last)])
    _after_no_death(rows, event, day)
    _while_held(rows, event, day, last)
    return day


def place(rows: Collection[EventRow]) -> Camp | None:
    """The camp of the last event that moved them, whatever the order in which papers come in; nowhere once that took them away."""
    last = max(rows, key=lambda row: (row.happened, row.kind == P.DIED.value, first_entry(row)), default=None)
    return last.camp if last is not None and last.kind in _MOVES else None


def journeys(person: Person) -> Journeys:
    """From which camp to which they went while they were held, by what stands."""
    held, found = None, set()
    for row in sorted(standing(person), key=lambda row: (row.happened, first_entry(row))):
        there = row.camp_id if row.kind in _MOVES else None
        if held is not None and there is not None and there != held:
            found.add((held, there))
        held = there
    return frozenset(found)


def require_sound(person: Person, old: EventRow, before: Journeys) -> None:
    """What stands after a correction leaves them somewhere, and takes them nowhere that no list did (R24, R34).

    `person` is still where they were before it. Raises `LastArrival`, `MovesBySide`, `MovesRest`.
    """
    rows = standing(person)
    if old.kind in _MOVES and not any(row.kind in _MOVES for row in rows):
        raise LastArrival
    if journeys(person) - before:
        raise MovesBySide
    if old.kind in _LEAVES and (place(rows) != person.camp or not any(row.corrects_id == old.pk for row in rows)):
        _require_nothing_rests(old, rows)


def twin(old: EventRow, rows: Collection[EventRow]) -> EventRow | None:
    """What one act entered together with this arrival or transfer, and tells of the same journey; `rows` stand.

    A list enters the transfer first, an arrival by hand brings it along. Whoever comes back to a camp on one day has two journeys.
    """
    waits: EventRow | None = None
    for row in sorted((one for one in rows if one.kind in _MOVES), key=first_entry):
        if waits is None or not _is_one_journey(waits, row):
            waits = row
            continue
        if old in (waits, row):
            return row if old == waits else waits
        waits = None
    return None


def standing(person: Person) -> list[EventRow]:
    """All that moved them or took them away."""
    return standing_of([person])[person.pk]


def standing_of(people: Collection[Person]) -> dict[int, list[EventRow]]:
    """The same of each of these people."""
    found: dict[int, list[EventRow]] = {person.pk: [] for person in people}
    rows = EventRow.objects.filter(person__in=list(found), kind__in=[*_MOVES, *_LEAVES], stands=True)
    for row in rows.select_related("camp", "corrects"):
        found[row.person_id or 0].append(row)
    return found


def _is_one_journey(one: EventRow, other: EventRow) -> bool:
    """There is no column for it: what was entered before there could be one has its twin as well."""
    told = [(row.camp_id, row.happened, row.precision, row.entered) for row in (one, other)]
    return one.kind != other.kind and told[0] == told[1]


def _require_nothing_rests(old: EventRow, rows: Iterable[EventRow]) -> None:
    """Who was held nowhere was taken in without a list: to say that they never left would have moved them without one."""
    first = first_entry(old)
    if any(row.kind in _MOVES and row.camp_id != old.camp_id and first_entry(row) > first for row in rows):
        raise MovesRest


def _after_no_death(rows: Iterable[EventRow], event: PersonEvent, day: date) -> None:
    """Nobody is moved once they are dead, and nobody was set free who then died here. A wrong death is corrected first."""
    if event in MOVES and any(row.kind == P.DIED.value and row.happened <= day for row in rows):
        raise DayRefused("died")
    if event is P.DIED and any(row.kind in _MOVES and row.happened > day for row in rows):
        raise DayRefused("moved")
    if event is P.DIED and any(row.kind == P.DIED.value for row in rows):
        raise DayRefused("left")
    if event in _FREED and any(row.kind == P.DIED.value for row in rows):  # the Bureau was told that they died here
        raise DayRefused("dead")


def _while_held(rows: Collection[EventRow], event: PersonEvent, day: date, last: date) -> None:
    """Nobody leaves twice, and nobody falls ill where they are not held (R27). Who escaped may die, and that is told."""
    if event in LEAVES - {P.DIED} and (
        place([row for row in rows if row.happened <= day]) is None or _leaves_next(rows, day)
    ):
        raise DayRefused("left")
    if event in _ILLNESS:
        came = any(row.kind in _MOVES and day <= row.happened <= last for row in rows)
        if not came and place([row for row in rows if row.happened < day]) is None:
            raise DayRefused("left")


def _leaves_next(rows: Iterable[EventRow], day: date) -> bool:
    """Papers that come late: what stands of the days after says that they left then, and so were held until then."""
    after = sorted((row for row in rows if row.happened > day), key=lambda row: (row.happened, first_entry(row)))
    return bool(after) and after[0].kind in _LEAVES - {P.DIED.value}


def _before(event: PersonEvent) -> frozenset[str]:
    """What comes before it where only the month is known: who left had come, who came again had left."""
    return _MOVES | _LEAVES if event is P.ARRIVED else _MOVES


def last_of(day: date, precision: Precision) -> date:
    """The last day that it can have been."""
    match precision:
        case Precision.MONTH:
            return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case Precision.YEAR:
            return day.replace(month=12, day=31)
    return day


def first_entry(row: EventRow) -> int:
    """A correction keeps the place of what it corrects."""
    while row.corrects is not None:
        row = row.corrects
    return row.pk
