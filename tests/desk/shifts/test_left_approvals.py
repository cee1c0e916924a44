# SPDX-License-Identifier: AGPL-3.0-or-later
"""A supervisor leaves while something waits for a second person: those who come see it, and somebody is told."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals import registry
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.shifts import left_approvals
from safeconduct.desk.shifts.left_approvals import ALERT

OURS, SUPERVISORS, CONTENT = "test.ours", "test.supervisors", b"as it was seen"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register(
        [
            Kind(OURS, "Do the thing", "cases.reply", "cases.reply", page=lambda subject: f"/cases/{subject}/"),
            Kind(SUPERVISORS, "Do the grave thing", "emergency.destroy", "emergency.destroy"),
        ]
    )


def proposed(house: House, kind: str, subject: str) -> Proposal:
    return approving.propose(house.person(Role.SUPERVISOR).operator, kind, subject, CONTENT)


def handed_over(house: House) -> Any:
    said = {"gives": [house.person(Role.SUPERVISOR).operator.pk], "takes": [house.person(Role.OPERATOR).operator.pk]}
    return house.signed_in(Role.SUPERVISOR).post("/shifts/", said | {"note": ""}).headers["Location"]


def only(*roles: Role) -> None:
    """Whoever has another role is no longer here."""
    Operator.objects.exclude(role__in=[role.value for role in roles]).update(active=False)


def alerts() -> Iterable[str]:
    left_approvals.watch()
    return list(Alert.objects.filter(is_over=False).values_list("kind", flat=True))


def test_who_comes_sees_what_was_open_and_where_it_is_decided(house: House, operator: Client) -> None:
    proposed(house, OURS, "26-0001")
    page = operator.get(handed_over(house)).content.decode()
    assert "Do the thing" in page
    assert 'href="/cases/26-0001/"' in page
    assert "you may approve it" in page


@pytest.mark.rule("T6")
def test_of_what_concerns_another_role_only_the_number_is_told(house: House, operator: Client) -> None:
    proposed(house, SUPERVISORS, "intake")
    page = operator.get(handed_over(house)).content.decode()
    assert "1 more waits for people in another role." in page
    assert "grave" not in page


def test_what_was_decided_since_leaves_the_list(house: House, operator: Client) -> None:
    proposal = proposed(house, OURS, "26-0001")
    address = handed_over(house)
    approving.refuse(house.person(Role.OPERATOR).operator, proposal.pk)
    page = operator.get(address).content.decode()
    assert "Do the thing" not in page
    assert "nothing of theirs waits" in page


def test_somebody_is_told_when_a_proposer_left_until_it_is_withdrawn(house: House) -> None:
    proposal = proposed(house, OURS, "26-0001")
    assert ALERT not in alerts()
    only(Role.OPERATOR)
    assert ALERT in alerts()
    approving.withdraw(house.person(Role.OPERATOR).operator, proposal.pk)
    assert ALERT not in alerts()


def test_somebody_is_told_when_nobody_is_left_who_may_approve(house: House) -> None:
    proposed(house, SUPERVISORS, "intake")
    only(Role.SUPERVISOR, Role.ADMINISTRATOR)
    assert ALERT not in alerts()
    only(Role.SUPERVISOR)
    assert ALERT in alerts()
    page = house.signed_in(Role.SUPERVISOR).get("/approvals/").content.decode()
    assert "nobody is left who may approve it" in page
