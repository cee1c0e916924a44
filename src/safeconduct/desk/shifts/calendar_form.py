# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of the calendar: rows of periods, read once into what `promises` checks."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from safeconduct.desk.cases import promises
from safeconduct.desk.cases.errors import CalendarRefused
from safeconduct.desk.cases.promises import PERIODS_MAX, Calendar, Period, Promise

EMPTY_ROWS = 2
_LONGEST_NUMBER = 5


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row as it stands in the form; everything in it is text."""

    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    front: str = ""
    others: str = ""

    @property
    def is_empty(self) -> bool:
        return self == FormRow()


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """The whole form, as it was shown or posted."""

    zone: str
    front: str
    others: str
    rows: tuple[FormRow, ...]


def of(calendar: Calendar) -> CalendarForm:
    """What holds now, with some empty rows after it."""
    rows = tuple(
        FormRow(
            tuple(str(day) for day in one.days), one.start, one.end, str(one.promise.front), str(one.promise.others)
        )
        for one in calendar.periods
    )
    return CalendarForm(calendar.zone, str(calendar.usual.front), str(calendar.usual.others), with_room(rows))


def with_room(rows: Sequence[FormRow]) -> tuple[FormRow, ...]:
    used = tuple(one for one in rows if not one.is_empty)
    return (*used, *(FormRow() for _ in range(min(EMPTY_ROWS, PERIODS_MAX - len(used)))))


def posted(said: QueryDict) -> CalendarForm:
    """What was posted, as text."""
    rows = tuple(
        FormRow(
            tuple(said.getlist(f"days-{at}")),
            *(said.get(f"{name}-{at}", "").strip()[:_LONGEST_NUMBER] for name in ("start", "end", "front", "others")),
        )
        for at in range(PERIODS_MAX)
    )
    return CalendarForm(
        said.get("zone", "")[:64], said.get("front", "").strip(), said.get("others", "").strip(), with_room(rows)
    )


def read(form: CalendarForm) -> Calendar:
    """Raises `CalendarRefused` with what stands in the way: `zone`, `usual`, or the row's number."""
    usual = _promise(form.front, form.others, "usual")
    periods = tuple(_period(row, str(at)) for at, row in enumerate(form.rows, 1) if not row.is_empty)
    _accepted(Calendar, "zone", zone=form.zone)
    return promises.checked(Calendar(form.zone, usual, periods))


def _period(row: FormRow, where: str) -> Period:
    days = tuple(sorted({_number(day, where) for day in row.days}))
    period = Period(days, row.start, row.end, _promise(row.front, row.others, where))
    _checked(Calendar(periods=(period,)), where)
    return period


def _promise(front: str, others: str, where: str) -> Promise:
    promise = Promise(_number(front, where), _number(others, where))
    _checked(Calendar(usual=promise), where)
    return promise


def _number(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise CalendarRefused(where)
    return int(text)


def _accepted(kind: type[Calendar], where: str, **said: str) -> None:
    try:
        kind(**said)  # type: ignore[arg-type]  # only the zone, which is text
    except ValueError:
        raise CalendarRefused(where) from None


def _checked(calendar: Calendar, where: str) -> None:
    try:
        promises.checked(calendar)
    except CalendarRefused:
        raise CalendarRefused(where) from None
