# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for whom, on one page."""

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.approvals import acts, registry
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

KIND, CONTENT = "test.thing", b"as it was seen"


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    kind = Kind(KIND, "Do the thing", "cases.reply", "cases.reply", page=lambda subject: f"/cases/{subject}/")
    registry.register([kind])


@pytest.fixture
def proposal(house: House) -> Proposal:
    return acts.propose(house.person(Role.SUPERVISOR).operator, KIND, "26-0001", CONTENT)


def test_an_empty_page_says_how_something_gets_there(operator: Client) -> None:
    assert "Nothing waits for a second person" in operator.get("/approvals/").content.decode()


def test_who_may_approve_is_led_to_where_it_can_be_seen(operator: Client, proposal: Proposal) -> None:
    page = operator.get("/approvals/").content.decode()
    assert 'href="/cases/26-0001/"' in page
    assert "Look at it and decide" in page
    assert "supervisor one proposed it" in page


def test_the_proposer_withdraws_and_a_second_time_is_told(house: House, proposal: Proposal) -> None:
    browser, address = house.signed_in(Role.SUPERVISOR), f"/approvals/{proposal.pk}/withdraw/"
    assert "Withdraw" in browser.get("/approvals/").content.decode()
    assert browser.post(address).status_code == 302
    again = browser.post(address)
    assert again.status_code == 409
    assert "Somebody has decided this in the meantime." in again.content.decode()


def test_a_colleague_refuses_and_cannot_withdraw(operator: Client, proposal: Proposal) -> None:
    assert operator.post(f"/approvals/{proposal.pk}/withdraw/").status_code == 404
    assert operator.post(f"/approvals/{proposal.pk}/refuse/").status_code == 302
    assert Proposal.objects.get().state == "refused"


@pytest.mark.rule("T6")
def test_whom_it_does_not_concern_sees_nothing_of_it(house: House, proposal: Proposal) -> None:
    browser = house.signed_in(Role.EDITOR)
    assert "26-0001" not in browser.get("/approvals/").content.decode()
    assert browser.post(f"/approvals/{proposal.pk}/refuse/").status_code == 404


def test_a_proposal_of_somebody_who_left_is_shown_as_such(operator: Client, proposal: Proposal) -> None:
    Operator.objects.filter(pk=proposal.proposed_by_id).update(active=False)
    page = operator.get("/approvals/").content.decode()
    assert "their proposer has left" in page
    assert operator.post(f"/approvals/{proposal.pk}/withdraw/").status_code == 302
