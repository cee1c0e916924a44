# SPDX-License-Identifier: AGPL-3.0-or-later
"""Works out what is owed: each duty of the table is one `INSERT … SELECT` over the clear events. Nobody is signed in.

All at once for the night, or for one person or one camp after something was entered about them; for many people whom one page
tells of, once for all of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from safeconduct.desk.custody import holding
from safeconduct.desk.custody.duties import TABLE, Duty, Event
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import PersonEvent

_LOCK = 0x637573746F6479  # "custody"
_EVENTS, _OWED, _PEOPLE = EventRow._meta.db_table, Owed._meta.db_table, Person._meta.db_table  # noqa: SLF001 - Django's own way


_MOVES = tuple(sorted(holding.MOVES, key=lambda event: event.value))
_PLACES = tuple(sorted(holding.PLACES, key=lambda event: event.value))
_NEVER = "9999-12-31"

_Waiting = defaultdict[Event | None, set[int]]  # the people of whom only this was entered; under None, more than that
_waiting: ContextVar[_Waiting | None] = ContextVar("people whose duties wait to be worked out", default=None)


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    values: tuple[str | int, ...]


@transaction.atomic
def work_out() -> None:
    """Everything anew. Whoever enters something meanwhile waits, and is worked out after it."""
    _hold(alone=True)
    Owed.objects.all().delete()
    lived = _lived_in(None)
    _run(_statement(duty, None, lived) for duty in TABLE)


def work_out_person(person: Person, after: Event | None = None) -> None:
    """What is owed to one person anew. The caller holds the person's row.

    `after`: only this was entered since, and it took them nowhere: no other duties than those that name it can have changed.
    """
    waiting = _waiting.get()
    if waiting is None:
        _work_out_people({person.pk}, after)
    else:
        waiting[after].add(person.pk)


@contextmanager
def together() -> Iterator[None]:
    """Of whomever something is entered in between, what is owed is worked out once, at the end, for all of them. Called inside an act.

    Nothing in between may rest on what is owed to them. Where it fails nothing is worked out, because the act is undone.
    """
    if _waiting.get() is not None:  # within another one, which will
        yield
        return
    _hold(
        alone=False
    )  # before anybody's row: the night, which holds all of this, would wait for that row and never get it
    people: _Waiting = defaultdict(set)
    outside = _waiting.set(people)
    try:
        yield
    finally:
        _waiting.reset(outside)
    wholly = people.pop(None, set())
    for after, some in people.items():
        _work_out_people(some - wholly, after)
    _work_out_people(wholly, None)


@transaction.atomic
def _work_out_people(people: Collection[int], after: Event | None) -> None:
    if not people:
        return
    _hold(alone=False)
    duties = [duty for duty in TABLE if duty.is_about_a_person and (after is None or after in _named(duty))]
    gone = Owed.objects.filter(person__in=people)
    (gone if after is None else gone.filter(duty__in=[duty.code for duty in duties])).delete()
    _run(_statement(duty, people) for duty in duties)


def _named(duty: Duty) -> tuple[Event, ...]:
    return (*duty.starts, *duty.fulfils, *duty.ends)


@transaction.atomic
def work_out_camp(camp: Camp) -> None:
    """What a camp itself owes anew; not what is owed to the people in it. The caller holds the camp's row."""
    _hold(alone=False)
    Owed.objects.filter(camp=camp, person=None).delete()
    lived = _lived_in([camp.pk])
    _run(_statement(duty, [camp.pk], lived) for duty in TABLE if not duty.is_about_a_person)


def owes_daily_care(camp: Camp) -> bool:
    """Whether the camp owes what a camp owes while somebody is held there. The caller holds the camp's row."""
    return Owed.objects.filter(camp=camp, person=None, duty__in=[duty.code for duty in TABLE if duty.held]).exists()


