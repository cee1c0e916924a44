# SPDX-License-Identifier: AGPL-3.0-or-later
"""R50: two people bring two cases together and take them apart; both stay as they are."""

import dataclasses

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.approvals.errors import AlreadyProposed, ContentChanged, NotApproved, SamePerson
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit import records
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import identity, merging
from safeconduct.desk.cases.errors import AlreadyMerged, CaseGone, OfRelative
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType
from safeconduct.vocabulary.identity import IdentityClaim

pytestmark = pytest.mark.django_db
CLAIM = IdentityClaim("Олександр Шевченко", service_number="АБ-123456")


@pytest.fixture
def second(house: House, line: Line, hand: Hand) -> Hand:
    """Another operator at work."""
    welcome = people.add_operator("operator three", Role.OPERATOR)
    people.let_in(people.team_key("intake"), house.keys["intake"], welcome.operator)
    someone = house.newcomer(welcome)
    return dataclasses.replace(hand, operator=someone.operator, private=house.opened(someone))


@pytest.fixture
def two(line: Line, person: Person, hand: Hand) -> tuple[str, str]:
    """Two cases of one person, the older first."""
    other = line.apply_new("это снова я")
    line.collect()
    numbers = line.case(person).number, line.case(other).number
    for number in numbers:
        identity.enter(hand, number, (CLAIM,), seen=0)
    return numbers


def propose(hand: Hand, one: str, other: str) -> None:
    """With the newest page on the screen."""
    merging.propose(hand, one, other, seen=merging.compare(hand, one, other).mark)


def approve(hand: Hand, one: str, other: str) -> None:
    """With the newest page on the screen."""
    merging.approve(hand, one, other, seen=merging.compare(hand, one, other).mark)


def merged(hand: Hand, second: Hand, two: tuple[str, str]) -> None:
    propose(hand, *two)
    approve(second, *two)


def form_of(browser: Client, address: str) -> dict[str, str]:
    """What the form of the page that this browser sees now would send, but for the button."""
    page = browser.get(address).content.decode()
    return {"seen": page.split('name="seen" value="')[1].split('"')[0]} if 'name="seen"' in page else {}


def acts_told(house: House) -> list[str]:
    opened = [records.open_sealed(bytes(one.sealed), house.keys["monitor"]) for one in Entry.objects.order_by("pk")]
    return [one.act for one in opened]


@pytest.mark.rule("R50", "R49")
def test_two_people_bring_two_cases_together_and_both_stay_as_they_were(
    house: House, hand: Hand, second: Hand, two: tuple[str, str]
) -> None:
    before = {row.pk: (bytes(row.core), bytes(row.wraps)) for row in StoredEnvelope.objects.all()}
    propose(hand, two[1], two[0])
    assert not Merge.objects.exists()
    approve(second, *two)
    merge = Merge.objects.get()
    assert (merge.leading.number, merge.other.number) == two
    assert acts_told(house)[-3:] == ["approvals.approved", "approvals.spent", "cases.merged"]
    assert {
        row.pk: (bytes(row.core), bytes(row.wraps)) for row in StoredEnvelope.objects.filter(pk__in=before)
    } == before
    assert [one.number for one in merging.linked(merge.leading)] == [two[1]]


@pytest.mark.rule("R50")
def test_nobody_merges_alone(house: House, hand: Hand, two: tuple[str, str]) -> None:
    with pytest.raises(NotApproved):
        approve(hand, *two)
    propose(hand, *two)
    with pytest.raises(SamePerson):
        approve(hand, *two)
    assert acts_told(house)[-1] == "cases.merge-refused"
    assert not Merge.objects.exists()


@pytest.mark.rule("R50")
def test_two_people_take_them_apart_again_and_can_merge_them_anew(
    house: House, hand: Hand, second: Hand, two: tuple[str, str]
) -> None:
    merged(hand, second, two)
    with pytest.raises(NotApproved):
        approve(second, *two)
    propose(second, *two)
    approve(hand, *two)
    assert acts_told(house)[-1] == "cases.unmerged"
    assert merging.linked(Case.objects.get(number=two[0])) == []
    assert Merge.objects.get().undone_day is not None
    merged(hand, second, two)
    assert Merge.objects.filter(undone_day=None).count() == 1


@pytest.mark.rule("R50")
def test_what_changed_since_it_was_proposed_has_to_be_compared_again(
    hand: Hand, second: Hand, two: tuple[str, str]
) -> None:
    propose(hand, *two)
    seen = identity.read(hand, two[0]).seen
    identity.enter(hand, two[0], (CLAIM, IdentityClaim("Іван Петренко")), seen=seen)
    with pytest.raises(ContentChanged):
        approve(second, *two)
    assert not Merge.objects.exists()
    merged(hand, second, two)


