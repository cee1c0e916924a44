# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a handover until it is approved: one function, one transaction, one entry of this room (R14, R15).

`seen` is what `mark` gave for the plan that was on the screen: nobody edits, proposes or approves what they have not seen.
"""

import hashlib
import secrets

from django.db.models import Q
from msgspec.structs import replace

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.errors import SamePerson
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import bound, holding, keys
from safeconduct.desk.cases.errors import CaseGone, HandoverUnderWay
from safeconduct.desk.cases.models import Case, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import (
    codes,
    companions,
    forgetting,
    gates,
    plans,
    records,
    sealed,
    stopping,
    wall,
    whose,
)
from safeconduct.desk.handover.errors import (
    AlreadyPlanned,
    NoHoldFire,
    NoPlan,
    NoSuchHandover,
    NotWithCell,
    PlanMoved,
)
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Plan
from safeconduct.desk.handover.states import LIVING, HandoverState, Move, after
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError

KIND = "handover.plan"
_DIGITS = 5
_APPROVED = HandoverState.APPROVED.value
_LIVING = sorted(one.value for one in LIVING)


def mark(handover: Handover) -> str:
    """Names the plan that a page shows, without telling anything of it."""
    return hashlib.sha256(handover.plan or b"").hexdigest()[:32]


def start(hand: Hand, case_number: str) -> Handover:
    """Begin to plan for a case that is the cell's. Raises `NotWithCell`, `Stopped`, `AlreadyPlanned`."""
    with gates.act_of(hand.operator, "handover.plan", case_number):
        try:
            case = holding.take(hand.operator, case_number)
        except CaseGone:
            raise NotWithCell(case_number) from None
        gates.require_way(hand, case, all_read=False)
        if Handover.objects.filter(case=case, state__in=_LIVING).exists():
            raise AlreadyPlanned(case_number)
        if other := whose.of_person(case):
            raise AlreadyPlanned(case_number, other=other.number)
        handover = Handover.objects.create(number=_new_number(), case=case, day=today())
        audit.record(hand.operator, "handover.start", f"{handover.number} {case_number}")
        return handover


def plan(hand: Hand, number: str, written: Plan, *, seen: str) -> None:
    """Write the plan down, or anew: what was approved before is void, and the words of a former plan with it.

    Raises `PlanRefused`, `TooLong`, `NoSuchUnit`, `PlanMoved`, `Stopped`, `MoveRefused`.
    """
    with gates.act_of(hand.operator, "handover.plan", number):
        handover, case = take(hand, number)
        gates.require_way(hand, case, all_read=False)
        _hold(handover, seen)
        written = replace(written, salt=secrets.token_bytes(16), planned_by=hand.operator.name)
        plans.check(hand, written, wall.now())
        handover.plan = sealed.close(hand.keys, case, number, written, [hand.team.public])
        handover.codes, handover.day = None, written.ends.date()
        forgetting.note(hand, handover, case)
        approving.supersede(KIND, number, actor=hand.operator)
        move(hand, handover, Move.PLAN)


def propose(hand: Hand, number: str, *, seen: str) -> None:
    """Ask an approver. Raises `NoPlan`, `PlanMoved`, `WindowPassed`, `ClockDoubtful`, `Stopped`, `MoveRefused`."""
    with gates.act_of(hand.operator, "handover.plan", number):
        handover, case = take(hand, number)
        gates.require_way(hand, case, all_read=False)
        _hold(handover, seen)
        written = opened_plan(hand, handover, case)
        wall.require_ahead(written)
        move(hand, handover, Move.PROPOSE)
        approving.propose(hand.operator, KIND, number, records.encode(written))


def approve(hand: Hand, number: str, *, seen: str) -> None:
    """R15: another person than the planner. From now on the person can be told their words (R17).

    Raises `Stopped` also for an unopened message (R5), `NoHoldFire` (R19), and what `propose` and `approvals` raise.
    """
    with gates.act_of(hand.operator, "handover.approve", number):
        handover, case = take(hand, number)
        move(hand, handover, Move.APPROVE)
        written = require_ready(hand, handover, case, seen=seen)
        if written.planned_by == hand.operator.name:
            raise SamePerson("whoever wrote the plan does not approve it")
        approving.approve(hand.operator, _standing(number).pk, records.encode(written))
        made = codes.make(written.language, written.ends)
        handover.codes = sealed.close(hand.keys, case, number, made, [hand.team.public])
        handover.save(update_fields=["codes"])


