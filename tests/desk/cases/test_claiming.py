# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has a case: one person at a time, for minutes, and nobody's answer is lost."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_case_page import said
from tests.desk.conftest import House

from safeconduct.desk.cases import acts, claiming, queue, routing, waiting
from safeconduct.desk.cases.claiming import CLAIM
from safeconduct.desk.cases.errors import CaseGone, HandsFull, HeldBy, HeldByOthers, NothingWaits
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.needs import nobodys
from safeconduct.desk.cases.queue import Filters
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.errors import NoCard
from safeconduct.desk.operators.models import DutyCard, Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.labels import Label

MINUTE = timedelta(minutes=1)
LABEL = Label("web", "ru", Kind.MESSAGE, Urgency.NOW)


def waits(number: int, language: str = "ru", urgency: Urgency = Urgency.NOW, minutes: int = 1) -> Case:
    case = Case(number=f"26-{number:04}", conversation=number.to_bytes(16), last_day=date(2026, 11, 22))
    waiting.begin(case, Label("web", language, Kind.MESSAGE, urgency), timezone.now() - minutes * MINUTE)
    case.save()
    return case


def speaks(operator: Operator, *languages: str, capacity: int = 5) -> None:
    DutyCard.objects.update_or_create(
        operator=operator, defaults={"languages": " ".join(languages), "hours": 8, "capacity": capacity}
    )


def has(case: Case) -> str | None:
    holder = claiming.holder_of(Case.objects.select_related("claimed_by").get(pk=case.pk))
    return holder.name if holder else None


@pytest.fixture
def olena(house: House) -> Operator:
    return house.person(Role.OPERATOR).operator


@pytest.fixture
def marko(house: House) -> Operator:
    return house.person(Role.SUPERVISOR).operator


@pytest.fixture
def other_hand(house: House, line: Line) -> Hand:
    someone = house.person(Role.SUPERVISOR)
    return Hand(someone.operator, house.opened(someone), line.team, line.keys)


def test_whoever_opens_a_case_first_has_it_and_the_other_sees_who(
    line: Line, person: Person, hand: Hand, other_hand: Hand
) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.read(other_hand, number)
    assert has(line.case(person)) == hand.operator.name


@pytest.mark.django_db(transaction=True)
def test_both_answers_are_kept_and_the_later_one_says_that_it_crossed(
    line: Line, person: Person, hand: Hand, other_hand: Hand
) -> None:
    number = line.case(person).number
    seen = acts.read(hand, number)[1].last_seen
    acts.read(other_hand, number)
    acts.reply(hand, number, line.writing("перша", seen=seen))
    acts.reply(other_hand, number, line.writing("друга", seen=seen))
    replies = StoredEnvelope.objects.filter(purpose=Purpose.TO_PERSON.value).order_by("pk")
    assert [row.crossed for row in replies] == [False, True]
    assert line.deliver() == 2
    assert line.inbox(person) == ["перша", "друга"]


def test_an_answer_to_what_was_read_has_not_crossed(line: Line, person: Person, hand: Hand, other_hand: Hand) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("перша"))
    seen = acts.read(other_hand, number)[1].last_seen
    acts.reply(other_hand, number, line.writing("друга", seen=seen))
    acts.reply(other_hand, number, line.writing("і ще одне", seen=seen))  # after their own, which they know
    assert not StoredEnvelope.objects.filter(crossed=True).exists()


@pytest.mark.rule("T3")
def test_an_answer_ends_the_claim_and_nothing_of_it_stays_in_clear(line: Line, person: Person, hand: Hand) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("так"))
    case = line.case(person)
    assert (case.claimed_by, case.claimed_until) == (None, None)


def test_a_claim_is_refused_while_a_colleague_has_the_case_and_can_be_taken_over(
    line: Line, olena: Operator, marko: Operator
) -> None:
    case = waits(1)
    claiming.claim(olena, case.number)
    with pytest.raises(HeldBy) as refused:
        claiming.claim(marko, case.number)
    assert (refused.value.name, has(case)) == (olena.name, olena.name)
    claiming.take_over(marko, case.number)
    assert has(case) == marko.name
    claiming.release(olena, case.number)  # no longer theirs to give back
    assert has(case) == marko.name


def test_what_is_gone_or_waits_for_nothing_is_nobodys(line: Line, olena: Operator) -> None:
    with pytest.raises(CaseGone):
        claiming.claim(olena, "26-0404")
    Case.objects.create(number="26-0002", conversation=b"2" * 16, state="answered", last_day=date(2026, 11, 22))
    with pytest.raises(NothingWaits):
        claiming.claim(olena, "26-0002")


@pytest.mark.rule("T6")
def test_each_team_claims_its_own_cases_alone(line: Line, olena: Operator, house: House) -> None:
    planner = house.person(Role.PLANNER).operator
    ours, theirs = waits(1), waits(2)
    Case.objects.filter(pk=theirs.pk).update(with_cell="cell")
    with pytest.raises(CaseGone):
        claiming.claim(planner, ours.number)
    with pytest.raises(HeldByOthers):
        claiming.claim(olena, theirs.number)
    claiming.claim(planner, theirs.number)
    assert (has(ours), has(theirs)) == (None, planner.name)


