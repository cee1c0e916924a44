# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person's health on arrival, and the tick that they may be a minor."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST

from safeconduct.desk.custody import days
from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.reception import health, telling
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.reception import Health


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.arrival")
def arrival(request: DeskRequest, number: str) -> HttpResponseBase:
    """Reading is an act; a registrar ticks anew, and a doctor reads."""
    person = known_person(number)
    if request.method != "POST":
        return _page(request, person)
    if not _may_write(request):
        raise Http404
    ticked = set(request.POST.getlist("health"))
    try:
        health.write(request.keyring, person, [one for one in Health if one.value in ticked])
    except CustodyError as error:
        return _page(request, person, register.refused(error))
    return redirect("custody:person", number=person.number)


@require_POST
@may("custody.arrival")
def minor(request: DeskRequest, number: str) -> HttpResponseBase:
    """One tick: the event is entered for today, and a review is owed by tomorrow (R13)."""
    person = known_person(number)
    try:
        health.suspect(request.keyring.operator, person, When(days.here()))
    except CustodyError as error:
        return _page(request, person, register.refused(error))
    return redirect("custody:person", number=person.number)


def _page(request: DeskRequest, person: Person, problem: str | Promise = "") -> HttpResponse:
    said = health.read(request.keyring, person)
    context = {
        "person": person,
        "healths": telling.HEALTHS,
        "ticked": {one.value for one in said.states},
        "is_young": bool(health.suspected([person])),
        "may_write": _may_write(request),
        "problem": problem,
    }
    return render(request, "reception/arrival.html", context, status=400 if problem else 200)


def _may_write(request: DeskRequest) -> bool:
    return roles.may(request.keyring.operator.plays, "custody.register")
