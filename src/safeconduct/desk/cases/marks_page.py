# SPDX-License-Identifier: AGPL-3.0-or-later
"""Marks that stop a handover: duress (R5) and a person who may be a minor (R13). Set by anybody at the case, lifted by supervisors."""

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import holding, standing
from safeconduct.desk.cases.care_forms import MarkForm
from safeconduct.desk.cases.case_page import with_hand
from safeconduct.desk.cases.errors import CaseGone, NothingStands, NotReadYet, SamePerson
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_SUPERVISORS = frozenset({"lift", "minor", "adult"})


@require_safe
@may("cases.mark")
@with_hand
def marks(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    """Opens nothing: what stands is in clear as a day."""
    return _page(request, hand, number, MarkForm())


@require_POST
@may("cases.mark")
@with_hand
def mark(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    """What the button said. Lifting and reviewing is a supervisor's; to others there is no such act."""
    form = MarkForm(request.POST)
    if request.POST.get("do") in _SUPERVISORS and not roles.may(hand.operator.plays, "cases.lift"):
        raise Http404
    if not form.is_valid():
        return _page(request, hand, number, form, status=400)
    try:
        _do(hand, number, form.cleaned_data["do"], form.cleaned_data["reason"])
    except NotReadYet:
        form.add_error(
            "reason", _("A message of this case has not been read. Read it first: the word may stand in it.")
        )
    except SamePerson:
        form.add_error("reason", _("You marked this yourself. Another supervisor has to review it."))
    except NothingStands:
        form.add_error("reason", _("A colleague was first: it does not stand any more."))
    if form.errors:
        return _page(request, hand, number, form, status=409)
    return HttpResponseRedirect(reverse("cases:case", args=[number]), status=303)


def _do(hand: Hand, number: str, what: str, reason: str) -> None:
    if what == "freeze":
        standing.freeze(hand, number, reason)
    elif what == "lift":
        standing.lift(hand, number, reason)
    elif what == "suspect":
        standing.suspect_minor(hand, number, reason)
    else:
        standing.review_minor(hand, number, reason, is_minor=what == "minor")


def _page(request: DeskRequest, hand: Hand, number: str, form: MarkForm, *, status: int = 200) -> HttpResponse:
    case = Case.objects.filter(number=number).first()
    if case is None or not holding.is_seen_by(hand.operator, case):
        raise CaseGone(number)
    context = {
        "case": case,
        "number": number,
        "form": form,
        "done": form.data.get("do", ""),
        "unread": standing.unread(case),
        "may_lift": roles.may(hand.operator.plays, "cases.lift"),
    }
    return render(request, "cases/marks.html", context, status=status)
