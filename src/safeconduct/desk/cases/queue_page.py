# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue, the shelves of what is answered or closed, and the way to a case by its number."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import queue, telling
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.queue import COUNT_MAX, Filters, Place
from safeconduct.desk.cases.states import QUIET, CaseState
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.languages import LANGUAGES

TEMPLATE = "cases/queue.html"
SHELVES = {state.value: state for state in QUIET - {CaseState.SILENT}}  # who said nothing is on no list


@require_safe
@may("cases.queue")
def queue_page(request: DeskRequest) -> HttpResponse:
    """Who waits."""
    return render(request, TEMPLATE, _waiting(request))


@require_safe
@polling
@may("cases.queue")
def queue_rows(request: DeskRequest) -> HttpResponse:
    """The rows for a page that looks by itself; 204 while they are what it shows already."""
    context = _waiting(request)
    if context["have"] == request.GET.get("have"):
        return HttpResponse(status=204)
    return render(request, f"{TEMPLATE}#rows", context)


@require_safe
@may("cases.queue")
def shelf(request: DeskRequest, state: str) -> HttpResponse:
    """What is answered or closed, the latest contact first."""
    page = queue.quiet(SHELVES[state], request.GET.get("after", ""))
    return render(request, "cases/shelf.html", {"page": page, "state": state})


@require_safe
@may("cases.queue")
def find(request: DeskRequest) -> HttpResponseBase:
    """To the case of this number, however it was typed."""
    digits = "".join(one for one in request.GET.get("number", "") if one in "0123456789")
    number = f"{digits[:2]}-{digits[2:]}"
    if Case.objects.filter(number=number).exists():
        return HttpResponseRedirect(reverse("cases:case", args=[number]))
    return render(request, TEMPLATE, {**_waiting(request), "not_found": True}, status=404)


def _waiting(request: DeskRequest) -> dict[str, Any]:
    filters = Filters.read(request.GET.get("language", ""), request.GET.get("urgency", ""))
    after = Place.read(request.GET.get("after", ""))
    known = {
        "filters": filters,
        "page": queue.waiting(filters, after),
        "is_first": after is None,
        "steps": _steps(filters),
        "languages": sorted((telling.language(tag), tag) for tag in LANGUAGES),
        "asked": _asked(filters),
    }
    rows = render_to_string(TEMPLATE + "#list", known, request)
    return {**known, "rows": rows, "have": hashlib.sha256(rows.encode()).hexdigest()[:16]}


def _steps(filters: Filters) -> list[dict[str, Any]]:
    """A link for each step of urgency, with how many wait there."""
    counts = queue.counts(filters)
    total = sum(counts.values())
    is_many = any(count >= COUNT_MAX for count in counts.values())
    every = {"step": None, "name": "", "count": total, "is_many": is_many, "asked": _asked(Filters(filters.language))}
    return [every] + [
        {
            "step": step,
            "name": telling.URGENCIES[step],
            "count": count,
            "is_many": count >= COUNT_MAX,
            "asked": _asked(Filters(filters.language, step)),
        }
        for step, count in counts.items()
    ]


def _asked(filters: Filters) -> str:
    """The filters as they stand in an address."""
    said = {"language": filters.language, "urgency": filters.urgency.value if filters.urgency else ""}
    return urlencode({name: value for name, value in said.items() if value})
