# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads of this room."""

from dataclasses import dataclass
from datetime import date

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals.access import Waiting
from safeconduct.desk.emergency.kinds import DESTROY, DRILL, LIFT
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
        lock_drilled=drilled.get("lock"),
        destroy_drilled=drilled.get("destroy"),
        destroyers=destroying.all_of_them(),
    )
