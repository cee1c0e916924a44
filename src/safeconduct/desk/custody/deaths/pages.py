# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deaths: the list with what is missing, one page for each, and its record on paper."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import access as register
from safeconduct.desk.custody import days, newest, printing, sealed, telling
from safeconduct.desk.custody.acts import today
from safeconduct.desk.custody.deaths import access, acts, forms
from safeconduct.desk.custody.deaths.paper import record_on_paper
from safeconduct.desk.custody.deaths.telling import DAYS, MANNERS
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_person
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.printing import Print
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold

P = PersonEvent


@require_safe
@may("custody.death")
def deaths(request: DeskRequest) -> HttpResponse:
    steps = [(event, telling.EVENTS[event]) for event in access.STEPS if event is not P.DEATH_UNEXPLAINED]
    lines = [(line, [line.days.get(event) for event, _words in steps]) for line in access.deaths()]
    context = {"lines": lines, "steps": [words for _event, words in steps], "is_cut": len(lines) >= access.SHOWN}
    return render(request, "deaths/deaths.html", context)


@require_safe
@may("custody.death")
def death(request: DeskRequest, number: str) -> HttpResponse:
    return _page(request, known_person(number))


@require_POST
@may("custody.death_write")
def write(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        dates, told = forms.written(request.POST)
        acts.write(request.keyring, person, dates, told, seen=request.POST.get("seen", ""))

    return _done(request, number, act)


@require_POST
@may("custody.death_examine")
def examine(request: DeskRequest, number: str) -> HttpResponseBase:
    def act(person: Person) -> None:
        day, found = forms.examined(request.POST, request.keyring.operator.name)
        acts.examine(request.keyring, person, day or today(), found)

    return _done(request, number, act)


@require_safe
@may("custody.death_print")
def printed(request: DeskRequest, number: str) -> HttpResponse:
    person = known_person(number)
    if acts.standing(person, P.DIED) is None:
        raise Http404
    with transaction.atomic():
        audit.record(request.keyring.operator, "deaths.printed", person.number)
        known = access.known(request.keyring, person)
        who = sealed.identity(request.keyring, person)
    languages = printing.languages_for(who.language if who else "")
    back = reverse("deaths:death", args=[person.number])
    made = record_on_paper(person, who, known)
    return printing.answer(request, Print(made, languages, f"death-{person.number}", back))


def _done(request: DeskRequest, number: str, act: Callable[[Person], None]) -> HttpResponseBase:
    person = known_person(number)
    try:
        act(person)
    except CustodyError as error:
        return _page(request, person, problem=telling.refused(error))
    return redirect("deaths:death", number=person.number)


def _page(request: DeskRequest, person: Person, *, problem: object = "") -> HttpResponse:
    role, dates = request.keyring.operator.plays, access.days_of(person)
    if not access.is_there(role, person):
        raise Http404
    said = {name: request.POST.get(name, "") for name in request.POST} if problem else {}
    seen = said.get("seen", "") if problem else newest.seen(request.keyring, person, acts.TOLD)
    known = access.known(request.keyring, person)
    cause, told = known.cause, known.told or DeathTold()
    context = {
        "person": person,
        "days": [(telling.EVENTS[event], day) for event, day in dates.items()],
        "has_died": P.DIED in dates,
        "lacks_inquiry": P.DEATH_UNEXPLAINED in dates and P.INQUIRY_OPENED not in dates,
        "buried_unseen": P.BURIED in dates and dates.get(P.DEATH_EXAMINED, date.max) > dates[P.BURIED],
        "owed": register.owed_to(person, role),
        "told": told,
        "cause": cause,
        "manner": MANNERS[cause.manner] if cause else "",
        "manners": list({one.value: words for one, words in MANNERS.items()}.items()),
        "typed": [(event.value, words, said.get(event.value, _iso(dates, event))) for event, words in DAYS.items()],
        "may_write": roles.may(role, "custody.death_write"),
        "may_examine": roles.may(role, "custody.death_examine"),
        "may_print": roles.may(role, "custody.death_print") and P.DIED in dates,
        "reads_all": role.team in acts.TOLD.teams,
        "shown": _kept(told, cause, by=request.keyring.operator.name) | {"day": _iso(dates, P.DEATH_EXAMINED)} | said,
        "seen": seen,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "deaths/death.html", context, status=400 if problem else 200)


def _kept(told: DeathTold, cause: CauseOfDeath | None, *, by: str) -> dict[str, str]:
    """What is kept, as the two forms would send it. What was typed stands before it, also where a field was emptied."""
    found = {"manner": cause.manner.value, "cause": cause.cause, "examined_by": cause.examined_by} if cause else {}
    lines = {name: str(getattr(told, name) or "") for name in told.__struct_fields__}
    return lines | {"examined_by": by} | found


def _iso(days: Mapping[PersonEvent, date], event: PersonEvent) -> str:
    return str(days.get(event, ""))
