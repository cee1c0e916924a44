# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receiving unit's own time: whether somebody is there now, and a window as the unit says it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from safeconduct.desk.handover.errors import PlanRefused
from safeconduct.desk.handover.records import UnitCard

_DAY, _QUARTER = timedelta(days=1), timedelta(minutes=15)


def is_zone(name: str) -> bool:
    """A name of the IANA database, such as Europe/Kyiv."""
    return name in available_timezones()


def is_on_duty(card: UnitCard, now: datetime) -> bool:
    """Whether its hours hold now. Hours that end before they begin go over midnight and belong to the day they began."""
    local = now.astimezone(ZoneInfo(card.zone))
    return any(_covers(card, (local - back).weekday(), local, back) for back in (timedelta(0), _DAY))


def covers(card: UnitCard, begins: datetime, ends: datetime) -> bool:
    """Whether its hours hold through a window, looked at every quarter of an hour. Both may end in the same moment."""
    last = ends - timedelta(seconds=1)
    steps = int((last - begins) / _QUARTER)
    return all(is_on_duty(card, moment) for moment in (*(begins + step * _QUARTER for step in range(steps + 1)), last))


def parse_local(text: str, zone: str, field: str) -> datetime:
    """A wall time of the unit, as a page sends it (2026-11-22T05:30), in UTC.

    Raises `PlanRefused` also for a time that the clocks skip, and for one that they show twice: nobody may have to guess.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        raise PlanRefused(field) from None
    if wall.tzinfo is not None:
        raise PlanRefused(field)
    there = ZoneInfo(zone)
    try:
        first, second = (wall.replace(tzinfo=there, fold=fold) for fold in (0, 1))
        if first.utcoffset() != second.utcoffset():
            raise PlanRefused(field)
        return first.astimezone(UTC)
    except OverflowError:  # the first day and the last that a clock can name
        raise PlanRefused(field) from None


def local_text(moment: datetime, zone: str) -> str:
    """The other way round, for a page's field."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def _covers(card: UnitCard, weekday: int, local: datetime, back: timedelta) -> bool:
    if weekday not in card.days:
        return False
    opens, closes = time.fromisoformat(card.opens), time.fromisoformat(card.closes)
    begins = datetime.combine((local - back).date(), opens)
    ends = datetime.combine(begins.date(), closes)
    ends += _DAY if closes <= opens else timedelta(0)
    return begins <= local.replace(tzinfo=None) < ends
