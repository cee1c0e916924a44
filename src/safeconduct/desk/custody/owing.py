# SPDX-License-Identifier: AGPL-3.0-or-later
"""Works out what is owed: each duty of the table is one `INSERT … SELECT` over the clear events. Nobody is signed in.

All at once for the night, or for one person or one camp after something was entered about them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from safeconduct.desk.custody.duties import TABLE, Duty, Event
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.models import Event as EventRow

_LOCK = 0x637573746F6479  # "custody"
_EVENTS, _OWED, _PEOPLE = EventRow._meta.db_table, Owed._meta.db_table, Person._meta.db_table  # noqa: SLF001 - Django's own way


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    values: tuple[str | int, ...]


@transaction.atomic
def work_out() -> None:
    """Everything anew. Whoever enters something meanwhile waits, and is worked out after it."""
    _hold(alone=True)
    Owed.objects.all().delete()
    _run(_statement(duty, None) for duty in TABLE)


@transaction.atomic
def work_out_person(person: Person, after: Event | None = None) -> None:
    """What is owed to one person anew. The caller holds the person's row.

    `after`: only this was entered since, and it took them nowhere: no other duties than those that name it can have changed.
    """
    _hold(alone=False)
    duties = [duty for duty in TABLE if duty.is_about_a_person and (after is None or after in _named(duty))]
    gone = Owed.objects.filter(person=person)
    (gone if after is None else gone.filter(duty__in=[duty.code for duty in duties])).delete()
    _run(_statement(duty, person.pk) for duty in duties)


def _named(duty: Duty) -> tuple[Event, ...]:
    return (*duty.starts, *duty.fulfils, *duty.ends)


@transaction.atomic
def work_out_camp(camp: Camp) -> None:
    """What a camp itself owes anew; not what is owed to the people in it. The caller holds the camp's row."""
    _hold(alone=False)
    Owed.objects.filter(camp=camp, person=None).delete()
    _run(_statement(duty, camp.pk) for duty in TABLE if not duty.is_about_a_person)


def _hold(*, alone: bool) -> None:
    """Until the transaction ends: the night alone, entries beside each other. SQLite has one writer anyway."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [_LOCK])


def _run(statements: Iterable[_Statement]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.sql, statement.values)


def _statement(duty: Duty, only: int | None) -> _Statement:
    if duty.again is not None:
        return _again(duty, only)
    return _each(duty, only) if duty.each else _once(duty, only)


def _once(duty: Duty, only: int | None) -> _Statement:
    """Owed since the first start that nothing answers: neither a fulfilment nor an end on its day or later."""
    whom, answers = _whom(duty), duty.ends if duty.anew else (*duty.fulfils, *duty.ends)
    anew, done = _later(duty) if duty.anew else ("", ())
    alike = " AND f.of = s.of" if duty.alike else ""
    said = "s.of" if duty.alike else "''"
    answered = f", {'of,' if duty.alike else ''} MAX(happened) AS last"
    one, value = _only("s", whom, only)
    sql = f"""
        {_into()}
        SELECT %s, {_persons(duty, "s")}, {said}, MIN(s.happened), {_plus("MIN(s.happened)", duty.within)}
        FROM {_EVENTS} s {_join(duty, "s")}
        LEFT JOIN (
            SELECT {whom}{answered} FROM {_EVENTS} WHERE stands AND {_among("kind", answers)}
            GROUP BY {whom}{", of" if duty.alike else ""}
        ) f ON f.{whom} = s.{whom}{alike}
        WHERE s.stands AND {_among("s.kind", duty.starts)} AND (f.last IS NULL OR s.happened > f.last){anew}{one}
        GROUP BY {_grouped(duty, "s")}{", s.of" if duty.alike else ""}
    """  # noqa: S608 - names of our own tables; values are parameters
    return _Statement(sql, (duty.code, *_names(answers), *_names(duty.starts), *done, *value))


def _later(duty: Duty) -> tuple[str, tuple[str, ...]]:
    """No fulfilment on the start's day or later was entered after it."""
    whom = _whom(duty)
    sql = f""" AND NOT EXISTS (
            SELECT 1 FROM {_EVENTS} d WHERE d.stands AND {_among("d.kind", duty.fulfils)} AND d.{whom} = s.{whom}
            AND d.happened >= s.happened AND {_entry("d")} > {_entry("s")}
        )"""  # noqa: S608 - names of our own tables; values are parameters
    return sql, _names(duty.fulfils)


