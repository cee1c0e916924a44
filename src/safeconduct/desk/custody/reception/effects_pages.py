# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was taken from one person: entering it, its printed receipt, and giving it back."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import crossing, days, fields, forms, printing, sealed, tickets
from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.custody.reception import effects as acts
from safeconduct.desk.custody.reception import telling
from safeconduct.desk.custody.reception.effects import Paper
from safeconduct.desk.custody.reception.errors import ArticleMissing, OtherReceipts, ReceiptGone
from safeconduct.desk.custody.reception.models import Receipt
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.paper.content import Effect, EffectsReceipt
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.effects import ARTICLES_MOST, Article, ArticleKind, EffectsTaken
from safeconduct.vocabulary.identity import NAME_MAX, SHORT_MAX
from safeconduct.vocabulary.reception import Received

_ROWS = 6  # on the page; who took more writes two receipts
_MOST = {"what": NAME_MAX, "amount": SHORT_MAX, "condition": SHORT_MAX, "reason": NAME_MAX}  # characters of each line


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.effects")
def effects(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    if request.method != "POST":
        return _page(request, person)
    return _done(request, person, lambda operator: _take(operator, person, request.POST))


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
    person = _known(number, receipt)
    return _done(request, person, lambda operator: _give_copy(operator, person, receipt, request.POST))


@require_POST
@may("custody.effects")
def back(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    return _done(request, person, lambda operator: _give_back(operator, person, request.POST))


@require_POST
@may("custody.effects")
def sent(request: DeskRequest, number: str) -> HttpResponseBase:
    person = known_person(number)
    return _done(request, person, lambda operator: _send_on(operator, person, request.POST))


@require_POST
@may("custody.effects")
def strike(request: DeskRequest, number: str, receipt: int) -> HttpResponseBase:
    person = _known(number, receipt)
    return _done(request, person, lambda operator: acts.strike(operator, person, receipt))


@crossing.act
def _take(operator: Operator, person: Person, said: QueryDict) -> None:
    """Once from one page, however often it is sent. So are the next three."""
    taken, when = _said(said), forms.when(said)
    if tickets.use(tickets.of(said, taken, when)):
        acts.take(operator, person, taken, when, seen=said.get("seen", ""))


@crossing.act
def _give_copy(operator: Operator, person: Person, receipt: int, said: QueryDict) -> None:
    when = forms.when(said)
    if tickets.use(tickets.of(said, "copy", receipt, when)):
        acts.give_copy(operator, person, receipt, when)


@crossing.act
def _give_back(operator: Operator, person: Person, said: QueryDict) -> None:
    when = forms.when(said)
    if tickets.use(tickets.of(said, "back", when)):
        acts.give_back(operator, person, when, seen=said.get("seen", ""))


@crossing.act
def _send_on(operator: Operator, person: Person, said: QueryDict) -> None:
    when = forms.when(said)
    if tickets.use(tickets.of(said, "sent", when)):
        acts.send_on(operator, person, when, seen=said.get("seen", ""))


def _done(request: DeskRequest, person: Person, act: Callable[[Operator], object]) -> HttpResponseBase:
    """An older page than the receipts is answered with the newer one."""
    try:
        act(request.keyring.operator)
    except (OtherReceipts, ReceiptGone) as error:
        return _page(request, person, problem=error.sentence, status=409)
    except CustodyError as error:
        return _page(request, person, problem=register.refused(error), status=400)
    return redirect("reception:effects", number=person.number)


def _known(number: str, receipt: int) -> Person:
    person = known_person(number)
    if not Receipt.objects.filter(person=person, number=receipt).exists():
        raise Http404
    return person


def form_of(person: Person, known: Received, found: Paper) -> EffectsReceipt:
    """The paper of one receipt."""
    back = None if found.is_sent_on else found.receipt.back
    given_back = back.happened.isoformat() if back else ""
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


@fields.together
def _said(said: QueryDict) -> EffectsTaken:
    """Raises `DoesNotFit`, `ArticleMissing`."""
    rows = [_lines(said, place) for place in range(_ROWS)]
    return EffectsTaken(
        number=0,
        ordered_by=fields.line(said, "ordered_by", NAME_MAX),
        register_entry=fields.line(said, "register_entry", SHORT_MAX),
        issued_by=fields.line(said, "issued_by", NAME_MAX),
        articles=tuple(one for one in map(_article, rows) if one is not None)[:ARTICLES_MOST],
    )


def _lines(said: QueryDict, place: int) -> dict[str, str]:
    """One row as it was typed."""
    return {name: fields.line(said, f"{name}-{place}", most) for name, most in _MOST.items()} | {
        "kind": said.get(f"kind-{place}", "")
    }


def _article(row: dict[str, str]) -> Article | None:
    """None for a row in which nothing stands. Raises `ArticleMissing` for half a row."""
    if not any(row.values()):
        return None
    kind = next((one for one in ArticleKind if one.value == row["kind"]), None)
    if not row["what"] or kind is None:
        raise ArticleMissing
    return Article(kind=kind, what=row["what"], amount=row["amount"], condition=row["condition"], reason=row["reason"])


def _page(request: DeskRequest, person: Person, *, problem: object = "", status: int = 200) -> HttpResponse:
    papers = acts.read(request.keyring, person)
    context = {
        "person": person,
        "papers": [{"paper": one, "lines": acts.lines_of(one.said.articles)} for one in papers],
        "kept": acts.numbers_of(one.receipt for one in papers if one.stands and one.receipt.back is None),
        "has_died": person.events.filter(kind=PersonEvent.DIED.value, stands=True).exists(),
        "seen": acts.numbers_of(one.receipt for one in papers),
        "can_correct": any(one.stands and (one.receipt.given or one.receipt.back) for one in papers),
        "ticket": tickets.new_ticket(),
        "rows": [_row(request.POST, place) for place in range(_ROWS)],
        "said": request.POST,
        "kinds": telling.KINDS,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "reception/effects.html", context, status=status)


def _row(said: QueryDict, place: int) -> dict[str, Any]:
    names = ("kind", "what", "amount", "condition", "reason")
    return {"place": place} | {name: said.get(f"{name}-{place}", "") for name in names}
