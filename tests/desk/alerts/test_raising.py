# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from tests.desk.conftest import House

from safeconduct.desk.alerts import raising, registry, roster
from safeconduct.desk.alerts.errors import AlertGone, UnknownKind
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit import access as record
from safeconduct.desk.operators.roles import Role

EVENT, LASTING = "tests.event", "tests.lasting"
MINUTES = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register((Kind(EVENT, "Something happened"), Kind(LASTING, "Something is so", lasts=True)))


def acts_of(house: House) -> list[str]:
    """What the record says of alerts, oldest first."""
    lines = reversed(record.page([house.keys["monitor"]]).lines)
    return [f"{line.told.act} {line.told.actor}" for line in lines if line.told and line.told.act.startswith("alerts.")]


def test_an_alert_of_one_kind_is_one_row_that_counts(house: House) -> None:
    raise_alert(EVENT)
    raise_alert(EVENT)
    (row,) = Alert.objects.all()
    assert (row.kind, row.count) == (EVENT, 2)


def test_a_kind_that_nobody_registered_is_refused(house: House) -> None:
    with pytest.raises(UnknownKind):
        raise_alert("tests.unheard-of")


def test_an_alert_is_undone_with_the_act_that_raised_it(house: House) -> None:
    with transaction.atomic():
        raise_alert(EVENT)
        transaction.set_rollback(True)
    assert not Alert.objects.exists()


@pytest.mark.rule("R49")
def test_whoever_takes_an_event_ends_it_and_stands_in_the_record_by_name(house: House) -> None:
    raise_alert(EVENT)
    raising.acknowledge(house.person(Role.OPERATOR).operator, Alert.objects.get().pk)
    assert not Alert.objects.exists()
    assert acts_of(house) == ["alerts.raised the desk itself", "alerts.acknowledged operator one"]


def test_only_the_first_of_two_takes_an_alert(house: House) -> None:
    raise_alert(LASTING)
    pk = Alert.objects.get().pk
    raising.acknowledge(house.person(Role.OPERATOR).operator, pk)
    with pytest.raises(AlertGone):
        raising.acknowledge(house.person(Role.SUPERVISOR).operator, pk)
    assert Alert.objects.get().acknowledged_by == house.person(Role.OPERATOR).operator


def test_what_lasts_stays_while_somebody_is_on_it_and_goes_when_it_is_over(house: House) -> None:
    raise_alert(LASTING)
    raising.acknowledge(house.person(Role.OPERATOR).operator, Alert.objects.get().pk)
    raise_alert(LASTING)
    assert Alert.objects.get().acknowledged_by is not None
    settle_alert(LASTING)
    assert not Alert.objects.exists()


def test_what_was_taken_an_hour_ago_and_still_lasts_asks_again(house: House) -> None:
    raise_alert(LASTING)
    raising.acknowledge(house.person(Role.OPERATOR).operator, Alert.objects.get().pk)
    Alert.objects.update(acknowledged_at=timezone.now() - raising.ANEW - MINUTES, step=2)
    raise_alert(LASTING)
    row = Alert.objects.get()
    assert roster.waits(row)
    assert row.step == 0


def test_what_ended_before_anybody_took_it_stays_to_be_seen_and_asks_nobody(house: House) -> None:
    raise_alert(LASTING)
    settle_alert(LASTING)
    assert Alert.objects.get().is_over
    assert roster.escalate(timezone.now() + timedelta(days=1), roster.USUAL, 10 * MINUTES) == 0
    raise_alert(LASTING)
    assert not Alert.objects.get().is_over


def test_when_nobody_takes_it_the_next_on_the_roster_are_asked_and_in_the_end_everybody(house: House) -> None:
    order = ("operator one", roster.SUPERVISORS)
    raise_alert(EVENT)
    now = timezone.now()
    assert roster.escalate(now + 9 * MINUTES, order, 10 * MINUTES) == 0
    assert [one.name for one in roster.asked(Alert.objects.get(), order)] == ["operator one"]
    assert roster.escalate(now + 11 * MINUTES, order, 10 * MINUTES) == 1
    assert [one.name for one in roster.asked(Alert.objects.get(), order)] == ["operator one", "supervisor one"]
    assert roster.escalate(now + 22 * MINUTES, order, 10 * MINUTES) == 1
    assert roster.escalate(now + 44 * MINUTES, order, 10 * MINUTES) == 0
    assert acts_of(house).count("alerts.escalated the desk itself") == 2


def test_a_step_on_which_nobody_is_there_costs_no_time(house: House) -> None:
    raise_alert(EVENT)
    roster.escalate(timezone.now(), (roster.ON_DUTY, roster.SUPERVISORS), 10 * MINUTES)
    assert Alert.objects.get().step == 1


def test_whom_a_clock_set_back_would_leave_waiting_is_not_waited_for(house: House) -> None:
    raise_alert(EVENT)
    order = ("operator one", roster.SUPERVISORS)
    assert roster.escalate(timezone.now() - timedelta(hours=3), order, 10 * MINUTES) == 1


def test_the_page_names_the_alert_and_who_is_asked_and_takes_the_answer(house: House, operator: Client) -> None:
    assert "Nothing is wrong" in operator.get("/alerts/").content.decode()
    raise_alert(LASTING)
    Alert.objects.update(step=2)
    page = operator.get("/alerts/").content.decode()
    assert "Something is so" in page
    assert "supervisor one" in page
    (address,) = re.findall(r'action="(/alerts/[0-9a-f]{32}/take/)"', page)
    answer = operator.post(address)
    assert answer.status_code == 302
    assert "operator one took it" in operator.get("/alerts/").content.decode()


def test_a_page_that_is_stale_says_that_a_colleague_was_first(house: House, operator: Client) -> None:
    answer = operator.post("/alerts/4711/take/", follow=True)
    assert "A colleague has taken that alert" in answer.content.decode()
