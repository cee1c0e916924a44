# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folding floods and duplicates: a list that stands still while its rows are ticked, and what lies under a case."""

import contextlib
from dataclasses import replace

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import folding, holding, queue, telling
from safeconduct.desk.cases.care_forms import number_of
from safeconduct.desk.cases.case_page import hand_of, with_hand
from safeconduct.desk.cases.errors import CaseGone, HeldByOthers, NotFolded
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.queue import Filters, Place
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.languages import LANGUAGES

_DIGITS = 5  # of a page


@require_safe
@may("cases.fold")
def fold(request: DeskRequest) -> HttpResponse:
    """Who waits, to be ticked; and every fold there is."""
    return _page(request)


@require_POST
@may("cases.fold")
def put_away(request: DeskRequest) -> HttpResponseBase:
    """The ticked ones under the one that was named."""
    numbers, head = request.POST.getlist("case"), number_of(request.POST.get("head", ""))
    if not numbers:
        return _page(request, problem=_("Tick the cases to put away first."), status=400)
    try:
        done = folding.fold(hand_of(request), head, (number_of(one) for one in numbers))
    except CaseGone:
        return _page(request, problem=_("No case has the number under which they are to lie."), status=409)
    except (NotFolded, HeldByOthers):
        return _page(
            request, problem=_("That case lies in a fold itself, or the cell has it. Name another."), status=409
        )
    query = urlencode({"folded": str(done), "under": head})
    return HttpResponseRedirect(f"{reverse('cases:fold')}?{query}", status=303)


@require_safe
@may("cases.fold")
@with_hand
def under(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """What lies under this case."""
    case = Case.objects.filter(number=number).first()
    if case is None or not holding.is_seen_by(hand.operator, case):
        raise CaseGone(number)
    asked = request.GET.get("page", "")
    page = max(1, int(asked)) if asked.isdecimal() and asked.isascii() and len(asked) < _DIGITS else 1
    folds, pages = folding.under(case, page)
    context = {"case": case, "number": number, "folds": folds, "page": min(page, pages), "is_last": page >= pages}
    return render(request, "cases/under.html", context)


@require_POST
@may("cases.fold")
@with_hand
def unfold(_request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Back into the queue. That a colleague was first is as good."""
    case = Case.objects.select_related("folded_into").filter(number=number).first()
    head = case.folded_into.number if case and case.folded_into else None
    with contextlib.suppress(NotFolded, HeldByOthers):
        folding.unfold(hand, number)
    to = reverse("cases:under", args=[head]) if head else reverse("cases:case", args=[number])
    return HttpResponseRedirect(to, status=303)


def _page(request: DeskRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET
    filters = replace(Filters.read(asked.dict()), mine=False)
    page = queue.waiting(filters, Place.read(asked.get("after", "")))
    context = {
        "page": page,
        "filters": filters,
        "asked": urlencode(filters.said),
        "languages": sorted((telling.language(tag), tag) for tag in LANGUAGES),
        "is_ticked": asked.get("ticked") == "1",
        "ticked": set(request.POST.getlist("case")),
        "head": request.POST.get("head", ""),
        "heads": folding.heads(),
        "problem": problem,
        "folded": asked.get("folded", "") if asked.get("folded", "").isdigit() else "",
        "under": asked.get("under", ""),
    }
    return render(request, "cases/fold.html", context, status=status)