def test_a_case_that_is_left_goes_back_into_the_queue_by_itself(line: Line, olena: Operator) -> None:
    case = waits(1)
    claiming.claim(olena, case.number)
    assert claiming.lapse(timezone.now() + CLAIM - MINUTE) == 0
    assert claiming.lapse(timezone.now() + CLAIM + MINUTE) == 1
    assert has(case) is None
    assert Case.objects.get(pk=case.pk).claimed_until is None


def test_whoever_goes_off_duty_or_leaves_for_good_has_nothing(
    line: Line, olena: Operator, marko: Operator, house: House
) -> None:
    first, second = waits(1), waits(2)
    claiming.claim(olena, first.number)
    claiming.claim(marko, second.number)
    assert claiming.release_of([olena]) == 1
    people.deactivate(marko, actor=house.person(Role.ADMINISTRATOR).operator)
    assert claiming.lapse(timezone.now()) == 1
    assert (has(first), has(second)) == (None, None)


@pytest.mark.parametrize("leaves", ["/lock/", "/sign-out/"])
def test_whoever_locks_or_signs_out_gives_everything_back_and_keeps_their_draft(
    line: Line, person: Person, house: House, leaves: str
) -> None:
    number = line.case(person).number
    browser = house.signed_in(Role.OPERATOR)
    page = browser.get(f"/cases/{number}/").content.decode()
    browser.post(f"/cases/{number}/reply/draft/", said(page, "пишу"))
    assert claiming.leave(timezone.now()) == 0
    assert has(line.case(person)) == "operator one"
    browser.post(leaves)
    assert claiming.leave(timezone.now()) == 1
    assert has(line.case(person)) is None
    again = house.signed_in(Role.OPERATOR).get(f"/cases/{number}/").content.decode()
    assert "пишу</textarea>" in again
    assert has(line.case(person)) == "operator one"


def test_whoever_left_their_desk_open_until_it_locks_gives_everything_back(
    line: Line, person: Person, house: House
) -> None:
    house.signed_in(Role.OPERATOR).get(f"/cases/{line.case(person).number}/")
    assert claiming.leave(timezone.now() + 9 * MINUTE) == 0
    assert claiming.leave(timezone.now() + 11 * MINUTE) == 1


