# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prisoners of war by number: the list, one person's page, registering, and entering what happened."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.custody import (
    access,
    acts,
    bounds,
    crossing,
    days,
    fields,
    forms,
    holding,
    newest,
    numbers,
    offices,
    readings,
    registrations,
    rooms,
    row_names,
    sealed,
    telling,
    tickets,
)
from safeconduct.desk.custody.duties import Event
from safeconduct.desk.custody.errors import CustodyError, NoSuchCamp, NoSuchEvent, NotYours
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.row_names import Table
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, PersonEvent
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.reception import Received

_FORM = ["GET", "HEAD", "POST"]


@require_safe
@may("custody.people")
def people(request: DeskRequest) -> HttpResponse:
    number = request.GET.get("number", "")
    found = list(access.people(request.keyring.operator, number))
    context = {
        "people": found,
        "former": access.former(request.keyring.operator, number),
        "number": number,
        "is_cut": len(found) == access.SHOWN,
    }
    return render(request, "custody/people.html", context)


@require_safe
@may("custody.people")
def person(request: DeskRequest, number: str) -> HttpResponse:
    """Under an old number as well: it says what the number is now."""
    found = known_person(number)
    return _page(request, found, was="" if numbers.plain(number) == found.number else numbers.plain(number))


@require_POST
@may("custody.enter")
def enter(request: DeskRequest, number: str) -> HttpResponseBase:
    person, operator = known_person(number), request.keyring.operator
    try:
        _enter(operator, person, request.POST)
    except CustodyError as error:
        return _page(request, known_person(number), problem=telling.refused(error), status=400)
    rooms.catch_up(request.keyring)
    return redirect("custody:person", number=person.number)


@crossing.act
def _enter(operator: Operator, person: Person, said: QueryDict) -> None:
    """Once from one page, however often it is sent."""
    event = forms.event(said, tuple(offices.of_persons(offices.entered_by(operator.plays))))
    when, camp = forms.when(said), forms.camp(said)
    if tickets.use(tickets.ticket(said)):
        acts.enter(operator, person, PersonEvent(event.value), when, camp=camp)


@require_POST
@may("custody.enter")
def correct(request: DeskRequest, number: str, event: str) -> HttpResponseBase:
    person = known_person(number)
    try:
        pk = row_names.event(person.events.all(), event)
        when = None if request.POST.get("wrong") == "yes" else forms.when(request.POST)
        acts.correct(request.keyring.operator, person, pk, when)
    except (NoSuchEvent, NotYours):  # told apart they would say that one is kept from this office (R30)
        raise Http404 from None
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error), status=400)
    return redirect("custody:person", number=person.number)


@require_http_methods(_FORM)
@may("custody.identity")
def details(request: DeskRequest, number: str) -> HttpResponseBase:
    """Reading is an act; a registrar may write anew."""
    person = known_person(number)
    if request.method == "POST":
        if not roles.may(request.keyring.operator.plays, "custody.register"):
            raise Http404
        try:
            _write(request, person)
        except CustodyError as error:
            return _details(request, person, problem=telling.refused(error), seen=request.POST.get("seen", ""))
        rooms.catch_up(request.keyring)
        return redirect("custody:person", number=person.number)
    return _details(request, person, seen=newest.seen(request.keyring, person, sealed.IDENTITY))


@transaction.atomic
def _write(request: DeskRequest, person: Person) -> None:
    newest.require_seen(request.keyring, person, sealed.IDENTITY, request.POST.get("seen", ""))
    before = sealed.identity(request.keyring, person)
    said = forms.received(request.POST, before)
    forms.require_one_birth(said, before)
    acts.describe(request.keyring.operator, person, said, before)


