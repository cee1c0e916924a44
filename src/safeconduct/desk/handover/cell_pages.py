# SPDX-License-Identifier: AGPL-3.0-or-later
"""The handover cell's pages. A plan is opened one at a time; no page lists a place, and none sends one anywhere (R16)."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.cases import bound, keys, offers
from safeconduct.desk.cases import telling as words
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import (
    acts,
    arrival,
    gates,
    hours,
    plans,
    readers,
    releasing,
    sheets,
    stopping,
    telling,
    wall,
    whose,
)
from safeconduct.desk.handover.arrival import Arrival
from safeconduct.desk.handover.errors import Erased, NoCodes, NoSuchHandover, NotBegun, NotWithCell
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Codes, Plan
from safeconduct.desk.handover.states import LIVING, OUTCOME_MOVES, TRANSITIONS, HandoverState, Move
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.sealing.errors import SealingError

View = Callable[..., HttpResponseBase]
SHOWN = 200
_CALLED_OFF = frozenset({HandoverState.NOT_COME, HandoverState.ABORTED, HandoverState.LOST})


def hand_of(request: DeskRequest) -> Hand:
    """The planner or approver at work in this request."""
    keyring = request.keyring
    newest, *older = keyring.team_privates(keyring.operator.plays.team or "")
    return Hand(keyring.operator, keyring.private, newest, keys.of_this_desk(), tuple(older))


def guarded(view: View) -> View:
    """What is not there is no page; what is refused is the handover's own page, with the reason."""

    @functools.wraps(view)
    def shown(request: DeskRequest, number: str) -> HttpResponseBase:
        try:
            return view(request, hand_of(request), number)
        except NoSuchHandover:
            raise Http404 from None
        except gates.REFUSALS as error:
            return page(request, hand_of(request), number, problem=telling.refusal(error), status=409)

    return shown


@require_safe
@may("handover.see")
def overview(request: DeskRequest) -> HttpResponse:
    return _overview(request)


@require_POST
@may("handover.plan")
def start(request: DeskRequest) -> HttpResponseBase:
    """Begin a plan for a case."""
    try:
        handover = acts.start(hand_of(request), request.POST.get("case", "")[:12])
    except NotWithCell:
        raise Http404 from None
    except gates.REFUSALS as error:
        return _overview(request, problem=telling.refusal(error), status=409)
    return redirect("handover:plan", handover.number)


@require_safe
@may("handover.see")
@guarded
def handover(request: DeskRequest, hand: Hand, number: str) -> HttpResponse:
    return page(request, hand, number)