def test_a_claim_that_a_fast_clock_made_holds_nobody_off(line: Line, olena: Operator, marko: Operator) -> None:
    case = waits(1)
    claiming.claim(olena, case.number)
    Case.objects.filter(pk=case.pk).update(claimed_until=timezone.now() + timedelta(days=400))
    claiming.claim(marko, case.number)
    assert has(case) == marko.name


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_claim_at_once_one_has_it(line: Line, house: House) -> None:
    crowd = [people.add_operator(f"crowd {one}", Role.OPERATOR).operator for one in range(8)]
    case, refused, start = waits(1), [], threading.Barrier(len(crowd))

    def work(operator: Operator) -> None:
        start.wait()
        try:
            claiming.claim(operator, case.number)
        except HeldBy as held:
            refused.append(held.name)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(one,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == len(crowd) - 1
    assert set(refused) == {has(case)}


def test_next_gives_the_most_urgent_whom_i_understand_and_nobody_has(
    line: Line, olena: Operator, marko: Operator
) -> None:
    speaks(olena, "uk", "ru")
    waits(1, "ko-KP")
    waits(2, "uk", Urgency.LATER, minutes=900)
    taken, mine = waits(3, "ru", minutes=9), waits(4, "uk", minutes=4)
    claiming.claim(marko, taken.number)
    assert routing.next_for(olena, nobodys) == mine.number
    assert has(mine) == olena.name


def test_who_is_full_or_has_said_no_language_gets_none(line: Line, olena: Operator) -> None:
    waits(1, "uk")
    waits(2, "uk")
    with pytest.raises(NoCard):
        routing.next_for(olena, nobodys)
    speaks(olena, "uk", capacity=1)
    assert routing.next_for(olena, nobodys)
    with pytest.raises(HandsFull):
        routing.next_for(olena, nobodys)
    speaks(olena, "ar", capacity=2)
    assert routing.next_for(olena, nobodys) is None


def test_a_language_that_nobody_knows_yet_is_everybodys(line: Line, olena: Operator) -> None:
    speaks(olena, "ar")
    case = waits(1, "und")
    reader = routing.reader_of(olena)
    assert [one.pk for one in queue.waiting(Filters(mine=True), None, reader).cases] == [case.pk]


def test_the_page_says_who_has_it_and_that_it_was_taken_over(
    line: Line, person: Person, operator: Client, colleague: Client
) -> None:
    number = line.case(person).number
    assert "You have this case" in operator.get(f"/cases/{number}/").content.decode()
    page = colleague.get(f"/cases/{number}/").content.decode()
    assert "operator one has this case" in page
    mine = str(line.case(person).claimed_by_id)
    assert operator.get(f"/cases/{number}/holder/?was={mine}").status_code == 204
    assert colleague.post(f"/cases/{number}/claim/", {"do": "take"}).status_code == 303
    told = operator.get(f"/cases/{number}/holder/?was={mine}").content.decode()
    assert "operator two has taken this case over from you" in told


def test_giving_back_leads_to_the_queue_and_nonsense_nowhere(line: Line, person: Person, operator: Client) -> None:
    number = line.case(person).number
    operator.get(f"/cases/{number}/")
    assert operator.post(f"/cases/{number}/claim/", {"do": "release"}).headers["Location"] == "/queue/"
    assert has(line.case(person)) is None
    assert operator.post(f"/cases/{number}/claim/", {"do": "steal"}).status_code == 404


@dataclass
class Model:
    """Who should have each of three cases, by the words of the promise."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    waits: list[bool] = field(default_factory=lambda: [True] * 3)
    holder: list[tuple[int, datetime] | None] = field(default_factory=lambda: [None] * 3)

    def who(self, case: int) -> int | None:
        found = self.holder[case]
        return found[0] if self.waits[case] and found and self.now < found[1] <= self.now + CLAIM else None

    def give(self, case: int, who: int) -> None:
        if self.waits[case]:
            self.holder[case] = (who, self.now + CLAIM)

    def do(self, act: str, who: int, case: int, minutes: int) -> None:
        mine = self.who(case) in (None, who)
        is_theirs = self.who(case) == who
        if act == "take" or (act in {"claim", "open"} and mine) or (act == "type" and is_theirs):
            self.give(case, who)
        elif act == "release" and self.holder[case] and self.holder[case][0] == who:  # type: ignore[index]
            self.holder[case] = None
        elif act == "leave":
            self.holder = [None if one and one[0] == who else one for one in self.holder]
        elif act == "rest":
            self.waits[case], self.holder[case] = False, None
        elif act == "write":
            self.waits[case] = True
        elif act == "time":
            self.now += minutes * MINUTE


def desk_does(act: str, who: Operator, case: Case) -> None:
    row = Case.objects.get(pk=case.pk)
    if act in {"claim", "take"}:
        with contextlib.suppress(HeldBy, NothingWaits):
            (claiming.claim if act == "claim" else claiming.take_over)(who, case.number)
    elif act == "open":
        claiming.keep(row, who)
        row.save()
    elif act == "type":
        claiming.renew(row, who)
    elif act == "release":
        claiming.release(who, case.number)
    elif act == "leave":
        claiming.release_of([who])
    elif act == "rest":
        row.state = "answered"
        waiting.end(row)
        row.save()
    elif act == "write":
        row.state = "open"
        waiting.begin(row, LABEL, timezone.now())
        row.save()
    elif act == "lapse":
        claiming.lapse(timezone.now())


ACTS = ["claim", "take", "open", "type", "release", "leave", "rest", "write", "lapse", "time"]
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 2), st.integers(-20, 20)), max_size=25
)


@pytest.mark.rule("T3")
def test_whatever_people_and_clocks_do_a_case_has_one_holder_and_only_while_it_waits(
    line: Line, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = [people.add_operator(f"of three {one}", Role.OPERATOR).operator for one in range(3)]
    run_steps(three, lambda clock: monkeypatch.setattr(timezone, "now", clock))


def run_steps(three: list[Operator], set_clock: Callable[[Callable[[], datetime]], None]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def check(steps: list[tuple[str, int, int, int]]) -> None:
        model = Model()
        set_clock(lambda: model.now)
        with transaction.atomic():
            cases = [waits(number) for number in (1, 2, 3)]
            for act, who, case, minutes in steps:
                desk_does(act, three[who], cases[case])
                model.do(act, who, case, minutes)
                assert [held_by(one, three) for one in cases] == [model.who(at) for at in range(3)], (act, who, case)
            assert not Case.objects.filter(waiting_since=None, claimed_until__isnull=False).exists()
            transaction.set_rollback(True)

    check()


def held_by(case: Case, three: list[Operator]) -> int | None:
    holder: Any = claiming.holder_of(Case.objects.select_related("claimed_by").get(pk=case.pk))
    return next((at for at, one in enumerate(three) if holder and one.pk == holder.pk), None)


@pytest.mark.django_db(transaction=True)
def test_eight_who_press_next_at_once_get_eight_cases(line: Line, house: House) -> None:
    crowd = [people.add_operator(f"crowd {one}", Role.OPERATOR).operator for one in range(8)]
    for at, one in enumerate(crowd):
        speaks(one, "uk")
        waits(at + 1, "uk")
    given_out: list[str | None] = []
    start = threading.Barrier(len(crowd))

    def work(operator: Operator) -> None:
        start.wait()
        given_out.append(routing.next_for(operator, nobodys))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(one,)) for one in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor
    assert len(set(given_out)) == len(crowd)
    assert None not in given_out
