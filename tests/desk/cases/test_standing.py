# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5 and R13: what stops a handover, who lifts it, and what nobody outside notices."""

from typing import Any

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, reading, standing
from safeconduct.desk.cases.errors import CaseGone, NothingStands, NotReadYet, SamePerson
from safeconduct.desk.cases.models import Case, Outgoing, today
from safeconduct.desk.cases.standing import Stop
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.records import ChatContact


@pytest.fixture
def supervisor(house: House, line: Line) -> Hand:
    someone = house.person(Role.SUPERVISOR)
    return Hand(someone.operator, house.opened(someone), line.team, line.keys)


@pytest.fixture
def number(line: Line, person: Person) -> str:
    return str(line.case(person).number)


def case(number: str) -> Case:
    return Case.objects.get(number=number)


@pytest.fixture
def frozen(line: Line, person: Person, hand: Hand, number: str) -> str:
    line.write(person, "малина", duress=True)
    line.collect()
    acts.read(hand, number)
    return number


@pytest.mark.rule("R5")
def test_the_agreed_word_freezes_the_case_as_soon_as_it_is_opened(frozen: str) -> None:
    assert standing.is_frozen(case(frozen))
    assert standing.stops(case(frozen)) == {Stop.DURESS}


@pytest.mark.rule("R5")
def test_an_unopened_message_stops_a_handover_before_anybody_knows_what_it_says(number: str, hand: Hand) -> None:
    assert standing.stops(case(number)) == {Stop.UNREAD}
    acts.read(hand, number)
    assert standing.stops(case(number)) == frozenset()


@pytest.mark.rule("R5")
def test_freezing_sends_nothing_and_an_answer_looks_as_it_always_did(line: Line, frozen: str, hand: Hand) -> None:
    assert not Outgoing.objects.exists()
    acts.reply(hand, frozen, line.writing("мы здесь"))
    assert Outgoing.objects.count() == 1


@pytest.mark.rule("R5")
def test_a_supervisor_lifts_it_with_a_reason_that_stands_in_the_case(
    line: Line, person: Person, frozen: str, supervisor: Hand
) -> None:
    standing.lift(supervisor, frozen, "спросили другим путём")
    assert not standing.is_frozen(case(frozen))
    said = [getattr(item.record, "reason", "") for item in line.opened(person).items]
    assert "спросили другим путём" in said


@pytest.mark.rule("R5")
def test_reading_the_same_word_again_does_not_freeze_what_was_lifted_but_a_new_one_does(
    line: Line, person: Person, frozen: str, hand: Hand, supervisor: Hand
) -> None:
    standing.lift(supervisor, frozen, "проверено")
    acts.read(hand, frozen)
    assert not standing.is_frozen(case(frozen))
    line.write(person, "снова малина", duress=True)
    line.collect()
    acts.read(hand, frozen)
    assert standing.is_frozen(case(frozen))


def flooded(line: Line, person: Person, mailbox: bytes | None = None) -> None:
    """More rows of the frame than one reading opens."""
    contact = ChatContact("telegram", person.language, mailbox or person.mailbox.public.raw)
    line.put(person, *(line.seal(person, contact, Kind.REPORT) for _ in range(reading.FRAME_MAX + 5)))
    line.collect()
    line.case(person).envelopes.update(opened_day=today())


@pytest.mark.rule("R5")
def test_no_flood_before_or_after_a_lifting_makes_it_forgotten(
    line: Line, person: Person, hand: Hand, supervisor: Hand, number: str
) -> None:
    flooded(line, person)
    line.write(person, "малина", duress=True)
    line.collect()
    word = line.last(person).pk
    acts.read(hand, number)
    assert standing.is_frozen(case(number))
    standing.lift(supervisor, number, "проверено")
    flooded(line, person)
    reading.read(hand, number, before=word + 1)
    assert not standing.is_frozen(case(number))


def test_after_a_flood_the_newest_facts_still_hold_and_the_first_mailbox(
    line: Line, person: Person, hand: Hand, number: str
) -> None:
    flooded(line, person)
    line.put(person, line.seal(person, person.facts(head_count=7), Kind.APPLICATION))
    line.collect()
    opened = reading.frame(hand, case(number))
    assert opened.facts is not None
    assert opened.facts.head_count == 7
    flooded(line, person, mailbox=b"t" * 32)
    assert reading.frame(hand, case(number)).is_disputed


