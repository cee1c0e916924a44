# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding somebody by name. What is typed travels in a post: no address, history or log holds a name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody import forms, telling
from safeconduct.desk.custody.errors import FieldRefused
from safeconduct.desk.custody.names import indexing, search
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.names")
def names(request: DeskRequest) -> HttpResponse:
    asked = forms.typed(request.POST)
    is_asked, problem, answer = bool(asked.surname or asked.service_number), _fault(request), None
    if is_asked and not problem:
        answer = search.find(request.keyring, asked)
    context = {
        "problem": problem,
        "asked": asked,
        "answer": answer,
        "is_empty": request.method == "POST" and not is_asked,
        "waiting": indexing.waiting(request.keyring),
    }
    return render(request, "names/search.html", context, status=400 if problem else 200)


def _fault(request: DeskRequest) -> object:
    """Somebody who is looked for by half a name is not found."""
    try:
        forms.received(request.POST)
    except FieldRefused as error:
        return telling.refused(error)
    return ""
