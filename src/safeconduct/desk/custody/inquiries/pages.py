# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's people and what they are asked. No page of another office leads here or tells of it (R45)."""

from typing import Any

from django.db.models import Case, F, Q, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, fields, tickets
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.inquiries import acts, again, telling
from safeconduct.desk.custody.inquiries.errors import NoSuchInquiry
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.bureau import ANSWER_MAX, LINE_MAX
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.identity import DATE_MAX, NAME_MAX, SHORT_MAX, SPELLINGS_MAX, Birth
from safeconduct.vocabulary.languages import LANGUAGES

SHOWN = 200
_MOST = {
    "name": NAME_MAX,
    "birth": DATE_MAX,
    "service_number": SHORT_MAX,
    "asks": LINE_MAX,
    "relation": LINE_MAX,
    "answer_to": LINE_MAX,
}  # characters of each line


@require_safe
@may("custody.inquiries")
def inquiries(request: DeskRequest) -> HttpResponse:
    """What waits, the oldest first, what is to be looked at again, then what was answered."""
    again.catch_up(request.keyring)
    waits = Case(When(Q(answered=None) | Q(again__isnull=False), then=0), default=1)
    rows = Inquiry.objects.order_by(waits, F("answered").asc(nulls_first=True), "pk")[: SHOWN + 1]
    context = {
        "rows": [(row, acts.due(row)) for row in rows[:SHOWN]],
        "is_cut": len(rows) > SHOWN,
        "today": register.today(),
    }
    return render(request, "inquiries/inquiries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.inquiries")
def ask(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _ask_form(request)
    try:
        made = _ask(request.keyring.operator, request.POST)
    except CustodyError as error:
        return _ask_form(request, problem=telling.refused(error))
    return redirect("inquiries:inquiry", pk=made.pk) if made else redirect("inquiries:inquiries")


@crossing.act
def _ask(operator: Operator, said: QueryDict) -> Inquiry | None:
    """Once from one page, however often it is sent; None: it was entered already. So is an answer."""
    question = asked(said)
    return acts.ask(operator, question) if tickets.use(tickets.of(said, question)) else None


@require_safe
@may("custody.inquiries")
def inquiry(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, _known(pk))


@require_POST
@may("custody.inquiries")
def answer(request: DeskRequest, pk: int) -> HttpResponseBase:
    row = _known(pk)
    try:
        _answer(request.keyring.operator, row, request.POST)
    except CustodyError as error:
        return _page(request, row, problem=telling.refused(error), said=request.POST, status=400)
    return redirect("inquiries:inquiry", pk=row.pk)


@require_POST
@may("custody.inquiries")
def nobody(request: DeskRequest, pk: int) -> HttpResponseBase:
    """It was looked at again."""
    row = _known(pk)
    acts.pass_over(request.keyring.operator, row)
    return redirect("inquiries:inquiry", pk=row.pk)


@crossing.act
def _answer(operator: Operator, row: Inquiry, said: QueryDict) -> None:
    words, number = _answered(said)
    if tickets.use(tickets.of(said, words, number)):
        acts.answer(operator, row, words, number)


@fields.together
def _answered(said: QueryDict) -> tuple[str, str]:
    return fields.text(said, "words", ANSWER_MAX), fields.line(said, "prisoner", SHORT_MAX)


@fields.together
def asked(said: QueryDict) -> Asked:
    """Raises `DoesNotFit`."""
    for name, most in _MOST.items():
        fields.line(said, name, most)
    fields.lines(said, "spellings", NAME_MAX, SPELLINGS_MAX)
    fields.text(said, "words", ANSWER_MAX)
    return typed(said)


def typed(said: QueryDict) -> Asked:
    """The same to be shown again, of whatever length."""
    birth, language = fields.whole_line(said, "birth"), said.get("language", "")
    return Asked(
        name=fields.whole_line(said, "name"),
        spellings=tuple(fields.whole_lines(said, "spellings")),
        birth=Birth(birth) if birth else None,
        service_number=fields.whole_line(said, "service_number"),
        asks=fields.whole_line(said, "asks"),
        relation=fields.whole_line(said, "relation"),
        answer_to=fields.whole_line(said, "answer_to"),
        words=fields.whole_text(said, "words"),
        language=language if language in LANGUAGES else "",
    )


def _known(pk: int) -> Inquiry:
    try:
        return acts.inquiry_of(pk)
    except NoSuchInquiry:
        raise Http404 from None


def _ask_form(request: HttpRequest, *, problem: object = "") -> HttpResponse:
    context = {
        "known": typed(request.POST),
        "languages": [(tag, language.endonym) for tag, language in LANGUAGES.items()],
        "ticket": tickets.new_ticket(),
        "problem": problem,
    }
    return render(request, "inquiries/ask.html", context, status=400 if problem else 200)


def _page(request: DeskRequest, row: Inquiry, *, status: int = 200, **more: Any) -> HttpResponse:
    opened = acts.read(request.keyring, row)
    context = {
        "inquiry": row,
        "opened": opened,
        "due": acts.due(row),
        "today": register.today(),
        "ticket": tickets.new_ticket(),
        "proposals": acts.look(request.keyring, row, opened.asked) if row.again or not opened.answers else None,
        **more,
    }
    return render(request, "inquiries/inquiry.html", context, status=status)
