# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the alarms of a case's life ring for: what nobody has read for days, and what waits for a supervisor's decision."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import expiry, holding
from safeconduct.desk.cases.models import Case, today
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

SHOWN = 200


@require_safe
@may("cases.queue")
def unread(request: DeskRequest) -> HttpResponse:
    """Numbers and days, in folds too. Opens nothing."""
    operator = request.keyring.operator
    stopped = Case.objects.exclude(frozen_day=None, review_day=None).order_by("pk")[:SHOWN]
    context = {
        "unread": [one for one in expiry.unread_now(today()) if holding.is_seen_by(operator, one.case)],
        "stopped": [case for case in stopped if holding.is_seen_by(operator, case)],
    }
    return render(request, "cases/unread.html", context)
