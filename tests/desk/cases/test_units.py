# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several people who come together: what is known of them is only ever added to."""

import re

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import acts, cell, reading, units
from safeconduct.desk.cases.errors import AlreadyMember, CaseGone, HeldByOthers, NoMember, NoUnit
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.units import Unit
from safeconduct.desk.cases.writing import Hand
from safeconduct.vocabulary.applications import ApplicationType
from safeconduct.vocabulary.casework import UnitArrival


@pytest.fixture
def number(line: Line, hand: Hand) -> str:
    """A unit of seven, whose application was read."""
    someone = line.apply(line.new_person(), "нас семеро", type=ApplicationType.UNIT, head_count=7)
    line.collect()
    acts.read(hand, line.case(someone).number)
    return str(line.case(someone).number)


@pytest.fixture
def member(line: Line, person: Person, hand: Hand) -> str:
    acts.read(hand, line.case(person).number)
    return str(line.case(person).number)


def known(hand: Hand, number: str) -> Unit:
    return units.of(reading.frame(hand, Case.objects.get(number=number)))


def test_the_number_that_the_person_gave_counts_until_a_colleague_corrects_it(
    line: Line, hand: Hand, number: str
) -> None:
    assert known(hand, number).head_count == 7
    units.count(hand, number, line.writing("6"), 6)
    assert known(hand, number).head_count == 6


def test_a_correction_leaves_what_stood_there(line: Line, hand: Hand, number: str) -> None:
    before = StoredEnvelope.objects.count()
    for count in (6, 9):
        units.count(hand, number, line.writing(str(count)), count)
    assert StoredEnvelope.objects.count() == before + 2


def test_a_member_keeps_a_conversation_of_their_own(line: Line, hand: Hand, number: str, member: str) -> None:
    units.add(hand, number, line.writing(member), member)
    assert known(hand, number).members == (member,)
    assert known(hand, member).belongs_to == number
    assert "хочу жить" not in str(reading.read(hand, number).opened.items)


def test_the_same_form_twice_adds_a_member_once(line: Line, hand: Hand, number: str, member: str) -> None:
    form = line.writing(member, form="a" * 32)
    units.add(hand, number, form, member)
    with pytest.raises(AlreadyMember):
        units.add(hand, number, form, member)
    assert known(hand, number).members == (member,)


def test_a_member_who_leaves_speaks_for_nobody(line: Line, hand: Hand, number: str, member: str) -> None:
    units.add(hand, number, line.writing(member), member)
    units.speak(hand, number, line.writing("v"), member)
    assert known(hand, number).voice == member
    units.leave(hand, number, line.writing("-"), member)
    assert known(hand, number).voice is None
    assert known(hand, member).belongs_to is None


def test_a_member_who_erased_their_case_can_still_be_taken_off(
    line: Line, hand: Hand, person: Person, number: str, member: str
) -> None:
    units.add(hand, number, line.writing(member), member)
    line.erase(person)
    line.collect()
    units.leave(hand, number, line.writing("-"), member)
    assert known(hand, number).members == ()


@pytest.mark.rule("R6", "R7")
@pytest.mark.parametrize("kind", [ApplicationType.RELATIVE, ApplicationType.CONSCRIPT])
def test_a_relative_or_a_conscript_is_of_no_unit(line: Line, hand: Hand, number: str, kind: ApplicationType) -> None:
    someone = line.apply(line.new_person(), "это я", type=kind)
    line.collect()
    theirs = str(line.case(someone).number)
    acts.read(hand, theirs)
    for one, other in ((number, theirs), (theirs, number)):
        with pytest.raises(NoUnit):
            units.add(hand, one, line.writing(other), other)


def test_a_unit_is_no_member_of_itself_nor_of_two(line: Line, hand: Hand, number: str, member: str) -> None:
    units.add(hand, number, line.writing(member), member)
    other = line.apply(line.new_person(), "и нас трое", type=ApplicationType.UNIT, head_count=3)
    line.collect()
    second = str(line.case(other).number)
    for one, two in ((number, number), (second, member), (member, second), (second, number)):
        with pytest.raises(AlreadyMember):
            units.add(hand, one, line.writing(two), two)
    with pytest.raises(CaseGone):
        units.add(hand, number, line.writing("?"), "26-9999")


@pytest.mark.rule("R44")
def test_part_of_them_arrives_and_the_others_are_not_forgotten(line: Line, hand: Hand, number: str) -> None:
    units.arrive(hand, number, line.writing("1"), UnitArrival(received=4, not_come=2, contact_lost=1))
    units.arrive(hand, number, line.writing("2"), UnitArrival(received=1, aborted=1))
    unit = known(hand, number)
    assert (unit.arrived, unit.missing, unit.is_too_many) == (5, 2, False)
    assert {one.item.stored.day.day for one in unit.attempts} == {1}  # by the month, from the start


def test_a_corrected_outcome_counts_once_and_can_be_corrected_again(line: Line, hand: Hand, number: str) -> None:
    units.arrive(hand, number, line.writing("1"), UnitArrival(received=4))
    for received in (3, 8):
        wrong = known(hand, number).attempts[0].envelope
        units.arrive(hand, number, line.writing(str(received)), UnitArrival(received=received, corrects=wrong))
    unit = known(hand, number)
    assert (len(unit.attempts), unit.arrived, unit.is_too_many) == (1, 8, True)
    with pytest.raises(NoMember):
        units.arrive(hand, number, line.writing("?"), UnitArrival(received=1, corrects=wrong))


def test_the_page_shows_and_changes_it(operator: Client, number: str, member: str) -> None:
    address = f"/cases/{number}/unit/"
    form = re.search(r'name="form" value="([0-9a-f]{32})"', operator.get(address).content.decode())
    assert form
    said = {"do": "add", "member": member.replace("-", ""), "form": form[1]}
    assert operator.post(f"{address}change/", said).status_code == 303
    assert f">{member}</a>" in operator.get(address).content.decode()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"do": "count", "head_count": "0"}, 400),
        ({"do": "count", "head_count": "seven"}, 400),
        ({"do": "add", "member": "x"}, 400),
        ({"do": "add", "member": "26-9999"}, 409),
        ({"do": "arrive", "received": "-1"}, 400),
        ({"do": "sink"}, 404),
    ],
)
def test_what_cannot_be_is_refused_with_the_page(
    operator: Client, number: str, said: dict[str, str], status: int
) -> None:
    before = StoredEnvelope.objects.filter(sort="frame").count()
    answer = operator.post(f"/cases/{number}/unit/change/", {"form": "a" * 32, **said})
    assert answer.status_code == status
    assert StoredEnvelope.objects.filter(sort="frame").count() == before


@pytest.mark.rule("R14")
def test_while_the_cell_has_the_case_intake_sees_the_unit_and_writes_nothing(
    line: Line, hand: Hand, planner: Hand, number: str, operator: Client
) -> None:
    cell.offer(hand, number, handover=planner.team.public)
    cell.accept(planner, number)
    page = operator.get(f"/cases/{number}/unit/")
    assert "The handover cell has this case" in page.content.decode()
    assert b"/unit/change/" not in page.content
    with pytest.raises(HeldByOthers):
        units.arrive(hand, number, line.writing("1"), UnitArrival(received=1))
    answer = operator.post(f"/cases/{number}/unit/change/", {"do": "count", "form": "a" * 32, "head_count": "9"})
    assert answer.status_code == 409
    assert "Nothing was kept." in answer.content.decode()
    units.count(planner, number, line.writing("6"), 6)
    assert known(planner, number).head_count == 6
