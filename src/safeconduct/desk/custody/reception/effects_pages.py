# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was taken from one person: entering it, its printed receipt, and giving it back."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import days, fields, forms, printing, sealed
from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.custody.reception import effects as acts
from safeconduct.desk.custody.reception import telling
from safeconduct.desk.custody.reception.effects import Paper
from safeconduct.desk.custody.reception.errors import ArticleMissing, ReceiptGone
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.content import Effect, EffectsReceipt
from safeconduct.vocabulary.effects import ARTICLES_MOST, Article, ArticleKind, EffectsTaken
from safeconduct.vocabulary.identity import NAME_MAX, SHORT_MAX
from safeconduct.vocabulary.reception import Received

_ROWS = 6  # on the page; who took more writes two receipts


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.effects")
def effects(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    if request.method != "POST":
        return _page(request, person)
    try:
        acts.take(request.keyring.operator, person, _said(request.POST), forms.when(request.POST))
    except CustodyError as error:
        return _page(request, person, problem=register.refused(error))
    return redirect("reception:effects", number=person.number)


@require_safe
@may("custody.effects")
def paper(request: DeskRequest, number: str, receipt: int) -> HttpResponse:
    """The receipt, to be signed twice: one copy is the person's."""
    person = known_person(number)
    found = next((one for one in acts.papers_of(request.keyring, person) if one.receipt.number == receipt), None)
    known = sealed.identity(request.keyring, person)
    if found is None or known is None or not found.stands:
        raise Http404
    with transaction.atomic():
        audit.record(request.keyring.operator, "reception.printed", person.number)
    form, languages = form_of(person, known, found), printing.languages_for(known.language)
    back = reverse("reception:effects", args=[person.number])
    return printing.answer(request, Print(form, languages, f"effects-{person.number}-{receipt}", back))


@require_POST
@may("custody.effects")
def copy(request: DeskRequest, number: str, receipt: int) -> HttpResponseBase:
    person = known_person(number)
    try:
        acts.give_copy(request.keyring.operator, person, receipt, forms.when(request.POST))
    except ReceiptGone:
        raise Http404 from None
    except CustodyError as error:
        return _page(request, person, problem=register.refused(error))
    return redirect("reception:effects", number=person.number)


@require_POST
@may("custody.effects")
def back(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    try:
        acts.give_back(request.keyring.operator, person, forms.when(request.POST))
    except CustodyError as error:
        return _page(request, person, problem=register.refused(error))
    return redirect("reception:effects", number=person.number)


@require_POST
@may("custody.effects")
def strike(request: DeskRequest, number: str, receipt: int) -> HttpResponseBase:
    person = known_person(number)
    try:
        acts.strike(request.keyring.operator, person, receipt)
    except ReceiptGone:
        raise Http404 from None
    except CustodyError as error:
        return _page(request, person, problem=register.refused(error))
    return redirect("reception:effects", number=person.number)


def form_of(person: Person, known: Received, found: Paper) -> EffectsReceipt:
    """The paper of one receipt."""
    given_back = found.receipt.back.happened.isoformat() if found.receipt.back else ""
    return EffectsReceipt(
        surname=known.surname,
        first_names=known.first_names,
        rank=known.rank,
        prisoner_number=person.number,
        camp=person.camp.name if person.camp else "",
        effects=tuple(
            Effect(what=one.what, amount=one.amount, condition=one.condition, reason=one.reason, given_back=given_back)
            for one in found.said.articles
        ),
        ordered_by=found.said.ordered_by,
        register_entry=found.said.register_entry,
        issued_by=found.said.issued_by,
        date=found.receipt.taken.happened.isoformat(),
    )


def _said(said: QueryDict) -> EffectsTaken:
    articles = [_article(said, place) for place in range(_ROWS)]
    return EffectsTaken(
        number=0,
        articles=tuple(one for one in articles if one is not None)[:ARTICLES_MOST],
        ordered_by=fields.line(said, "ordered_by", NAME_MAX),
        register_entry=fields.line(said, "register_entry", SHORT_MAX),
        issued_by=fields.line(said, "issued_by", NAME_MAX),
    )


def _article(said: QueryDict, place: int) -> Article | None:
    """None for a row in which nothing stands. Raises `ArticleMissing` for half a row."""
    what = fields.line(said, f"what-{place}", NAME_MAX)
    kind = next((one for one in ArticleKind if one.value == said.get(f"kind-{place}")), None)
    if not what and kind is None:
        return None
    if not what or kind is None:
        raise ArticleMissing
    return Article(
        kind=kind,
        what=what,
        amount=fields.line(said, f"amount-{place}", SHORT_MAX),
        condition=fields.line(said, f"condition-{place}", SHORT_MAX),
        reason=fields.line(said, f"reason-{place}", NAME_MAX),
    )


def _page(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    papers = acts.read(request.keyring, person)
    context = {
        "person": person,
        "papers": [{"paper": one, "lines": acts.lines_of(one.said.articles)} for one in papers],
        "is_kept": any(one.stands and one.receipt.back is None for one in papers),
        "rows": [_row(request.POST, place) for place in range(_ROWS)],
        "said": request.POST,
        "kinds": telling.KINDS,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "reception/effects.html", context, status=400 if problem else 200)


def _row(said: QueryDict, place: int) -> dict[str, Any]:
    names = ("kind", "what", "amount", "condition", "reason")
    return {"place": place} | {name: said.get(f"{name}-{place}", "") for name in names}
