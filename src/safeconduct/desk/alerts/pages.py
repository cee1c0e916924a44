# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alerts that stand, who is asked, and the button of whoever takes one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings as desk
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.alerts import access, messages, raising, settings
from safeconduct.desk.alerts.errors import AlertGone, BadSettings
from safeconduct.desk.alerts.settings import Settings
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest

CARD_LINES = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One message to come: when, and by transport the word for quiet."""

    at: datetime
    words: tuple[tuple[str, str], ...]


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
        "card": card(said, now),
    }
    return render(request, "alerts/page.html", context)


@require_safe
@polling
@may("alerts.take")
def head(request: DeskRequest) -> HttpResponse:
    """How many nobody has taken, for the head of a page that stays open through a shift."""
    return render(request, "alerts/head.html", {"alerts_waiting": access.waiting(request.keyring.operator)})


@require_POST
@may("alerts.take")
def take(request: DeskRequest, alert: str) -> HttpResponseBase:
    """The person who is signed in takes it, by name."""
    try:
        raising.acknowledge(request.keyring.operator, access.named(alert), _settings().order)
    except AlertGone:
        return HttpResponseRedirect(f"{reverse('alerts:page')}?gone=1", status=303)
    return redirect("alerts:page")


def card(said: Settings, now: datetime) -> list[Line]:
    """The next messages, and the word of each that means that nobody has to look. Nothing when no message goes out."""
    slot = messages.slot_of(now, said.every)
    slots = range(slot, slot + CARD_LINES) if said.transport else ()
    return [
        Line(
            messages.begins(one, said.every),
            tuple((way.name, messages.word(way.name, one, looks=False)) for way in said.transport),
        )
        for one in slots
    ]


def _settings() -> Settings:
    """Health says what is wrong with the file; this page has to work without it."""
    try:
        return settings.read(desk.DESK.credentials)
    except BadSettings:
        return settings.NONE
