# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a plan: which unit, where, when, how many, and the signs."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safeconduct.desk.cases import reading
from safeconduct.desk.cases import telling as words
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, hours, plan_form, plans, telling, wall
from safeconduct.desk.handover.cell_pages import back, guarded
from safeconduct.desk.handover.errors import NoSuchUnit, PlanRefused, TooLong
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.plans import Known
from safeconduct.desk.handover.records import SECTOR_MAX, UnitCard
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.languages import LANGUAGES


@require_http_methods(["GET", "HEAD", "POST"])
@may("handover.plan")
@guarded
def plan(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    if request.method != "POST":
        return _shown(request, hand, number)
    said = plan_form.said(request.POST.dict())
    if "show" in request.POST:
        return _form(request, hand, number, said)
    try:
        return _kept(request, hand, number, said)
    except PlanRefused as error:
        return _form(request, hand, number, said, wrong=error.field, problem=telling.refusal(error))
    except NoSuchUnit:
        return _form(request, hand, number, said, wrong="unit", problem=telling.FIELDS["unit"])
    except TooLong as error:
        return _form(request, hand, number, said, wrong="point", problem=telling.refusal(error))


def _kept(request: DeskRequest, hand: Hand, number: str, said: dict[str, str]) -> HttpResponseBase:
    """Asks first when the times were those of another unit's zone: nobody may have to guess which was meant."""
    there = _zone_of(hand, said)
    if (moved := plan_form.moved(said, there)) != said | {"zone": there}:
        problem = telling.moved(said["zone"], there)
        return _form(request, hand, number, moved, wrong="begins", problem=problem)
    acts.plan(hand, number, plan_form.parse(said, there), seen=request.POST.get("seen", ""))
    return back(number)


def _zone_of(hand: Hand, said: dict[str, str]) -> str:
    """Of the unit that was chosen. Raises `PlanRefused`, `NoSuchUnit`."""
    card = plans.unit_of(hand, plan_form.unit_of(said)).card
    if card is None:
        raise NoSuchUnit(said["unit"])
    return card.zone


def _zoned(hand: Hand, said: dict[str, str]) -> dict[str, str]:
    """Whose time was typed: whoever chooses another unit next means the same moments."""
    if said["zone"] or not any(said[field] for field in plan_form.TIMES):
        return said
    try:
        return said | {"zone": _zone_of(hand, said)}
    except (PlanRefused, NoSuchUnit):
        return said


def _shown(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    row, case, written = acts.read(hand, number)
    said = plan_form.of(written, plans.zone_of(hand, written)) if written else _known(hand, case)
    return _rendered(request, hand, row, said)


def _form(  # noqa: PLR0913 - what was wrong with it, by name
    request: DeskRequest, hand: Hand, number: str, said: dict[str, str], *, wrong: str = "", problem: object = ""
) -> HttpResponse:
    """What was typed again, for a look at other units or because something of it is wrong. Nothing is stored.

    A sector is sealed, so it is asked for by what is posted and never stands in an address.
    """
    row, _case, _plan = acts.read(hand, number)
    return _rendered(request, hand, row, _zoned(hand, said), wrong=wrong, problem=problem)


def _rendered(  # noqa: PLR0913 - what a form shows, by name
    request: DeskRequest,
    hand: Hand,
    row: Handover,
    said: dict[str, str],
    *,
    wrong: str = "",
    problem: object = "",
) -> HttpResponse:
    known, now, sector = plans.units(hand), wall.now(), request.POST.get("sector", "")[:SECTOR_MAX]
    speaking = [one for one in known if one.card and said["language"] in one.card.languages]
    is_there = partial(_is_there, said, now)
    offered = plans.offered(hand, language=said["language"], sector=sector, is_there=is_there)
    there = {one.unit.pk for one in offered}
    context: dict[str, Any] = {
        "handover": row,
        "said": said,
        "seen": request.POST.get("seen") or acts.mark(row),
        "wrong": wrong,
        "problem": problem,
        "sector": sector,
        "sectors": sorted({one for unit in known if unit.card for one in unit.card.sectors}),
        "languages": sorted((words.language(tag), tag) for tag in LANGUAGES),
        "is_timed": plan_form.window(said, "UTC") is not None,
        "offered": [_choice(one, is_there) for one in offered],
        "others": [_choice(one, is_there) for one in speaking if one.unit.pk not in there],
    }
    return render(request, "handover/plan.html", context, status=400 if wrong else 200)


def _is_there(said: dict[str, str], now: datetime, card: UnitCard) -> bool:
    """In the window, as soon as one was typed: a night's plan is written by day."""
    window = plan_form.window(said, card.zone)
    return hours.covers(card, *window) if window else hours.is_on_duty(card, now)


def _choice(one: Known, is_there: Callable[[UnitCard], bool]) -> dict[str, Any]:
    card = one.card
    return {
        "pk": str(one.unit.pk),
        "name": one.unit.name,
        "zone": card.zone if card else "",
        "sectors": ", ".join(card.sectors) if card else "",
        "is_on_duty": bool(card and is_there(card)),
    }


def _known(hand: Hand, case: Case | None) -> dict[str, str]:
    """What the application says already."""
    said = dict.fromkeys(plan_form.FIELDS, "") | {"wounded": "0"}
    facts = reading.frame(hand, case).facts if case else None
    if facts is not None:
        said |= {"language": facts.language, "head_count": str(facts.head_count)}
    return said
