# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person's medical sheet: the weights as a line, what was found, and what the office adds."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import days, printing, row_names, telling
from safeconduct.desk.custody import forms as register_forms
from safeconduct.desk.custody.errors import CustodyError, NoSuchEvent
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.medical import access, acts, forms, sheets
from safeconduct.desk.custody.medical.chart import HIGH, MARGIN, WIDE, chart_of
from safeconduct.desk.custody.medical.paper import sheet_on_paper
from safeconduct.desk.custody.medical.telling import COURSES, WHY
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.custody.row_names import Table
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.paper.wording import AVAILABLE
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.languages import LANGUAGES

_TRAVEL = (PersonEvent.TRANSFER_PASSED, PersonEvent.TRANSFER_REFUSED)


@require_safe
@may("custody.medical")
def sheet(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, known_person(number))


@require_POST
@may("custody.medical")
def inspect(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        made = forms.inspected(request.POST, request.keyring.operator.name)
        acts.inspect(request.keyring, person, forms.day(request.POST), made)

    return _done(request, number, act)


@require_POST
@may("custody.medical")
def describe(request: DeskRequest, number: str) -> HttpResponseBase:
    return _done(request, number, lambda person: acts.describe(request.keyring, person, forms.state(request.POST)))


@require_POST
@may("custody.medical")
def note(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        event, when = forms.event(request.POST, acts.NOTED), register_forms.when(request.POST)
        acts.note(request.keyring, person, event, when, forms.words(request.POST))

    return _done(request, number, act)


@require_POST
@may("custody.medical")
def transfer(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        answer, when = forms.event(request.POST, _TRAVEL), register_forms.when(request.POST)
        acts.answer_transfer(request.keyring, person, answer, when, forms.words(request.POST))

    return _done(request, number, act)


@require_POST
@may("custody.medical")
def word(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        acts.write_word(request.keyring, person, forms.course(request.POST), forms.words(request.POST))

    return _done(request, number, act)


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.medical")
def correct(request: DeskRequest, number: str, event: str) -> HttpResponseBase:
    """Another weight, another day, or no inspection at all."""
    person = known_person(number)
    try:
        row = row_names.event(person.events.all(), event)
    except NoSuchEvent:
        raise Http404 from None
    if request.method != "POST":
        return _correct(request, person, row)
    try:
        if request.POST.get("wrong") == "yes":
            acts.strike(request.keyring, person, row)
        else:
            made = forms.inspected(request.POST, request.keyring.operator.name)
            acts.correct(request.keyring, person, row, forms.day(request.POST), made)
    except CustodyError as error:
        return _correct(request, person, row, problem=telling.refused(error))
    return redirect("medical:sheet", number=person.number)


@require_safe
@may("custody.medical")
def printed(request: DeskRequest, number: str) -> HttpResponse:
    person = known_person(number)
    with transaction.atomic():
        audit.record(request.keyring.operator, "medical.printed", person.number)
        made = sheet_on_paper(person, sheets.sheet_of(request.keyring, person))
    back = reverse("medical:sheet", args=[person.number])
    return printing.answer(
        request, Print(made, printing.languages_for(request.GET.get("language", "")), f"medical-{person.number}", back)
    )


def _done(request: DeskRequest, number: str, act: Callable[[Person], None]) -> HttpResponseBase:
    person = known_person(number)
    try:
        act(person)
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error))
    return redirect("medical:sheet", number=person.number)


def _page(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    told = access.sheet(request.keyring, person)
    said = request.POST if problem else {}
    at = (
        request.resolver_match.url_name if problem and request.resolver_match else ""
    )  # several of its forms take words
    context = {
        "person": person,
        "sheet": told,
        "rows": [
            (one, [WHY[why] for why in one.why], row_names.name(Table.EVENTS, one.event))
            for one in reversed(told.inspections)
        ],
        "notes": [(one, telling.EVENTS[PersonEvent(one.row.kind)]) for one in reversed(told.notes)],
        "chart": chart_of(told.inspections),
        "size": {"wide": WIDE, "high": HIGH, "margin": MARGIN, "right": WIDE - MARGIN, "bottom": HIGH - MARGIN},
        "review": person.owed.filter(duty="review").first(),
        "inspection": person.owed.filter(duty="inspection").first(),
        "noted": [(event.value, telling.EVENTS[event]) for event in acts.NOTED],
        "travel": [(event.value, telling.EVENTS[event]) for event in _TRAVEL],
        "is_to_be_transferred": acts.is_to_be_transferred(person),
        "is_seriously_ill": access.is_seriously_ill(person),
        "courses": [(one.value, words) for one, words in COURSES.items()],
        "signed": said.get("signed") or request.keyring.operator.name,
        "said": said,
        "at": at,
        "languages": [LANGUAGES[tag] for tag in AVAILABLE if tag not in {printing.OURS, printing.THEIRS}],
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "medical/sheet.html", context, status=400 if problem else 200)


def _correct(request: DeskRequest, person: Person, event: int, **more: Any) -> HttpResponse:
    told = next((one for one in access.sheet(request.keyring, person).inspections if one.event == event), None)
    if told is None:
        raise Http404
    inspected = {"weight": told.kilograms, "signed": told.record.signed, "day": told.day.isoformat()} | {
        name: getattr(told.record, name) for name in ("health", "contagious", "treatment")
    }
    context = {
        "person": person,
        "told": told,
        "said": request.POST if more else inspected,
        "today": days.here(),
        **more,
    }
    return render(request, "medical/correct.html", context, status=400 if more else 200)
