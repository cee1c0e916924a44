# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on duty: where an operator's key meets the key of the channel that rings them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.cases import claiming, escalating, keys, telling
from safeconduct.desk.operators import duty, duty_acts, guards, roles, skills
from safeconduct.desk.operators.duty import CASES, HOURS, Card, OnDuty
from safeconduct.desk.operators.duty_acts import Exchange
from safeconduct.desk.operators.errors import CardRefused, NoCard
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.project import skills_page
from safeconduct.desk.shifts import access as shifts
from safeconduct.desk.telephone import page as telephone
from safeconduct.vocabulary.duty import CHANNEL
from safeconduct.vocabulary.languages import LANGUAGES

_PROBLEMS: dict[str, str | Promise] = {
    "languages": _("Choose at least one language that you speak well enough for a call."),
    "hours": _("Choose from the list."),
    "capacity": _("Choose from the list."),
    "phone": _("A SIP address looks like sip:olena@phones.example.org. Nothing may stand before or after it."),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One language: who speaks it now, and whether a phone of theirs rings."""

    name: str
    people: tuple[OnDuty, ...]


@require_safe
@may("duty.see")
def page(request: DeskRequest) -> HttpResponse:
    return _shown(request)


@require_POST
@may("duty.take")
def card(request: DeskRequest) -> HttpResponseBase:
    """What the operator brings to a call."""
    said = request.POST
    try:
        parsed = duty.parse(
            said.getlist("languages"),
            said.get("hours", ""),
            _phone(request),
            said.get("capacity") or str(duty.CASES_USUAL),
        )
    except CardRefused as refused:
        problem = {"field": refused.field, "text": _PROBLEMS[refused.field]}
        return _shown(request, said=_as_said(request), problem=problem, status=400)
    duty_acts.save_card(request.keyring, parsed, _exchange())
    return HttpResponseRedirect(f"{reverse('duty')}?kept=1", status=303)


@require_POST
@may("duty.take")
def begin(request: DeskRequest) -> HttpResponseBase:
    try:
        duty_acts.begin(request.keyring, request.session.session_key or "", _exchange())
    except NoCard:
        return HttpResponseRedirect(f"{reverse('duty')}?first=1", status=303)
    return redirect(guards.safe_next(request))


@require_POST
@may("duty.take")
def end(request: DeskRequest) -> HttpResponseBase:
    duty_acts.end(request.keyring.operator)
    claiming.release_of([request.keyring.operator])
    escalating.leave([request.keyring.operator])
    return redirect(guards.safe_next(request))


def _exchange() -> Exchange:
    desk = keys.of_this_desk()
    return Exchange(desk.signer, desk.delivery.get(CHANNEL))


def _shown(
    request: DeskRequest, *, said: Card | None = None, problem: Mapping[str, object] | None = None, status: int = 200
) -> HttpResponse:
    takes = roles.may(request.keyring.operator.plays, "duty.take")
    present = duty.on_duty()
    context: dict[str, Any] = {"takes": takes, "present": present, "spoken": _by_language(present), "problem": problem}
    if takes:
        context |= _own(request, said or duty.card_of(request.keyring))
    if roles.may(request.keyring.operator.plays, "skills.set"):
        context["trained"] = skills_page.everybody()
    return render(request, "project/duty.html", context, status=status)


def _own(request: DeskRequest, card: Card | None) -> dict[str, Any]:
    shift = duty.shift_of(request.keyring.operator)
    return {
        "card": card,
        "until": datetime.fromtimestamp(shift.until, UTC) if shift is not None else None,
        "rings": shift is not None and bool(shift.phone),
        "brings": _brings(card) if card is not None else (),
        "can_ring": CHANNEL in keys.of_this_desk().delivery,
        "languages": sorted((telling.language(tag), tag) for tag in LANGUAGES),
        "skills": skills.titles(duty.skills_of(request.keyring.operator)),
        "hours": HOURS,
        "hours_chosen": card.hours if card is not None else duty.HOURS_USUAL,
        "cases": CASES,
        "cases_chosen": card.capacity if card is not None else duty.CASES_USUAL,
        "browser_phone": telephone.address_of(request.keyring.operator),
        "handed_over": shifts.waiting_for(request.keyring.operator),
    }


def _brings(card: Card) -> tuple[str, ...]:
    """The card in a few words; the phone itself shows in the form alone, which somebody opens on purpose."""
    phone = (str(_("a phone")),) if card.phone else ()
    return (
        *map(telling.language, card.languages),
        *skills.titles(card.skills),
        *phone,
    )


def _as_said(request: DeskRequest) -> Card:
    """What was posted, to be shown in the form again; nothing of it is kept."""
    said = request.POST
    hours = _chosen(said.get("hours", ""), HOURS, duty.HOURS_USUAL)
    cases = _chosen(said.get("capacity", ""), CASES, duty.CASES_USUAL)
    return Card(tuple(said.getlist("languages")), hours=hours, phone=_phone(request)[:200], capacity=cases)


def _chosen(said: str, known: range, usual: int) -> int:
    return int(said) if said in {str(one) for one in known} else usual


def _phone(request: DeskRequest) -> str:
    """The one in the form, unless they pressed the button for the phone in their browser."""
    here = telephone.address_of(request.keyring.operator) if "here" in request.POST else ""
    return here or request.POST.get("phone", "")


def _by_language(present: Sequence[OnDuty]) -> list[Spoken]:
    """Every language of the line; the ones that nobody speaks now are what a supervisor looks for."""
    spoken = [Spoken(telling.language(tag), tuple(one for one in present if tag in one.languages)) for tag in LANGUAGES]
    return sorted(spoken, key=lambda one: one.name)