@pytest.mark.rule("R5")
def test_nothing_is_lifted_while_a_message_is_unread(line: Line, person: Person, frozen: str, supervisor: Hand) -> None:
    line.write(person, "ещё")
    line.collect()
    with pytest.raises(NotReadYet):
        standing.lift(supervisor, frozen, "проверено")
    assert standing.is_frozen(case(frozen))


@pytest.mark.rule("R5", "R13")
def test_an_operators_hand_decides_nothing_even_past_the_page(frozen: str, hand: Hand) -> None:
    standing.suspect_minor(hand, frozen, "голос")
    with pytest.raises(CaseGone):
        standing.lift(hand, frozen, "так надо")
    with pytest.raises(CaseGone):
        standing.review_minor(hand, frozen, "так надо", is_minor=False)
    assert standing.stops(case(frozen)) == {Stop.DURESS, Stop.REVIEW}


@pytest.mark.rule("R5")
def test_an_operator_finds_no_way_to_lift_it(house: House, frozen: str) -> None:
    post: dict[str, Any] = {"do": "lift", "reason": "так надо"}
    assert house.signed_in(Role.OPERATOR).post(f"/cases/{frozen}/marks/mark/", post).status_code == 404
    assert standing.is_frozen(case(frozen))
    assert house.signed_in(Role.SUPERVISOR).post(f"/cases/{frozen}/marks/mark/", post).status_code == 303
    assert not standing.is_frozen(case(frozen))


@pytest.mark.rule("R5", "R13")
def test_what_is_frozen_or_to_be_reviewed_shows_in_the_queue(
    line: Line, frozen: str, hand: Hand, operator: Client
) -> None:
    standing.suspect_minor(hand, frozen, "голос")
    page = operator.get("/queue/").content.decode()
    assert '<span class="badge now">frozen</span>' in page
    assert '<span class="badge soon">review</span>' in page


@pytest.mark.rule("R13")
def test_a_suspected_minor_waits_for_another_person_to_review_it(number: str, hand: Hand, supervisor: Hand) -> None:
    acts.read(hand, number)
    standing.suspect_minor(hand, number, "говорит о школе")
    assert standing.stops(case(number)) == {Stop.REVIEW}
    standing.review_minor(supervisor, number, "16 лет; встретит опекун", is_minor=True)
    assert standing.stops(case(number)) == frozenset()
    with pytest.raises(NothingStands):
        standing.review_minor(supervisor, number, "ещё раз", is_minor=True)


@pytest.mark.rule("R13")
def test_whoever_marked_a_minor_does_not_review_it(number: str, supervisor: Hand) -> None:
    acts.read(supervisor, number)
    standing.suspect_minor(supervisor, number, "голос")
    with pytest.raises(SamePerson):
        standing.review_minor(supervisor, number, "взрослый", is_minor=False)
    assert standing.is_under_review(case(number))


@pytest.mark.rule("R7")
def test_a_conscripts_case_is_dormant_once_it_was_read(line: Line, hand: Hand) -> None:
    someone = line.apply(line.new_person(), "мне 19", type=ApplicationType.CONSCRIPT)
    line.collect()
    acts.read(hand, line.case(someone).number)
    assert standing.stops(line.case(someone)) == {Stop.TYPE}
    assert not standing.is_ever_handed_over(line.opened(someone))


@pytest.mark.rule("R6")
def test_a_relatives_page_says_what_must_not_be_done(line: Line, operator: Client) -> None:
    someone = line.apply(line.new_person(), "мой сын", type=ApplicationType.RELATIVE)
    line.collect()
    page = operator.get(f"/cases/{line.case(someone).number}/").content.decode()
    assert "The soldier writes in person." in page
    assert "/unit/" not in page
    assert operator.get(f"/cases/{line.case(someone).number}/unit/").status_code == 404


@pytest.mark.rule("R49")
def test_each_mark_has_its_own_entry_in_the_record(number: str, hand: Hand, supervisor: Hand) -> None:
    before = Entry.objects.count()
    standing.freeze(hand, number, "пишет другой")
    standing.suspect_minor(hand, number, "голос")
    standing.review_minor(supervisor, number, "взрослый", is_minor=False)
    assert Entry.objects.count() == before + 3
