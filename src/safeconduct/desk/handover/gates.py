# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may act, on what, and what stops a handover of this case now (R5, R6, R7, R13)."""

from collections.abc import Iterator
from contextlib import contextmanager

from safeconduct.desk.approvals.errors import ApprovalsError
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import bound, cell, holding, reading
from safeconduct.desk.cases.errors import CaseGone, CasesError, CellRefused, NoApplication, UnderDuress
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.standing import Stop
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover.errors import Erased, HandoverError, NoSuchHandover, NotWithCell, NotYours, Stopped
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError

REFUSALS = (HandoverError, ApprovalsError, CasesError, SealingError)


@contextmanager
def act_of(operator: Operator, act: str, subject: str, *, denied: str = "handover.denied") -> Iterator[None]:
    """One transaction by somebody who may do it. A refusal undoes everything and leaves one entry."""
    with refusals_recorded(operator, denied, subject, of=REFUSALS):
        require(operator, act)
        yield


def require(operator: Operator, act: str) -> None:
    """Asked of the table again: the person may have left or changed since their page was made. Raises `NotYours`."""
    known = Operator.objects.filter(pk=operator.pk, active=True).first()
    if known is None or not roles.may(known.plays, act):
        raise NotYours(act)


def take(number: str) -> Handover:
    """Held still for one act. Raises `NoSuchHandover`."""
    try:
        return Handover.objects.select_for_update().get(number=number)
    except Handover.DoesNotExist:
        raise NoSuchHandover(number) from None


def case_of(hand: Hand, handover: Handover) -> Case:
    """Its case, as this hand may see it. Raises `Erased`, `NotWithCell`."""
    if handover.case is None:
        raise Erased(handover.number)
    try:
        return holding.take(hand.operator, handover.case.number)
    except CaseGone:
        raise NotWithCell(handover.number) from None


def require_way(hand: Hand, case: Case, *, all_read: bool) -> Opened:
    """That nothing stops a handover of this case now, nor of any that is bound to it (R5, R50).

    `all_read`: the agreed word may stand in what nobody has opened.

    Raises `NotWithCell`, `Stopped`.
    """
    if case.whose is not Whose.CELL:
        raise NotWithCell(case.number)
    opened = reading.frame(hand, case)
    try:
        cell.require_fit(case, opened)
    except UnderDuress:
        raise Stopped("duress") from None
    except NoApplication:
        raise Stopped("application") from None
    except CellRefused:
        raise Stopped("type") from None
    found = [one for one in bound.stops(case, bound.companions(hand, case)) if all_read or one.why is not Stop.UNREAD]
    for why in (Stop.DURESS, Stop.TYPE, Stop.REVIEW, Stop.UNREAD):
        for one in found:
            if one.why is why:
                raise Stopped(why.value, one.number if one.number != case.number else "")
    return opened
