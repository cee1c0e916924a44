# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp's day sheet and what is posted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody import watching as duties
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife import days
from safeconduct.desk.custody.models import Camp, Event, Owed
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind

Doors = Callable[[Role], Client]
ALL = [event.value for event in days.PROVIDED]


def today() -> date:
    return timezone.localdate()


def entered(camp: Camp, day: date) -> list[str]:
    return sorted(row.kind for row in camp.events.filter(happened=day, kind__in=ALL, stands=True))


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("R32")
def test_a_camps_day_is_entered_in_one_go(commander: Client, camp: Camp) -> None:
    said = {"day": today().isoformat(), "provided": ALL}
    assert commander.post(f"/camps/{camp.pk}/days/enter/", said).status_code == 302
    assert entered(camp, today()) == sorted(ALL)
    owed = set(Owed.objects.filter(camp=camp, person=None, due__lt=today()).values_list("duty", flat=True))
    assert not owed & {"morning-meal", "water", "worship", "recreation", "hygiene"}


def test_what_stands_already_is_not_entered_twice(commander: Client, camp: Camp) -> None:
    path = f"/camps/{camp.pk}/days/enter/"
    commander.post(path, {"day": today().isoformat(), "provided": ["meal.morning"]})
    assert commander.post(path, {"day": today().isoformat(), "provided": ["meal.morning", "water"]}).status_code == 302
    assert entered(camp, today()) == ["meal.morning", "water"]
    again = commander.post(path, {"day": today().isoformat(), "provided": ["water"]})
    assert again.status_code == 400


def test_a_meal_that_was_not_entered_is_a_gap_and_a_day_before_the_camp_is_none(
    registrar: Operator, camp: Camp
) -> None:
    acts.happen_in_camp(camp, CampEvent.MORNING_MEAL, When(ARRIVAL + timedelta(days=1)))
    shown = {one.day: one for one in days.week(camp, ARRIVAL + timedelta(days=2))}
    assert CampEvent.MORNING_MEAL not in shown[ARRIVAL + timedelta(days=1)].lacks
    assert CampEvent.MIDDAY_MEAL in shown[ARRIVAL + timedelta(days=1)].lacks
    assert len(shown[ARRIVAL].lacks) == len(days.DAILY)
    assert not shown[ARRIVAL - timedelta(days=1)].lacks


@pytest.mark.parametrize("day", ["", "2999-01-01", "2026-09-30", "yesterday"])
def test_a_day_that_cannot_be_is_refused(commander: Client, camp: Camp, day: str) -> None:
    answer = commander.post(f"/camps/{camp.pk}/days/enter/", {"day": day, "provided": ["water"]})
    assert answer.status_code == 400
    assert not Event.objects.filter(kind="water").exists()


@pytest.mark.rule("R32")
def test_what_is_not_posted_in_a_language_stands_out_until_it_is(
    commander: Client, registrar: Operator, camp: Camp
) -> None:
    acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, When(ARRIVAL), of="ne")
    page = f"/camps/{camp.pk}/days/"
    assert text(commander, page).count("not posted") == 2
    said = {"of": "ne", "posted": ["convention.posted", "orders.posted"], "day": today().isoformat()}
    assert commander.post(page + "post/", said).status_code == 302
    assert "not posted" not in text(commander, page)
    assert not Owed.objects.filter(camp=camp, duty__in=["convention", "orders"]).exists()


@pytest.mark.rule("R32")
def test_a_gap_in_what_is_posted_rings(registrar: Operator, camp: Camp) -> None:
    acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, When(ARRIVAL), of="ne")
    acts.happen_in_camp(camp, CampEvent.ORDERS_POSTED, When(ARRIVAL), of="ne")
    Owed.objects.exclude(duty__in=["convention", "orders"]).delete()
    duties.ring(ARRIVAL + timedelta(days=1))
    assert not Alert.objects.filter(kind="custody.late").exists()
    duties.ring(ARRIVAL + timedelta(days=2))
    assert Alert.objects.filter(kind="custody.late", is_over=False).exists()


def test_a_language_that_nobody_speaks_any_more_is_not_asked_for(registrar: Operator, camp: Camp) -> None:
    acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, When(ARRIVAL), of="ne")
    acts.happen_in_camp(camp, CampEvent.LANGUAGE_GONE, When(ARRIVAL + timedelta(days=3)), of="ne")
    assert days.languages(camp) == []


@pytest.mark.rule("T6")
def test_each_office_sees_and_enters_its_own(desk_of: Doors, camp: Camp) -> None:
    said = {"day": today().isoformat(), "provided": ["water"]}
    for role in (Role.REGISTRAR, Role.MONITOR, Role.COUNSEL):
        browser = desk_of(role)
        assert browser.get(f"/camps/{camp.pk}/days/").status_code == 200
        assert browser.post(f"/camps/{camp.pk}/days/enter/", said).status_code == 404
    assert desk_of(Role.MEDICAL).get(f"/camps/{camp.pk}/days/").status_code == 404


def test_a_commander_of_another_camp_sees_nothing_of_this_one(
    commander: Client, registrar: Operator, camp: Camp
) -> None:
    other = acts.open_camp(registrar, "Dalni", CampKind.TRANSIT, {}, When(ARRIVAL))
    for page in ("days/", "representatives/", "visits/"):
        assert commander.get(f"/camps/{camp.pk}/{page}").status_code == 200
        assert commander.get(f"/camps/{other.pk}/{page}").status_code == 404
