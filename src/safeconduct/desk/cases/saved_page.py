# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator's own filters of the queue: a page to keep and drop them. The queue links to each."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import saved_filters, telling
from safeconduct.desk.cases.queue import Filters
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.languages import LANGUAGES


@require_safe
@may("cases.filters")
def filters(request: DeskRequest) -> HttpResponse:
    return _page(request)


@require_POST
@may("cases.filters")
def keep(request: DeskRequest) -> HttpResponseBase:
    """Keep a new one, or drop one."""
    said, operator = request.POST, request.keyring.operator
    if said.get("drop", "").isdigit() and len(said["drop"]) < 19:  # noqa: PLR2004 - no row has a longer number
        saved_filters.drop(operator, int(said["drop"]))
        return HttpResponseRedirect(reverse("cases:filters"), status=303)
    name = said.get("name", "").strip()
    if not name or len(name) > saved_filters.NAME_MAX:
        return _page(request, problem=_("Give it a short name."), status=400)
    asked = Filters.read(said.dict())
    if not saved_filters.save(operator, name, asked):
        return _page(request, problem=_("You have as many as fit above the queue. Drop one first."), status=409)
    return HttpResponseRedirect(reverse("cases:filters"), status=303)


def _page(request: DeskRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "saved": saved_filters.of(request.keyring.operator, request.keyring.private),
        "languages": sorted((telling.language(tag), tag) for tag in LANGUAGES),
        "urgencies": [(step.value, name) for step, name in telling.URGENCIES.items()],
        "channels": telling.CHANNELS.items(),
        "kinds": telling.KINDS.items(),
        "asked": Filters.read(request.GET.dict()),
        "problem": problem,
        "limit": saved_filters.NAME_MAX,
    }
    return render(request, "cases/filters.html", context, status=status)
