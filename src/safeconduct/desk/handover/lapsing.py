# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan that was proposed or approved and stands no more is found before its hour, not when the person waits.

Nobody approved it in time, its approval lapsed, somebody whom it rests on has left, or its days are over.
"""

from datetime import datetime, timedelta

from django.db import transaction

from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.handover import acts, gates
from safeconduct.desk.handover.errors import NoSuchHandover
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import HandoverState

WITHIN = timedelta(hours=1)  # after the window's last day (UTC) is over: its hour stands nowhere in clear (R16)
_WAITING = [HandoverState.PROPOSED.value, HandoverState.APPROVED.value]


def watch(now: datetime) -> None:
    """Called by the clock. What stands no more is a draft again, and its people are told so."""
    for number in list(Handover.objects.filter(state__in=_WAITING).values_list("number", flat=True)):
        _settle(number, now)


@transaction.atomic
def _settle(number: str, now: datetime) -> None:
    try:
        handover = gates.take(number)
    except NoSuchHandover:  # gone meanwhile
        return
    if handover.state in _WAITING and handover.day < (now - WITHIN).date():
        approving.supersede(acts.KIND, number)
    acts.settle(handover)
