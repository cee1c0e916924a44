# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of this room."""

from dataclasses import dataclass
from datetime import date

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals.access import Waiting
from safeconduct.desk.approvals.models import Proposal, ProposalState
from safeconduct.desk.emergency.kinds import DESK, DESTROY, DRILL, LIFT
from safeconduct.desk.operators import destroying, lockdown, sessions
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import Drill, Lockdown, Operator


@dataclass(frozen=True, slots=True)
class State:
    """What the page shows."""

    lockdown: Lockdown | None
    open_sessions: int
    lift: Waiting | None
    destruction: Waiting | None
    drill: Waiting | None
    unfinished: Proposal | None  # two people have agreed to destroy the keys, and not all of it is done
    lock_drilled: date | None
    destroy_drilled: date | None
    destroyers: tuple[Destroyer, ...]


def state(actor: Operator) -> State:
    waiting = {one.kind.code: one for one in approvals.open_for(actor)}
    drilled = {one.what: one.day for one in Drill.objects.all()}
    return State(
        lockdown=lockdown.now(),
        open_sessions=sessions.count_open(),
        lift=waiting.get(LIFT),
        destruction=waiting.get(DESTROY),
        drill=waiting.get(DRILL),
        unfinished=_unfinished(),
        lock_drilled=drilled.get("lock"),
        destroy_drilled=drilled.get("destroy"),
        destroyers=destroying.all_of_them(),
    )


def _unfinished() -> Proposal | None:
    """A used yes is dropped with the last key: while the desk is locked, one that is there was cut short."""
    last = next(iter(approvals.of(DESTROY, DESK)), None)
    if last is None or not approvals.is_sound(last, approvals.today()):
        return None
    is_cut_short = last.proposal_state is ProposalState.SPENT and lockdown.now() is not None
    return last if is_cut_short or last.is_approved else None
