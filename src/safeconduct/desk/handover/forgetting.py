# SPDX-License-Identifier: AGPL-3.0-or-later
"""R16: what the people of a handover told the cell goes with its place, in whichever of their conversations it stands.

Merges stand in clear; who belongs to a unit is sealed. Whoever ends a handover may have no key of the cell, and the sweep
has none: so the cell's people note the conversations while they can, under the erasure key of the handover's own.
"""

from safeconduct.desk.cases import bound, cell
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import packing
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import LIVING
from safeconduct.desk.operators.roles import Role

_LIVING = sorted(one.value for one in LIVING)
_WHAT = "members"


def note(hand: Hand, handover: Handover, case: Case) -> None:
    """Whose words these will be: who belongs to the unit of this case now."""
    members = {member for unit in bound.units_of(hand, case) for member in unit.members}
    pks = Case.objects.filter(number__in=members).values_list("pk", flat=True)
    handover.members = packing.packed(hand.keys, handover, case, pks, what=_WHAT)
    handover.save(update_fields=["members"])


def last_row() -> int:
    """The newest row of the desk: what is said in any conversation from now on belongs to another attempt."""
    return StoredEnvelope.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def forget_words(handover: Handover, case: Case, keys: DeskKeys) -> bool:
    """What was read goes now; what nobody has read rings and waits for its reader alone (R3). Whether all is gone."""
    if _is_planned_again(case):
        return False
    kept = [one for one in _theirs(handover, case, keys) if not _forget(one, handover.until_row or 0, keys)]
    return not kept


def forget_drafts(handover: Handover, case: Case, keys: DeskKeys) -> None:
    """What the cell was typing may hold the place, and nothing else ever ends it."""
    for one in () if _is_planned_again(case) else _theirs(handover, case, keys):
        if not _is_planned_again(one):
            one.drafts.filter(operator__role__in=[Role.PLANNER.value, Role.APPROVER.value]).delete()


def _forget(case: Case, until: int, keys: DeskKeys) -> bool:
    if _is_planned_again(case):
        return False
    cell.forget_places(case.number, keys=keys, until_row=until, spares_unread=True)
    return not case.envelopes.filter(opened_day=None, pk__lte=until).exists()


def _theirs(handover: Handover, case: Case, keys: DeskKeys) -> list[Case]:
    """In the order in which cases are locked."""
    pks = bound.joined({case.pk, *packing.unpacked(keys, handover, case, handover.members, what=_WHAT)})
    return list(Case.objects.filter(pk__in=pks).order_by("number"))


def _is_planned_again(case: Case) -> bool:
    return Handover.objects.filter(case=case, state__in=_LIVING).exists()
