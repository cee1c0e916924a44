# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5, R13: whose duress closes the sheet of a handover: of its unit, each, in whatever conversation of theirs.

Who belongs to a unit is sealed, and whoever finds that somebody is forced may be of another team, or have opened another
conversation of theirs. So the cell's people note it while they can, for lists and the clock that open nothing.
"""

from safeconduct.desk.cases import bound
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import packing
from safeconduct.desk.handover.models import Handover

_WHAT = "companions"


def note(hand: Hand, handover: Handover, case: Case) -> None:
    """Who they are now."""
    pks = bound.companions(hand, case)
    handover.companions = packing.packed(hand.keys, handover, case, pks, what=_WHAT)
    handover.save(update_fields=["companions"])


def of(handover: Handover, keys: DeskKeys) -> set[int]:
    """The rows of their cases, its own among them."""
    if handover.case is None:
        return set()
    return {handover.case.pk} | packing.unpacked(keys, handover, handover.case, handover.companions, what=_WHAT)
