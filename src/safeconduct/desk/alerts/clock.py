# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock: does each periodic act when it is due, catches up after downtime, and knows what is late.

Wall time that falls behind its stored high-water mark, or leaps ahead of it, stops what sends or destroys, never intake.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils.functional import Promise

from safeconduct.desk.alerts.models import HighWater, Lease, PeriodicAct

LEASE = "clock"
LEASE_FOR = timedelta(seconds=30)
BEHIND_TOLERANCE = timedelta(seconds=5)  # ordinary time synchronisation steps back by less
LONGEST_SILENCE = timedelta(days=1)
LINES_EVERY = 60  # failures of one act in a row for one line in the log
log = logging.getLogger("safeconduct.clock")


@dataclass(frozen=True, slots=True)
class Periodic:
    """One periodic act: how often it is done, and by when at the latest before it counts as late.

    An act that sends or destroys is held while the wall clock is in doubt.
    """

    name: str
    sentence: str | Promise
    every: timedelta
    latest: timedelta
    sends_or_destroys: bool = False


Run = Callable[[datetime], object]  # gets the present time; what it returns is of no use to the clock


@dataclass(frozen=True, slots=True)
class Late:
    """An act that was not done by its latest time. `failure` is an error's type, never its text."""

    act: Periodic
    last_done: datetime | None
    failure: str


class Clock:
    """Runs a table of acts under a lease. `tick` is called about once a second by one process; a second one waits."""

    def __init__(
        self, table: Sequence[Periodic], runs: Mapping[str, Run], *, holder: str, now: Callable[[], datetime]
    ) -> None:
        if {act.name for act in table} != set(runs):
            raise ValueError("every act of the table needs its run, and every run its place in the table")
        self._table = table
        # Whole sentences: the desk's log leaves values out, and the name of an act is none that could tell of anybody.
        self._failed = {act.name: f"the act {act.name} failed" for act in table}
        self._runs = runs
        self._holder = holder
        self._now = now
        self._knows_all = False

    def tick(self) -> list[str]:
        """Do what is due. Returns the names of the acts that were done."""
        now = self._now()
        if not take_lease(self._holder, now):
            return []
        self._know_all(now)
        doubtful = is_doubtful(now)
        return [act.name for act in self._table if not (doubtful and act.sends_or_destroys) and self._do(act, now)]

    def _know_all(self, now: datetime) -> None:
        """Before the first act looks at what is late: none of a fresh start, nor of a new release, is late already."""
        if not self._knows_all:
            new = [PeriodicAct(name=act.name, known_since=now) for act in self._table]
            PeriodicAct.objects.bulk_create(new, ignore_conflicts=True)
            self._knows_all = True

    def _do(self, act: Periodic, now: datetime) -> bool:
        row, _ = PeriodicAct.objects.get_or_create(name=act.name, defaults={"known_since": now})
        # After a clock was set back `last_done` may lie ahead; the act is then due at once rather than in an hour.
        if row.last_done is not None and timedelta(0) <= now - row.last_done < act.every:
            return False
        try:
            self._runs[act.name](now)
        except Exception as error:  # the worker's outermost loop: one failing act must not stop the others
            PeriodicAct.objects.filter(name=act.name).update(
                failures=row.failures + 1, last_failure=type(error).__name__
            )
            if row.failures % LINES_EVERY == 0:  # it is tried again with every tick
                log.warning(self._failed[act.name], exc_info=error)
            return False
        PeriodicAct.objects.filter(name=act.name).update(last_done=now, failures=0, last_failure="")
        return True


def take_lease(holder: str, now: datetime) -> bool:
    """Become or stay the one that does the acts. False while another holder's lease runs."""
    try:
        with transaction.atomic():
            lease, made = Lease.objects.select_for_update().get_or_create(
                name=LEASE,
                defaults={"holder": holder, "until": now + LEASE_FOR},
            )
            if made:
                return True
            # A lease that ends absurdly far ahead was taken by a clock that ran ahead; it must not block for years.
            if lease.holder != holder and now < lease.until <= now + LEASE_FOR:
                return False
            lease.holder, lease.until = holder, now + LEASE_FOR
            lease.save()
            return True
    except DatabaseError:
        return False


def is_doubtful(now: datetime) -> bool:
    """True while the wall clock cannot be believed enough to destroy anything by it.

    It shows less than it once did; or it has run ahead by more than a day since it was last seen, which is a long stop or
    a wrong clock, and only a person can tell which (`confirm_time`). Otherwise the mark moves along.
    """
    mark, _ = HighWater.objects.get_or_create(name=LEASE, defaults={"wall": now})
    if not _is_near(mark, now):
        return True
    HighWater.objects.filter(name=LEASE, wall__lt=now).update(wall=now)
    return False


def doubts(now: datetime) -> bool:
    """The same for a page, which moves no mark along."""
    mark = HighWater.objects.filter(name=LEASE).first()
    return mark is not None and not _is_near(mark, now)


def latest(now: datetime) -> datetime:
    """The later of the present time and the mark: a clock that was set back makes nothing earlier than it was."""
    mark = HighWater.objects.filter(name=LEASE).first()
    return now if mark is None else max(now, mark.wall)


def _is_near(mark: HighWater, now: datetime) -> bool:
    return mark.wall - BEHIND_TOLERANCE <= now <= mark.wall + LONGEST_SILENCE


def confirm_time(now: datetime) -> None:
    """A person has looked at a clock and says that this one is right."""
    HighWater.objects.update_or_create(name=LEASE, defaults={"wall": now})


def late(table: Sequence[Periodic], now: datetime) -> list[Late]:
    """Every act of the table that is past its latest time, the never-done ones included."""
    rows = {row.name: row for row in PeriodicAct.objects.all()}
    found = []
    for act in table:
        row = rows.get(act.name)
        since = (row.last_done or row.known_since) if row else None
        if since is None or now - since > act.latest:
            found.append(Late(act, row.last_done if row else None, row.last_failure if row else ""))
    return found
