# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of who travels: all of them, drawing one up, and one list with what is done next."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safeconduct.desk.custody import days, fields, forms
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CustodyError, DayRefused
from safeconduct.desk.custody.found import known_camp
from safeconduct.desk.custody.models import Camp
from safeconduct.desk.custody.movements import access, acts, asked, telling, watching
from safeconduct.desk.custody.movements.acts import Plan
from safeconduct.desk.custody.movements.errors import NoSuchList
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.movements.states import WAITING, Kind, Mark, State
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.roles import Role

_FORM = ["GET", "HEAD", "POST"]
ALLOWANCE = 25  # kilograms of baggage each may take, at most (art. 46)


@require_safe
@may("custody.lists")
def lists(request: DeskRequest) -> HttpResponse:
    today = days.here()
    rows = [
        {
            "list": one,
            "kind": telling.KINDS[Kind(one.kind)],
            "state": telling.STATES[State(one.state)],
            "missing": one.missing,
            "is_late": watching.is_late(one, today),
            "people": one.people,
        }
        for one in access.counted(request.keyring.operator)
    ]
    role = request.keyring.operator.plays
    context = {"rows": rows, "may_move": roles.may(role, "custody.move"), "camps": Camp.objects.filter(is_open=True)}
    return render(request, "movements/lists.html", context)


@require_http_methods(_FORM)
@may("custody.move")
def draw_up(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A list that leads from this camp."""
    origin = known_camp(pk)
    if request.method != "POST":
        return _draw_up(request, origin)
    try:
        plan, when = _plan(request.POST, origin)
        made = acts.draw_up(request.keyring.operator, plan, asked.people(request.POST), when)
    except CustodyError as error:
        return _draw_up(request, origin, problem=telling.refused(error))
    return redirect("movements:list", pk=made.pk)


@fields.together
def _plan(said: QueryDict, origin: Camp) -> tuple[Plan, When]:
    """Raises `DayRefused`, `FieldRefused`, and what `asked.to` raises."""
    departs, when = fields.day(said, "departs"), forms.when(said)
    if departs is None:
        raise DayRefused("none")
    return Plan(asked.kind(said), origin, asked.to(said), departs), when


@require_safe
@may("custody.lists")
def one_list(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, known_list(request, pk))


@require_POST
@may("custody.move")
def add(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _done(
        request,
        pk,
        lambda one: acts.add(request.keyring.operator, one, asked.people(request.POST), forms.when(request.POST)),
    )


@require_POST
@may("custody.move")
def strike(request: DeskRequest, pk: int, row: int) -> HttpResponseBase:
    return _done(
        request,
        pk,
        lambda one: acts.strike(request.keyring.operator, access.row_of(one, row), forms.when(request.POST)),
    )


@require_POST
@may("custody.move")
def tell(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _done(request, pk, lambda one: acts.tell(request.keyring.operator, one, forms.when(request.POST)))


@require_POST
@may("custody.travel")
def say_fit(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The doctor's word on those who were ticked."""
    fit = request.POST.get("word") == "yes"
    return _done(
        request,
        pk,
        lambda one: acts.say_fit(
            request.keyring.operator, one, _ticked(request, one), forms.when(request.POST), fit=fit
        ),
    )


@require_POST
@may("custody.move")
def depart(request: DeskRequest, pk: int) -> HttpResponseBase:
    """All leave but those who were ticked."""
    return _done(
        request,
        pk,
        lambda one: acts.depart(
            request.keyring.operator, one, {row.pk for row in _ticked(request, one)}, forms.when(request.POST)
        ),
    )


@require_POST
@may("custody.move")
def arrive(request: DeskRequest, pk: int) -> HttpResponseBase:
    """All have arrived but those who were ticked."""
    movement = known_list(request, pk)
    try:
        missing = {row.pk for row in _ticked(request, movement)}
        unknown = acts.arrive(request.keyring, movement, missing, forms.when(request.POST))
    except CustodyError as error:
        return _page(request, movement, problem=telling.refused(error), status=400)
    return _page(request, known_list(request, pk), unknown=unknown) if unknown else redirect("movements:list", pk=pk)


@require_POST
@may("custody.move")
def arrive_late(request: DeskRequest, pk: int, row: int) -> HttpResponseBase:
    return _done(
        request, pk, lambda one: acts.arrive_late(request.keyring, access.row_of(one, row), forms.when(request.POST))
    )


@require_POST
@may("custody.move")
def call_off(request: DeskRequest, pk: int) -> HttpResponseBase:
    return _done(request, pk, lambda one: acts.call_off(request.keyring.operator, one, forms.when(request.POST)))


def known_list(request: DeskRequest, pk: int) -> Movement:
    """A list that the reader may see; else there is no such page."""
    try:
        return access.list_of(request.keyring.operator, pk)
    except NoSuchList:
        raise Http404 from None


def _done(request: DeskRequest, pk: int, act: Callable[[Movement], None]) -> HttpResponseBase:
    movement = known_list(request, pk)
    try:
        act(movement)
    except NoSuchList:
        raise Http404 from None
    except CustodyError as error:
        return _page(request, known_list(request, pk), problem=telling.refused(error), status=400)
    return redirect("movements:list", pk=pk)


def _may_tick(role: Role, state: State) -> bool:
    """Whether anything is left that this role does with single rows."""
    if roles.may(role, "custody.move"):
        return state in WAITING or state is State.DEPARTED
    return state in WAITING and roles.may(role, "custody.travel")


def _ticked(request: DeskRequest, movement: Movement) -> list[Listed]:
    told = set(request.POST.getlist("row"))
    rows = movement.rows.select_related("person", "movement")
    return [row for row in rows if str(row.pk) in told]


def _draw_up(request: DeskRequest, origin: Camp, **more: Any) -> HttpResponse:
    context = {
        "origin": origin,
        "people": access.held_in(origin),
        "ticked": request.POST.getlist("who"),
        "camps": Camp.objects.filter(is_open=True).exclude(pk=origin.pk),
        "kinds": [(one.value, words) for one, words in telling.KINDS.items()],
        "said": request.POST or request.GET,
        "today": days.here(),
        **more,
    }
    return render(request, "movements/draw_up.html", context, status=400 if more else 200)


def _page(
    request: DeskRequest, movement: Movement, *, problem: object = "", status: int = 200, unknown: int = 0
) -> HttpResponse:
    role, state = request.keyring.operator.plays, State(movement.state)
    lines = access.lines(movement)
    context = {
        "list": movement,
        "kind": telling.KINDS[Kind(movement.kind)],
        "state": telling.STATES[state],
        "lines": [(line, telling.MARKS[line.mark]) for line in lines],
        "going": [line for line in lines if line.mark is Mark.GOES],
        "missing": [line for line in lines if line.mark is Mark.MISSING],
        "is_transfer": access.needs_notice(movement),
        "is_waiting": state in WAITING,
        "is_late": watching.is_late(movement, days.here()),
        "is_ready": state is (State.TOLD if access.needs_notice(movement) else State.DRAWN_UP),
        "is_told": state is State.TOLD,
        "is_on_the_way": state is State.DEPARTED,
        "beyond": access.beyond(movement) if state in WAITING else 0,
        "may_move": roles.may(role, "custody.move"),
        "may_tick": _may_tick(role, state),
        "may_say_fit": roles.may(role, "custody.travel"),
        "allowance": ALLOWANCE,
        "unknown": unknown,
        "said": request.POST,
        "today": days.here(),
        "problem": problem,
    }
    return render(request, "movements/list.html", context, status=status)