def _entry(row: str) -> str:
    """When it was entered, among the others. What is dated anew keeps its place."""
    return f"COALESCE({row}.corrects_id, {row}.id)"


def _each(duty: Duty, only: int | None) -> _Statement:
    """As many fulfilments as starts: owed since the first start beyond those that were answered, in their order.

    A fulfilment answers what was entered before it: what is left over when a start is struck answers no later one. How many are
    open is the most by which starts outnumber fulfilments from any entry on to the last.
    """
    whom, kinds = _whom(duty), (*duty.starts, *duty.fulfils)
    one, value = _only("e", whom, only)
    sql = f"""
        {_into()}
        SELECT %s, {_persons(duty, "s")}, '', MIN(s.happened), {_plus("MIN(s.happened)", duty.within)}
        FROM (
            SELECT e.{whom}, e.happened,
                ROW_NUMBER() OVER (PARTITION BY e.{whom} ORDER BY e.happened DESC, e.id DESC) AS place
            FROM {_EVENTS} e WHERE e.stands AND {_among("e.kind", duty.starts)}{one}
        ) s {_join(duty, "s")}
        JOIN (
            SELECT {whom}, MAX(more) AS unanswered FROM (
                SELECT e.{whom}, SUM(CASE WHEN {_among("e.kind", duty.starts)} THEN 1 ELSE -1 END)
                    OVER (PARTITION BY e.{whom} ORDER BY {_entry("e")} DESC ROWS UNBOUNDED PRECEDING) AS more
                FROM {_EVENTS} e WHERE e.stands AND {_among("e.kind", kinds)}{one}
            ) told GROUP BY {whom}
        ) f ON f.{whom} = s.{whom}
        WHERE s.place <= f.unanswered
        GROUP BY {_grouped(duty, "s")}
    """  # noqa: S608 - names of our own tables; values are parameters
    return _Statement(sql, (duty.code, *_names(duty.starts), *value, *_names(duty.starts), *_names(kinds), *value))


def _again(duty: Duty, only: int | None) -> _Statement:
    """Owed from the last fulfilment on, or from the start; not after an end. A fulfilment dated before the start is none."""
    whom = _whom(duty)
    one, value = _only("e", whom, only)
    kinds = (*duty.starts, *duty.fulfils, *duty.ends)
    sql = f"""
        {_into()}
        SELECT %s, {_persons(duty, "x")}, '', x.since,
            CASE WHEN x.is_done THEN {_plus("x.since", duty.again or 0)} ELSE {_plus("x.since", duty.within)} END
        FROM (
            SELECT {whom}, CASE WHEN done >= start THEN done ELSE start END AS since, (done >= start) IS TRUE AS is_done
            FROM (
                SELECT {whom}, done, CASE WHEN gone IS NULL THEN first ELSE latest END AS start FROM (
                    SELECT e.{whom},
                        MIN(CASE WHEN {_among("e.kind", duty.starts)} THEN e.happened END) AS first,
                        MAX(CASE WHEN {_among("e.kind", duty.starts)} THEN e.happened END) AS latest,
                        MAX(CASE WHEN {_among("e.kind", duty.fulfils)} THEN e.happened END) AS done,
                        MAX(CASE WHEN {_among("e.kind", duty.ends)} THEN e.happened END) AS gone
                    FROM {_EVENTS} e WHERE e.stands AND {_among("e.kind", kinds)}{one} GROUP BY e.{whom}
                ) told WHERE latest IS NOT NULL AND (gone IS NULL OR gone < latest)
            ) begun
        ) x {_join(duty, "x")}
    """  # noqa: S608 - names of our own tables; values are parameters
    names = (*_names(duty.starts), *_names(duty.starts), *_names(duty.fulfils), *_names(duty.ends), *_names(kinds))
    return _Statement(sql, (duty.code, *names, *value))


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


def _only(row: str, whom: str, only: int | None) -> tuple[str, tuple[int, ...]]:
    return ("", ()) if only is None else (f" AND {row}.{whom} = %s", (only,))


def _among(column: str, events: Sequence[Event]) -> str:
    return f"{column} IN ({', '.join(['%s'] * len(events))})" if events else "1 = 0"


def _names(events: Sequence[Event]) -> tuple[str, ...]:
    return tuple(event.value for event in events)


def _plus(day: str, days: int) -> str:
    """A day so many days later: the one thing that SQLite and PostgreSQL write differently."""
    return f"date({day}, '+{days} days')" if connection.vendor == "sqlite" else f"{day} + {days}"
