# SPDX-License-Identifier: AGPL-3.0-or-later
"""A unit: its people, who speaks for it, whose cases belong to it, who arrived."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import forms, holding, units
from safeconduct.desk.cases.care_forms import ArrivalForm, CountForm, MemberForm, OnceForm, VoiceForm
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.errors import AlreadyMember, CaseGone, CasesError, HeldByOthers, NoMember, NoUnit
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_Do = Callable[[Hand, str, OnceForm], None]


@require_safe
@may("cases.unit")
@with_hand
def unit(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """What is known of it. R6, R7: a relative's or a conscript's case has no such page."""
    return _page(request, hand, number)


@require_POST
@may("cases.unit")
@with_hand
def change(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """What the button said; nothing that is posted removes a record."""
    what = request.POST.get("do", "")
    if what not in _DOES:
        raise CaseGone(number)
    kind, do = _DOES[what]
    form = kind(request.POST)
    if not form.is_valid():
        return _page(request, hand, number, problem=_wrong(what), at=what, status=400)
    try:
        do(hand, number, form)
    except CaseGone:
        if not Case.objects.filter(number=number).exists():
            raise
        return _page(request, hand, number, problem=_("No case of yours has this number."), at=what, status=409)
    except (HeldByOthers, NoUnit, AlreadyMember, NoMember) as refused:
        return _page(request, hand, number, problem=_refusal(refused), at=what, status=409)
    return HttpResponseRedirect(reverse("cases:unit", args=[number]), status=303)


def _refusal(refused: CasesError) -> str:
    if isinstance(refused, HeldByOthers):
        return _("Another team has this case now, and writes down what becomes of its unit. Nothing was kept.")
    if isinstance(refused, NoUnit):
        return _("Somebody's own case can belong to a unit; a relative's or a conscript's cannot.")
    if isinstance(refused, AlreadyMember):
        return _("That case belongs to a unit already, or is one itself.")
    return _("A colleague was first. Look again.")


def _wrong(what: str) -> str:
    if what in {"add", "leave", "speak"}:
        return _("A case's number has a year and a serial, as in 26-0137.")
    return _("Write numbers of people, none below 0.")


def _count(hand: Hand, number: str, form: OnceForm) -> None:
    units.count(hand, number, form.written(), form.cleaned_data["head_count"])


def _speak(hand: Hand, number: str, form: OnceForm) -> None:
    units.speak(hand, number, form.written(), form.cleaned_data["member"])


def _add(hand: Hand, number: str, form: OnceForm) -> None:
    units.add(hand, number, form.written(), form.cleaned_data["member"])


def _leave(hand: Hand, number: str, form: OnceForm) -> None:
    units.leave(hand, number, form.written(), form.cleaned_data["member"])


def _arrive(hand: Hand, number: str, form: OnceForm) -> None:
    units.arrive(hand, number, form.written(), form.cleaned_data["counts"])


_DOES: dict[str, tuple[type[OnceForm], _Do]] = {
    "count": (CountForm, _count),
    "speak": (VoiceForm, _speak),
    "add": (MemberForm, _add),
    "leave": (MemberForm, _leave),
    "arrive": (ArrivalForm, _arrive),
}


def _page(  # noqa: PLR0913 - what can be wrong with a page, by name
    request: DeskRequest, hand: Hand, number: str, *, problem: str = "", at: str = "", status: int = 200
) -> HttpResponse:
    try:
        case, known = units.see(hand, number)
    except NoUnit:
        raise CaseGone(number) from None
    context = {
        "case": case,
        "number": number,
        "unit": known,
        "may_write": holding.is_answered_by(hand.operator, case),
        "members": [(one, Case.objects.filter(number=one).exists()) for one in known.members],
        "form": forms.fresh_name(),
        "problem": problem,
        "at": at,
        "typed": request.POST if at else {},
    }
    return render(request, "cases/unit.html", context, status=status)
