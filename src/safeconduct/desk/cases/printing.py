# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case on paper: the facts and what was said, without who at the desk said it, without notes. Recorded as printed.

Intake's alone: what is the handover cell's (R16) never leaves it this way.
"""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import access, forms, history, locking
from safeconduct.desk.cases.access import Reading
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.models import today
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_ON_PAPER = frozenset({"text", "reply", "facts", "file", "contact", "call", "sealed"})


@transaction.atomic
def printed(hand: Hand, number: str, *, before: int = 0) -> Reading:
    """A page of the case for paper: a reading, and a printing. Raises `CaseGone`."""
    reading = access.read(hand, number, before=before)
    audit.record(hand.operator, "cases.printed", number)
    history.write_once_a_day(hand, locking.take(number), "print")
    return reading


@require_safe
@may("cases.print")
@with_hand
def page(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """Opening it counts as printing: nobody could tell what a browser does afterwards."""
    reading = printed(hand, number, before=forms.row_of(request.GET.get("before", "")))
    context = {
        "number": number,
        "reading": reading,
        "talk": [entry for entry in reading.talk if entry.item.shape in _ON_PAPER],
        "day": today(),
        "now": timezone.now(),
    }
    return render(request, "cases/print.html", context)
