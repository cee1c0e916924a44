# SPDX-License-Identifier: AGPL-3.0-or-later
"""R20: the link to custody lies on this side, sealed by two people, opened by two people, and heard of by the monitor."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.approvals.errors import ContentChanged, SamePerson
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.cases import writing
from safeconduct.desk.handover import links, releasing
from safeconduct.desk.handover.errors import MoveRefused, NoLink, NotYours, TokenRefused
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import Move
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.erasure import ErasureKey

TOKEN, OTHER = "00112233 44556677 8899aabb ccddeeff", "ff" * 16


@pytest.fixture
def received(the_cell: Cell, case: str) -> str:
    """A handover whose people were received."""
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.RECEIVE)
    return str(handover.number)


def linked(cell: Cell, number: str, token: str = TOKEN) -> None:
    links.propose(cell.planner, number, token)
    links.seal(cell.approver, number, token)


@pytest.mark.rule("R20")
def test_two_people_seal_a_link_and_two_open_it(the_cell: Cell, received: str) -> None:
    linked(the_cell, received)
    linked(the_cell, received, OTHER)
    links.ask(the_cell.approver, received)
    assert links.open_link(the_cell.planner, received) == (bytes.fromhex(TOKEN), bytes.fromhex(OTHER))


@pytest.mark.rule("R20")
def test_nobody_seals_or_opens_a_link_alone(the_cell: Cell, received: str) -> None:
    links.propose(the_cell.planner, received, TOKEN)
    with pytest.raises(SamePerson):
        links.seal(the_cell.planner, received, TOKEN)
    assert Handover.objects.get(number=received).link is None
    links.seal(the_cell.approver, received, TOKEN)
    links.ask(the_cell.approver, received)
    with pytest.raises(SamePerson):
        links.open_link(the_cell.approver, received)


@pytest.mark.rule("R20")
def test_the_monitor_hears_that_a_link_was_opened(house: House, the_cell: Cell, received: str) -> None:
    linked(the_cell, received)
    assert not Alert.objects.filter(kind=links.OPENED).exists()
    links.ask(the_cell.planner, received)
    links.open_link(the_cell.approver, received)
    page = house.signed_in(Role.MONITOR).get("/alerts/").content.decode()
    assert "have opened a link to custody" in page
    assert "link to custody" not in house.signed_in(Role.SUPERVISOR).get("/alerts/").content.decode()
    assert the_cell.recorded()[-2:] == ["handover.link", "handover.link-opened"]


@pytest.mark.rule("R20")
def test_what_two_people_typed_differently_is_no_link(the_cell: Cell, received: str) -> None:
    links.propose(the_cell.planner, received, TOKEN)
    with pytest.raises(ContentChanged):
        links.seal(the_cell.approver, received, OTHER)
    assert Handover.objects.get(number=received).link is None


@pytest.mark.parametrize("written", ["", "00112233", "g" * 32, "UA-0001", "0" * 33])
def test_what_is_no_token_is_refused(the_cell: Cell, received: str, written: str) -> None:
    with pytest.raises(TokenRefused):
        links.propose(the_cell.planner, received, written)


@pytest.mark.rule("R14", "R20")
def test_only_who_was_received_is_linked(the_cell: Cell, case: str) -> None:
    handover = the_cell.released(case)
    releasing.tell_outcome(the_cell.planner, handover.number, Move.NOT_COME)
    with pytest.raises(MoveRefused):
        links.propose(the_cell.planner, handover.number, TOKEN)


@pytest.mark.rule("R20", "T3")
def test_nothing_in_clear_tells_a_token_or_a_day(line: Line, the_cell: Cell, received: str) -> None:
    linked(the_cell, received)
    kept = Handover.objects.get(number=received).link
    assert kept is not None
    assert bytes.fromhex(TOKEN) not in kept
    assert not Proposal.objects.filter(kind=links.SEAL).exists()
    linked(the_cell, received, OTHER)
    assert len(Handover.objects.get(number=received).link or b"") == len(kept)  # nor how many there are


@pytest.mark.rule("R20", "T3")
def test_who_has_every_token_of_custody_finds_none_that_waits_here(
    the_cell: Cell, received: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = set()
    for key in (ErasureKey(bytes(32)), ErasureKey(b"k" * 32)):
        monkeypatch.setattr(writing, "erasure_key", lambda _keys, _case, key=key: key)
        links.propose(the_cell.planner, received, TOKEN)
        waiting.add(bytes(Proposal.objects.get(kind=links.SEAL, state="open").digest))
    assert len(waiting) == 2  # the same token: nobody without the case's key works it out


@pytest.mark.rule("R16", "R20")
def test_the_link_outlives_place_and_time_and_dies_with_the_case(
    line: Line, person: Person, the_cell: Cell, received: str
) -> None:
    linked(the_cell, received)
    releasing.sweep(datetime.now(UTC) + timedelta(hours=73), keys=line.keys)
    handover = Handover.objects.get(number=received)
    assert (handover.plan, handover.day.day, handover.link is None) == (None, 1, False)
    line.erase(person)
    line.collect()
    releasing.sweep(datetime.now(UTC), keys=line.keys)
    assert Handover.objects.get(number=received).link is None


@pytest.mark.rule("T6")
def test_nobody_but_the_cell_has_a_link_and_there_is_none_to_open_before(the_cell: Cell, received: str) -> None:
    with pytest.raises(NotYours):
        links.propose(the_cell.unit, received, TOKEN)  # type: ignore[arg-type]
    with pytest.raises(NoLink):
        links.ask(the_cell.planner, received)


def test_the_cell_seals_and_opens_on_one_page(house: House, the_cell: Cell, received: str) -> None:
    path = f"/handovers/{received}/link/"
    planner, approver = house.signed_in(Role.PLANNER), house.signed_in(Role.APPROVER)
    assert planner.post(path, {"token": TOKEN}).status_code == 303
    assert "planner one has typed it" in text(approver, path)
    assert approver.post(path, {"token": TOKEN}).status_code == 303
    assert approver.post(path + "open/").status_code == 303
    opened = planner.post(path + "open/").content.decode()
    assert "0011 2233 4455 6677 8899 aabb ccdd eeff" in opened
    assert "0011 2233" not in text(planner, path)


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())
