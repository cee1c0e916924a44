# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that belong to no single room."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.project.navigation import places


@require_safe
@may("desk.home")
def home(request: DeskRequest) -> HttpResponseBase:
    """To the first place of the operator's role."""
    return redirect(places(request.keyring.operator.plays)[0].url)


@require_safe
@may("desk.help")
def help_page(request: DeskRequest) -> HttpResponse:
    """Only what this role can do, and the keys that work for it."""
    answers_cases = roles.may(request.keyring.operator.plays, "cases.reply")
    return render(request, "project/help.html", {"answers_cases": answers_cases})
