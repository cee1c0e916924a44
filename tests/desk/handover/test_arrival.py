# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: nobody is met who does not have their words, whatever was sent to them."""

import secrets

import pytest
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell, arrives, now

from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import outgoing
from safeconduct.desk.cases.models import Outgoing, StoredEnvelope
from safeconduct.desk.cases.writing import Writing
from safeconduct.desk.handover import acts, codes, releasing
from safeconduct.desk.handover.errors import NotArrived
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import HandoverState
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import ChatContact, DeliveryOutcome, DeliveryReport, PersonText, Record

pytestmark = pytest.mark.rule("R17")


@pytest.fixture
def handover(the_cell: Cell, case: str) -> Handover:
    """Approved; the message with the words has left the desk, and nothing is known of it yet."""
    found = now(the_cell.approved(case))
    assert found.case is not None
    text = codes.text_for_person(releasing.codes_of(the_cell.planner, found, found.case), "ru")
    releasing.tell_codes(the_cell.planner, found.number, Writing(text, seen=10**9, form=secrets.token_hex(16)))
    return now(found)


def releases(the_cell: Cell, handover: Handover) -> bool:
    try:
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    except NotArrived:
        assert now(handover).handover_state is HandoverState.APPROVED
        return False
    return now(handover).handover_state is HandoverState.RELEASED


def test_nothing_is_released_while_the_words_are_on_their_way(the_cell: Cell, handover: Handover) -> None:
    assert not releases(the_cell, handover)
    arrives()
    assert releases(the_cell, handover)


def test_nothing_is_released_to_whose_inbox_is_gone_until_they_are_told_anew(
    the_cell: Cell, handover: Handover
) -> None:
    for row in Outgoing.objects.values_list("pk", flat=True):
        outgoing.undeliverable(row)
    assert not releases(the_cell, handover)
    the_cell.tell(handover)
    assert releases(the_cell, handover)


def comes(line: Line, person: Person, record: Record, kind: Kind, to: Cell) -> None:
    """From the edge to the desk, and opened by the cell."""
    line.put(person, line.seal(person, record, kind, recipients=[to.planner.team.public]))
    line.collect()
    cases.read(to.planner, str(line.case(person).number))


def report(outcome: DeliveryOutcome) -> DeliveryReport:
    """On the last message that left the desk."""
    sent = StoredEnvelope.objects.filter(purpose=Purpose.TO_PERSON.value).latest("pk")
    return DeliveryReport(bytes(sent.envelope), outcome)


@pytest.mark.parametrize("outcome", ["delivered", "waiting", "uncertain", "refused"])
def test_what_no_chat_has_delivered_the_person_does_not_have(
    the_cell: Cell, handover: Handover, line: Line, person: Person, outcome: DeliveryOutcome
) -> None:
    arrives()
    comes(line, person, report(outcome), Kind.REPORT, the_cell)
    assert releases(the_cell, handover) is (outcome == "delivered")


@pytest.mark.parametrize("outcome", ["waiting", "uncertain", "refused"])
def test_whoever_writes_after_it_has_it_unless_it_was_refused(
    the_cell: Cell, handover: Handover, line: Line, person: Person, outcome: DeliveryOutcome
) -> None:
    arrives()
    comes(line, person, report(outcome), Kind.REPORT, the_cell)
    comes(line, person, PersonText("зрозумів"), Kind.MESSAGE, the_cell)
    assert releases(the_cell, handover) is (outcome != "refused")


def test_in_a_chat_that_has_told_nothing_yet_the_words_have_not_arrived(
    house: House, the_cell: Cell, case: str, line: Line, person: Person
) -> None:
    contact = ChatContact("telegram", "ru", bytes(person.mailbox.public.raw))
    comes(line, person, contact, Kind.MESSAGE, the_cell)
    handover = now(the_cell.approved(case))
    the_cell.tell(handover)
    page = house.signed_in(Role.PLANNER).get(f"/handovers/{handover.number}/").content.decode()
    assert "not known yet whether Telegram has delivered it" in page
    assert not releases(the_cell, handover)
    comes(line, person, report("delivered"), Kind.REPORT, the_cell)
    assert releases(the_cell, handover)


def test_words_that_arrived_are_not_lost_by_being_told_again(
    the_cell: Cell, handover: Handover, line: Line, person: Person
) -> None:
    arrives()
    the_cell.tell(handover)
    comes(line, person, report("refused"), Kind.REPORT, the_cell)
    assert releases(the_cell, handover)


def test_the_page_says_what_became_of_the_words_and_offers_no_release_before(
    house: House, the_cell: Cell, handover: Handover
) -> None:
    planning = house.signed_in(Role.PLANNER)
    address = f"/handovers/{handover.number}/"
    page = planning.get(address).content.decode()
    assert "on its way" in page
    assert "nobody knows that the message with the words has reached the person" in page
    assert f"{address}release/" not in page
    assert "told to the person" not in page
    arrives()
    page = planning.get(address).content.decode()
    assert "in the person&#x27;s inbox" in page
    assert f"{address}release/" in page
    assert "told to the person" in page
