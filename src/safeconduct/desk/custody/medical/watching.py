# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alarm of R28: it lasts while somebody's review has not been made."""

from django.db.models import Exists, OuterRef

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.medical.audited import LOSS
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import LEAVES, PersonEvent

_ANSWERS = [PersonEvent.REVIEWED.value, *(event.value for event in LEAVES)]
_MATTERS = frozenset({PersonEvent.REVIEW_DUE.value, *_ANSWERS})


def ring(row: EventRow) -> None:
    """After a review became due, was made, or was struck."""
    if row.kind not in _MATTERS:
        return
    answered = EventRow.objects.filter(
        person=OuterRef("person"), kind__in=_ANSWERS, stands=True, happened__gte=OuterRef("happened")
    )
    due = EventRow.objects.filter(kind=PersonEvent.REVIEW_DUE.value, stands=True)
    if due.filter(~Exists(answered)).exists():
        raise_alert(LOSS)
    else:
        settle_alert(LOSS)
