# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an approved plan to an outcome: release, the words for the person, what became of it, and its erasure (R15–R20)."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from msgspec.structs import replace

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.errors import NotApproved
from safeconduct.desk.approvals.models import ProposalState
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import acts as talking
from safeconduct.desk.cases import holding, journal
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.handover import (
    acts,
    arrival,
    codes,
    forgetting,
    gates,
    links,
    overdue,
    plans,
    readers,
    records,
    sealed,
    sheets,
    stopping,
    wall,
)
from safeconduct.desk.handover.acts import KIND
from safeconduct.desk.handover.errors import (
    CodesMissing,
    MoveRefused,
    NamesThePlace,
    NeedsAnother,
    NobodyReceives,
    NoCodes,
    NoPlan,
    NotArrived,
    NotBegun,
    NotTold,
)
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Codes, Plan, UnitCard
from safeconduct.desk.handover.states import LIVING, OUTCOMES, HandoverState, Move
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.errors import SealingError

LEFT_DAYS = 3  # after its window nobody told an outcome: the place must not lie there any longer
_LIVING = sorted(one.value for one in LIVING)
_OUTCOMES = sorted(one.value for one in OUTCOMES)


def release(hand: Hand, number: str, *, seen: str) -> None:
    """R15: by another person than who approved. The sheet is sealed to the unit's people alone.

    Raises `NeedsAnother`, `NotTold` and `NotArrived` (R17), `NobodyReceives`, and what `acts.require_ready` and `approvals.spend` raise.
    """
    with gates.act_of(hand.operator, "handover.release", number):
        handover, case = acts.take(hand, number)
        acts.move(hand, handover, Move.RELEASE)
        plan = acts.require_ready(hand, handover, case, seen=seen)
        proposal = approvals.standing(KIND, number)
        if proposal is None or proposal.approved_by is None:
            raise NotApproved(number)
        if proposal.approved_by_id == hand.operator.pk:
            raise NeedsAnother(number)
        _require_told(hand, handover, case)
        approving.spend(proposal.pk, records.encode(plan), actor=hand.operator)
        _seal_sheet(hand, handover, case, plan, approved_by=proposal.approved_by.name)


def _require_told(hand: Hand, handover: Handover, case: Case) -> None:
    """R17: who does not have their words cannot answer the unit. Raises `NoCodes`, `NotTold`, `NotArrived`."""
    said = codes_of(hand, handover, case)
    if not said.told:
        raise NotTold(handover.number)
    if arrival.of(hand, case, said).is_missing:
        raise NotArrived(handover.number)


def reissue(hand: Hand, number: str) -> None:
    """The same sheet, sealed anew to those who are in the unit now: somebody joined it, or got a new key.

    Raises what `release` raises: what stops a release stops this too.
    """
    with gates.act_of(hand.operator, "handover.release", number):
        handover, case = acts.take(hand, number)
        if handover.handover_state is not HandoverState.RELEASED:
            raise MoveRefused(handover.state, "reissue")
        plan = acts.require_ready(hand, handover, case, seen=acts.mark(handover))
        spent = next((one for one in approvals.of(KIND, number) if one.state == ProposalState.SPENT.value), None)
        if spent is None or spent.approved_by is None:
            raise NotApproved(number)
        if spent.approved_by_id == hand.operator.pk:
            raise NeedsAnother(number)
        handover.readers.all().delete()
        _seal_sheet(hand, handover, case, plan, approved_by=spent.approved_by.name)
        audit.record(hand.operator, "handover.reissue", number)


def _seal_sheet(hand: Hand, handover: Handover, case: Case, plan: Plan, *, approved_by: str) -> None:
    card = plans.check_unit(hand, plan)
    said, receiving = codes_of(hand, handover, case), receivers(plan.unit, card)
    names = {"approved_by": approved_by, "released_by": hand.operator.name}
    sheet = sheets.of(handover.number, plan, said, card, **names)
    handover.sheet = sealed.close(hand.keys, case, handover.number, sheet, [one.key for one in receiving])
    handover.save(update_fields=["sheet"])
    readers.note(handover, receiving)


def receivers(unit: int, card: UnitCard) -> list[Operator]:
    """The people of a unit whose keys are still those that were heard. Raises `NobodyReceives`."""
    heard = {one.operator: one.key for one in card.people}
    found = Operator.objects.filter(
        active=True, role=Role.RECEIVING_UNIT.value, receiving_unit__unit_id=unit, pk__in=heard
    ).order_by("pk")
    receiving = [one for one in found if one.key.key_id == heard[one.pk]]
    if not receiving:
        raise NobodyReceives
    return receiving


def codes_of(hand: Hand, handover: Handover, case: Case) -> Codes:
    """R17. Raises `NoCodes` when there are none or they have expired."""
    if handover.codes is None:
        raise NoCodes(handover.number)
    said = sealed.open_kept(hand.keys, case, handover.number, handover.codes, Codes, openers=hand.openers)
    if wall.now() >= said.expires:
        raise NoCodes(handover.number)
    return said


