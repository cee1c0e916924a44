# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many pieces on one page: what waits, a sheet of lines, and the capture cards that are due."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods

from safeconduct.desk.custody import card_printing, days, registrations, tickets
from safeconduct.desk.custody import forms as register_forms
from safeconduct.desk.custody.errors import CustodyError, NoSuchCamp
from safeconduct.desk.custody.found import asked_camp
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.post import access, acts, forms, sheets, telling
from safeconduct.desk.custody.post.acts import Result
from safeconduct.desk.custody.post.kinds import Deed, Kind, Sheet, Way
from safeconduct.desk.custody.post.sheets import Failed
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest

_FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a page of many lines, in words."""

    entered: int
    failed: list[tuple[str, str | Promise, int]]  # the line as it was typed, why, and its place from 1 on


@require_http_methods(_FORM)
@may("custody.post")
def waiting(request: DeskRequest) -> HttpResponseBase:
    """Everything on its way; what is ticked was handed over or sent, censored, sent after somebody or shared out."""
    if request.method != "POST":
        return _waiting(request)
    deed = forms.word(request.POST, "deed", Deed, Deed.DONE)
    try:
        when, pieces = register_forms.when(request.POST), forms.pieces(request.POST)
    except CustodyError as error:
        return _waiting(request, problem=telling.refused(error))
    return _waiting(request, told=_told(acts.deal(request.keyring.operator, pieces, deed, when)))


@require_http_methods(_FORM)
@may("custody.post")
def sheet(request: DeskRequest) -> HttpResponseBase:
    """A sack of two hundred letters: what cannot be entered stays in the field with its reason, and all else is entered."""
    if request.method != "POST":
        return _sheet(request, request.GET.get("lines", ""))
    said = request.POST
    kind = forms.word(said, "kind", Kind, Kind.LETTER)
    what = forms.word(said, "sheet", Sheet, Sheet.CAME)
    typed = sheets.read(said.get("lines", ""), what, kind, [(str(words), one) for one, words in telling.KINDS.items()])
    try:
        when, camp = register_forms.when(said), register_forms.camp(said)
        if camp is None:
            raise NoSuchCamp
        ticket = tickets.ticket(said)
        result = acts.enter_sheet(request.keyring.operator, ticket, what, typed.lines, camp=camp, when=when)
    except CustodyError as error:
        return _sheet(request, said.get("lines", ""), problem=telling.refused(error), ticket=said.get("ticket", ""))
    failed = sorted([*typed.failed, *result.failed], key=lambda one: one.place)
    told = _told(Result(result.entered, failed))
    people = list(Person.objects.filter(number__in={line.number for line in typed.lines}).select_related("camp"))
    beyond = [one for one in access.months(people, when.day) if one.is_beyond] if what is Sheet.HANDED_IN else []
    away = [_elsewhere(one) for one in people if one.camp != camp] if what is Sheet.CAME else []
    return _sheet(request, "\n".join(one.text for one in failed), told=told, beyond=beyond, away=away)


@require_http_methods(_FORM)
@may("custody.post")
def cards(request: DeskRequest) -> HttpResponseBase:
    """Capture cards that are due, and which of them have gone to the family and the Agency. None is counted as mail."""
    if request.method != "POST":
        return _cards(request)
    try:
        when = register_forms.when(request.POST)
    except CustodyError as error:
        return _cards(request, problem=telling.refused(error))
    return _cards(request, told=_told(acts.send_cards(request.keyring.operator, request.POST.getlist("number"), when)))


def _elsewhere(person: Person) -> tuple[Person, Person | None]:
    """And who they are, where this number was a registration in error: their mail is theirs under either."""
    return person, registrations.whose(person) if person.camp is None else None


def _told(result: Result) -> Told:
    return Told(
        result.entered, [(one.text, telling.refused(one.why), one.place + 1) for one in _in_order(result.failed)]
    )


def _in_order(failed: list[Failed]) -> list[Failed]:
    return sorted(failed, key=lambda one: (one.place, one.text))


def _waiting(request: DeskRequest, **more: object) -> HttpResponse:
    camp, way = asked_camp(request), request.GET.get("way", "")
    ways = {one.value: one for one in Way}
    rows = access.waiting(camp, ways.get(way))
    context = {
        "rows": [(one, telling.kind(one.piece)) for one in rows],
        "shown": " ".join(str(one.piece.pk) for one in rows),
        "camp": camp,
        "camps": Camp.objects.all(),
        "way": way,
        "deeds": [(one.value, words) for one, words in telling.DEEDS.items()],
        "is_cut": len(rows) == access.SHOWN,
        "today": days.here(),
        **more,
    }
    return render(request, "post/waiting.html", context, status=400 if "problem" in more else 200)


def _sheet(request: DeskRequest, lines: str, *, ticket: str = "", **more: object) -> HttpResponse:
    """After an answer the page is a new one: the lines that came back may say what an entered one said."""
    context = {
        "lines": lines,
        "ticket": ticket or tickets.new_ticket(),
        "said": request.POST or request.GET,
        "camps": Camp.objects.filter(is_open=True),
        "sheets": [(one.value, words) for one, words in telling.SHEETS.items()],
        "kinds": [(one.value, words) for one, words in telling.KINDS.items()],
        "today": days.here(),
        **more,
    }
    return render(request, "post/sheet.html", context, status=400 if "problem" in more else 200)


def _cards(request: DeskRequest, **more: object) -> HttpResponse:
    camp = asked_camp(request)
    rows = list(access.cards_due(camp))
    printed = card_printing.printed(request.keyring, rows)
    ticked = _ticked(request, [row for row in rows if row.pk in printed], is_kept="problem" in more)
    context = {
        "rows": [(row, printed.get(row.pk), row.person is not None and row.person.number in ticked) for row in rows],
        "has_printed": bool(printed),
        "camp": camp,
        "camps": Camp.objects.all(),
        "is_cut": len(rows) == access.SHOWN,
        "today": days.here(),
        **more,
    }
    return render(request, "post/cards.html", context, status=400 if "problem" in more else 200)


def _ticked(request: DeskRequest, printed: list[Owed], *, is_kept: bool) -> set[str]:
    """Nothing, so that no card is said to have gone that did not; what was ticked, when it comes back; or all that were printed."""
    if is_kept:
        return set(request.POST.getlist("number"))
    if request.method == "POST" or request.GET.get("tick") != "printed":
        return set()
    return {row.person.number for row in printed if row.person is not None}
