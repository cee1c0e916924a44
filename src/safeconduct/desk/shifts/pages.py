# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a shift over, reading what was handed over, taking it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.cases.forms import fresh_name
from safeconduct.desk.operators import duty
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.shifts import access, acts
from safeconduct.desk.shifts.acts import NOTE_MAX, Said
from safeconduct.desk.shifts.errors import HandoverGone, HandoverRefused

FORM_MAX = 64
_PROBLEMS: dict[str, str | Promise] = {
    "gives": _("Choose who hands over."),
    "takes": _("Choose who takes over: at least one, and nobody who hands over."),
    "note": _("The note is too long."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@may("shifts.see")
def shifts(request: DeskRequest) -> HttpResponseBase:
    """What was handed over in the last week, and the form to hand over now."""
    if request.method != "POST":
        return _shown(request)
    try:
        made = acts.hand_over(request.keyring.operator, _said(request))
    except HandoverRefused as refused:
        problem = {"field": refused.field, "text": _PROBLEMS[refused.field]}
        return _shown(request, said=_said(request), problem=problem, status=400)
    return HttpResponseRedirect(reverse("shifts:shift", args=[made.pk]), status=303)


@require_safe
@may("shifts.see")
def shift(request: DeskRequest, pk: int) -> HttpResponse:
    """One of them, with its note and the cases as they stand now."""
    try:
        reading = access.read(request.keyring, pk)
    except HandoverGone:
        raise Http404 from None
    return render(request, "shifts/shift.html", {"reading": reading, "handover": reading.handover})


@require_POST
@may("shifts.see")
def acknowledge(request: DeskRequest, pk: int) -> HttpResponseBase:
    try:
        acts.acknowledge(request.keyring.operator, pk)
    except HandoverGone:
        raise Http404 from None
    return HttpResponseRedirect(reverse("shifts:shift", args=[pk]), status=303)


def _said(request: DeskRequest) -> Said:
    said = request.POST
    form = said.get("form", "")[:FORM_MAX]
    return Said(_numbers(said.getlist("gives")), _numbers(said.getlist("takes")), said.get("note", ""), form)


def _numbers(said: list[str]) -> frozenset[int]:
    """What is no number becomes one that nobody has, and so is refused."""
    return frozenset(int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in said)  # noqa: PLR2004


def _shown(
    request: DeskRequest, *, said: Said | None = None, problem: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    operator = request.keyring.operator
    present = {one.operator.pk for one in duty.on_duty()}
    history = access.history(operator)
    context = {
        "history": history,
        "for_you": [one for one in history if one.is_for_you],
        "team": access.team(),
        "present": present,
        "said": said or Said(frozenset({operator.pk}), frozenset(), "", fresh_name()),
        "problem": problem,
        "longest": NOTE_MAX,
    }
    return render(request, "shifts/shifts.html", context, status=status)