def tell_codes(hand: Hand, number: str, written: Writing) -> None:
    """R17: the person gets their words in a message of their own, in which nothing names the place.

    Raises `NoCodes`, `CodesMissing`, `NamesThePlace`, `Stopped`, and what a reply raises.
    """
    with gates.act_of(hand.operator, "handover.codes", number):
        handover, case = acts.take(hand, number)
        gates.require_way(hand, case, all_read=False)
        wall.certain_now()
        said, plan = codes_of(hand, handover, case), acts.opened_plan(hand, handover, case)
        if not codes.holds_both(written.text, said):
            raise CodesMissing(number)
        if codes.names_place(written.text, plans.places_of(hand, plan), said):
            raise NamesThePlace(number)
        talking.reply(hand, case.number, written)
        replies = dict.fromkeys((*said.replies, arrival.reply_of(hand, case, written)))
        told = replace(said, told=True, replies=tuple(replies))
        handover.codes, handover.is_told = sealed.close(hand.keys, case, number, told, [hand.team.public]), True
        handover.save(update_fields=["codes", "is_told"])
        audit.record(hand.operator, "handover.codes", number)


def tell_outcome(hand: Hand, number: str, what: Move, *, is_early: bool = False) -> None:
    """What became of it, as the cell knows. It needs no reading and no free case: an abort waits for nobody.

    `is_early`: they say that people came before the window. Raises `MoveRefused`, `NotBegun`.
    """
    with gates.act_of(hand.operator, "handover.outcome", number):
        handover = gates.take(number)
        acts.settle(handover)
        if handover.handover_state is HandoverState.RELEASED:
            require_begun(_begins(hand, handover), what, is_early=is_early)
            _note_members(hand, handover)
        finish(hand.operator, handover, what)


def _note_members(hand: Hand, handover: Handover) -> None:
    """Who joined the unit after the release told their place too. An outcome waits for nothing that does not open."""
    if handover.case is not None and holding.is_seen_by(hand.operator, handover.case):
        with suppress(CaseGone, SealingError):
            forgetting.note(hand, handover, handover.case)


def require_begun(begins: datetime | None, what: Move, *, is_early: bool) -> None:
    """Before its window a handover is called off, and no other outcome is told by a slip. Raises `NotBegun`."""
    if begins is None or what is Move.ABORT or wall.now() >= begins:
        return
    if what is not Move.RECEIVE or not is_early:
        raise NotBegun(what.value)


def _begins(hand: Hand, handover: Handover) -> datetime | None:
    """None when nobody can say any more: an outcome is told all the same."""
    try:
        return acts.opened_plan(hand, handover, handover.case).begins if handover.case else None
    except (NoPlan, SealingError):
        return None


def finish(operator: Operator | None, handover: Handover, what: Move) -> None:
    """R16, R20: from here on 72 hours are left to place and time. The words are worth nothing any more."""
    was_living, was_out = handover.handover_state in LIVING, handover.handover_state is HandoverState.RELEASED
    if not was_living and handover.plan is None:  # nobody can say any more what would be corrected
        raise MoveRefused(handover.state, what.value)
    handover.codes = None
    if was_living:
        handover.erase_at = wall.erase_at(wall.now())
        handover.until_row = forgetting.last_row()
    acts.move_by(operator, handover, what)
    if was_out and what is not Move.RECEIVE:
        raise_alert(stopping.CALLED_OFF)
    elif was_living and not was_out and handover.is_told:
        raise_alert(stopping.VOID)
    overdue.look_again(wall.now())
    stopping.look_again()
    readers.look_again()
    approving.supersede(KIND, handover.number, actor=operator)


def sweep(now: datetime, *, keys: DeskKeys) -> int:
    """Destroy what outcomes have left behind, and end what was left without one. How many handovers. Needs no opened key."""
    left = Handover.objects.filter(state__in=_LIVING, day__lt=now.date() - timedelta(days=LEFT_DAYS))
    for number in list(left.values_list("number", flat=True)):
        _end_left(number)
    links.sweep()
    waiting = Handover.objects.filter(erase_at__isnull=False).values_list("number", "erase_at")
    return sum(_erase(number, keys=keys) for number, when in list(waiting) if when and wall.is_due(when, now))


@transaction.atomic
def _end_left(number: str) -> None:
    handover = gates.take(number)
    if handover.handover_state in LIVING:
        is_out = handover.handover_state is HandoverState.RELEASED
        finish(None, handover, Move.LOSE if is_out else Move.ABORT)


@transaction.atomic
def _erase(number: str, *, keys: DeskKeys) -> bool:
    """What the handover holds goes at once. What the person wrote to the cell waits for its reader, and for another attempt."""
    handover = gates.take(number)
    if handover.plan is not None or handover.sheet is not None:
        handover.plan = handover.codes = handover.sheet = None
        handover.is_told = False
        handover.day = handover.day.replace(day=1)
        handover.readers.all().delete()
        approving.forget(KIND, number)
        acts.move_by(None, handover, Move.ERASE)
        if handover.case is not None:
            forgetting.forget_drafts(handover, handover.case, keys)
    case = handover.case
    if case is None or forgetting.forget_words(handover, case, keys):
        handover.erase_at = handover.until_row = handover.members = None
        handover.day = handover.day.replace(day=1)
        handover.save()
    transaction.on_commit(journal.empty)
    return handover.erase_at is None
