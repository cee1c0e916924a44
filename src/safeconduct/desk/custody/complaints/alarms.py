# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alarms that the monitor and counsel alone hear. Nobody else could say from any page or message that one rang."""

from datetime import date

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.complaints import access
from safeconduct.desk.custody.complaints.audited import ILL_TREATMENT, LATE, SAID
from safeconduct.desk.custody.complaints.models import Complaint


def ring(row: Complaint) -> None:
    """One has just come; each that comes rings anew."""
    raise_alert(ILL_TREATMENT if row.is_ill_treatment else SAID)


def ring_late(today: date) -> None:
    """Rings for as long as one waits longer than it may."""
    if any(line.late_for for line in access.listed(today, answered=False)):
        raise_alert(LATE)
    else:
        settle_alert(LATE)
