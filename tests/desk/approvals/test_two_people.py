# SPDX-License-Identifier: AGPL-3.0-or-later
"""One proposes, another approves, and it takes effect once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils.translation import gettext_noop
from tests.desk.conftest import House

from safeconduct.desk.approvals import access, acts, registry
from safeconduct.desk.approvals.errors import (
    AlreadyProposed,
    ContentChanged,
    Lapsed,
    NoSuchProposal,
    NotAllowed,
    NotApproved,
    NotOpen,
    SamePerson,
    UnknownKind,
)
from safeconduct.desk.approvals.models import Proposal, ProposalState
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.audit import access as audit
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

KIND, THING, CONTENT = "test.thing", "26-0001", b"as it was seen"
pytestmark = pytest.mark.rule("T6")


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register([Kind(KIND, gettext_noop("Do the thing"), "cases.reply", "cases.reply")])


@pytest.fixture
def one(house: House) -> Operator:
    return house.person(Role.OPERATOR).operator


@pytest.fixture
def other(house: House) -> Operator:
    return house.person(Role.SUPERVISOR).operator


@pytest.fixture
def recorded(house: House) -> Callable[[], list[str]]:
    """The acts of this room in the record, oldest first."""

    def read() -> list[str]:
        lines = [line.told for line in audit.page([house.keys["monitor"]]).lines]
        return [told.act for told in reversed(lines) if told and told.act.startswith("approvals.")]

    return read


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    later = date.today() + timedelta(days=days)  # noqa: DTZ011 -- the tests' zone is UTC
    monkeypatch.setattr(access, "today", lambda: later)


def test_what_one_proposes_and_another_approves_takes_effect_once(
    one: Operator, other: Operator, recorded: Callable[[], list[str]]
) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    acts.approve(other, proposal.pk, CONTENT)
    assert acts.spend(proposal.pk, CONTENT).state == "spent"
    with pytest.raises(NotApproved):
        acts.spend(proposal.pk, CONTENT)
    assert recorded() == ["approvals.proposed", "approvals.approved", "approvals.spent"]


def test_nobody_approves_what_they_proposed(one: Operator, recorded: Callable[[], list[str]]) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(SamePerson):
        acts.approve(one, proposal.pk, CONTENT)
    assert acts_state(proposal) == "open"
    assert recorded() == ["approvals.proposed", "approvals.denied"]


def test_what_nobody_approved_has_no_effect(one: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(NotApproved):
        acts.spend(proposal.pk, CONTENT)


def test_of_two_who_approve_one_after_the_other_the_second_is_told(
    house: House, one: Operator, other: Operator
) -> None:
    third = people.add_operator("operator three", Role.OPERATOR).operator
    proposal = acts.propose(one, KIND, THING, CONTENT)
    acts.approve(other, proposal.pk, CONTENT)
    with pytest.raises(NotOpen):
        acts.approve(third, proposal.pk, CONTENT)
    assert Proposal.objects.get().approved_by == other


def test_of_two_who_read_the_same_state_only_one_moves_it_on(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    seen_by_both = acts._take(proposal.pk)  # the moment between reading and writing, made long
    acts.approve(other, proposal.pk, CONTENT)
    with pytest.raises(NotOpen):
        acts._become(seen_by_both, ProposalState.REFUSED, "approvals.refused", other)
    assert acts_state(proposal) == "approved"


def test_other_content_is_not_what_was_approved(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(ContentChanged):
        acts.approve(other, proposal.pk, b"something else")
    acts.approve(other, proposal.pk, CONTENT)
    with pytest.raises(ContentChanged):
        acts.spend(proposal.pk, b"something else")
    assert acts.spend(proposal.pk, CONTENT).state == "spent"


def test_proposing_other_content_voids_what_was_approved(one: Operator, other: Operator) -> None:
    first = acts.propose(one, KIND, THING, CONTENT)
    acts.approve(other, first.pk, CONTENT)
    second = acts.propose(one, KIND, THING, b"edited")
    assert acts_state(first) == "superseded"
    with pytest.raises(NotApproved):
        acts.spend(first.pk, CONTENT)
    with pytest.raises(NotApproved):
        acts.spend(second.pk, b"edited")


def test_the_same_proposal_twice_is_one_and_a_colleagues_is_refused(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    assert acts.propose(one, KIND, THING, CONTENT).pk == proposal.pk
    with pytest.raises(AlreadyProposed):
        acts.propose(other, KIND, THING, CONTENT)


def test_a_proposal_that_was_left_lapses_open_or_approved(
    one: Operator, other: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, approved = acts.propose(one, KIND, THING, CONTENT), acts.propose(one, KIND, "26-0002", CONTENT)
    acts.approve(other, approved.pk, CONTENT)
    days_later(monkeypatch, 7)
    assert access.standing(KIND, THING) is not None
    days_later(monkeypatch, 8)
    with pytest.raises(Lapsed):
        acts.approve(other, left.pk, CONTENT)
    with pytest.raises(Lapsed):
        acts.spend(approved.pk, CONTENT)
    assert access.standing(KIND, THING) is None
    acts.propose(other, KIND, THING, CONTENT)
    assert acts_state(left) == "superseded"


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.EDITOR.value}], ids=["left", "another role"])
def test_what_rests_on_somebody_who_is_gone_has_no_effect(
    one: Operator, other: Operator, change: dict[str, object]
) -> None:
    first, second = acts.propose(one, KIND, THING, CONTENT), acts.propose(other, KIND, "26-0002", CONTENT)
    acts.approve(other, first.pk, CONTENT)
    Operator.objects.filter(pk=other.pk).update(**change)
    with pytest.raises(NotAllowed):
        acts.spend(first.pk, CONTENT)
    with pytest.raises(NotAllowed):
        acts.approve(one, second.pk, CONTENT)
    seen = {entry.proposal.pk: entry for entry in access.open_for(one)}
    assert seen[second.pk].has_left
    assert seen[second.pk].may_withdraw
    acts.withdraw(one, second.pk)
    assert acts.propose(one, KIND, "26-0002", CONTENT).is_open


def test_somebody_who_lost_their_role_while_signed_in_approves_nothing(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    Operator.objects.filter(pk=other.pk).update(role=Role.EDITOR.value)
    with pytest.raises(NotAllowed):
        acts.approve(other, proposal.pk, CONTENT)


def test_only_the_proposer_takes_back_what_stands(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(NotAllowed):
        acts.withdraw(other, proposal.pk)
    acts.withdraw(one, proposal.pk)
    with pytest.raises(NotOpen):
        acts.approve(other, proposal.pk, CONTENT)


def test_a_refusal_ends_it_and_its_reason_is_a_code(one: Operator, other: Operator) -> None:
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(ValueError, match="code"):
        acts.refuse(other, proposal.pk, "They will be at the bridge")
    assert acts.refuse(other, proposal.pk, "too-late").reason == "too-late"
    with pytest.raises(NotOpen):
        acts.approve(other, proposal.pk, CONTENT)


def test_a_role_without_the_act_neither_proposes_nor_approves(house: House, one: Operator) -> None:
    stranger = house.person(Role.ADMINISTRATOR).operator
    with pytest.raises(NotAllowed):
        acts.propose(stranger, KIND, THING, CONTENT)
    proposal = acts.propose(one, KIND, THING, CONTENT)
    with pytest.raises(NotAllowed):
        acts.approve(stranger, proposal.pk, CONTENT)
    with pytest.raises(NotAllowed):
        acts.refuse(stranger, proposal.pk)
    assert access.open_for(stranger) == []


def test_what_is_unknown_is_refused(one: Operator) -> None:
    with pytest.raises(NoSuchProposal):
        acts.approve(one, 0, CONTENT)
    with pytest.raises(UnknownKind):
        acts.propose(one, "test.unknown", THING, CONTENT)
    with pytest.raises(KeyError):
        registry.register([Kind("test.bad", "", "nobody.does", "cases.reply")])


@pytest.mark.rule("T3")
def test_of_the_content_only_a_hash_is_kept(one: Operator) -> None:
    acts.propose(one, KIND, THING, b"the bridge at dawn")
    row = Proposal.objects.get()
    assert len(row.digest) == 32
    assert b"bridge" not in bytes(row.digest)


def acts_state(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).state
