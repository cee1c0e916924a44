# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before a return: the check that opens the gate for 72 hours, and the decision on who fears to go."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.custody import days
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import access, clearing, forms, returning, telling
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.wishes import WayHome


@require_safe
@may("custody.return_read")
def coming(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, known_person(number))


@require_POST
@may("custody.return")
def check(request: DeskRequest, number: str) -> HttpResponseBase:
    person, way = known_person(number), forms.one_of(WayHome, request.POST.get("way", ""))
    if way is None:
        return _page(request, person, status=400)
    try:
        clearing.clear_for_return(request.keyring, person, way)
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error), status=409)
    return redirect("wishes:return", number=person.number)


@require_POST
@may("custody.return")
def propose(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    try:
        returning.propose(request.keyring, person, forms.decision(request.POST))
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error), status=400)
    return redirect("wishes:return", number=person.number)


@require_POST
@may("custody.return")
def confirm(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    try:
        returning.confirm(request.keyring, person, request.POST.get("read", ""))
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error), status=409)
    return redirect("wishes:return", number=person.number)


def _page(request: DeskRequest, person: Person, *, problem: object = "", status: int = 200) -> HttpResponse:
    found = access.coming_return(request.keyring, person)
    operator = request.keyring.operator
    is_yours = found.proposal is not None and found.proposal.is_open and found.proposal.proposed_by_id == operator.pk
    context = {
        "person": person,
        "found": found,
        "fear": telling.FEARS[found.fear],
        "decision": found.decision,
        "decided": telling.OUTCOMES[found.decision.outcome] if found.decision else "",
        "draft": found.draft,
        "drafted": telling.OUTCOMES[found.draft.outcome] if found.draft else "",
        "is_yours": is_yours,
        "may_act": roles.may(operator.plays, "custody.return"),
        "ways": [(one.value, words) for one, words in telling.WAYS.items()],
        "outcomes": [(one.value, words) for one, words in telling.OUTCOMES.items()],
        "form": request.POST,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "wishes/return.html", context, status=status)
