# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is promised when, and who is told before it is broken."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_claiming import waits
from tests.desk.conftest import House

from safeconduct.desk.alerts import raising
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.cases import acts, claiming, escalating, promises
from safeconduct.desk.cases.errors import CalendarRefused, EscalationGone
from safeconduct.desk.cases.escalating import BROKEN, MOST, SOON
from safeconduct.desk.cases.models import Case, Escalation, PromiseTally, ShiftCalendar
from safeconduct.desk.cases.promises import Calendar, Period, Promise
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Urgency


@dataclass
class Taken:
    """A promise that is broken, and the supervisor who said, signed in, that they see to it."""

    house: House
    case: Case
    supervisor: Operator
    browser: Client


@pytest.fixture
def taken(line: Line, house: House) -> Taken:
    case, browser = waits(1, minutes=10), house.signed_in(Role.SUPERVISOR)
    supervisor = house.person(Role.SUPERVISOR).operator
    escalating.watch(timezone.now())
    escalating.acknowledge(supervisor, Escalation.objects.get().pk)
    escalating.watch(timezone.now())
    Alert.objects.all().delete()  # it was over before anybody took it, and stands to be seen
    return Taken(house, case, supervisor, browser)


NIGHT = Period((4,), "22:00", "06:00", Promise(60, 480))  # from Friday evening to Saturday morning
KYIV = Calendar("Europe/Kyiv", Promise(5, 30), (NIGHT,))
MINUTE = timedelta(minutes=1)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda passed: datetime(2025, 1, 1, tzinfo=UTC) + passed * MINUTE)


