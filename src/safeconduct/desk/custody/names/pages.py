# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding somebody by name. What is typed travels in a post: no address, history or log holds a name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody import forms
from safeconduct.desk.custody.names import indexing, search
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.names")
def names(request: DeskRequest) -> HttpResponse:
    asked = forms.received(request.POST)
    is_asked = bool(asked.surname or asked.service_number)
    answer = search.find(request.keyring, asked) if is_asked else None
    context = {
        "asked": asked,
        "answer": answer,
        "is_empty": request.method == "POST" and not is_asked,
        "waiting": indexing.waiting(request.keyring),
    }
    return render(request, "names/search.html", context)
