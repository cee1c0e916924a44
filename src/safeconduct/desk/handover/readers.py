# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can open a released sheet. Where nobody can any more, nobody at the unit tells an outcome either: somebody calls them.

The unit was retired, its last person taken out, deactivated, or given a new key.
"""

from collections.abc import Iterable

from safeconduct.desk.alerts.raising import settle_alert
from safeconduct.desk.handover.models import Handover, SheetReader
from safeconduct.desk.handover.ringing import ring
from safeconduct.desk.handover.states import HandoverState
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

ALERT = "handover.unreadable"


def note(handover: Handover, operators: Iterable[Operator]) -> None:
    """The sheet is sealed to these people's keys, and to no other."""
    SheetReader.objects.bulk_create(
        SheetReader(handover=handover, operator=one, key=bytes(one.key.key_id)) for one in operators
    )


def can_open(reader: SheetReader) -> bool:
    """Whether this person is still here, in that role, with the key that the sheet was sealed to."""
    who = reader.operator
    is_here = who.active and who.role == Role.RECEIVING_UNIT.value
    return is_here and (reader.key is None or bytes(reader.key) == who.key.key_id)


def without() -> set[int]:
    """The released handovers whose sheet nobody can open."""
    out = Handover.objects.filter(state=HandoverState.RELEASED.value).values_list("pk", flat=True)
    found = SheetReader.objects.filter(handover__in=out).select_related("operator")
    return set(out) - {one.handover_id for one in found if can_open(one)}


def watch() -> None:
    """Called by the clock."""
    ring(ALERT, "rang_for_readers", without())


def look_again() -> None:
    """An outcome was told: what was raised is over at once, unless another sheet opens for nobody."""
    if not without():
        settle_alert(ALERT)
