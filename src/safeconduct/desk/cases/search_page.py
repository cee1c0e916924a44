# SPDX-License-Identifier: AGPL-3.0-or-later
"""Searching for a person. What is asked is posted: a name must stand in no address, history or log."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.cases import indexing, search
from safeconduct.desk.cases.case_page import hand_of
from safeconduct.desk.cases.person_forms import SearchForm
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

TEMPLATE = "cases/search.html"


@require_http_methods(["GET", "HEAD", "POST"])
@may("cases.search")
def page(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, SearchForm())
    asked = SearchForm(request.POST)
    if not asked.is_valid():
        return _page(request, asked, status=400)
    return _numbered(request, asked) if asked.digits else _compared(request, asked)


def _numbered(request: DeskRequest, asked: SearchForm) -> HttpResponseBase:
    number = f"{asked.digits[:2]}-{asked.digits[2:]}"
    if search.exists(request.keyring.operator, number):
        return redirect("cases:case", number)
    return _page(request, asked, status=404, is_unknown=True)


def _compared(request: DeskRequest, asked: SearchForm) -> HttpResponse:
    claim = asked.claim()
    if not (claim.names or claim.service_number):
        return _page(request, asked, status=400, is_too_little=True)
    hand = hand_of(request)
    if indexing.index_key(hand) is None:
        return _page(request, asked, status=409, is_closed=True)
    return _page(request, asked, answer=search.find(hand, [claim]))


def _page(request: DeskRequest, asked: SearchForm, *, status: int = 200, **told: Any) -> HttpResponse:
    return render(request, TEMPLATE, {"form": asked, **told}, status=status)
