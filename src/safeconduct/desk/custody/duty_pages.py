# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is owed: the board, one duty's list, and how it went day by day."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safeconduct.desk.custody import access, bounds, days, picture
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_LONGEST = 9  # digits of a camp's row


@require_safe
@may("custody.board")
def board(request: DeskRequest) -> HttpResponse:
    camp, today = _camp(request), days.here()
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
    camp, operator = _camp(request), request.keyring.operator
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
    camp = _camp(request)
    rows = list(access.owed_of(request.keyring.operator, known, camp))
    context = {
        "duty": known,
        "rows": rows,
        "camp": camp,
        "today": days.here(),
        "is_cut": len(rows) == access.SHOWN,
    }
    return render(request, "custody/duty.html", context)


def _camp(request: DeskRequest) -> Camp | None:
    """The camp of the address; all camps without one, or with one that is none."""
    said = request.GET.get("camp", "")
    is_number = said.isascii() and said.isdigit() and len(said) <= _LONGEST
    return Camp.objects.filter(pk=int(said)).first() if is_number else None
