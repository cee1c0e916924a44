# SPDX-License-Identifier: AGPL-3.0-or-later
"""Visits to a camp: asked for, made, put off by two people; and the log of them on paper."""

from collections.abc import Callable

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.custody import crossing, days, mistakes, printing, telling, tickets
from safeconduct.desk.custody.camplife import forms, sealed, striking, visits
from safeconduct.desk.custody.camplife.errors import NoSuchVisit, OtherShown
from safeconduct.desk.custody.camplife.models import StruckVisit, Visit
from safeconduct.desk.custody.camplife.paper import log_on_paper
from safeconduct.desk.custody.camplife.telling import BODIES
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.mistakes import Mistake
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.camplife import Body, RefusalTold, VisitTold

SHOWN = 200


@require_safe
@may("custody.camplife")
def log(request: DeskRequest, pk: int) -> HttpResponse:
    return _log(request, known_camp(pk))


@require_POST
@may("custody.visits")
def ask(request: DeskRequest, pk: int) -> HttpResponseBase:
    camp = known_camp(pk)
    try:
        _ask(request.keyring.operator, camp, request.POST)
    except CustodyError as error:
        return _log(request, camp, problem=telling.refused(error))
    return redirect("camplife:visits", pk=camp.pk)


@crossing.act
def _ask(operator: Operator, camp: Camp, said: QueryDict) -> None:
    """Once from one page, however often it is sent."""
    body, day = forms.body(said), forms.day(said)
    if tickets.use(tickets.of(said, body, day)):
        visits.ask(operator, camp, body, day)


@require_safe
@may("custody.camplife")
def visit(request: DeskRequest, pk: int, visit: int) -> HttpResponse:
    return _page(request, _known(pk, visit))


@require_POST
@may("custody.visit_made")
def make(request: DeskRequest, pk: int, visit: int) -> HttpResponseBase:
    return _done(request, pk, visit, lambda one: visits.make(request.keyring.operator, one, forms.made(request.POST)))


@require_POST
@may("custody.visit_made")
def strike(request: DeskRequest, pk: int, visit: int) -> HttpResponseBase:
    """What was entered of it was an error. The camp that owes a visit does not say so."""

    def act(one: Visit) -> None:
        why = mistakes.mistake(request.POST)
        striking.strike(request.keyring.operator, one, request.POST.get("shown", ""), why)

    return _done(request, pk, visit, act)


@require_POST
@may("custody.visits")
def propose(request: DeskRequest, pk: int, visit: int) -> HttpResponseBase:
    def act(one: Visit) -> None:
        reason, until = forms.line(request.POST, "reason"), forms.until(request.POST)
        visits.propose_refusal(request.keyring.operator, one, reason, until)

    return _done(request, pk, visit, act)


@require_POST
@may("custody.visit_approve")
def refuse(request: DeskRequest, pk: int, visit: int) -> HttpResponseBase:
    def act(one: Visit) -> None:
        subject = f"{one.camp.name} {one.name}"
        with refusals_recorded(request.keyring.operator, "camplife.denied", subject, of=CustodyError):
            visits.refuse(request.keyring, one, request.POST.get("read", ""))

    return _done(request, pk, visit, act)


@require_safe
@may("custody.visit_log")
def printed(request: DeskRequest, pk: int) -> HttpResponse:
    camp = known_camp(pk)
    with transaction.atomic():
        audit.record(request.keyring.operator, "camplife.read", camp.name)
        made = log_on_paper(request.keyring, camp)
    back = reverse("camplife:visits", args=[camp.pk])
    return printing.answer(request, Print(made, printing.languages_for(""), f"visits-{camp.pk}", back))


def _known(pk: int, visit: int) -> Visit:
    try:
        return visits.visit_of(known_camp(pk), visit)
    except NoSuchVisit:
        raise Http404 from None


def _done(request: DeskRequest, pk: int, visit: int, act: Callable[[Visit], None]) -> HttpResponseBase:
    one = _known(pk, visit)
    try:
        act(one)
    except OtherShown as error:
        return _page(request, one, problem=error.sentence, status=409)
    except CustodyError as error:
        return _page(request, one, problem=telling.refused(error), status=400)
    return redirect("camplife:visit", pk=pk, visit=visit)


def _log(request: DeskRequest, camp: Camp, *, problem: object = "") -> HttpResponse:
    role = request.keyring.operator.plays
    rows = list(camp.visits.prefetch_related("refusals__approved_by")[:SHOWN])
    context = {
        "camp": camp,
        "rows": [
            (
                one,
                BODIES[Body(one.body)],
                *((None, None) if one.made else (visits.refused_now(one), visits.proposed(one))),
            )
            for one in rows
        ],
        "bodies": [(one.value, words) for one, words in BODIES.items()],
        "may_enter": roles.may(role, "custody.visits"),
        "may_make": roles.may(role, "custody.visit_made"),
        "may_print": roles.may(role, "custody.visit_log"),
        "said": request.POST if problem else {},
        "today": days.here(),
        "ticket": tickets.new_ticket(),
        "problem": problem,
    }
    return render(request, "camplife/visits.html", context, status=400 if problem else 200)


def _page(request: DeskRequest, one: Visit, *, problem: object = "", status: int = 200) -> HttpResponse:
    role, pending, holds = request.keyring.operator.plays, visits.proposed(one), visits.refused_now(one)
    reads = role.team in sealed.TEAMS
    shown = holds or pending
    if reads:
        with transaction.atomic():
            audit.record(request.keyring.operator, "camplife.read", f"{one.camp.name} {one.name}")
    why = sealed.newest(request.keyring, one, sealed.refused(shown.pk), RefusalTold) if reads and shown else None
    context = {
        "camp": one.camp,
        "visit": one,
        "body": BODIES[Body(one.body)],
        "told": sealed.newest(request.keyring, one, sealed.made(one.makings), VisitTold) if reads else None,
        "why": why,
        "read": visits.digest(one, why) if why else "",
        "pending": pending,
        "holds": holds,
        "owed": one.camp.owed.filter(person=None, duty="visit", of=one.name).first(),
        "may_enter": roles.may(role, "custody.visits"),
        "may_make": roles.may(role, "custody.visit_made"),
        "may_approve": roles.may(role, "custody.visit_approve"),
        "struck": [_struck(request, one, row) for row in one.struck.all()],
        "strikes": striking.what(one),
        "mistakes": mistakes.choices(),
        "last": days.here() + visits.LONGEST,
        "said": request.POST if problem else {},
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "camplife/visit.html", context, status=status)


def _struck(request: DeskRequest, one: Visit, row: StruckVisit) -> dict[str, object]:
    """An entry that counts no more, as it stood, with its words for whoever reads them."""
    reads = request.keyring.operator.plays.team in sealed.TEAMS and row.what == striking.MADE
    before = one.struck.filter(what=striking.MADE, pk__lt=row.pk).count()
    return {
        "row": row,
        "why": mistakes.MISTAKES[Mistake(row.why)],
        "told": sealed.newest(request.keyring, one, sealed.made(before), VisitTold) if reads else None,
    }
