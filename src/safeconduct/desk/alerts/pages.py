# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alerts that stand, who is asked, and the button of whoever takes one."""

from datetime import UTC, datetime

from django.conf import settings as desk
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.alerts import access, raising, settings
from safeconduct.desk.alerts.errors import AlertGone, BadSettings
from safeconduct.desk.alerts.settings import Settings
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("alerts.see")
def page(request: DeskRequest) -> HttpResponse:
    now = datetime.now(UTC)
    said = _settings()
    context = {
        "alerts": access.standing(request.keyring.operator, said.order),
        "within": said.acknowledge_within_minutes,
        "clock_has_stopped": access.clock_has_stopped(now),
        "now": now,
    }
    return render(request, "alerts/page.html", context)


@require_POST
@may("alerts.take")
def take(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The person who is signed in takes it, by name."""
    try:
        raising.acknowledge(request.keyring.operator, pk)
    except AlertGone:
        return HttpResponseRedirect(f"{reverse('alerts:page')}?gone=1", status=303)
    return redirect("alerts:page")


def _settings() -> Settings:
    """Health says what is wrong with the file; this page has to work without it."""
    try:
        return settings.read(desk.DESK.credentials)
    except BadSettings:
        return settings.NONE
