# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alarm that the Bureau's people alone hear. Nobody else could say from any page or message that one rang (R45)."""

from datetime import date

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.inquiries.audited import LATE
from safeconduct.desk.custody.inquiries.models import WITHIN, Inquiry


def ring_late(today: date) -> None:
    """Rings for as long as one waits longer than a week."""
    if Inquiry.objects.filter(answered=None, entered__lt=today - WITHIN).exists():
        raise_alert(LATE)
    else:
        settle_alert(LATE)
