# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is for independent counsel: any office passes on a person's words, and counsel alone reads them (R42)."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.wishes import access, acts, forms, telling
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.to_counsel")
def to_counsel(request: DeskRequest, number: str) -> HttpResponseBase:
    """What was passed on is not shown again: whoever typed it cannot read it either."""
    person, is_sent = known_person(number), False
    problem: str | Promise = ""
    if request.method == "POST":
        try:
            acts.tell_counsel(request.keyring.operator, person, forms.words(request.POST, "words"))
        except CustodyError as error:
            problem = telling.refused(error)
        is_sent = not problem
    context = {
        "person": person,
        "problem": problem,
        "is_sent": is_sent,
        "is_counsel_there": access.is_counsel_there(),
        "form": request.POST if problem else {},
    }
    return render(request, "wishes/to_counsel.html", context, status=400 if problem else 200)


@require_safe
@may("custody.counsel")
def counsel(request: DeskRequest) -> HttpResponse:
    return render(request, "wishes/counsel.html", {"people": access.told_to_counsel()})


@require_safe
@may("custody.counsel")
def words(request: DeskRequest, number: str) -> HttpResponse:
    person = known_person(number)
    context = {"person": person, "words": access.words_for_counsel(request.keyring, person)}
    return render(request, "wishes/words.html", context)
