# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a registration right: two registrars type the same, each from the papers."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.custody import acts, days, forms, registrations, telling
from safeconduct.desk.custody.errors import CustodyError, DayRefused
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.registrations import Wrong
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.take_back")
def registration(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    if request.method != "POST":
        return _form(request, person)
    try:
        registrations.say(request.keyring.operator, person, _said(request))
    except CustodyError as error:
        return _form(request, person, problem=telling.refused(error))
    return redirect("custody:registration", number=person.number)


def _said(request: DeskRequest) -> Wrong:
    """Raises `DayRefused`, `NoSuchPerson`."""
    if request.POST.get("wrong") == "day":
        day = forms.day_or_none(request.POST, "day")
        if day is None:
            raise DayRefused("none")
        return Wrong(day=day)
    other = request.POST.get("other", "").strip()
    return Wrong(other=acts.person_of(other) if other else None)


def _form(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    waits = approvals.standing(registrations.REGISTRATION, person.number)
    context = {
        "person": person,
        "is_taken_back": registrations.is_taken_back(person),
        "by": waits.proposed_by.name if waits else "",
        "is_yours": waits is not None and waits.proposed_by_id == request.keyring.operator.pk,
        "said": request.POST,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "custody/registration.html", context, status=400 if problem else 200)