@require_POST
@may("handover.plan")
@guarded
def propose(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    acts.propose(hand, number, seen=request.POST.get("seen", ""))
    return back(number)


@require_POST
@may("handover.plan")
@guarded
def recall(_request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    acts.recall(hand, number)
    return back(number)


@require_POST
@may("handover.approve")
@guarded
def approve(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    acts.approve(hand, number, seen=request.POST.get("seen", ""))
    return back(number)


@require_POST
@may("handover.approve")
@guarded
def refuse(_request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    acts.refuse(hand, number)
    return back(number)


@require_POST
@may("handover.release")
@guarded
def release(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    releasing.release(hand, number, seen=request.POST.get("seen", ""))
    return back(number)


@require_POST
@may("handover.release")
@guarded
def reissue(_request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    releasing.reissue(hand, number)
    return back(number)


@require_POST
@may("handover.outcome")
@guarded
def outcome(request: DeskRequest, hand: Hand, number: str) -> HttpResponseBase:
    said = request.POST.get("outcome", "")
    found = next((move for move in OUTCOME_MOVES if move.value == said), None)
    if found is None:
        return page(request, hand, number, problem=telling.refusal(ValueError()), status=400)
    is_sure = request.POST.get("sure") == "yes"
    if not is_sure:
        return _ask(request, number, found)
    try:
        releasing.tell_outcome(hand, number, found, is_early=request.POST.get("early") == "yes")
    except NotBegun:
        if found is not Move.RECEIVE:
            raise
        return _ask(request, number, found, problem=telling.EARLY)
    return back(number)


def _ask(request: DeskRequest, number: str, what: Move, *, problem: object = "") -> HttpResponse:
    """Once more, on a page of its own: what cannot be taken back is not one press away."""
    if not Handover.objects.filter(number=number).exists():
        raise NoSuchHandover(number)
    context = {
        "number": number,
        "title": telling.OUTCOMES[what],
        "outcome": what.value,
        "is_reception": what is Move.RECEIVE,
        "problem": problem,
        "action": reverse("handover:outcome", args=[number]),
        "back": reverse("handover:handover", args=[number]),
    }
    return render(request, "handover/sure.html", context)


def page(request: DeskRequest, hand: Hand, number: str, *, problem: object = "", status: int = 200) -> HttpResponse:
    """One handover. Every showing is a recorded reading."""
    row, case, plan = acts.read(hand, number)
    context = _shown(hand, row, case, plan) | {"problem": problem, "seen": acts.mark(row)}
    return render(request, "handover/handover.html", context, status=status)


def _shown(hand: Hand, row: Handover, case: Case | None, plan: Plan | None) -> dict[str, Any]:
    known = next((one for one in plans.units(hand) if plan and one.unit.pk == plan.unit), None)
    zone = known.card.zone if known and known.card else "UTC"
    said, are_altered = _codes(hand, row, case)
    proposal = next(iter(approvals.of(acts.KIND, row.number)), None)
    return {
        "handover": row,
        "case": case,
        "plan": plan,
        "unit": known.unit.name if known else "",
        "zone": zone,
        "windows": sheets.lines(plan.begins, plan.ends, zone) if plan else (),
        "held_at": sheets.moments(plan.hold_fire.at, zone) if plan and plan.hold_fire else (),
        "is_over": bool(plan and wall.now() >= plan.ends),
        "is_off_hours": bool(plan and known and known.card and not hours.covers(known.card, plan.begins, plan.ends)),
        "language": words.language(plan.language) if plan else "",
        "state": telling.STATES[row.handover_state],
        "look": telling.LOOKS.get(row.handover_state, ""),
        "proposal": proposal,
        "stops": _stops(hand, row, case),
        "beside": _beside(hand, row, case),
        "codes": said,
        "altered": telling.refusal(SealingError()) if are_altered else "",
        "is_stopped": row.handover_state is HandoverState.RELEASED and bool(stopping.stopped([row])),
        "is_untold": row.handover_state is HandoverState.APPROVED and said is not None and not said.told,
        "is_void": _knows_void_words(row) and not are_altered and not (said and said.told),
        "is_called_off": row.handover_state in _CALLED_OFF and row.plan is not None,
        **_sheet(row),
        **_arrived(hand, case, said),
        "outcomes": _outcomes(row),
        "may": _buttons(hand, row, approved_by=proposal.approved_by_id if proposal else None),
    }


def _knows_void_words(row: Handover) -> bool:
    """Or good ones, when it is approved."""
    return row.is_told and row.case is not None and row.handover_state in LIVING - {HandoverState.RELEASED}


def _sheet(row: Handover) -> dict[str, Any]:
    """Who can open it; an outcome closes it for everybody."""
    known = [{"reader": one, "can_open": readers.can_open(one)} for one in row.readers.select_related("operator")]
    is_out = row.handover_state is HandoverState.RELEASED
    return {"readers": known, "is_unreadable": is_out and not any(one["can_open"] for one in known)}


def _arrived(hand: Hand, case: Case | None, said: Codes | None) -> dict[str, Any]:
    is_told = said is not None and said.told and case is not None and case.whose is Whose.CELL
    found = arrival.of(hand, case, said) if is_told and case and said else Arrival()
    return {"fates": found.fates, "is_missing": found.is_missing}


def _buttons(hand: Hand, row: Handover, *, approved_by: int | None) -> set[str]:
    """What this person can do from here; the acts decide again."""
    if row.case is None:
        return set()
    state, plays = row.handover_state, hand.operator.plays
    found = {
        "edit": (state, Move.PLAN) in TRANSITIONS and roles.may(plays, "handover.plan"),
        "propose": (state, Move.PROPOSE) in TRANSITIONS and row.plan is not None and roles.may(plays, "handover.plan"),
        "recall": (state, Move.VOID) in TRANSITIONS and roles.may(plays, "handover.plan"),
        "decide": (state, Move.APPROVE) in TRANSITIONS and roles.may(plays, "handover.approve"),
        "release": (state, Move.RELEASE) in TRANSITIONS and approved_by != hand.operator.pk,
        "reissue": state is HandoverState.RELEASED and approved_by != hand.operator.pk,
        "codes": row.codes is not None,
    }
    return {name for name, is_there in found.items() if is_there}


def _outcomes(row: Handover) -> list[tuple[str, object]]:
    return [
        (move.value, telling.OUTCOMES[move])
        for move in OUTCOME_MOVES
        if (row.handover_state, move) in TRANSITIONS and (row.plan is not None or row.handover_state in LIVING)
    ]


def _stops(hand: Hand, row: Handover, case: Case | None) -> list[telling.Text]:
    if row.handover_state not in LIVING:
        return []
    if case is None:
        return [telling.refusal(Erased())]
    if case.whose is not Whose.CELL:  # its unit is not for the cell's eyes now
        return [telling.refusal(NotWithCell()), *_said(case, bound.stops(case))]
    return _said(case, bound.stops(case, bound.companions(hand, case)))


def _beside(hand: Hand, row: Handover, case: Case | None) -> list[telling.Text]:
    """Two units may wait for the same people, at two places: somebody has to see both."""
    if row.handover_state not in LIVING or case is None or case.whose is not Whose.CELL:
        return []
    return [telling.beside(number) for number in whose.beside(hand, case)]


def _said(case: Case, found: list[bound.Found]) -> list[telling.Text]:
    return [telling.stop(one.why.value, one.number if one.number != case.number else "") for one in found]


def _codes(hand: Hand, row: Handover, case: Case | None) -> tuple[Codes | None, bool]:
    """And whether they do not open: the page comes all the same, for it calls the handover off."""
    try:
        return (releasing.codes_of(hand, row, case) if case else None), False
    except NoCodes:
        return None, False
    except SealingError:
        return None, True


def _overview(request: DeskRequest, *, problem: object = "", status: int = 200) -> HttpResponse:
    """Numbers, states and days: what stands in clear."""
    rows = Handover.objects.select_related("case")
    out = list(rows.filter(state__in=[one.value for one in LIVING])[:SHOWN])
    over = [_row(one) for one in rows.exclude(state__in=[one.value for one in LIVING])[:SHOWN]]
    stopped = stopping.stopped(one for one in out if one.handover_state is HandoverState.RELEASED)
    unread = readers.without()
    living = [_row(one) | {"is_stopped": one.pk in stopped, "is_unreadable": one.pk in unread} for one in out]
    taken = {one["case"] for one in living}
    may_plan = roles.may(request.keyring.operator.plays, "handover.plan")
    with_cell = Case.objects.filter(with_cell=Whose.CELL.value).order_by("-last_day", "-pk")
    free = with_cell[:SHOWN] if may_plan else []  # for nobody else is there anything to do about them
    context = {
        "living": living,
        "over": over,
        "free": [one for one in free if one.number not in taken],
        "offered": offers.untaken().order_by("-last_day", "-pk")[:SHOWN],
        "problem": problem,
    }
    return render(request, "handover/overview.html", context, status=status)


def _row(one: Handover) -> dict[str, Any]:
    state = one.handover_state
    return {
        "number": one.number,
        "case": one.case.number if one.case else "",
        "state": telling.STATES[state],
        "look": telling.LOOKS.get(state, ""),
        "day": one.day,
        "is_month": state not in LIVING and one.plan is None,
        "is_void": _knows_void_words(one) and state is not HandoverState.APPROVED,
        "is_left": state is HandoverState.RELEASED and one.day < wall.now().date(),
    }


def back(number: str) -> HttpResponseBase:
    response = redirect("handover:handover", number)
    response.status_code = 303
    return response