def refuse(hand: Hand, number: str, reason_code: str = "") -> None:
    """Send it back to be planned anew."""
    with gates.act_of(hand.operator, "handover.approve", number):
        handover, _case = take(hand, number)
        move(hand, handover, Move.REFUSE)
        approving.refuse(hand.operator, _standing(number).pk, reason_code)


def recall(hand: Hand, number: str) -> None:
    """The proposer takes it back, approved or not."""
    with gates.act_of(hand.operator, "handover.plan", number):
        handover, _case = take(hand, number)
        move(hand, handover, Move.VOID)
        approving.withdraw(hand.operator, _standing(number).pk)
        handover.codes = None
        handover.save(update_fields=["codes"])


def read(hand: Hand, number: str) -> tuple[Handover, Case | None, Plan | None]:
    """Open a plan. Nothing is read that is not recorded (R49)."""
    with gates.act_of(hand.operator, "handover.see", number):
        handover = gates.take(number)
        settle(handover)
        audit.record(hand.operator, "handover.read", number)
        if handover.case is None or handover.plan is None:
            return handover, handover.case, None
        try:
            return handover, handover.case, opened_plan(hand, handover, handover.case)
        except SealingError:  # altered, or of a key that this person does not have: the page says so
            return handover, handover.case, None


def require_ready(hand: Hand, handover: Handover, case: Case, *, seen: str) -> Plan:
    """What approving and releasing both ask."""
    gates.require_way(hand, case, all_read=True)
    _hold(handover, seen)
    written = opened_plan(hand, handover, case)
    wall.require_ahead(written)
    if written.hold_fire is None:
        raise NoHoldFire
    plans.check_unit(hand, written)
    forgetting.note(hand, handover, case)
    companions.note(hand, handover, case)
    return written


def opened_plan(hand: Hand, handover: Handover, case: Case) -> Plan:
    """Raises `NoPlan`, and `SealingError` for one that was altered."""
    if handover.plan is None:
        raise NoPlan(handover.number)
    return sealed.open_kept(hand.keys, case, handover.number, handover.plan, Plan, openers=hand.openers)


def settle(handover: Handover) -> None:
    """An approval that stands no more is no state: withdrawn elsewhere, lapsed, or somebody it rested on has left."""
    if handover.handover_state not in {HandoverState.PROPOSED, HandoverState.APPROVED}:
        return
    if not _stands(handover):
        handover.codes = None
        handover.save(update_fields=["codes"])
        move_by(None, handover, Move.VOID)
        raise_alert(stopping.VOID)


def require_none_agreed(case: Case) -> None:
    """While people may set out, what they and theirs write opens for those who know it. Raises `HandoverUnderWay`.

    So may who was told words of a plan that stands no more: the cell still has to tell them, or to call it off.
    In whichever conversation, of theirs or of their unit. The case is held still, and so is whoever would approve: no
    handover is locked here, after its case.
    """
    is_agreed = Q(state__in=[_APPROVED, HandoverState.RELEASED.value]) | Q(is_told=True)
    agreed = Handover.objects.filter(is_agreed, state__in=_LIVING).select_related("case")
    theirs = bound.joined({case.pk})
    with_them = [one for one in agreed if theirs & companions.of(one, keys.of_this_desk())]
    if any(one.state != _APPROVED or one.is_told or _stands(one) for one in with_them):
        raise HandoverUnderWay(case.number)


def _stands(handover: Handover) -> bool:
    """Whether what was proposed, or approved, still is."""
    proposal = approvals.standing(KIND, handover.number)
    return proposal is not None and proposal.is_approved is (handover.state == _APPROVED)


def move(hand: Hand, handover: Handover, what: Move) -> None:
    move_by(hand.operator, handover, what)


def move_by(operator: Operator | None, handover: Handover, what: Move) -> None:
    """R14: one step of the table, and its entry. None: the desk itself. Raises `MoveRefused`."""
    handover.state = after(handover.handover_state, what).value
    handover.save()
    audit.record(operator, f"handover.{what.value}", handover.number)


def take(hand: Hand, number: str) -> tuple[Handover, Case]:
    handover = gates.take(number)
    case = gates.case_of(hand, handover)
    settle(handover)
    return handover, case


def _hold(handover: Handover, seen: str) -> None:
    if not secrets.compare_digest(mark(handover).encode(), seen.encode(errors="replace")):
        raise PlanMoved(handover.number)


def _standing(number: str) -> Proposal:
    proposal = approvals.standing(KIND, number)
    if proposal is None:
        raise NoSuchHandover(number)
    return proposal


def _new_number() -> str:
    while True:
        number = "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
        if not Handover.objects.filter(number=number).exists():
            return number
