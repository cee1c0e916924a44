# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line at a glance for a supervisor, and the promises that are not kept."""

import contextlib

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import escalating, need_page, promises
from safeconduct.desk.cases.errors import EscalationGone
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.shifts import load


@require_safe
@may("load.see")
def load_page(request: DeskRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "load": load.now(now),
        "unmet": load.unmet(need_page.opener_of(request)),
        "open": escalating.open_now(now),
        "calendar": promises.current(),
    }
    return render(request, "shifts/load.html", context)


@require_safe
@may("escalations.see")
def escalations(request: DeskRequest) -> HttpResponse:
    """Whoever waits for longer than was promised, or soon will."""
    return render(
        request, "shifts/escalations.html", {"open": escalating.open_now(timezone.now(), request.keyring.operator)}
    )


@require_POST
@may("escalations.take")
def acknowledge(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One that was answered meanwhile is simply no longer on the page that follows."""
    with contextlib.suppress(EscalationGone):
        escalating.acknowledge(request.keyring.operator, pk)
    where = "shifts:load" if request.POST.get("from") == "load" else "shifts:escalations"
    return HttpResponseRedirect(reverse(where), status=303)
