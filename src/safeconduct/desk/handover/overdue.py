# SPDX-License-Identifier: AGPL-3.0-or-later
"""A released handover of which nobody has said what became of it: somebody has to ask the unit.

The hour of a window stands nowhere in clear (R16), so that this goes by its day.
"""

from datetime import datetime, timedelta

from safeconduct.desk.alerts.raising import settle_alert
from safeconduct.desk.handover import lapsing, readers, stopping
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.ringing import ring
from safeconduct.desk.handover.states import HandoverState

ALERT = "handover.outcome"
WITHIN = timedelta(hours=1)  # after the window's last day (UTC) is over


def is_any(now: datetime) -> bool:
    """Whether an outcome is missing."""
    return bool(_missing(now))


def watch(now: datetime) -> None:
    """Called by the clock, also for what was stopped, lapsed, or lies where nobody opens it. The alerts name no handover."""
    ring(ALERT, "rang_for_outcome", _missing(now))
    stopping.watch()
    readers.watch()
    lapsing.watch(now)


def look_again(now: datetime) -> None:
    """An outcome was told: what was raised for it is over at once, unless another is missing."""
    if not is_any(now):
        settle_alert(ALERT)


def _missing(now: datetime) -> set[int]:
    late = Handover.objects.filter(state=HandoverState.RELEASED.value, day__lt=(now - WITHIN).date())
    return set(late.values_list("pk", flat=True))
