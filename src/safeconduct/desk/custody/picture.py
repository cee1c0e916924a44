# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well the duties were kept, day by day: what the nights wrote down, for who may see each duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from safeconduct.desk.custody import access, bounds
from safeconduct.desk.custody.duties import Duty
from safeconduct.desk.custody.models import Camp, Kept
from safeconduct.desk.operators.models import Operator

DAYS = 30
HEIGHT = 32  # of the picture of one duty, in its own units
_STEP, _DOT = 6, 3


@dataclass(frozen=True, slots=True)
class Day:
    """How a day ended. `owed` None: no night wrote it down, because the clock did not run or nothing was owed."""

    day: date
    owed: int | None = None
    late: int = 0

    @property
    def percent_late(self) -> int:
        """Of what was owed, rounded up, so that one among a thousand still shows."""
        return -(-100 * self.late // self.owed) if self.owed else 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One day as it is drawn, in units of a picture that is `HEIGHT` high; nothing late is a dot on the ground."""

    x: int
    height: int
    is_late: bool

    @property
    def y(self) -> int:
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Course:
    """One duty over so many days, the oldest first."""

    duty: Duty
    days: tuple[Day, ...]

    @property
    def known(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.owed is not None)

    @property
    def first(self) -> Day:
        return self.known[0]

    @property
    def last(self) -> Day:
        return self.known[-1]

    @property
    def worst(self) -> Day:
        return max(self.known, key=lambda day: (day.percent_late, day.day))

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Those of the days that are known."""
        return tuple(
            Bar(at * _STEP, max(_DOT, HEIGHT * day.percent_late // 100), day.late > 0)
            for at, day in enumerate(self.days)
            if day.owed is not None
        )


def courses(operator: Operator, today: date, camp: Camp | None = None) -> list[Course]:
    """Each duty of the operator's office that was owed in these days: what is worst now first."""
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    mine = access.seen_by(operator.plays)
    told = _told(operator, days[0], [duty.code for duty in mine], camp)
    found = [_course(duty, days, told) for duty in mine]
    shown = [one for one in found if one.known]
    return sorted(shown, key=lambda one: (-one.last.percent_late, -one.worst.percent_late, one.duty.code))


def _told(operator: Operator, since: date, codes: Iterable[str], camp: Camp | None) -> dict[tuple[str, date], Day]:
    rows = Kept.objects.filter(day__gte=since, duty__in=list(codes))
    if camp is not None:
        rows = rows.filter(camp=camp)
    if bounds.is_bound(operator):
        rows = rows.filter(camp__in=bounds.camps_of(operator))
    summed = rows.values_list("duty", "day").annotate(Sum("owed"), Sum("late")).order_by()
    return {(duty, day): Day(day, owed, late) for duty, day, owed, late in summed}


def _course(duty: Duty, days: Iterable[date], told: dict[tuple[str, date], Day]) -> Course:
    return Course(duty, tuple(told.get((duty.code, day), Day(day)) for day in days))