def test_two_who_propose_the_same_are_told_to_approve_it(hand: Hand, second: Hand, two: tuple[str, str]) -> None:
    propose(hand, *two)
    propose(hand, *two)  # the same button twice
    with pytest.raises(AlreadyProposed):
        propose(second, *two)
    assert Proposal.objects.count() == 1


def test_a_proposal_of_somebody_who_left_takes_no_effect(hand: Hand, second: Hand, two: tuple[str, str]) -> None:
    propose(hand, *two)
    type(hand.operator).objects.filter(pk=hand.operator.pk).update(active=False)
    with pytest.raises(NotApproved):
        approve(second, *two)
    assert not Merge.objects.exists()


@pytest.mark.rule("R6")
def test_a_relatives_case_is_compared_and_merged_with_none(
    house: House, line: Line, person: Person, hand: Hand
) -> None:
    relative = line.apply(Person(), "ищу сына", type=ApplicationType.RELATIVE)
    line.collect()
    numbers = line.case(person).number, line.case(relative).number
    with pytest.raises(OfRelative):
        merging.compare(hand, *numbers)
    with pytest.raises(OfRelative):
        merging.propose(hand, *numbers, seen="")
    assert acts_told(house)[-1] == "cases.merge-refused"
    assert not Proposal.objects.exists()


def test_a_case_stands_under_one_other_at_a_time(
    line: Line, person: Person, hand: Hand, second: Hand, two: tuple[str, str]
) -> None:
    merged(hand, second, two)
    third = line.apply_new()
    line.collect()
    number = line.case(third).number
    merged(hand, second, (two[0], number))
    assert [one.number for one in merging.linked(Case.objects.get(number=number))] == list(two)
    with pytest.raises(AlreadyMerged):
        merged(hand, second, (two[1], number))


@pytest.mark.rule("R48", "R50")
def test_an_erasure_ends_the_merge_and_leaves_the_other_case(
    line: Line, person: Person, hand: Hand, second: Hand, two: tuple[str, str]
) -> None:
    merged(hand, second, two)
    line.erase(person)
    line.collect()
    assert not Merge.objects.exists()
    assert Case.objects.get().number == two[1]
    with pytest.raises(CaseGone):
        merging.compare(hand, *two)


@pytest.mark.rule("R50", "T6")
def test_the_pages_lead_two_operators_through_it(operator: Client, colleague: Client, two: tuple[str, str]) -> None:
    address = f"/cases/{two[0]}/merge/{two[1]}/"
    page = operator.get(address).content.decode()
    assert "Олександр Шевченко" in page
    assert "agrees" in page
    form = form_of(operator, address)
    assert operator.post(address, {"step": "propose"}).status_code == 409
    assert operator.post(address, {"step": "propose", **form}).status_code == 302
    assert "You have proposed it" in operator.get(address).content.decode()
    refused = operator.post(address, {"step": "approve", **form})
    assert refused.status_code == 409
    assert "A colleague has to look at it" in refused.content.decode()
    assert address in colleague.get("/approvals/").content.decode()
    assert "proposes it" in colleague.get(address).content.decode()
    assert colleague.post(address, {"step": "approve", **form_of(colleague, address)}).status_code == 302
    assert f"/cases/{two[1]}/" in operator.get(f"/cases/{two[0]}/").content.decode()
    assert "They are one person's since" in colleague.get(address).content.decode()


@pytest.mark.rule("R50")
def test_nobody_approves_claims_that_their_page_never_showed(
    colleague: Client, hand: Hand, two: tuple[str, str]
) -> None:
    address = f"/cases/{two[0]}/merge/{two[1]}/"
    propose(hand, *two)
    stale = form_of(colleague, address)
    seen = identity.read(hand, two[0]).seen
    identity.enter(hand, two[0], (CLAIM, IdentityClaim("Іван Петренко")), seen=seen)
    propose(hand, *two)
    refused = colleague.post(address, {"step": "approve", **stale})
    assert refused.status_code == 409
    assert "What is known of one of them has changed" in refused.content.decode()
    assert not Merge.objects.exists()
    assert colleague.post(address, {"step": "approve", **form_of(colleague, address)}).status_code == 302


@pytest.mark.rule("R50")
def test_a_page_to_bring_together_never_takes_apart(hand: Hand, second: Hand, two: tuple[str, str]) -> None:
    stale = merging.compare(second, *two).mark
    merged(hand, second, two)
    with pytest.raises(ContentChanged):
        merging.propose(second, *two, seen=stale)
    propose(hand, *two)
    with pytest.raises(ContentChanged):
        merging.approve(second, *two, seen=stale)
    assert Merge.objects.get().undone_day is None
