# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is seriously ill: the medical office writes a word a week, the Bureau reads it and passes it on (art. 122, R27)."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.custody import days, forms, telling
from safeconduct.desk.custody.acts import person_of
from safeconduct.desk.custody.errors import CustodyError, NoSuchPerson
from safeconduct.desk.custody.medical import access, acts
from safeconduct.desk.custody.medical.telling import COURSES
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_safe
@may("custody.seriously_ill")
def seriously_ill(request: DeskRequest) -> HttpResponse:
    role = request.keyring.operator.plays
    context = {
        "rows": access.seriously_ill(),
        "tells": roles.may(role, "custody.tell_health"),
        "today": days.here(),
    }
    return render(request, "medical/seriously_ill.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.tell_health")
def word(request: DeskRequest, number: str) -> HttpResponseBase:
    """The last word on one person, and that it was passed on."""
    try:
        person = person_of(number)
    except NoSuchPerson:
        raise Http404 from None
    if request.method != "POST":
        return _word(request, person)
    try:
        acts.tell(request.keyring, person, forms.when(request.POST))
    except CustodyError as error:
        return _word(request, person, problem=telling.refused(error))
    return redirect("medical:seriously-ill")


def _word(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    if not access.is_seriously_ill(person):
        raise Http404
    told = access.word(request.keyring, person)
    context = {
        "person": person,
        "told": told,
        "course": COURSES[told.course] if told else "",
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "medical/word.html", context, status=400 if problem else 200)