@pytest.mark.parametrize(
    ("moment", "minutes"),
    [
        ("2026-11-20T19:59:00Z", 5),  # Friday, 21:59 there
        ("2026-11-20T20:00:00Z", 60),
        ("2026-11-21T03:59:00Z", 60),  # Saturday, 05:59 there: still Friday's night
        ("2026-11-21T04:00:00Z", 5),
        ("2026-11-21T21:00:00Z", 5),  # Saturday's own night is no row
        ("2026-07-03T19:00:00Z", 60),  # in summer the clock there is an hour further
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins_on_the_clock_there(moment: str, minutes: int) -> None:
    assert KYIV.minutes(Urgency.NOW.value, datetime.fromisoformat(moment)) == minutes


@given(MOMENTS, st.sampled_from(Urgency))
def test_nobody_is_due_earlier_than_the_shortest_promise(moment: datetime, urgency: Urgency) -> None:
    assert KYIV.minutes(urgency.value, moment) >= KYIV.shortest(urgency.value)


def test_without_a_calendar_the_front_waits_five_minutes_and_others_thirty(db: None) -> None:
    calendar = promises.current()
    assert [calendar.minutes(step.value, timezone.now()) for step in (Urgency.NOW, Urgency.SOON)] == [5, 30]


@pytest.mark.parametrize(
    "changed",
    [
        {"zone": "Europe/Nowhere"},
        {"zone": "../etc/passwd"},
        {"zone": "Europe"},
        {"usual": {"front": 0, "others": 30}},
        {"usual": {"front": 5, "others": 10_081}},
        {"usual": {"front": "5"}},
        {"periods": [{"days": [], "start": "08:00", "end": "20:00", "promise": {}}]},
        {"periods": [{"days": [7], "start": "08:00", "end": "20:00", "promise": {}}]},
        {"periods": [{"days": [1], "start": "8:00", "end": "20:00", "promise": {}}]},
        {"periods": [{"days": [1], "start": "24:00", "end": "20:00", "promise": {}}]},
        {"holidays": []},
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(CalendarRefused):
        promises.parse(json.dumps(changed))


def test_a_row_that_somebody_wrote_by_hand_promises_what_is_usual(db: None) -> None:
    ShiftCalendar.objects.create(content="{", day=date(2026, 11, 22))
    assert promises.current() == Calendar()


def test_a_changed_calendar_holds_from_then_on(house: House) -> None:
    promises.change(house.person(Role.SUPERVISOR).operator, KYIV)
    assert promises.current() == KYIV


@pytest.mark.parametrize(("minutes", "kept"), [(4, (1, 0)), (6, (0, 1))])
def test_a_first_answer_counts_as_kept_or_broken_and_leaves_a_count_alone(
    line: Line, person: Person, hand: Hand, minutes: int, kept: tuple[int, int]
) -> None:
    number = line.case(person).number
    Case.objects.update(waiting_since=timezone.now() - minutes * MINUTE)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("ми тут"))
    row = PromiseTally.objects.get()
    assert (row.kept, row.broken) == kept
    assert promises.kept_since(row.day, [Urgency.NOW]).percent == 100 * kept[0]


def test_whoever_is_overdue_is_counted_by_the_promise_of_the_hour_in_which_they_wrote(line: Line, house: House) -> None:
    promises.change(house.person(Role.SUPERVISOR).operator, KYIV)
    now = datetime(2026, 11, 20, 20, 20, tzinfo=UTC)  # the night began twenty minutes ago, with an hour for everybody
    for number, since in enumerate((70, 25, 19, 4), 1):
        waits(number)
        Case.objects.filter(number=f"26-{number:04}").update(waiting_since=now - since * MINUTE)
    assert promises.overdue([Urgency.NOW], now) == 2
    assert promises.overdue([Urgency.SOON, Urgency.LATER], now) == 0


def test_somebody_is_told_a_minute_before_and_again_when_it_is_broken(line: Line) -> None:
    case = waits(1, minutes=0)
    now = case.waiting_since
    assert now is not None
    assert escalating.watch(now + 3 * MINUTE) == 0
    assert escalating.watch(now + 4 * MINUTE) == 1
    assert Escalation.objects.get().kind == SOON
    assert escalating.watch(now + 4 * MINUTE) == 0
    assert escalating.watch(now + 6 * MINUTE) == 1
    assert Escalation.objects.get().kind == BROKEN
    assert Alert.objects.filter(kind=escalating.ALERT).exists()


def test_what_nobody_takes_is_told_on_and_on_and_what_somebody_took_is_not(line: Line, taken: Taken) -> None:
    now = timezone.now()
    escalating.acknowledge(taken.house.person(Role.OPERATOR).operator, Escalation.objects.get().pk)  # a moment later
    assert escalating.watch(now + 4 * MINUTE) == 0
    assert Escalation.objects.get().acknowledged_by == taken.supervisor
    assert escalating.open_now(now)[0].row.case_id == taken.case.pk
    Escalation.objects.update(acknowledged_by=None, level=1)
    assert [escalating.watch(now + minutes * MINUTE) for minutes in (6, 12, 18, 24, 30)] == [1] * 5
    assert Escalation.objects.get().level == 6


def locks(taken: Taken) -> None:
    taken.browser.post("/lock/")


def signs_out(taken: Taken) -> None:
    taken.browser.post("/sign-out/")


def is_removed(taken: Taken) -> None:
    people.deactivate(taken.supervisor, actor=taken.house.person(Role.ADMINISTRATOR).operator)


def gets_a_new_passphrase(taken: Taken) -> None:
    people.renew(taken.supervisor, actor=taken.house.person(Role.ADMINISTRATOR).operator)


def goes_off_duty(taken: Taken) -> None:
    taken.browser.post("/duty/end/")


@pytest.mark.parametrize("leaves", [goes_off_duty, locks, signs_out, is_removed, gets_a_new_passphrase])
def test_what_somebody_took_who_leaves_rings_again(line: Line, taken: Taken, leaves: Callable[[Taken], None]) -> None:
    now = timezone.now()
    assert escalating.watch(now) == 0
    assert not Alert.objects.exists()
    leaves(taken)
    assert escalating.watch(timezone.now()) == 1
    assert Escalation.objects.get().acknowledged_by is None
    assert Alert.objects.get().acknowledged_by is None


def test_what_somebody_took_and_left_lying_for_as_long_as_was_promised_rings_again(line: Line, taken: Taken) -> None:
    now = timezone.now()
    assert escalating.watch(now + 4 * MINUTE) == 0
    assert escalating.watch(now + 5 * MINUTE) == 1
    assert Alert.objects.exists()


def test_who_took_it_and_is_writing_is_left_to_write(line: Line, taken: Taken) -> None:
    now = timezone.now()
    Case.objects.update(claimed_by=taken.supervisor, claimed_until=now + 3 * MINUTE + claiming.CLAIM)
    assert escalating.watch(now + 7 * MINUTE) == 0
    assert escalating.watch(now + 9 * MINUTE) == 1


def test_who_takes_the_alert_and_no_case_is_asked_again_with_the_next_telling(line: Line, house: House) -> None:
    waits(1, minutes=10)
    now = timezone.now()
    escalating.watch(now)
    raising.acknowledge(house.person(Role.SUPERVISOR).operator, Alert.objects.get().pk)
    escalating.watch(now + MINUTE)
    assert Alert.objects.get().acknowledged_by is not None  # it stands on the page all the same
    escalating.watch(now + 5 * MINUTE)
    assert Alert.objects.get().acknowledged_by is None


def test_however_often_it_was_taken_and_told_an_overdue_case_is_never_without_an_alert(
    line: Line, taken: Taken
) -> None:
    now = timezone.now()
    for passed in range(1, 60):
        escalating.watch(now + passed * MINUTE)
        is_untaken = Escalation.objects.filter(acknowledged_by=None).exists()
        assert Alert.objects.filter(is_over=False).exists() is is_untaken
        deed = passed % 5
        for row in Escalation.objects.all() if deed == 3 else ():
            escalating.acknowledge(taken.supervisor, row.pk)
            Escalation.objects.update(told_at=now + passed * MINUTE)
        for alert in Alert.objects.filter(acknowledged_by=None) if deed == 1 else ():
            raising.acknowledge(taken.supervisor, alert.pk)


@pytest.mark.rule("T3")
def test_an_answer_takes_the_escalation_away(line: Line, person: Person, hand: Hand, house: House) -> None:
    number = line.case(person).number
    Case.objects.update(waiting_since=timezone.now() - 9 * MINUTE)
    escalating.watch(timezone.now())
    pk = Escalation.objects.get().pk
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("ми тут"))
    assert not Escalation.objects.exists()
    with pytest.raises(EscalationGone):
        escalating.acknowledge(house.person(Role.SUPERVISOR).operator, pk)


def test_a_flood_of_those_who_wait_at_home_hides_nobody_at_the_front(line: Line) -> None:
    for number in range(MOST + 10):
        waits(number + 1, urgency=Urgency.LATER, minutes=600)
    escalating.watch(timezone.now())
    assert Escalation.objects.count() == MOST
    front = waits(900, minutes=6)
    escalating.watch(timezone.now())
    assert Escalation.objects.filter(case=front).exists()
    assert escalating.open_now(timezone.now())[0].row.case_id == front.pk


def test_nobody_is_told_of_a_wait_that_lies_ahead_of_the_clock(line: Line) -> None:
    waits(1, minutes=-600)
    assert escalating.watch(timezone.now()) == 0


def test_whoever_has_waited_longer_for_a_later_promise_hides_nobody_who_is_overdue(
    line: Line, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalating, "_LOOKED_AT", 2)
    promises.change(house.person(Role.SUPERVISOR).operator, KYIV)
    night = datetime(2026, 11, 21, 3, 50, tzinfo=UTC)  # ten minutes before its end, with an hour for everybody
    for number in (1, 2, 3):
        waits(number)
        Case.objects.filter(number=f"26-{number:04}").update(waiting_since=night)
    waits(4)
    Case.objects.filter(number="26-0004").update(waiting_since=night + 15 * MINUTE)
    escalating.watch(night + 25 * MINUTE)
    assert [one.case.number for one in Escalation.objects.all()] == ["26-0004"]
