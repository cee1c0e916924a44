# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the people of a receiving unit do: read the sheets that were released to them, and tell what became of it (R18)."""

from dataclasses import dataclass
from datetime import datetime

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, today
from safeconduct.desk.handover import gates, releasing, sealed, stopping, wall
from safeconduct.desk.handover.errors import MoveRefused, NoSuchHandover
from safeconduct.desk.handover.models import Handover, SheetReader
from safeconduct.desk.handover.records import Sheet
from safeconduct.desk.handover.states import HandoverState, Move
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey

# What a unit can say of a sheet that it has; who came after all is noted by the cell.
TOLD_BY_UNIT = (Move.RECEIVE, Move.NOT_COME, Move.ABORT, Move.LOSE)


@dataclass(frozen=True, slots=True, repr=False)
class UnitHand:
    """A person of a receiving unit with their own opened key: no team's."""

    operator: Operator
    private: PrivateKey
    keys: DeskKeys


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet as its page shows it. `sheet` is None when nobody may go by it: stopped, over, or erased."""

    handover: Handover
    sheet: Sheet | None
    is_stopped: bool
    is_over: bool  # its window has passed
    now: datetime


def mine(operator: Operator) -> list[Handover]:
    """The sheets that were released to this person, the newest first. In clear: number, state, day."""
    rows = Handover.objects.filter(readers__operator=operator).select_related("case")
    return list(rows.order_by("-pk")[:100])


def read(hand: UnitHand, number: str) -> Shown:
    """Open one's own sheet. Nothing is read that is not recorded. Raises `NoSuchHandover`, `SealingError`."""
    with gates.act_of(hand.operator, "sheets.see", number, denied="sheets.denied"):
        handover = _mine(hand, number)
        audit.record(hand.operator, "sheets.read", number)
        is_out = handover.handover_state is HandoverState.RELEASED
        is_stopped = bool(stopping.stopped([handover]))
        if not is_out or handover.case is None or handover.sheet is None or is_stopped:
            return Shown(handover, None, is_stopped, is_over=False, now=wall.now())
        sheet = _opened(hand, handover, handover.case, handover.sheet)
        SheetReader.objects.filter(handover=handover, operator=hand.operator, read_day=None).update(read_day=today())
        return Shown(handover, sheet, is_stopped=False, is_over=wall.now() >= sheet.ends, now=wall.now())


def tell(hand: UnitHand, number: str, what: Move, *, is_early: bool = False) -> None:
    """What became of it. Raises `NoSuchHandover`, `MoveRefused`, `NotBegun`."""
    with gates.act_of(hand.operator, "sheets.outcome", number, denied="sheets.denied"):
        handover = _mine(hand, number)
        if what not in TOLD_BY_UNIT or handover.handover_state is not HandoverState.RELEASED:
            raise MoveRefused(handover.state, what.value)
        releasing.require_begun(_begins(hand, handover), what, is_early=is_early)
        releasing.finish(hand.operator, handover, what)


def _opened(hand: UnitHand, handover: Handover, case: Case, sheet: bytes) -> Sheet:
    openers = {hand.private.public.key_id: hand.private}
    return sealed.open_kept(hand.keys, case, handover.number, sheet, Sheet, openers=openers)


def _begins(hand: UnitHand, handover: Handover) -> datetime | None:
    """None when nobody can say any more: an outcome is told all the same."""
    if handover.case is None or handover.sheet is None:
        return None
    try:
        return _opened(hand, handover, handover.case, handover.sheet).begins
    except SealingError:
        return None


def _mine(hand: UnitHand, number: str) -> Handover:
    if not SheetReader.objects.filter(handover__number=number, operator=hand.operator).exists():
        raise NoSuchHandover(number)
    return gates.take(number)
