# SPDX-License-Identifier: AGPL-3.0-or-later
"""Camps: where there are places, opening one, and what happens in one."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.custody import (
    access,
    acts,
    crossing,
    days,
    fields,
    forms,
    offices,
    rooms,
    row_names,
    telling,
    tickets,
)
from safeconduct.desk.custody.errors import CustodyError, NoSuchEvent
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp, Event
from safeconduct.desk.custody.row_names import Table
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, Category, Need
from safeconduct.vocabulary.languages import LANGUAGES

_NAME_MOST = 60  # letters


@require_http_methods(["GET", "HEAD", "POST"])
@may("custody.camps")
def camps(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _camps(request)
    try:
        camp = _opened(request.keyring.operator, request.POST)
    except CustodyError as error:
        return _camps(request, problem=telling.refused(error))
    return redirect("custody:camp", pk=camp.pk) if camp else _camps(request, problem=telling.MISSING)


def _opened(operator: Operator, said: QueryDict) -> Camp | None:
    """None without a name or a kind."""
    name, places = _named(said)
    kind = next((one for one in CampKind if one.value == said.get("kind")), None)
    return acts.open_camp(operator, name, kind, places, forms.when(said)) if name and kind else None


@fields.together
def _named(said: QueryDict) -> tuple[str, dict[Category, int]]:
    fields.day(said, "day")  # marked with the rest
    return fields.line(said, "name", _NAME_MOST), forms.places(said)


@require_safe
@may("custody.board")
def camp(request: DeskRequest, pk: int) -> HttpResponse:
    return _camp(request, known_camp(pk))


@require_POST
@may("custody.enter")
def enter(request: DeskRequest, pk: int) -> HttpResponseBase:
    camp, operator = known_camp(pk), request.keyring.operator
    try:
        _enter(operator, camp, request.POST)
    except CustodyError as error:
        return _camp(request, camp, problem=telling.refused(error), status=400)
    return redirect("custody:camp", pk=camp.pk)


@crossing.act
def _enter(operator: Operator, camp: Camp, said: QueryDict) -> None:
    """Once from one page, however often it is sent."""
    event = forms.event(said, tuple(offices.of_camps(offices.entered_by(operator.plays))))
    when, of = forms.when(said), said.get("of", "")
    if tickets.use(tickets.ticket(said)):
        acts.enter_of_camp(operator, camp, CampEvent(event.value), when, of=of if of in LANGUAGES else "")


@require_POST
@may("custody.enter")
def correct(request: DeskRequest, pk: int, event: str) -> HttpResponseBase:
    """What was entered did not happen, or on another day."""
    camp = known_camp(pk)
    try:
        row = row_names.event(camp.events.filter(person=None), event)
        when = None if request.POST.get("wrong") == "yes" else forms.when(request.POST)
        acts.correct_of_camp(request.keyring.operator, camp, row, when)
    except NoSuchEvent:
        raise Http404 from None
    except CustodyError as error:
        return _camp(request, camp, problem=telling.refused(error), status=400)
    return redirect("custody:camp", pk=camp.pk)


def _camps(request: DeskRequest, **more: Any) -> HttpResponse:
    rows = [
        {
            "camp": one,
            "kind": telling.KINDS[CampKind(one.kind)],
            "people": one.held,
            "places": sum(quarters.places for quarters in one.quarters.all()),
        }
        for one in Camp.objects.annotate(held=Count("people")).prefetch_related("quarters")
    ]
    context = {
        "rows": rows,
        "kinds": [(one.value, words) for one, words in telling.KINDS.items()],
        "categories": [
            (one.value, words, request.POST.get(f"places-{one.value}", "")) for one, words in telling.CATEGORIES.items()
        ],
        "said": request.POST,
        "today": days.here(),
        **more,
    }
    return render(request, "custody/camps.html", context, status=400 if more else 200)


def _quarters(camp: Camp) -> list[tuple[object, int, int]]:
    """Of each category that has places or people: its words, who lives there, and the places."""
    rows = camp.quarters.annotate(held=Count("people", filter=Q(people__camp=camp))).order_by("pk")
    return [
        (telling.CATEGORIES[Category(one.category)], one.held, one.places) for one in rows if one.places or one.held
    ]


def _told(row: Event, role: Role) -> dict[str, object]:
    event, name = CampEvent(row.kind), row_names.name(Table.EVENTS, row.pk)
    return {
        "row": row,
        "name": name,
        "words": telling.EVENTS[event],
        "of": LANGUAGES.get(row.of),
        "may_correct": row.stands and event in offices.corrected_by(role),
        "address": reverse("custody:correct-camp", args=[row.camp_id, name]),
    }


def _camp(request: DeskRequest, camp: Camp, *, problem: object = "", status: int = 200) -> HttpResponse:
    role = request.keyring.operator.plays
    mine = offices.of_camps(offices.entered_by(role))
    context = {
        "camp": camp,
        "kind": telling.KINDS[CampKind(camp.kind)],
        "people": camp.people.count(),
        "quarters": _quarters(camp),
        "spoken": [LANGUAGES[tag].endonym for tag in sorted(camp.spoken) if tag in LANGUAGES],
        "served": [telling.NEEDS[need] for need in Need if need in camp.serves],
        "may_change": roles.may(role, "custody.camps"),
        "links": rooms.links_of_camp(role),
        "lines": access.board(request.keyring.operator, days.here(), camp),
        "enters": [(event.value, telling.EVENTS[event]) for event in mine],
        "languages": [(tag, language.endonym) for tag, language in LANGUAGES.items()],
        "events": [
            _told(row, role) for row in camp.events.filter(person=None).order_by("-happened", "-pk")[: access.SHOWN]
        ],
        "today": days.here(),
        "ticket": tickets.new_ticket(),
        "problem": problem,
    }
    return render(request, "custody/camp.html", context, status=status)
