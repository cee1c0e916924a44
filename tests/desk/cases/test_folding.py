# SPDX-License-Identifier: AGPL-3.0-or-later
"""T7: a flood is put away under one case, and nobody in it is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person
from tests.desk.cases.test_claiming import waits
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.cases import acts, cell, claiming, escalating, expiry, folding, needs, queue, standing
from safeconduct.desk.cases.errors import CaseGone, NotFolded
from safeconduct.desk.cases.escalating import MOST
from safeconduct.desk.cases.models import Case, Escalation, StoredEnvelope
from safeconduct.desk.cases.queue import Filters, Reader
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.roles import Role

pytestmark = pytest.mark.rule("T7")


@pytest.fixture
def flood(line: Line) -> list[str]:
    """Five who write the same."""
    people = [line.apply_new("СПАМ") for _ in range(5)]
    line.collect()
    return [line.case(one).number for one in people]


def waiting() -> list[str]:
    return [case.number for case in queue.waiting(Filters(), None).cases]


def test_what_is_folded_leaves_the_queue_and_nothing_else_changes(hand: Hand, flood: list[str]) -> None:
    head, *others = flood
    assert folding.fold(hand, head, others) == 4
    assert waiting() == [head]
    assert Case.objects.filter(state="new", waiting_since__isnull=False).count() == 5
    assert sum(queue.counts(Filters()).values()) == 1
    assert folding.count() == 4


def test_unread_messages_in_a_fold_are_counted_and_ring(hand: Hand, flood: list[str]) -> None:
    head, *others = flood
    folding.fold(hand, head, others)
    assert [one.unread for one in folding.under(Case.objects.get(number=head))[0]] == [2, 2, 2, 2]
    assert [(size, unread) for _case, size, unread in folding.heads()] == [(4, 8)]
    acts.read(hand, head)
    expiry.alarm(timezone.now() + timedelta(days=4))
    assert Alert.objects.filter(kind=expiry.UNREAD_ALERT).exists()


def test_of_a_large_fold_who_waits_stands_first_and_every_page_is_reached(
    house: House, hand: Hand, flood: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "SHOWN", 2)
    head, *others = flood
    folding.fold(hand, head, others)
    acts.read(hand, others[0])
    acts.settle(hand, others[0], seen=10**9)
    Case.objects.filter(number=others[0]).update(folded_into=Case.objects.get(number=head))
    browser, address = house.signed_in(Role.OPERATOR), f"/cases/{head}/under/"
    first, second = (browser.get(address, {"page": page}).content.decode() for page in ("", "2"))
    assert [number for number in others if number in first] == others[1:3]
    assert [number for number in (others[3], others[0]) if number in second] == [others[3], others[0]]
    assert ('href="?page=2"' in first, 'href="?page=1"' in second, 'href="?page=3"' in second) == (True, True, False)
    for wrong in ("0", "9999", "-1", "x", "٢"):
        assert browser.get(address, {"page": wrong}).status_code == 200


def test_whoever_lies_in_a_fold_at_the_front_is_told_of_and_takes_nobodys_room(hand: Hand, flood: list[str]) -> None:
    folding.fold(hand, flood[0], flood[1:])
    escalating.watch(timezone.now() + timedelta(minutes=6))
    assert Escalation.objects.filter(case__folded_into__gt=0).count() == 4


def test_a_folded_flood_takes_no_room_from_who_is_late_now(line: Line, hand: Hand, flood: list[str]) -> None:
    made = [waits(number + 100, minutes=60).number for number in range(MOST + 10)]
    escalating.watch(timezone.now())
    Case.objects.filter(number__in=made).update(folded_into=Case.objects.get(number=flood[0]))
    late = waits(900, minutes=6)
    escalating.watch(timezone.now())
    assert Escalation.objects.filter(case=late).exists()


def test_taken_out_again_it_stands_where_it_stood(hand: Hand, flood: list[str]) -> None:
    head, *others = flood
    folding.fold(hand, head, others)
    folding.unfold(hand, others[0])
    assert waiting() == [head, others[0]]
    with pytest.raises(NotFolded):
        folding.unfold(hand, others[0])


def test_whoever_writes_again_stands_in_the_queue_again(line: Line, person: Person, hand: Hand) -> None:
    other = line.apply_new("СПАМ")
    line.collect()
    folding.fold(hand, line.case(other).number, [line.case(person).number])
    line.write(person, "это не спам")
    line.collect()
    assert line.case(person).folded_into is None
    assert line.case(person).number in waiting()


@pytest.mark.rule("R5")
def test_a_frozen_case_is_never_put_out_of_sight(hand: Hand, flood: list[str]) -> None:
    head, frozen, *_ = flood
    standing.freeze(hand, frozen, "голос")
    assert folding.fold(hand, head, [frozen]) == 0
    assert frozen in waiting()


def test_what_a_colleague_is_answering_stays_with_them_and_ones_own_can_be_folded(
    house: House, hand: Hand, flood: list[str]
) -> None:
    head, theirs, own, lapsed, _ = flood
    colleague = people.add_operator("operator two", Role.OPERATOR).operator
    claiming.claim(colleague, theirs)
    claiming.claim(hand.operator, own)
    claiming.claim(colleague, lapsed)
    Case.objects.filter(number=lapsed).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert folding.fold(hand, head, [theirs, own, lapsed]) == 2
    assert theirs in waiting()
    assert claiming.count(colleague, timezone.now()) == 1


def test_nothing_lies_two_deep(hand: Hand, flood: list[str]) -> None:
    first, second, third, *_ = flood
    folding.fold(hand, second, [third])
    folding.fold(hand, first, [second])
    under = Case.objects.filter(folded_into__number=first).values_list("number", flat=True)
    assert set(under) == {second, third}
    with pytest.raises(NotFolded):
        folding.fold(hand, second, [flood[3]])


def test_an_erased_head_gives_its_fold_back(line: Line, person: Person, hand: Hand, flood: list[str]) -> None:
    folding.fold(hand, line.case(person).number, flood)
    line.erase(person)
    line.collect()
    assert waiting() == flood


def test_a_head_that_does_not_exist_folds_nothing(hand: Hand, flood: list[str]) -> None:
    with pytest.raises(CaseGone):
        folding.fold(hand, "26-9999", flood)
    assert len(waiting()) == 5


def test_the_page_folds_what_is_ticked(operator: Client, flood: list[str]) -> None:
    head, *others = flood
    assert operator.post("/queue/fold/put-away/", {"head": head}).status_code == 400
    answer = operator.post("/queue/fold/put-away/", {"head": head, "case": others})
    assert answer.headers["Location"] == f"/queue/fold/?folded=4&under={head}"
    assert "4 put away" in operator.get("/queue/").content.decode()
    page = operator.get(f"/cases/{head}/under/").content.decode()
    assert page.count("2 unread") == 4
    operator.post(f"/cases/{others[0]}/unfold/")
    assert waiting() == [head, others[0]]


def test_a_fold_is_told_in_the_case_itself(operator: Client, hand: Hand, flood: list[str]) -> None:
    folding.fold(hand, flood[0], [flood[1]])
    assert StoredEnvelope.objects.filter(case__number=flood[1], author=hand.operator).count() == 1
    assert f"folded this case under {flood[0]}" in operator.get(f"/cases/{flood[1]}/").content.decode()


def test_what_was_settled_in_a_fold_and_is_put_back_stands_in_the_queue(hand: Hand, flood: list[str]) -> None:
    head, other = flood[:2]
    folding.fold(hand, head, [other])
    acts.settle(hand, other, seen=acts.read(hand, other)[1].last_seen)
    acts.put_back(hand, other)
    assert other in waiting()


def test_what_is_given_to_a_colleague_from_a_fold_stands_in_the_queue(hand: Hand, flood: list[str]) -> None:
    head, other = flood[:2]
    folding.fold(hand, head, [other])
    acts.read(hand, other)
    needs.say(hand, other, (), gives_back=True)
    assert other in waiting()


def test_what_is_offered_to_the_cell_lies_in_no_fold(hand: Hand, planner: Hand, flood: list[str]) -> None:
    head, other = flood[:2]
    folding.fold(hand, head, [other])
    acts.read(hand, other)
    cell.offer(hand, other, handover=planner.team.public)
    assert other in waiting()
    cell.accept(planner, other)
    of_cell = Reader(planner.operator.pk, (), is_of_cell=True)
    assert [case.number for case in queue.waiting(Filters(), None, of_cell).cases] == [other]


@pytest.mark.rule("R5", "R13")
@pytest.mark.parametrize("mark", [standing.freeze, standing.suspect_minor])
def test_whoever_may_be_forced_or_a_child_leaves_the_fold(
    hand: Hand, flood: list[str], mark: Callable[[Hand, str, str], None]
) -> None:
    head, found, *others = flood
    folding.fold(hand, head, [found, *others])
    mark(hand, found, "a voice behind them")
    assert sorted(waiting()) == sorted([head, found])
