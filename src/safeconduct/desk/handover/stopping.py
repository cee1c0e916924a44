# SPDX-License-Identifier: AGPL-3.0-or-later
"""Released handovers by whose sheet nobody may go. The unit may have it on paper: somebody has to call them (R5, R48).

The alert names no handover and no reason, and lasts until the cell has told an outcome.
"""

from collections.abc import Iterable

from safeconduct.desk.alerts.raising import settle_alert
from safeconduct.desk.cases import bound, keys
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.handover import companions
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.ringing import ring
from safeconduct.desk.handover.states import HandoverState

ALERT = "handover.stopped"
CALLED_OFF = "handover.called-off"
VOID = "handover.void"


def stopped(handovers: Iterable[Handover]) -> set[int]:
    """R5, R13, R48, R50: of these, those by whose sheet nobody may go. Their `case` is read already.

    The case was erased, is not the cell's, or somebody of its unit is frozen or under review in any conversation.
    """
    theirs = {one: companions.of(one, keys.of_this_desk()) for one in handovers}
    held = bound.stopped_among({pk for pks in theirs.values() for pk in pks})
    return {one.pk for one, pks in theirs.items() if one.case is None or one.case.whose is not Whose.CELL or pks & held}


def is_any() -> bool:
    """Whether a unit has a sheet by which nobody may go."""
    return bool(_stopped_now())


def watch() -> None:
    """Called by the clock."""
    ring(ALERT, "rang_for_stop", _stopped_now())


def _stopped_now() -> set[int]:
    out = Handover.objects.filter(state=HandoverState.RELEASED.value).select_related("case")
    return stopped(out)


def look_again() -> None:
    """An outcome was told: what was raised is over at once, unless another is stopped."""
    if not is_any():
        settle_alert(ALERT)
