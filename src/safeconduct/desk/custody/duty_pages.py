# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is owed: the board, one duty's list, and how it went day by day."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.custody import access, bounds, card_printing, days, picture, rooms
from safeconduct.desk.custody.duties import BY_CODE, Duty
from safeconduct.desk.custody.found import asked_camp
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("custody.board")
def board(request: DeskRequest) -> HttpResponse:
    camp, today = asked_camp(request), days.here()
    rooms.catch_up(request.keyring)  # the first page of the house: what waits for open keys is done by whoever comes
    context = {
        "lines": access.board(request.keyring.operator, today, camp),
        "camps": bounds.camps_of(request.keyring.operator),
        "camp": camp,
        "today": today,
    }
    return render(request, "custody/board.html", context)


@require_safe
@may("custody.board")
def over_time(request: DeskRequest) -> HttpResponse:
    camp, operator = asked_camp(request), request.keyring.operator
    context = {
        "courses": picture.courses(operator, days.here(), camp),
        "days": picture.DAYS,
        "camps": bounds.camps_of(operator),
        "camp": camp,
    }
    return render(request, "custody/over_time.html", context)


@require_safe
@may("custody.board")
def duty(request: DeskRequest, code: str) -> HttpResponse:
    known = BY_CODE.get(code)
    if known is None or known not in access.seen_by(request.keyring.operator.plays):
        raise Http404
    camp = asked_camp(request)
    rows = list(access.owed_of(request.keyring.operator, known, camp))
    context = {
        "duty": known,
        "rows": rows,
        "camp": camp,
        "prints_in": _prints_in(request, known, camp),
        "today": days.here(),
        "is_cut": len(rows) == access.SHOWN,
    }
    return render(request, "custody/duty.html", context)


def _prints_in(request: DeskRequest, known: Duty, camp: Camp | None) -> Sequence[Camp]:
    """The camps whose cards this person may print all at once; of another duty none."""
    if known.code != card_printing.DUTY or not roles.may(request.keyring.operator.plays, "custody.identity"):
        return ()
    return list(Camp.objects.filter(pk__in=card_printing.due(camp).values("camp")))
