# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp's day sheet: the last days with their gaps, today's in one go, and what is posted."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.custody import days as register_days
from safeconduct.desk.custody import telling
from safeconduct.desk.custody.camplife import days as camp_days
from safeconduct.desk.custody.camplife import forms
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.languages import LANGUAGES


@require_safe
@may("custody.camplife")
def days(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, known_camp(pk))


@require_POST
@may("custody.day_sheet")
def enter(request: DeskRequest, pk: int) -> HttpResponseBase:
    def act(camp: Camp) -> None:
        camp_days.enter(request.keyring.operator, camp, forms.day(request.POST), forms.provided(request.POST))

    return _done(request, pk, act)


@require_POST
@may("custody.day_sheet")
def post(request: DeskRequest, pk: int) -> HttpResponseBase:
    def act(camp: Camp) -> None:
        tag, posted = forms.language(request.POST), forms.posted(request.POST)
        camp_days.post(request.keyring.operator, camp, tag, posted, forms.day(request.POST))

    return _done(request, pk, act)


def _done(request: DeskRequest, pk: int, act: Callable[[Camp], None]) -> HttpResponseBase:
    camp = known_camp(pk)
    try:
        act(camp)
    except CustodyError as error:
        return _page(request, camp, problem=telling.refused(error))
    return redirect("camplife:days", pk=camp.pk)


def _page(request: DeskRequest, camp: Camp, *, problem: object = "") -> HttpResponse:
    today = register_days.here()
    shown = camp_days.week(camp, today)
    context = {
        "camp": camp,
        "rows": [(one, [event in one.done for event in camp_days.PROVIDED]) for one in shown if one.was_open],
        "columns": [(event.value, telling.EVENTS[event], event in camp_days.DAILY) for event in camp_days.PROVIDED],
        "ticked": request.POST.getlist("provided") if problem else [event.value for event in shown[0].done],
        "languages": [
            (LANGUAGES[one.tag].endonym if one.tag in LANGUAGES else one.tag, one, list(one.posted.values()))
            for one in camp_days.languages(camp)
        ],
        "posted": [(event.value, telling.EVENTS[event]) for event in camp_days.POSTED],
        "may_enter": roles.may(request.keyring.operator.plays, "custody.day_sheet"),
        "said": request.POST if problem else {},
        "today": today,
        "problem": problem,
    }
    return render(request, "camplife/days.html", context, status=400 if problem else 200)