def _hold(*, alone: bool) -> None:
    """Until the transaction ends: the night alone, entries beside each other. SQLite has one writer anyway."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [_LOCK])


def _run(statements: Iterable[_Statement | None]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            if statement is not None:
                cursor.execute(statement.sql, statement.values)


def _statement(duty: Duty, only: Collection[int] | None, lived: Mapping[int, str] | None = None) -> _Statement | None:
    """`lived`: since when each camp holds somebody, where a camp's duties are worked out. None where nothing can be owed."""
    if duty.held and not lived:
        return None
    if duty.again is not None:
        return _again(duty, only, lived or {})
    return _each(duty, only) if duty.each else _once(duty, only)


def _once(duty: Duty, only: Collection[int] | None) -> _Statement:
    """Owed since the first start that nothing answers: no fulfilment on its day or later, and no end after it."""
    anew, later = _later(duty) if duty.anew else (" AND (f.done IS NULL OR s.happened > f.done)", ())
    told, values = _not_ended(duty, only)
    said = "s.of" if duty.alike else "''"
    sql = f"""
        {_into()}
        SELECT %s, {_persons(duty, "s")}, {said}, MIN(s.happened), {_plus("MIN(s.happened)", duty.within)}
        FROM {told}{anew}
        GROUP BY {_grouped(duty, "s")}{", s.of" if duty.alike else ""}
    """  # noqa: S608 - names of our own tables; values are parameters
    return _Statement(sql, (duty.code, *values, *later))


def _not_ended(duty: Duty, only: Collection[int] | None) -> tuple[str, tuple[str | int, ...]]:
    """The starts `s` after which no end came, with the day of the last fulfilment `f.done`.

    On one day the order of entry says whether somebody came back or left again, as in `holding.place`; who died stays dead.
    """
    whom, answers = _whom(duty), (*duty.fulfils, *duty.ends)
    alike = " AND f.of = s.of" if duty.alike else ""
    one, value = _only(f"s.{whom}", only)
    answering, _ = _only(whom, only)
    sql = f"""{_EVENTS} s {_join(duty, "s")}
        LEFT JOIN (
            SELECT {whom}{", of" if duty.alike else ""},
                MAX(CASE WHEN {_among("kind", duty.fulfils)} THEN happened END) AS done,
                MAX(CASE WHEN {_among("kind", duty.ends)} THEN happened END) AS ended
            FROM {_EVENTS} WHERE stands AND {_among("kind", answers)}{answering}
            GROUP BY {whom}{", of" if duty.alike else ""}
        ) f ON f.{whom} = s.{whom}{alike}
        WHERE s.stands AND {_among("s.kind", duty.starts)}{one} AND (
            f.ended IS NULL OR s.happened > f.ended OR (s.happened = f.ended AND NOT EXISTS (
                SELECT 1 FROM {_EVENTS} d WHERE d.stands AND {_among("d.kind", duty.ends)} AND d.{whom} = s.{whom}
                AND d.happened = s.happened{" AND d.of = s.of" if duty.alike else ""}
                AND (d.kind = %s OR {_entry("d")} > {_entry("s")})
            ))
        )"""  # noqa: S608 - names of our own tables; values are parameters
    done, ended = _names(duty.fulfils), _names(duty.ends)
    return sql, (*done, *ended, *done, *ended, *value, *_names(duty.starts), *value, *ended, PersonEvent.DIED.value)


def _later(duty: Duty) -> tuple[str, tuple[str, ...]]:
    """No fulfilment on the start's day or later was entered after it."""
    whom = _whom(duty)
    sql = f""" AND NOT EXISTS (
            SELECT 1 FROM {_EVENTS} d WHERE d.stands AND {_among("d.kind", duty.fulfils)} AND d.{whom} = s.{whom}
            AND d.happened >= s.happened AND {_entry("d")} > {_entry("s")}
        )"""  # noqa: S608 - names of our own tables; values are parameters
    return sql, _names(duty.fulfils)


