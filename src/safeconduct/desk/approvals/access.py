# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of what two people decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise

from safeconduct.desk.approvals import registry
from safeconduct.desk.approvals.errors import UnknownKind
from safeconduct.desk.approvals.models import LIVING, Proposal
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.operators import roles, teams
from safeconduct.desk.operators.models import Operator


def today() -> date:
    """UTC's; the only time that is kept of a proposal."""
    return datetime.now(UTC).date()


def may_still(operator: Operator | None, act: str) -> bool:
    """Whether this person is still here, in a role that carries the act."""
    return operator is not None and operator.active and roles.may(operator.plays, act)


def lapses(proposal: Proposal, kind: Kind) -> date:
    """The last day on which it can be approved or, once approved, used."""
    return (proposal.approved_day or proposal.proposed_day) + timedelta(days=kind.days)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open or approved proposal as one person sees it."""

    proposal: Proposal
    kind: Kind
    is_yours: bool
    may_approve: bool
    may_withdraw: bool
    has_left: bool  # somebody it rests on is no longer here, or in that role: it can only be withdrawn
    has_lapsed: bool
    is_alone: bool  # it waits, and nobody is left here who may approve it

    @property
    def subject(self) -> str | Promise:
        return teams.subject(self.proposal.subject)

    @property
    def lapses(self) -> date:
        return lapses(self.proposal, self.kind)

    @property
    def page(self) -> str:
        """Where its subject is looked at, or nothing."""
        return self.kind.page(self.proposal.subject) if self.kind.page else ""


def open_for(actor: Operator) -> list[Waiting]:
    """What is open or approved and concerns this person, oldest first: theirs to approve, to use or to withdraw."""
    found = as_seen_by(actor, _living())
    return [one for one in found if one.may_approve or one.may_withdraw or one.is_yours]


def as_seen_by(actor: Operator, proposals: Iterable[Proposal]) -> list[Waiting]:
    """Those of them whose kind this person may propose or approve."""
    day = today()
    return [_waiting(row, kind, actor, day) for row in proposals if (kind := _kind_of(row)) and _concerns(actor, kind)]


def stranded() -> list[Proposal]:
    """What waits and can go no further: somebody it rests on has left, or nobody is left who may approve it."""
    day = today()
    known = [(row, kind) for row in _living() if (kind := _kind_of(row)) and day <= lapses(row, kind)]
    return [row for row, kind in known if not _is_backed(row, kind) or _is_alone(row, kind)]


def of(kind: str, subject: str) -> list[Proposal]:
    """Every proposal of that kind for that subject, the newest first."""
    return list(Proposal.objects.filter(kind=kind, subject=subject).select_related("proposed_by", "approved_by"))


def standing(kind: str, subject: str) -> Proposal | None:
    """The open or approved proposal that still holds: not lapsed, and everybody it rests on is still there."""
    living = [one for one in of(kind, subject) if one.state in LIVING]
    return living[0] if living and is_sound(living[0], today()) else None


def is_sound(proposal: Proposal, day: date) -> bool:
    """Whether it could still be approved or used."""
    kind = registry.known(proposal.kind)
    return _is_backed(proposal, kind) and day <= lapses(proposal, kind)


def _is_backed(proposal: Proposal, kind: Kind) -> bool:
    if proposal.is_approved and not may_still(proposal.approved_by, kind.approves):
        return False
    return may_still(proposal.proposed_by, kind.proposes)


def _living() -> QuerySet[Proposal]:
    return Proposal.objects.filter(state__in=LIVING).select_related("proposed_by", "approved_by").order_by("pk")


def _is_alone(proposal: Proposal, kind: Kind) -> bool:
    able = [role.value for role in roles.ACTS[kind.approves]]
    others = Operator.objects.filter(active=True, role__in=able).exclude(pk=proposal.proposed_by_id)
    return proposal.is_open and not others.exists()


def _kind_of(proposal: Proposal) -> Kind | None:
    try:
        return registry.known(proposal.kind)
    except UnknownKind:  # of a release that knew more
        return None


def _concerns(actor: Operator, kind: Kind) -> bool:
    return may_still(actor, kind.proposes) or may_still(actor, kind.approves)


def _waiting(proposal: Proposal, kind: Kind, actor: Operator, day: date) -> Waiting:
    is_yours = proposal.proposed_by_id == actor.pk
    has_left = not _is_backed(proposal, kind)
    has_lapsed = day > lapses(proposal, kind)
    may_approve = proposal.is_open and not (is_yours or has_left or has_lapsed) and may_still(actor, kind.approves)
    may_withdraw = may_still(actor, kind.proposes) and (is_yours or has_left or has_lapsed)
    is_alone = not (has_left or has_lapsed or may_approve) and _is_alone(proposal, kind)
    return Waiting(proposal, kind, is_yours, may_approve, may_withdraw, has_left, has_lapsed, is_alone)
