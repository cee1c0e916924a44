# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime, timedelta

import pytest

from safeconduct.desk.alerts.clock import LINES_EVERY, Clock, Periodic, confirm_time, late
from safeconduct.desk.project.log import PlaceFormatter

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Wall:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


HOUR = timedelta(hours=1)
TABLE = [
    Periodic("chain", "Chain the audit", HOUR, 2 * HOUR),
    Periodic("sweep", "Destroy what has ended", HOUR, 2 * HOUR, sends_or_destroys=True),
]


def _clock(wall: Wall, done: list[str], *, holder: str = "a", fails: bool = False) -> Clock:
    def chain(_now: datetime) -> None:
        done.append("chain")

    def sweep(_now: datetime) -> None:
        if fails:
            raise OSError
        done.append("sweep")

    return Clock(TABLE, {"chain": chain, "sweep": sweep}, holder=holder, now=wall)


def test_each_act_is_done_when_due_and_once_after_a_long_stop() -> None:
    done: list[str] = []
    wall = Wall()
    clock = _clock(wall, done)
    assert clock.tick() == ["chain", "sweep"]
    assert clock.tick() == []
    wall.now += timedelta(hours=23)
    assert clock.tick() == ["chain", "sweep"]
    assert done == ["chain", "sweep"] * 2


@pytest.mark.rule("T9")
def test_a_clock_set_back_destroys_nothing_until_it_has_caught_up() -> None:
    done: list[str] = []
    wall = Wall()
    clock = _clock(wall, done)
    clock.tick()
    wall.now -= timedelta(days=1)
    assert clock.tick() == ["chain"]
    wall.now += timedelta(days=1, hours=2)
    assert clock.tick() == ["chain", "sweep"]


def test_only_one_holder_works_and_another_takes_over_when_it_is_silent() -> None:
    done: list[str] = []
    wall = Wall()
    first = _clock(wall, done)
    second = _clock(wall, done, holder="b")
    assert first.tick()
    assert second.tick() == []
    wall.now += timedelta(hours=2)
    assert second.tick() == ["chain", "sweep"]
    assert first.tick() == []


def test_a_failing_act_holds_up_no_other_and_is_late_with_its_reason() -> None:
    done: list[str] = []
    wall = Wall()
    clock = _clock(wall, done, fails=True)
    assert clock.tick() == ["chain"]
    assert late(TABLE, wall.now) == []
    wall.now += timedelta(hours=3)
    clock.tick()
    (found,) = late(TABLE, wall.now)
    assert (found.act.name, found.last_done, found.failure) == ("sweep", None, "OSError")


def test_an_act_that_no_clock_has_ever_seen_is_late() -> None:
    assert [found.act.name for found in late(TABLE, START)] == ["chain", "sweep"]


def test_nothing_is_late_at_the_first_tick_not_even_an_act_that_a_new_release_brought() -> None:
    found: list[str] = []

    def look(now: datetime) -> None:
        found.extend(one.act.name for one in late(TABLE, now))

    wall = Wall()
    Clock(TABLE[:1], {"chain": look}, holder="a", now=Wall()).tick()
    assert found == ["sweep"], "which that clock does not have"
    found.clear()
    wall.now += timedelta(hours=1)
    Clock(TABLE, {"chain": look, "sweep": print}, holder="a", now=wall).tick()
    assert found == []


def test_an_act_without_its_run_stops_the_clock_at_start() -> None:
    with pytest.raises(ValueError, match="needs its run"):
        Clock(TABLE, {"chain": print}, holder="a", now=Wall())


@pytest.mark.rule("T9")
def test_a_clock_that_leaps_ahead_destroys_nothing_until_a_person_confirms_it() -> None:
    done: list[str] = []
    wall = Wall()
    clock = _clock(wall, done)
    clock.tick()
    wall.now += timedelta(days=200)
    assert clock.tick() == ["chain"]
    wall.now -= timedelta(days=200) - timedelta(hours=2)
    assert clock.tick() == ["chain", "sweep"], "the leap has left no mark"
    wall.now += timedelta(days=3)
    assert clock.tick() == ["chain"]
    confirm_time(wall.now)
    wall.now += timedelta(hours=1)
    assert clock.tick() == ["chain", "sweep"]


@pytest.mark.rule("T3")
def test_the_log_names_the_act_that_failed_and_the_place_and_neither_its_words_nor_every_try(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_now: datetime) -> None:
        raise OSError("what a person wrote")

    wall = Wall()
    clock = Clock(TABLE[:1], {"chain": fail}, holder="a", now=wall)
    for _ in range(LINES_EVERY + 1):
        clock.tick()
        wall.now += timedelta(seconds=1)
    lines = [PlaceFormatter().format(record) for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("warning safeconduct.clock the act chain failed OSError in fail:")
    assert lines[0].endswith("of test_clock.py")
    assert "person wrote" not in lines[0]
