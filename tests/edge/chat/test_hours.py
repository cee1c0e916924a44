# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4: the hours in which a person may be written to, by the clock of the city that they named."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from safeconduct.edge.chat.contacting import opens_at
from safeconduct.vocabulary.contact import SafeContactRule

pytestmark = pytest.mark.rule("R4")


def at(text: str, zone: str, *, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


def opening(hours: str, zone: str, now: str, *, fold: int = 0) -> str:
    """ "open", or when it opens, as wall time there."""
    begins, ends = hours.split("-")
    rule, moment = SafeContactRule("telegram", begins, ends, zone), at(now, zone, fold=fold)
    opens = opens_at(rule, moment)
    assert opens is not None
    return "open" if opens <= moment else datetime.fromtimestamp(opens, ZoneInfo(zone)).isoformat()[:16]


@pytest.mark.parametrize(
    ("hours", "zone", "now", "expected"),
    [
        ("18:00-21:30", "Europe/Kyiv", "2026-12-01T17:59", "2026-12-01T18:00"),
        ("18:00-21:30", "Europe/Kyiv", "2026-12-01T18:00", "open"),
        ("18:00-21:30", "Europe/Kyiv", "2026-12-01T21:30", "open"),
        ("18:00-21:30", "Europe/Kyiv", "2026-12-01T21:31", "2026-12-02T18:00"),
        ("22:00-02:00", "Europe/Kyiv", "2026-12-01T23:59", "open"),
        ("22:00-02:00", "Europe/Kyiv", "2026-12-02T02:00", "open"),
        ("22:00-02:00", "Europe/Kyiv", "2026-12-02T02:01", "2026-12-02T22:00"),
        ("00:00-00:00", "Europe/Kyiv", "2026-12-01T13:20", "open"),  # typed as 0 to 24
        ("09:00-09:00", "Europe/Kyiv", "2026-12-01T13:20", "2026-12-02T09:00"),
        ("06:15-06:45", "Asia/Kathmandu", "2026-12-01T06:00", "2026-12-01T06:15"),
        ("06:15-06:45", "Asia/Kathmandu", "2026-12-01T06:20", "open"),
        ("10:00-11:00", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T10:00"),  # 25 hours long is that night
        ("10:00-11:00", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T10:00"),  # 23
        ("02:30-02:45", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T03:30"),  # an hour that the night leaves out
    ],
)
def test_hours_are_wall_time_where_the_person_is(hours: str, zone: str, now: str, expected: str) -> None:
    assert opening(hours, zone, now) == expected


def test_an_hour_that_the_clock_shows_twice_is_open_twice() -> None:
    assert opening("02:00-02:30", "Europe/Berlin", "2026-10-25T02:15", fold=0) == "open"
    assert opening("02:00-02:30", "Europe/Berlin", "2026-10-25T02:15", fold=1) == "open"


@pytest.mark.parametrize("zone", ["Atlantis/Poseidonia", "", "../etc/passwd", "Europe", "x" * 5000, "a\0b"])
def test_a_city_that_nobody_knows_never_opens(zone: str) -> None:
    assert opens_at(SafeContactRule("telegram", "00:00", "23:59", zone), at("2026-12-01T12:00", "UTC")) is None
