# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alarms that the Bureau's people alone hear. Nobody else could say from any page or message that one rang (R45)."""

from datetime import date

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.inquiries.audited import AGAIN, LATE
from safeconduct.desk.custody.inquiries.models import WITHIN, Inquiry


def ring_late(today: date) -> None:
    """Rings for as long as one waits longer than a week."""
    if Inquiry.objects.filter(answered=None, entered__lt=today - WITHIN).exists():
        raise_alert(LATE)
    else:
        settle_alert(LATE)


def ring_again() -> None:
    """Rings for as long as somebody who was told "nobody here" might be told otherwise."""
    if Inquiry.objects.filter(again__isnull=False).exists():
        raise_alert(AGAIN)
    else:
        settle_alert(AGAIN)
