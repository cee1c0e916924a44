# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a person's number right."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody import numbering, numbers, telling
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.renumber")
def number(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    if request.method != "POST":
        return _form(request, person)
    try:
        person = numbering.renumber(request.keyring.operator, person, request.POST.get("right", ""))
    except CustodyError as error:
        return _form(request, person, problem=telling.refused(error))
    return redirect("custody:person", number=person.number)


def _form(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    context = {
        "person": person,
        "former": numbers.before(person),
        "right": request.POST.get("right", ""),
        "problem": problem,
    }
    return render(request, "custody/number.html", context, status=400 if problem else 200)
