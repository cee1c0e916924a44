# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who the person of a case is, as far as it is known, and which other cases may be theirs."""

from django.forms import BaseFormSet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.cases import identity, person_forms, search
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.errors import Crossed, OfRelative
from safeconduct.desk.cases.forms import SeenForm
from safeconduct.desk.cases.person_forms import ClaimForm, ClaimForms
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

TEMPLATE = "cases/person.html"


@require_http_methods(["GET", "HEAD", "POST"])
@may("cases.person")
@with_hand
def person(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """Read it, or enter it anew."""
    if request.method != "POST":
        return _page(request, hand, number)
    said, seen = ClaimForms(request.POST), SeenForm(request.POST)
    if not said.is_valid() or not seen.is_valid():
        return _page(request, hand, number, said=said, status=400)
    try:
        identity.enter(hand, number, person_forms.claims_in(said), seen=seen.cleaned_data["seen"])
    except Crossed:
        problem = _("A colleague entered something meanwhile; it stands below. Saving now puts yours in its place.")
        return _page(request, hand, number, said=said, problem=problem, status=409)
    except OfRelative:
        return _page(request, hand, number, status=409)
    return redirect("cases:duplicates", number)


@require_safe
@may("cases.search")
@with_hand
def duplicates(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """Other cases that may be the same person's. Proposed, never decided (R50)."""
    known = identity.read(hand, number)
    answer = search.Answer((), 0)
    if known.claims and not known.is_of_relative:
        answer = search.find(hand, known.claims, language=known.language, but=number)
    told = {
        "number": number,
        "person": known,
        "found": [one for one in answer.found if one.likeness.is_proposed],
        "opened": answer.opened,
        "may_merge": roles.may(hand.operator.plays, "cases.merge"),
    }
    return render(request, "cases/duplicates.html", told)


def _page(  # noqa: PLR0913 - what can be wrong with a page, by name
    request: DeskRequest,
    hand: Hand,
    number: str,
    *,
    said: "BaseFormSet[ClaimForm] | None" = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    known = identity.read(hand, number)
    told = {
        "number": number,
        "person": known,
        "forms": said if said is not None else person_forms.showing(known.claims),
        "is_crossed": status == 409 and said is not None,  # noqa: PLR2004 - Conflict
        "problem": problem,
    }
    return render(request, TEMPLATE, told, status=status)
