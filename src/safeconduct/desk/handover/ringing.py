# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alerts that last while something is wrong with any released handover: with one more, they ask anew."""

from collections.abc import Collection

from django.db import transaction

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.handover.models import Handover


@transaction.atomic
def ring(alert: str, rung: str, wrong: Collection[int]) -> None:
    """`wrong`: the handovers that it is for now; `rung`: the field that tells for which it has rung already.

    Whoever took the alert took what was wrong then, and knows nothing of another.
    """
    Handover.objects.filter(**{rung: True}).exclude(pk__in=wrong).update(**{rung: False})
    more = Handover.objects.filter(pk__in=wrong, **{rung: False}).update(**{rung: True})
    if wrong:
        raise_alert(alert, is_anew=more > 0)
    else:
        settle_alert(alert)
