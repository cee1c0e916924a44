# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two cases side by side, and the decision of two people about them (R50)."""

from collections.abc import Mapping
from typing import Protocol

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from safeconduct.desk.approvals.errors import AlreadyProposed, ApprovalsError, ContentChanged, NotAllowed, SamePerson
from safeconduct.desk.cases import merging
from safeconduct.desk.cases.case_page import hand_of
from safeconduct.desk.cases.errors import AlreadyMerged, CaseGone, CasesError, NotMerged, OfRelative
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest


class _Step(Protocol):
    def __call__(self, hand: Hand, one: str, other: str, *, seen: str) -> None: ...


_STEPS: Mapping[str, _Step] = {"propose": merging.propose, "approve": merging.approve}
_PROBLEMS: dict[type[Exception], str | Promise] = {
    SamePerson: _("You proposed it yourself. A colleague has to look at it."),
    AlreadyProposed: _("A colleague has proposed it already. You can approve it."),
    ContentChanged: _(
        "What is known of one of them has changed since it was proposed. Compare again, and propose it anew."
    ),
    AlreadyMerged: _("The later case stands under another one already. Take these apart first."),
    NotMerged: _("Somebody has taken them apart in the meantime."),
}
_OTHERWISE = _("Somebody has decided this in the meantime, or it was left for too long. Propose it anew.")


@require_http_methods(["GET", "HEAD", "POST"])
@may("cases.merge")
def page(request: DeskRequest, number: str, other: str) -> HttpResponseBase:
    hand = hand_of(request)
    try:
        if request.method == "POST":
            return _decided(request, hand, number, other)
        return _page(request, hand, number, other)
    except (CaseGone, NotAllowed):
        raise Http404 from None
    except OfRelative:
        return render(
            request, "cases/merge.html", {"number": number, "other": other, "is_of_relative": True}, status=409
        )


def _decided(request: DeskRequest, hand: Hand, number: str, other: str) -> HttpResponseBase:
    step = _STEPS.get(request.POST.get("step", ""))
    if step is None:
        return _page(request, hand, number, other, status=400)
    try:
        step(hand, number, other, seen=request.POST.get("seen", ""))
    except (CaseGone, NotAllowed, OfRelative):
        raise
    except (CasesError, ApprovalsError) as refused:
        problem = _PROBLEMS.get(type(refused), _OTHERWISE)
        return _page(request, hand, number, other, problem=problem, status=409)
    return redirect("cases:merge", number, other)


def _page(  # noqa: PLR0913 - what can be wrong with a page, by name
    request: DeskRequest, hand: Hand, number: str, other: str, *, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    pair = merging.compare(hand, number, other)
    told = {
        "number": pair.leading.case.number,
        "other": pair.other.case.number,
        "pair": pair,
        "is_yours": pair.proposal is not None and pair.proposal.proposed_by_id == hand.operator.pk,
        "problem": problem,
    }
    return render(request, "cases/merge.html", told, status=status)
