# SPDX-License-Identifier: AGPL-3.0-or-later
"""The buttons between intake and the handover cell. Each is a form of the case's page and leads back to it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from safeconduct.desk.cases import cell, holding
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.errors import (
    CellRefused,
    HandoverUnderWay,
    NoApplication,
    OfConscript,
    OfRelative,
    TransitionRefused,
    UnderDuress,
)
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

WHY: dict[type[CellRefused], str | Promise] = {
    UnderDuress: _("Duress: nothing of this case's handover may go on. A supervisor can lift it, with a reason."),
    OfRelative: _(
        "A relative applied here. Nobody is handed over on a relative's word: the soldier must write in person."
    ),
    OfConscript: _(
        "This is someone who is about to be conscripted: there is nobody to bring through a front line yet."
    ),
    NoApplication: _("This person has not applied: ask first who they are and where, so that it can be offered."),
    HandoverUnderWay: _(
        "A handover of this person, or of their unit, is under way. Abort it first, or wait for what becomes of it."
    ),
}


@require_POST
@may("cell.offer")
@with_hand
def offer(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    return _done(request, number, lambda: cell.offer(hand, number, handover=holding.cell_key()))


@require_POST
@may("cell.accept")
@with_hand
def accept(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    return _done(request, number, lambda: cell.accept(hand, number))


@require_POST
@may("cell.give_back")
@with_hand
def give_back(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    also = [bytes.fromhex(name) for name in request.POST.getlist("also") if _is_name(name)]
    answer = _done(request, number, lambda: cell.give_back(hand, number, also=also))
    return HttpResponseRedirect(reverse("cases:queue"), status=303) if answer.status_code == _SEE_OTHER else answer


@require_POST
@may("cell.move")
def move(request: HttpRequest, number: str, envelope: bytes) -> HttpResponseBase:
    """One entry of the conversation, out of intake's sight."""

    def moved(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
        return _done(request, number, lambda: cell.move_place(hand, number, envelope, handover=holding.cell_key()))

    return with_hand(moved)(request, number)  # type: ignore[arg-type]  # the guard has made it a DeskRequest


_SEE_OTHER = 303
_NAME_LENGTH = 32


def _is_name(text: str) -> bool:
    return len(text) == _NAME_LENGTH and all(char in "0123456789abcdef" for char in text)


def _done(request: HttpRequest, number: str, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except CellRefused as refused:
        return _refused(request, number, WHY[type(refused)])
    except TransitionRefused:
        return _refused(request, number, _("A colleague has moved this case on meanwhile."))
    except UnknownTeam:
        return _refused(request, number, _("This line has no handover cell yet: an administrator gives it a key."))
    return HttpResponseRedirect(reverse("cases:case", args=[number]), status=_SEE_OTHER)


def _refused(request: HttpRequest, number: str, why: str | Promise) -> HttpResponse:
    return render(request, "cases/cell_refused.html", {"number": number, "why": why}, status=409)
