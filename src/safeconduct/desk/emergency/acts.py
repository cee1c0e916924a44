# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locking everybody out takes one person, at once. Opening again, and destroying the keys, take two."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from safeconduct.desk.approvals import acts as approvals
from safeconduct.desk.approvals.errors import ApprovalsError
from safeconduct.desk.approvals.models import Proposal, ProposalState
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.emergency.errors import DrillFailed, NotLocked
from safeconduct.desk.emergency.kinds import DESK, DESTROY, DRILL, LIFT
from safeconduct.desk.operators import destroying, lockdown, rotation, sessions
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import Drill, Operator, TeamKey

log = logging.getLogger("safeconduct.emergency")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one kind of key. `count` is None where it could not be done."""

    destroyer: Destroyer
    count: int | None


@transaction.atomic
def lock_everybody(actor: Operator) -> int:
    """Every session is locked, and stays so until two people lift it. How many were open."""
    count = lockdown.begin(actor)
    audit.record(actor, "emergency.locked")
    return count


@transaction.atomic
def drill_lock(actor: Operator) -> int:
    """Lock everybody as on the day itself, see that nobody is left inside, and take it back before anybody notices.

    How many desks were open. Raises `DrillFailed`.
    """
    before = sessions.open_now()
    whole = transaction.savepoint()
    count = lockdown.begin(actor)
    is_shut = lockdown.now() is not None and not before & sessions.open_now()
    transaction.savepoint_rollback(whole)
    if not is_shut:
        raise DrillFailed(f"{len(before)} open desks")
    _drilled("lock")
    audit.record(actor, "emergency.locked_drill")
    return count


def propose_lift(actor: Operator) -> Proposal:
    """Raises `NotLocked`, and what `approvals.acts.propose` raises."""
    return approvals.propose(actor, LIFT, DESK, _of_this_lock())


def lift(actor: Operator, pk: int) -> None:
    """The second person's yes; the desk is open from then on. Raises `NotLocked`, and what approving raises."""
    with _agreed(actor, LIFT, pk, _of_this_lock()):
        lockdown.end()
        audit.record(actor, "emergency.lifted")


def propose_destruction(actor: Operator, *, drill: bool) -> Proposal:
    """Raises what `approvals.acts.propose` raises."""
    kind = DRILL if drill else DESTROY
    return approvals.propose(actor, kind, DESK, _these_keys(kind))


def destroy(actor: Operator, pk: int) -> Sequence[Outcome]:
    """The second person's yes, and the destruction. Nothing that was sealed can be read again. Raises what approving raises.

    Every kind is tried, whatever becomes of the others. What is still to be destroyed then, or after the process was killed
    in between, is tried again by calling this again while the desk is locked: the same yes, of the same keys.
    """
    with _agreed(actor, DESTROY, pk, _these_keys(DESTROY), may_resume=True):
        lockdown.begin(actor)  # whoever is in front of an opened page has nothing to open the next one with
    outcomes = [Outcome(one, _tried(one, is_drill=False)) for one in destroying.all_of_them()]
    _destroyed(actor, outcomes)
    return outcomes


def drill_destruction(actor: Operator, pk: int) -> Sequence[Outcome]:
    """The same way with two people, up to the destruction: everything is found and could be destroyed. Raises the same."""
    with _agreed(actor, DRILL, pk, _these_keys(DRILL)):
        _drilled("destroy")
        audit.record(actor, "emergency.destroyed_drill")
    return [Outcome(one, _tried(one, is_drill=True)) for one in destroying.all_of_them()]


@contextmanager
def _agreed(actor: Operator, kind: str, pk: int, content: bytes, *, may_resume: bool = False) -> Iterator[None]:
    """The yes and its effect are one transaction: a process that is killed in between leaves a proposal that can be approved."""
    with refusals_recorded(actor, "approvals.denied", f"{kind} {DESK}", of=ApprovalsError):
        state = Proposal.objects.filter(pk=pk).values_list("state", flat=True).first()
        if may_resume and state == ProposalState.SPENT.value and lockdown.now() is not None:
            approvals.resume(actor, pk, content)
        else:
            if state != ProposalState.APPROVED.value:  # approved by an earlier release, and then it was killed
                approvals.approve(actor, pk, content)
            approvals.spend(pk, content, actor=actor)
        yield


@transaction.atomic
def _destroyed(actor: Operator, outcomes: Sequence[Outcome]) -> None:
    """That it was meant is recorded before, with the yes; this is what came of it. A yes that is used up is dropped."""
    done = sum(one.count is not None for one in outcomes)
    if done == len(outcomes):
        approvals.forget(DESTROY, DESK)
    audit.record(actor, "emergency.destroyed", f"{done}/{len(outcomes)}")


def _tried(one: Destroyer, *, is_drill: bool) -> int | None:
    try:
        with transaction.atomic():
            return one.count() if is_drill else one.destroy()
    except Exception as trouble:  # noqa: BLE001 - one that fails must not keep the others from being destroyed
        log.error("%s could not be destroyed: %s", one.code, type(trouble).__name__)  # noqa: TRY400 - its text may hold a path
        return None


def _of_this_lock() -> bytes:
    locked = lockdown.now()
    if locked is None:
        raise NotLocked("the desk is open")
    return b"lift " + bytes(locked.nonce)


def _these_keys(kind: str) -> bytes:
    """Both people mean the same act on the same keys: a yes to a drill is none to the destruction."""
    keys = TeamKey.objects.filter(retired=False).order_by("pk")
    return kind.encode() + b" " + b"".join(key.key.key_id for key in keys)


def _drilled(what: str) -> None:
    Drill.objects.update_or_create(what=what, defaults={"day": rotation.today()})
