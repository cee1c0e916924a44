# SPDX-License-Identifier: AGPL-3.0-or-later
"""The link from a handover to custody (R20): typed in by two people, opened by two people."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from safeconduct.desk.handover import gates, links, telling
from safeconduct.desk.handover.cell_pages import hand_of
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.states import HandoverState
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_LONGEST = 60  # a token with all its spaces


@require_http_methods(["GET", "HEAD", "POST"])
@may("handover.link")
def link(request: DeskRequest, number: str) -> HttpResponseBase:
    """The first who types a token proposes it; the second seals it."""
    row = _received(number)
    if request.method != "POST":
        return _page(request, row)
    hand, written = hand_of(request), request.POST.get("token", "")[:_LONGEST]
    waits, _ = links.is_asked(number)
    try:
        if waits is None or waits.proposed_by_id == hand.operator.pk:
            links.propose(hand, number, written)
        else:
            links.seal(hand, number, written)
    except gates.REFUSALS as error:
        return _page(request, row, problem=telling.refusal(error), status=409)
    return _back(number)


@require_POST
@may("handover.link")
def open_link(request: DeskRequest, number: str) -> HttpResponseBase:
    """The first asks for it; the second opens it, and reads it on this one page."""
    row, hand = _received(number), hand_of(request)
    _, waits = links.is_asked(number)
    try:
        if waits is None or waits.proposed_by_id == hand.operator.pk:
            links.ask(hand, number)
            return _back(number)
        tokens = [token.hex(" ", 2) for token in links.open_link(hand, number)]
    except gates.REFUSALS as error:
        return _page(request, row, problem=telling.refusal(error), status=409)
    return _page(request, row, tokens=tokens)


def _received(number: str) -> Handover:
    """Only who was received is anywhere that could be linked to."""
    row = Handover.objects.filter(number=number, state=HandoverState.RECEIVED.value).first()
    if row is None:
        raise Http404
    return row


def _page(request: DeskRequest, row: Handover, *, status: int = 200, **more: Any) -> HttpResponse:
    to_seal, to_open = links.is_asked(row.number)
    me = request.keyring.operator.pk
    context = {
        "handover": row,
        "to_seal": to_seal,
        "to_open": to_open,
        "sealed_by_me": bool(to_seal and to_seal.proposed_by_id == me),
        "asked_by_me": bool(to_open and to_open.proposed_by_id == me),
        **more,
    }
    return render(request, "handover/link.html", context, status=status)


def _back(number: str) -> HttpResponseBase:
    response = redirect("handover:link", number)
    response.status_code = 303
    return response
