# SPDX-License-Identifier: AGPL-3.0-or-later
"""How duties were kept, day by day, is what the nights wrote down; each office sees its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from safeconduct.desk.custody import acts, picture, watching
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

Doors = Callable[[Role], Client]
TODAY = datetime.now(UTC).date()


@pytest.fixture
def nights(camp: Camp, person: Person) -> list[date]:
    """The last three nights. The person's quarters have been late since before."""
    days = [TODAY - timedelta(days=ago) for ago in (3, 2, 0)]
    for day in days:
        watching.work_out(day)
    return days


def course(operator: Operator, code: str, camp: Camp | None = None) -> picture.Course:
    return next(one for one in picture.courses(operator, TODAY, camp) if one.duty.code == code)


def test_each_night_is_a_day_of_the_picture_and_a_missed_one_a_gap(registrar: Operator, nights: list[date]) -> None:
    shown = course(registrar, "quarters")
    assert [day.day for day in shown.known] == nights
    assert [day.late for day in shown.known] == [1, 1, 1]
    assert len(shown.days) == picture.DAYS
    assert len(shown.bars) == len(nights)


def test_a_duty_that_is_kept_stands_better_the_next_day(
    registrar: Operator, nights: list[date], person: Person, desk_of: Doors
) -> None:
    assert course(registrar, "rights").last.percent_late == 100
    acts.enter(registrar, person, PersonEvent.RIGHTS_READ, When(TODAY))
    watching.work_out(TODAY)
    assert course(registrar, "rights").last.day == nights[1]  # nothing of it is owed any more
    assert "percent late" in desk_of(Role.REGISTRAR).get("/duties/over-time/").content.decode()


def test_the_picture_of_one_camp_has_nothing_of_another(registrar: Operator, camp: Camp, nights: list[date]) -> None:
    assert course(registrar, "quarters", camp).last.owed == 1
    empty = acts.open_camp(registrar, "Empty", CampKind.TRANSIT, {}, When(TODAY))
    assert picture.courses(registrar, TODAY, empty) == []


@pytest.mark.rule("R30")
def test_what_counsel_alone_may_know_is_in_no_picture_of_the_camp(
    registrar: Operator, desk_of: Doors, person: Person
) -> None:
    acts.happen(registrar, person, PersonEvent.COMPLAINED, When(TODAY - timedelta(days=2)))
    watching.work_out(TODAY)
    shown = {role: desk_of(role).get("/duties/over-time/").content for role in (Role.CAMP_COMMANDER, Role.COUNSEL)}
    assert b"Complaint forwarded" not in shown[Role.CAMP_COMMANDER]
    assert b"Complaint forwarded" in shown[Role.COUNSEL]


def test_one_among_a_thousand_still_shows() -> None:
    assert picture.Day(TODAY, owed=1000, late=1).percent_late == 1
    assert picture.Day(TODAY, owed=1000).percent_late == 0


def test_a_desk_without_a_night_says_so(desk_of: Doors) -> None:
    assert b"No night has written anything down" in desk_of(Role.REGISTRAR).get("/duties/over-time/").content


def test_meals_of_a_camp_are_in_it(registrar: Operator, camp: Camp, nights: list[date]) -> None:
    assert course(registrar, "water", camp).last.late == 1
    assert CampEvent.WATER in course(registrar, "water").duty.fulfils