def _entry(row: str) -> str:
    """When it was entered, among the others. What is dated anew keeps its place, however often that was done."""
    return f"""
        CASE WHEN {row}.corrects_id IS NULL THEN {row}.id ELSE (
            WITH RECURSIVE earlier(id) AS (
                SELECT {row}.corrects_id UNION ALL
                SELECT c.corrects_id FROM {_EVENTS} c JOIN earlier ON c.id = earlier.id WHERE c.corrects_id IS NOT NULL
            ) SELECT MIN(id) FROM earlier
        ) END"""  # noqa: S608 - names of our own tables


def _each(duty: Duty, only: Collection[int] | None) -> _Statement:
    """As many fulfilments as starts: owed since the earliest day of a start that can be one of those left open.

    A fulfilment answers what was entered before it: what is left over when a start is struck answers no later one. How many are
    open is the most by which starts outnumber fulfilments from any entry on to the last; and whatever was entered before the
    last entry of which that is so has been answered.
    """
    whom, starts = _whom(duty), _among("kind", duty.starts)
    one, value = _only(f"e.{whom}", only)
    named, pairs = _without_pairs(duty)
    sql = f"""
        {_into()}
        WITH told AS (
            SELECT {whom}, happened, kind, entry, SUM(CASE WHEN {starts} THEN 1 ELSE -1 END)
                OVER (PARTITION BY {whom} ORDER BY entry DESC ROWS UNBOUNDED PRECEDING) AS more
            FROM (
                SELECT e.{whom}, e.happened, e.kind, {_entry("e")} AS entry
                FROM {_EVENTS} e WHERE e.stands AND {_among("e.kind", (*duty.starts, *duty.fulfils))}{one}{named}
            ) one
        )
        SELECT %s, {_persons(duty, "s")}, '', MIN(s.happened), {_plus("MIN(s.happened)", duty.within)}
        FROM told s {_join(duty, "s")}
        JOIN (
            SELECT t.{whom}, MAX(t.entry) AS entry FROM told t
            JOIN (SELECT {whom}, MAX(more) AS more FROM told GROUP BY {whom}) m ON m.{whom} = t.{whom} AND m.more = t.more
            WHERE t.more > 0 GROUP BY t.{whom}
        ) f ON f.{whom} = s.{whom} AND s.entry >= f.entry
        WHERE {_among("s.kind", duty.starts)}
        GROUP BY {_grouped(duty, "s")}
    """  # noqa: S608 - names of our own tables; values are parameters
    kinds = _names((*duty.starts, *duty.fulfils))
    return _Statement(sql, (*_names(duty.starts), *kinds, *value, *pairs, duty.code, *_names(duty.starts)))


def _without_pairs(duty: Duty) -> tuple[str, tuple[str, ...]]:
    """No fulfilment that says which start it answers, and no start that one says it answers."""
    if not duty.named:
        return "", ()
    answers = _among("d.kind", duty.fulfils)
    sql = f""" AND NOT ({_among("e.kind", duty.fulfils)} AND e.of <> '') AND NOT EXISTS (
                    SELECT 1 FROM {_EVENTS} d WHERE d.stands AND {answers} AND d.{_whom(duty)} = e.{_whom(duty)}
                    AND d.of = CAST(e.id AS VARCHAR(16))
                )"""  # noqa: S608 - names of our own tables; values are parameters
    return sql, (*_names(duty.fulfils), *_names(duty.fulfils))


def _again(duty: Duty, only: Collection[int] | None, lived: Mapping[int, str]) -> _Statement:
    """Owed from the last fulfilment on, or from the first start after the last end. A fulfilment dated before that is none.

    What is owed to whoever is held in a camp starts no earlier than the first of them came.
    """
    told, values = _not_ended(duty, only)
    start, done, among = "MIN(s.happened)", "MAX(f.done)", ""
    if duty.held:
        days = ", ".join(f"({int(camp)}, {_day(since)})" for camp, since in lived.items())
        among = f"WITH h(camp_id, since) AS (VALUES {days})"
        told = told.replace(" s ", " s JOIN h ON h.camp_id = s.camp_id ", 1)
        start = f"CASE WHEN MAX(h.since) > {start} THEN MAX(h.since) ELSE {start} END"
    sql = f"""
        {_into()}
        {among}
        SELECT %s, {_persons(duty, "s")}, '', CASE WHEN {done} >= {start} THEN {done} ELSE {start} END,
            CASE WHEN {done} >= {start} THEN {_plus(done, duty.again or 0)} ELSE {_plus(start, duty.within)} END
        FROM {told}
        GROUP BY {_grouped(duty, "s")}
    """  # noqa: S608 - names of our own tables; values are parameters
    return _Statement(sql, (duty.code, *values))


