# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp's representatives: who acts, who was elected with how many votes, and what the Power that holds them said."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.custody import days, mistakes, telling
from safeconduct.desk.custody.camplife import elections, forms
from safeconduct.desk.custody.camplife.telling import ENDED, WAYS
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.forms import day_or_none
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.camplife import Way


@require_safe
@may("custody.camplife")
def representatives(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, known_camp(pk))


@require_POST
@may("custody.elect")
def elect(request: DeskRequest, pk: int) -> HttpResponseBase:
    def act(camp: Camp) -> None:
        way = forms.way(request.POST)
        counted = forms.counted(request.POST, way)
        elections.elect(request.keyring.operator, camp, way, forms.day(request.POST), counted)

    return _done(request, pk, act)


@require_POST
@may("custody.elect")
def strike(request: DeskRequest, pk: int, election: int) -> HttpResponseBase:
    """It did not happen."""

    def act(camp: Camp) -> None:
        elections.strike(request.keyring.operator, camp, election, mistakes.mistake(request.POST))

    return _done(request, pk, act)


@require_POST
@may("custody.elect")
def end(request: DeskRequest, pk: int, who: int) -> HttpResponseBase:
    def act(camp: Camp) -> None:
        elections.end(request.keyring.operator, camp, who, forms.day(request.POST), forms.ended(request.POST))

    return _done(request, pk, act)


@require_POST
@may("custody.elected_approve")
def decide(request: DeskRequest, pk: int, who: int) -> HttpResponseBase:
    """Approved, or refused and the Protecting Power told why."""

    def act(camp: Camp) -> None:
        operator, day = request.keyring.operator, forms.day(request.POST)
        if request.POST.get("decision") == "refused":
            elections.refuse(operator, camp, who, day, day_or_none(request.POST, "power_told"))
        else:
            elections.approve(operator, camp, who, day)

    return _done(request, pk, act)


def _done(request: DeskRequest, pk: int, act: Callable[[Camp], None]) -> HttpResponseBase:
    camp = known_camp(pk)
    try:
        act(camp)
    except CustodyError as error:
        return _page(request, camp, problem=telling.refused(error))
    return redirect("camplife:representatives", pk=camp.pk)


def _page(request: DeskRequest, camp: Camp, *, problem: object = "") -> HttpResponse:
    role, today, ways = request.keyring.operator.plays, days.here(), elections.ways(camp)
    context = {
        "camp": camp,
        "acting": list(elections.acting(camp, today).select_related("person", "election")),
        "elections": [(one, WAYS[Way(one.way)]) for one in elections.standing(camp)],
        "struck": [(one, WAYS[Way(one.way)]) for one in elections.struck(camp)],
        "mistakes": mistakes.choices(),
        "ends": [(one.value, words) for one, words in ENDED.items()],
        "ways": [(one.value, WAYS[one]) for one in ways],
        "by_ballot": Way.BALLOT in ways,
        "owed": camp.owed.filter(person=None, duty="election").first(),
        "may_elect": roles.may(role, "custody.elect"),
        "may_approve": roles.may(role, "custody.elected_approve"),
        "said": request.POST if problem else {},
        "today": today,
        "problem": problem,
    }
    return render(request, "camplife/representatives.html", context, status=400 if problem else 200)
