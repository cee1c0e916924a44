# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people decide: propose, approve or refuse, and the effect, once. One transaction and one entry each.

`content` is what is decided, as bytes; kept is its SHA-256. Content that could be guessed must carry random bytes.
"""

import hashlib
import hmac
import re

from django.db import IntegrityError, transaction

from safeconduct.desk.approvals import access, registry
from safeconduct.desk.approvals.errors import (
    AlreadyProposed,
    ApprovalsError,
    ContentChanged,
    Lapsed,
    NoSuchProposal,
    NotAllowed,
    NotApproved,
    NotOpen,
    SamePerson,
)
from safeconduct.desk.approvals.models import LIVING, Proposal, ProposalState
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.operators.models import Operator

_REASON = re.compile(r"[a-z-]{0,20}")


def propose(actor: Operator, kind: str, subject: str, content: bytes) -> Proposal:
    """Ask for a colleague's approval. Other content for the same subject voids what stood before.

    The same content from the same person again gives the proposal that there is. Raises `NotAllowed`, `AlreadyProposed`.
    """
    with refusals_recorded(actor, "approvals.denied", f"{kind} {subject}", of=ApprovalsError):
        _check(actor, registry.known(kind).proposes)
        digest = _digest(content)
        standing = access.standing(kind, subject)
        if standing is not None and bytes(standing.digest) == digest:
            if standing.proposed_by_id != actor.pk:
                raise AlreadyProposed(kind)
            return standing
        supersede(kind, subject, actor=actor)
        return _new(actor, kind, subject, digest)


def approve(actor: Operator, pk: int, content: bytes) -> Proposal:
    """Say yes to exactly this content. Raises `SamePerson`, `ContentChanged`, `Lapsed`, `NotAllowed`, `NotOpen`, `NoSuchProposal`."""
    with refusals_recorded(actor, "approvals.denied", _named(pk), of=ApprovalsError):
        proposal = _take(pk)
        _check(actor, registry.known(proposal.kind).approves)
        if not proposal.is_open:
            raise NotOpen(proposal.state)
        if proposal.proposed_by_id == actor.pk:
            raise SamePerson("another person must approve it")
        _hold(proposal, content)
        proposal.approved_by, proposal.approved_day = actor, access.today()
        return _become(proposal, ProposalState.APPROVED, "approvals.approved", actor)


def refuse(actor: Operator, pk: int, reason_code: str = "") -> Proposal:
    """Say no; it ends there. Raises `NotAllowed`, `NotOpen`, `NoSuchProposal`. `ValueError` for a reason that is no code."""
    if not _REASON.fullmatch(reason_code):
        raise ValueError("a reason is a short code: words would be content")
    with refusals_recorded(actor, "approvals.denied", _named(pk), of=ApprovalsError):
        proposal = _take(pk)
        _check(actor, registry.known(proposal.kind).approves)
        if not proposal.is_open:
            raise NotOpen(proposal.state)
        proposal.reason = reason_code
        return _become(proposal, ProposalState.REFUSED, "approvals.refused", actor)


def withdraw(actor: Operator, pk: int) -> Proposal:
    """Take it back, approved or not: its proposer; anybody who may propose, when that person has left or it has lapsed.

    Raises `NotAllowed`, `NotOpen`, `NoSuchProposal`.
    """
    with refusals_recorded(actor, "approvals.denied", _named(pk), of=ApprovalsError):
        proposal = _take(pk)
        _check(actor, registry.known(proposal.kind).proposes)
        if proposal.state not in LIVING:
            raise NotOpen(proposal.state)
        if proposal.proposed_by_id != actor.pk and access.is_sound(proposal, access.today()):
            raise NotAllowed("only the proposer takes back what still stands")
        return _become(proposal, ProposalState.WITHDRAWN, "approvals.withdrawn", actor)


@transaction.atomic
def spend(pk: int, content: bytes, *, actor: Operator | None = None) -> Proposal:
    """The effect, in the transaction that does it: once, for this content, while both people are still in their roles.

    Raises `NotApproved`, `ContentChanged`, `Lapsed`, `NotAllowed`, `NoSuchProposal`. The caller records its own refusal.
    """
    proposal = _take(pk)
    if not proposal.is_approved:
        raise NotApproved(proposal.state)
    if not access.may_still(proposal.approved_by, registry.known(proposal.kind).approves):
        raise NotAllowed("whoever approved it has left or does something else now")
    _hold(proposal, content)
    return _become(proposal, ProposalState.SPENT, "approvals.spent", actor)


@transaction.atomic
def resume(actor: Operator, pk: int, content: bytes) -> Proposal:
    """What was spent, for an effect that was cut short and may be had twice. Its people still stand for the same content.

    Raises what `spend` raises; `NotAllowed` also for an actor who could not have approved it.
    """
    proposal = _take(pk)
    kind = registry.known(proposal.kind)
    _check(actor, kind.approves)
    if proposal.proposal_state is not ProposalState.SPENT:
        raise NotApproved(proposal.state)
    if not access.may_still(proposal.approved_by, kind.approves):
        raise NotAllowed("whoever approved it has left or does something else now")
    _hold(proposal, content)
    return proposal


@transaction.atomic
def supersede(kind: str, subject: str, *, actor: Operator | None = None) -> int:
    """What was proposed has changed: open and approved proposals of it are void. How many were."""
    stale = list(Proposal.objects.select_for_update().filter(kind=kind, subject=subject, state__in=LIVING))
    for proposal in stale:
        _become(proposal, ProposalState.SUPERSEDED, "approvals.superseded", actor)
    return len(stale)


@transaction.atomic
def forget(kind: str, subject: str) -> None:
    """Drop the rows of a subject that is no more. The record keeps who decided what."""
    Proposal.objects.filter(kind=kind, subject=subject).delete()


def _new(actor: Operator, kind: str, subject: str, digest: bytes) -> Proposal:
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                kind=kind, subject=subject, digest=digest, proposed_by=actor, proposed_day=access.today()
            )
    except IntegrityError:
        raise AlreadyProposed(kind) from None
    audit.record(actor, "approvals.proposed", f"{kind} {subject}")
    return proposal


def _hold(proposal: Proposal, content: bytes) -> None:
    """What approving and spending both ask. Raises `NotAllowed`, `Lapsed`, `ContentChanged`."""
    kind = registry.known(proposal.kind)
    if not access.may_still(proposal.proposed_by, kind.proposes):
        raise NotAllowed("whoever proposed it has left or does something else now")
    if access.today() > access.lapses(proposal, kind):
        raise Lapsed(kind.code)
    if not hmac.compare_digest(bytes(proposal.digest), _digest(content)):
        raise ContentChanged(kind.code)


def _check(actor: Operator, act: str) -> None:
    # Asked of the table again: the row that came with the request may be a moment old.
    if not access.may_still(Operator.objects.filter(pk=actor.pk).first(), act):
        raise NotAllowed(act)


def _take(pk: int) -> Proposal:
    try:
        return Proposal.objects.select_for_update().get(pk=pk)  # joined people would be those before the wait
    except Proposal.DoesNotExist:
        raise NoSuchProposal(str(pk)) from None


def _become(proposal: Proposal, state: ProposalState, act: str, actor: Operator | None) -> Proposal:
    """Move on from the state that was read, or not at all."""
    moved = Proposal.objects.filter(pk=proposal.pk, state=proposal.state).update(
        state=state.value,
        reason=proposal.reason,
        approved_by=proposal.approved_by,
        approved_day=proposal.approved_day,
    )
    if not moved:
        raise NotOpen(proposal.state)
    proposal.state = state.value
    audit.record(actor, act, f"{proposal.kind} {proposal.subject}")
    return proposal


def _named(pk: int) -> str:
    found = Proposal.objects.filter(pk=pk).first()
    return f"{found.kind} {found.subject}" if found else ""


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(b"safeconduct/1/approval" + content).digest()
