# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which the end of the fighting is proposed, confirmed and taken back."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.custody import days, forms, telling
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.hostilities import acts
from safeconduct.desk.custody.hostilities.kinds import ENDED, TAKEN_BACK
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("custody.hostilities")
def hostilities(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@may("custody.hostilities")
def propose(request: DeskRequest) -> HttpResponseBase:
    return _done(request, lambda: acts.propose_end(request.keyring.operator, forms.when(request.POST).day))


@require_POST
@may("custody.hostilities")
def confirm(request: DeskRequest) -> HttpResponseBase:
    return _done(request, lambda: acts.confirm_end(request.keyring.operator, forms.row_number(request.POST, "read")))


@require_POST
@may("custody.hostilities")
def doubt(request: DeskRequest) -> HttpResponseBase:
    return _done(request, lambda: acts.propose_to_take_back(request.keyring.operator))


@require_POST
@may("custody.hostilities")
def take_back(request: DeskRequest) -> HttpResponseBase:
    return _done(request, lambda: acts.take_back(request.keyring.operator, forms.row_number(request.POST, "read")))


def _done(request: DeskRequest, act: Callable[[], None]) -> HttpResponseBase:
    try:
        with refusals_recorded(request.keyring.operator, "hostilities.denied", "", of=CustodyError):
            act()
    except CustodyError as error:
        return _page(request, problem=telling.refused(error), status=400)
    return redirect("hostilities:hostilities")


def _page(request: DeskRequest, *, problem: object = "", status: int = 200) -> HttpResponse:
    ended = acts.ended_on()
    context = {
        "ended": ended,
        "without": [camp.name for camp in acts.without()] if ended else [],
        "entries": acts.entries(),
        "end": _waiting(request, ENDED),
        "back": _waiting(request, TAKEN_BACK),
        "said": request.POST if problem else {},
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "hostilities/hostilities.html", context, status=status)


def _waiting(request: DeskRequest, kind: str) -> dict[str, object] | None:
    """What waits, as whoever is at the page sees it."""
    found: Proposal | None = acts.proposed(kind)
    if found is None:
        return None
    is_yours = found.proposed_by_id == request.keyring.operator.pk
    return {"pk": found.pk, "day": acts.day_of(found), "by": found.proposed_by.name, "is_yours": is_yours}
