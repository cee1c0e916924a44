# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receiving unit's own pages: its sheets, one at a time (R18). A sheet is whole in itself: no file, no script, no network."""

import base64
import hashlib
from importlib.resources import files

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import keys
from safeconduct.desk.cases import telling as words
from safeconduct.desk.handover import sheets, stopping, telling, unit_acts
from safeconduct.desk.handover.errors import MoveRefused, NoSuchHandover, NotBegun
from safeconduct.desk.handover.models import SheetReader
from safeconduct.desk.handover.states import HandoverState, Move
from safeconduct.desk.handover.unit_acts import TOLD_BY_UNIT, Shown, UnitHand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.sealing.errors import SealingError

# The one page of the desk with a style of its own inside it: it is printed and saved, and goes where no desk is. Nothing
# of what anybody typed stands in the style, and its hash is all that the policy lets through.
STYLE = (files("safeconduct.desk.handover") / "sheet.css").read_text(encoding="utf-8")
_HASH = "'sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode() + "'"


def hand_of(request: DeskRequest) -> UnitHand:
    """A person of a unit: their own key, and no team's."""
    return UnitHand(request.keyring.operator, request.keyring.private, keys.of_this_desk())


@require_safe
@may("sheets.see")
def overview(request: DeskRequest) -> HttpResponse:
    """Numbers, states and days."""
    mine = unit_acts.mine(request.keyring.operator)
    stopped = stopping.stopped(one for one in mine if one.handover_state is HandoverState.RELEASED)
    rows = [
        {
            "number": one.number,
            "day": one.day,
            "state": telling.STATES[one.handover_state],
            "look": telling.LOOKS.get(one.handover_state, ""),
            "is_out": one.handover_state is HandoverState.RELEASED,
            "is_stopped": one.pk in stopped,
        }
        for one in mine
    ]
    return render(request, "handover/sheets.html", {"rows": rows})


@require_safe
@may("sheets.see")
def sheet(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, number)


@require_POST
@may("sheets.outcome")
def outcome(request: DeskRequest, number: str) -> HttpResponseBase:
    said = request.POST.get("outcome", "")
    found = next((move for move in TOLD_BY_UNIT if move.value == said), None)
    if found is None:
        return _page(request, number, problem=telling.refusal(ValueError()), status=400)
    is_sure = request.POST.get("sure") == "yes"
    if not is_sure:
        return _ask(request, number, found)
    try:
        unit_acts.tell(hand_of(request), number, found, is_early=request.POST.get("early") == "yes")
    except NoSuchHandover:
        raise Http404 from None
    except NotBegun as error:
        if found is Move.RECEIVE:
            return _ask(request, number, found, problem=telling.EARLY)
        return _page(request, number, problem=telling.refusal(error), status=409)
    except MoveRefused as error:
        return _page(request, number, problem=telling.refusal(error), status=409)
    return redirect("handover:sheets")


def _ask(request: DeskRequest, number: str, what: Move, *, problem: object = "") -> HttpResponse:
    """Once more, on a page of its own: what cannot be taken back is not one press away. Of a sheet that is not theirs: 404."""
    if not SheetReader.objects.filter(handover__number=number, operator=request.keyring.operator).exists():
        raise Http404
    context = {
        "number": number,
        "title": telling.TOLD[what],
        "outcome": what.value,
        "is_reception": what is Move.RECEIVE,
        "is_unit": True,
        "problem": problem,
        "action": reverse("handover:sheet-outcome", args=[number]),
        "back": reverse("handover:sheet", args=[number]),
    }
    return render(request, "handover/sure.html", context)


def _page(request: DeskRequest, number: str, *, problem: object = "", status: int = 200) -> HttpResponse:
    try:
        shown = unit_acts.read(hand_of(request), number)
    except NoSuchHandover:
        raise Http404 from None
    except SealingError:  # altered, or of a key that this person no longer has
        return render(request, "handover/no_sheet.html", {"number": number, "is_closed": True}, status=409)
    if shown.sheet is None:
        return render(request, "handover/no_sheet.html", _gone(shown) | {"problem": problem}, status=status)
    response = render(request, "handover/sheet.html", _context(shown) | {"problem": problem}, status=status)
    response._csp_update = {"style-src": _HASH}  # type: ignore[attr-defined]  # noqa: SLF001 -- as csp.decorators does
    return response


def _gone(shown: Shown) -> dict[str, object]:
    state = shown.handover.handover_state
    is_out = state is HandoverState.RELEASED
    return {
        "number": shown.handover.number,
        "is_stopped": is_out and shown.is_stopped,
        "state": telling.STATES[state],
        "outcomes": [(move.value, telling.TOLD[move]) for move in TOLD_BY_UNIT] if is_out else [],
    }


def _context(shown: Shown) -> dict[str, object]:
    sheet = shown.sheet
    if sheet is None:
        raise NoSuchHandover(shown.handover.number)
    here, utc = sheets.lines(sheet.begins, sheet.ends, sheet.zone)
    until_here, until_utc = sheets.moments(sheet.words_until, sheet.zone)
    now_here, now_utc = sheets.moments(shown.now, sheet.zone)
    return {
        "sheet": sheet,
        "style": STYLE,
        "here": here,
        "utc": utc,
        "until_here": until_here,
        "until_utc": until_utc,
        "now_here": now_here,
        "now_utc": now_utc,
        "is_over": shown.is_over,
        "language": words.language(sheet.language),
        "outcomes": [(move.value, telling.TOLD[move]) for move in TOLD_BY_UNIT],
    }
