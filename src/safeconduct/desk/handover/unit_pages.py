# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receiving units, as the handover cell keeps them."""

from typing import Any
from zoneinfo import available_timezones

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.cases import telling as words
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import hours, telling, units, wall
from safeconduct.desk.handover.cell_pages import hand_of
from safeconduct.desk.handover.errors import CardRefused, HandoverError, KeyChanged, NoSuchUnit, UnitTaken
from safeconduct.desk.handover.models import UnitMember
from safeconduct.desk.handover.plans import Known
from safeconduct.desk.handover.records import UnitCard
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.languages import LANGUAGES

_FORM = ["GET", "HEAD", "POST"]
_LONGEST_NUMBER = 9  # digits of whoever is chosen
_FRESH = {"zone": "Europe/Kyiv", "opens": "06:00", "closes": "22:00", "days": list(telling.DAYS), "languages": []}


@require_safe
@may("units.see")
def overview(request: DeskRequest) -> HttpResponse:
    known = units.known_units(hand_of(request))
    return render(request, "handover/units.html", {"units": [_row(one) for one in known]})


@require_http_methods(_FORM)
@may("units.change")
def add(request: DeskRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _form(request, _FRESH | {"name": "", "sectors": ""})
    said = _said(request)
    try:
        units.add(hand_of(request), said["name"], _card(said))
    except (CardRefused, UnitTaken) as error:
        return _form(request, said, error=error)
    return redirect("handover:units")


@require_http_methods(_FORM)
@may("units.change")
def change(request: DeskRequest, pk: int) -> HttpResponseBase:
    known = _known(hand_of(request), pk)
    if request.method != "POST":
        return _form(request, _of(known), known=known)
    said = _said(request) | {"name": known.unit.name}
    try:
        units.change(hand_of(request), pk, _card(said))
    except CardRefused as error:
        return _form(request, said, known=known, error=error)
    return redirect("handover:units")


@require_POST
@may("units.change")
def retire(request: DeskRequest, pk: int) -> HttpResponseBase:
    _known(hand_of(request), pk)
    units.retire(hand_of(request), pk)
    return redirect("handover:units")


@require_http_methods(_FORM)
@may("units.change")
def people(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Who belongs to a unit; a person is taken in after their fingerprint was heard."""
    hand = hand_of(request)
    known = _known(hand, pk)
    if request.method != "POST":
        return _people(request, known)
    person = request.POST.get("person", "")
    if request.POST.get("heard") != "yes" or not _is_number(person):
        return _people(request, known, unheard=True)
    try:
        units.assign(hand, pk, int(person), fingerprint=request.POST.get("fingerprint", ""))
    except KeyChanged as error:
        return _people(request, known, problem=telling.refusal(error))
    except HandoverError as error:
        return _people(request, known, problem=telling.refusal(error))
    return redirect("handover:unit-people", pk)


@require_POST
@may("units.change")
def dismiss(request: DeskRequest, pk: int) -> HttpResponseBase:
    try:
        units.dismiss(hand_of(request), pk)
    except NoSuchUnit:
        raise Http404 from None
    return redirect("handover:units")


def _known(hand: Hand, pk: int) -> Known:
    try:
        return units.one(hand, pk)
    except NoSuchUnit:
        raise Http404 from None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER


def _row(one: Known) -> dict[str, Any]:
    card, members = one.card, one.unit.members.select_related("operator").order_by("operator__name")
    heard = {person.operator: person.key for person in card.people} if card else {}
    return {
        "unit": one.unit,
        "card": card,
        "languages": ", ".join(words.language(tag) for tag in card.languages) if card else "",
        "days": ", ".join(str(telling.DAYS[str(day)]) for day in card.days) if card else "",
        "is_round_the_clock": bool(card and card.opens == card.closes),
        "is_every_day": bool(card and len(card.days) == len(telling.DAYS)),
        "is_on_duty": bool(card and hours.is_on_duty(card, wall.now())),
        "people": [
            {"operator": place.operator, "is_heard": heard.get(place.operator_id) == place.operator.key.key_id}
            for place in members
        ],
    }


def _said(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    texts = {field: posted.get(field, "")[:2000] for field in ("name", "sectors", "zone", "opens", "closes")}
    return texts | {"languages": posted.getlist("languages"), "days": posted.getlist("days")}


def _of(known: Known) -> dict[str, Any]:
    card = known.card
    if card is None:
        return _FRESH | {"name": known.unit.name, "sectors": ""}
    said = {"sectors": "\n".join(card.sectors), "zone": card.zone, "opens": card.opens, "closes": card.closes}
    return said | {
        "name": known.unit.name,
        "languages": list(card.languages),
        "days": [str(day) for day in card.days],
    }


def _card(said: dict[str, Any]) -> UnitCard:
    return units.card_of(
        **{field: said[field] for field in ("sectors", "languages", "zone", "days", "opens", "closes")}
    )


def _form(
    request: DeskRequest, said: dict[str, Any], *, known: Known | None = None, error: HandoverError | None = None
) -> HttpResponse:
    context = {
        "said": said,
        "known": known,
        "zones": sorted(available_timezones()),
        "languages": sorted((words.language(tag), tag) for tag in LANGUAGES),
        "days": list(telling.DAYS.items()),
        "wrong": getattr(error, "field", "name") if error else "",
        "problem": telling.refusal(error) if error else "",
    }
    return render(request, "handover/unit.html", context, status=400 if error else 200)


def _people(request: DeskRequest, known: Known, *, unheard: bool = False, problem: object = "") -> HttpResponse:
    there = UnitMember.objects.filter(unit=known.unit).values("operator")
    others = Operator.objects.filter(active=True, role=Role.RECEIVING_UNIT.value).exclude(pk__in=there)
    context = {
        "unit": known.unit,
        "row": _row(known),
        "others": others.select_related("receiving_unit__unit").order_by("name"),
        "unheard": unheard,
        "problem": problem,
    }
    return render(request, "handover/people.html", context, status=400 if unheard or problem else 200)
