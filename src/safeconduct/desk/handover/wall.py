# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's clock, as far as a window may rest on it."""

from datetime import datetime, timedelta

from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.handover.errors import ClockDoubtful, WindowPassed
from safeconduct.desk.handover.records import Plan

# Rounded down to the hour: no row tells the minute in which somebody was received.
_KEPT_FOR = timedelta(hours=71)  # with the hour that was cut off at most 72 (R16)


def now() -> datetime:
    return timezone.now()


def certain_now() -> datetime:
    """Raises `ClockDoubtful`: a wrong clock would let people walk at a wrong time."""
    moment = now()
    if clock.is_doubtful(moment):
        raise ClockDoubtful
    return moment


def require_ahead(plan: Plan) -> None:
    """Raises `WindowPassed`, `ClockDoubtful`."""
    if certain_now() >= plan.ends:
        raise WindowPassed


def erase_at(moment: datetime) -> datetime:
    """When what is told now has to be gone."""
    return moment.replace(minute=0, second=0, microsecond=0) + _KEPT_FOR


def is_due(when: datetime, moment: datetime) -> bool:
    """Also for an end that lies absurdly far ahead: a clock that ran ahead wrote it."""
    return when <= moment or when > moment + _KEPT_FOR + timedelta(hours=1)
