# SPDX-License-Identifier: AGPL-3.0-or-later
"""How soon whoever waits is answered: a promise by urgency, by weekday and by hour, in one time zone.

What is promised depends on when the wait began, so that nobody's promise changes while they wait.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.db import transaction
from django.db.models import F

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.errors import CalendarRefused
from safeconduct.desk.cases.models import Case, PromiseTally, ShiftCalendar, today
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.applications import Urgency

PERIODS_MAX = 20
SOON = 0.2  # of the promise is left: from here on somebody is told before it is broken
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")

Minutes = Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 60)]
Day = Annotated[int, msgspec.Meta(ge=0, le=6)]  # Monday is 0
Clock = Annotated[str, msgspec.Meta(pattern=rf"^{_CLOCK.pattern}\Z")]


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minutes until the first answer: to a person at the front, and to everybody else."""

    front: Minutes = 5
    others: Minutes = 30

    def minutes(self, urgency: int) -> int:
        return self.front if urgency == Urgency.NOW.value else self.others


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of some weekdays with a promise of their own. From 22:00 to 06:00 belongs to the day on which it begins."""

    days: Annotated[tuple[Day, ...], msgspec.Meta(min_length=1, max_length=7)]
    start: Clock
    end: Clock
    promise: Promise

    def holds(self, local: datetime) -> bool:
        clock, begins, ends = local.time(), time.fromisoformat(self.start), time.fromisoformat(self.end)
        if begins < ends:
            return local.weekday() in self.days and begins <= clock < ends
        if clock >= begins:  # the evening of its own day
            return local.weekday() in self.days
        return clock < ends and (local.weekday() - 1) % 7 in self.days


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first period that holds decides; outside of them all it is `usual`."""

    zone: Annotated[str, msgspec.Meta(max_length=64)] = "UTC"
    usual: Promise = Promise()
    periods: Annotated[tuple[Period, ...], msgspec.Meta(max_length=PERIODS_MAX)] = ()

    def __post_init__(self) -> None:
        _zone(self.zone)

    def minutes(self, urgency: int, since: datetime) -> int:
        local = since.astimezone(_zone(self.zone))
        held = (period.promise for period in self.periods if period.holds(local))
        return next(held, self.usual).minutes(urgency)

    def shortest(self, urgency: int) -> int:
        """Nobody of this urgency is due earlier, whenever they wrote."""
        return min(one.minutes(urgency) for one in self._every())

    def longest(self, urgency: int) -> int:
        """Everybody of this urgency is due by then."""
        return max(one.minutes(urgency) for one in self._every())

    def _every(self) -> tuple[Promise, ...]:
        return (self.usual, *(period.promise for period in self.periods))


@dataclass(frozen=True, slots=True)
class Standing:
    """One wait against its promise."""

    due: datetime
    left: timedelta  # below nothing: it is broken
    promised: timedelta

    @property
    def is_broken(self) -> bool:
        return self.left < timedelta(0)

    @property
    def is_soon(self) -> bool:
        """It will be, unless somebody answers now."""
        return not self.is_broken and self.left <= self.promised * SOON


def standing(calendar: Calendar, case: Case, now: datetime) -> Standing | None:
    """None when nothing waits."""
    if case.waiting_since is None:
        return None
    promised = timedelta(minutes=calendar.minutes(case.urgency or 0, case.waiting_since))
    due = case.waiting_since + promised
    return Standing(due, due - now, promised)


def is_pressing(calendar: Calendar, case: Case, now: datetime) -> bool:
    """Whether it is about to be broken, or is."""
    here = standing(calendar, case, now)
    return here is not None and (here.is_soon or here.is_broken)


def current() -> Calendar:
    """What holds now. A row that cannot be read, which no act writes, promises what is usual."""
    row = ShiftCalendar.objects.order_by("-pk").first()
    try:
        return parse(row.content) if row is not None else Calendar()
    except CalendarRefused:
        return Calendar()


def parse(content: str | bytes) -> Calendar:
    """From JSON. Raises `CalendarRefused`."""
    try:
        return msgspec.json.decode(content, type=Calendar)
    except msgspec.DecodeError as error:
        raise CalendarRefused(str(error)) from None


def checked(calendar: Calendar) -> Calendar:
    """One that was put together from a form. Raises `CalendarRefused`."""
    return parse(msgspec.json.encode(calendar))


@transaction.atomic
def change(actor: Operator, calendar: Calendar) -> None:
    """From now on this is promised to whoever writes. What was promised before stays to be seen. Raises `CalendarRefused`."""
    content = msgspec.json.encode(checked(calendar)).decode()
    ShiftCalendar.objects.create(content=content, day=today(), author=actor)
    audit.record(actor, "cases.calendar")


def count_answer(case: Case, now: datetime) -> None:
    """The wait ends with an answer: one more promise kept or broken. Called before the labels leave, in the act's transaction."""
    here = standing(current(), case, now)
    if here is None:
        return
    column = "broken" if here.is_broken else "kept"
    row, _ = PromiseTally.objects.get_or_create(day=now.astimezone(UTC).date(), urgency=case.urgency or 0)
    PromiseTally.objects.filter(pk=row.pk).update(**{column: F(column) + 1})


@dataclass(frozen=True, slots=True)
class Kept:
    """First answers of some days."""

    kept: int
    broken: int

    @property
    def percent(self) -> int | None:
        """Rounded down: a broken promise is never rounded away. None without any."""
        every = self.kept + self.broken
        return 100 * self.kept // every if every else None


def kept_since(first: date, urgencies: Sequence[Urgency]) -> Kept:
    """From that day on."""
    rows = PromiseTally.objects.filter(day__gte=first, urgency__in=[one.value for one in urgencies])
    counts = list(rows.values_list("kept", "broken"))
    return Kept(sum(kept for kept, _ in counts), sum(broken for _, broken in counts))


def overdue(urgencies: Sequence[Urgency], now: datetime) -> int:
    """How many wait at this moment for longer than was promised them."""
    calendar = current()
    return sum(_overdue(calendar, one.value, now) for one in urgencies)


def _overdue(calendar: Calendar, urgency: int, now: datetime) -> int:
    """Counted in the table; only for whom it depends on the hour is the calendar asked one by one."""
    surely = now - timedelta(minutes=calendar.longest(urgency))
    perhaps = now - timedelta(minutes=calendar.shortest(urgency))
    waiting = Case.objects.filter(urgency=urgency, folded_into=None)
    since = waiting.filter(waiting_since__gte=surely, waiting_since__lt=perhaps).values_list("waiting_since", flat=True)
    between = sum(one + timedelta(minutes=calendar.minutes(urgency, one)) < now for one in since.iterator() if one)
    return waiting.filter(waiting_since__lt=surely).count() + between


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name that is a folder of zones
        raise ValueError("no such time zone") from None