def _details(request: DeskRequest, person: Person, *, seen: str, problem: object = "") -> HttpResponse:
    """What was refused is shown as it was typed."""
    known = forms.typed(request.POST) if problem else access.identity(request.keyring, person)
    may_write = roles.may(request.keyring.operator.plays, "custody.register")
    context = {
        "person": person,
        "known": known,
        "since": forms.since(request.POST),
        "seen": seen,
        "problem": problem,
        "reading": readings.reading_of(known, days.here()) if known else None,
        "may_write": may_write,
        "languages": _languages(),
        "retained": _retained(),
        "is_retained": telling.RETAINED.get(known.retained) if known and known.retained else "",
    }
    return render(request, "custody/details.html", context, status=400 if problem else 200)


@require_http_methods(_FORM)
@may("custody.register")
def register(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _register_form(request)
    try:
        camp = forms.camp(request.POST)
        if camp is None:
            return _register_form(request, problem=telling.refused(NoSuchCamp()))
        said, when = _answers(request.POST)
        forms.require_one_birth(said)
        made = acts.register(request.keyring.operator, request.POST.get("number", ""), camp, said, when)
    except CustodyError as error:
        return _register_form(request, problem=telling.refused(error))
    rooms.catch_up(request.keyring)
    return redirect("custody:person", number=made.number)


@fields.together
def _answers(said: QueryDict) -> tuple[Received, acts.When]:
    return forms.received(said), forms.when(said)


def _register_form(request: DeskRequest, **more: Any) -> HttpResponse:
    context = {
        "said": request.POST,
        "known": forms.typed(request.POST),
        "since": forms.since(request.POST),
        "camps": Camp.objects.filter(is_open=True),
        "languages": _languages(),
        "retained": _retained(),
        "today": days.here(),
        **more,
    }
    return render(request, "custody/register.html", context, status=400 if more else 200)


def _page(
    request: DeskRequest, person: Person, *, was: str = "", problem: object = "", status: int = 200
) -> HttpResponse:
    role = request.keyring.operator.plays
    mine = offices.of_persons(offices.entered_by(role))
    context = {
        "person": person,
        "was": was,
        "former": numbers.before(person),
        "is_taken_back": registrations.is_taken_back(person),
        "whose": registrations.whose(person),
        "others": registrations.others(person),
        "owed": access.owed_to(person, role),
        "events": _events(person, role),
        "enters": [(event.value, telling.EVENTS[event]) for event in mine],
        "precisions": [(one.value, words) for one, words in telling.PRECISIONS.items()],
        "camps": bounds.camps_of(request.keyring.operator).filter(is_open=True),
        "links": rooms.links_of_person(role, person),
        "today": days.here(),
        "ticket": tickets.new_ticket(),
        "problem": problem,
        "said": request.POST,
    }
    return render(request, "custody/person.html", context, status=status)


def _events(person: Person, role: Role) -> list[dict[str, object]]:
    """The history as far as it is this role's: what their office enters, and what their duties ask about."""
    theirs: set[Event] = set(offices.entered_by(role))
    for duty in access.seen_by(role):
        theirs |= {*duty.starts, *duty.fulfils}
    theirs -= offices.hidden_from(role)
    rows = person.events.select_related("camp").order_by("-happened", "-pk")
    standing = holding.standing(person)
    return [_told(row, person.number, role, holding.twin(row, standing)) for row in rows if event_of(row) in theirs]


def _told(row: EventRow, number: str, role: Role, twin: EventRow | None) -> dict[str, object]:
    event = event_of(row)
    may_correct = row.stands and event in offices.corrected_by(role)
    name = row_names.name(Table.EVENTS, row.pk)
    return {
        "row": row,
        "name": name,
        "words": telling.EVENTS.get(event, row.kind),
        "may_correct": may_correct,
        "twin": telling.EVENTS[event_of(twin)] if twin else "",
        "address": reverse("custody:correct", args=[number, name]),
    }


def event_of(row: EventRow) -> Event:
    """What the stored string says."""
    return PersonEvent(row.kind) if row.person_id else CampEvent(row.kind)


def _languages() -> list[tuple[str, str]]:
    return [(tag, language.endonym) for tag, language in LANGUAGES.items()]


def _retained() -> list[tuple[str, str | Promise]]:
    return [(one.value, words) for one, words in telling.RETAINED.items()]
