# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rings until counsel has decided a worry (R26): meanwhile the Power, and with it a family, learns nothing."""

from datetime import date

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.bureau.audited import WORRY, WORRY_LATE
from safeconduct.desk.custody.bureau.models import WITHIN, Worry


def ring(today: date, *, is_anew: bool = False) -> None:
    """Rings at counsel while a worry waits, and at the monitor too once one is late. `is_anew`: another has just come."""
    waiting = Worry.objects.filter(decided=None)
    if waiting.exists():
        raise_alert(WORRY, is_anew=is_anew)
    else:
        settle_alert(WORRY)
    if waiting.filter(raised__lt=today - WITHIN).exists():
        raise_alert(WORRY_LATE)
    else:
        settle_alert(WORRY_LATE)