def _lived_in(only: Collection[int] | None) -> dict[int, str]:
    """By camp, the day from which on it was never empty until today; none for a camp in which nobody is held.

    Each stay lasts from what took somebody to a camp to what moved them next. A stay that begins after every earlier one has
    ended found the camp empty.
    """
    one, value = _only("camp_id", only)
    theirs = f" AND e.person_id IN (SELECT person_id FROM {_EVENTS} WHERE 1 = 1{one})" if one else ""  # noqa: S608 - our own table
    sql = f"""
        SELECT camp_id, MAX(CASE WHEN earlier IS NULL OR earlier < came THEN came END) FROM (
            SELECT camp_id, came, gone, MAX(gone) OVER (
                PARTITION BY camp_id ORDER BY came, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS earlier FROM (
                SELECT e.id, e.camp_id, e.kind, e.happened AS came, COALESCE(
                    LEAD(e.happened) OVER (
                        PARTITION BY e.person_id
                        ORDER BY e.happened, CASE WHEN e.kind = %s THEN 1 ELSE 0 END, {_entry("e")}
                    ), {_day(_NEVER)}
                ) AS gone
                FROM {_EVENTS} e WHERE e.stands AND {_among("e.kind", _PLACES)}{theirs}
            ) moved WHERE {_among("kind", _MOVES)}{one}
        ) stays GROUP BY camp_id HAVING MAX(gone) = {_day(_NEVER)}
    """  # noqa: S608 - names of our own tables; values are parameters
    with connection.cursor() as cursor:
        cursor.execute(sql, [PersonEvent.DIED.value, *_names(_PLACES), *value, *_names(_MOVES), *value])
        return {camp: str(day) for camp, day in cursor.fetchall()}


def _day(day: str) -> str:
    """A day of ours, in ISO's way, as it stands in a statement."""
    return f"'{date.fromisoformat(day)}'" if connection.vendor == "sqlite" else f"DATE '{date.fromisoformat(day)}'"


def _into() -> str:
    return f"INSERT INTO {_OWED} (duty, person_id, camp_id, of, since, due)"


def _whom(duty: Duty) -> str:
    return "person_id" if duty.is_about_a_person else "camp_id"


def _persons(duty: Duty, row: str) -> str:
    """Person and camp of what is owed: a person's is the camp where they are now."""
    return f"{row}.person_id, p.camp_id" if duty.is_about_a_person else f"NULL, {row}.camp_id"


def _grouped(duty: Duty, row: str) -> str:
    return f"{row}.person_id, p.camp_id" if duty.is_about_a_person else f"{row}.camp_id"


def _join(duty: Duty, row: str) -> str:
    return f"JOIN {_PEOPLE} p ON p.id = {row}.person_id" if duty.is_about_a_person else ""


def _only(whom: str, only: Collection[int] | None) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if only is None else (f" AND {whom} IN ({', '.join(['%s'] * len(only))})", tuple(sorted(only)))


def _among(column: str, events: Sequence[Event]) -> str:
    return f"{column} IN ({', '.join(['%s'] * len(events))})" if events else "1 = 0"


def _names(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(event.value for event in events)


def _plus(day: str, days: int) -> str:
    """A day so many days later: the one thing that SQLite and PostgreSQL write differently."""
    return f"date({day}, '+{days} days')" if connection.vendor == "sqlite" else f"{day} + {days}"
