# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of keys: who holds which, what is owed, and a rotation on its way."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.operators import access, roles, rotation, rotation_acts
from safeconduct.desk.operators.errors import NotAllowed, NothingToRotate
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.rotation import State

_STATES = {state.name.lower(): state for state in State}


@require_safe
@may("keys.see")
def keys(request: DeskRequest) -> HttpResponse:
    return render(request, "operators/keys.html", _context(request))


@require_POST
@may("keys.rotate")
def rotate(request: DeskRequest) -> HttpResponseBase:
    """The team's new key. The work that follows is done by the page, bit by bit, as long as somebody has it open."""
    try:
        rotation_acts.begin(request.keyring, _team(request))
    except NotAllowed:
        return _refused(request)
    return redirect("operators:keys")


@require_POST
@polling
@may("keys.rotate")
def rotate_on(request: DeskRequest) -> HttpResponseBase:
    """A piece of the work. The page asks for the next one by itself; it keeps nobody's session awake."""
    try:
        rotation_acts.work(request.keyring, _team(request), seconds=rotation_acts.SECONDS)
    except NothingToRotate:
        return redirect("operators:keys")
    except NotAllowed:
        return _refused(request)
    if request.htmx:
        return render(request, "operators/keys.html#rotation", _context(request))
    return redirect("operators:keys")


def _team(request: DeskRequest) -> str:
    team = request.keyring.operator.plays.team
    if team is None:
        raise Http404
    return team


def _context(request: DeskRequest) -> dict[str, object]:
    operator = request.keyring.operator
    mine = rotation.standing(operator.plays.team, operator) if operator.plays.team else None
    return {
        "teams": [found for code in access.team_codes() if (found := rotation.standing(code, operator))],
        "mine": mine,
        "may_see_emergency": roles.may(operator.plays, "emergency.see"),
        "may_rotate": roles.may(operator.plays, "keys.rotate"),
        "states": _STATES,
        "grace_days": rotation.LATE_ARRIVALS.days,
    }


def _refused(request: DeskRequest) -> HttpResponse:
    return render(request, "operators/keys.html", _context(request) | {"is_refused": True}, status=409)
