# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import template

from safeconduct.desk.cases import holding, planned
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.opening import Item
from safeconduct.desk.cases.states import OWNERS, CellMove, Whose
from safeconduct.desk.operators import roles

register = template.Library()

_BUTTONS = {CellMove.OFFER: "cell.offer", CellMove.ACCEPT: "cell.accept", CellMove.GIVE_BACK: "cell.give_back"}
_OF_THE_PERSON = {"text", "file"}


@register.inclusion_tag("cases/cell.html", takes_context=True)
def cell(context: template.Context, case: Case) -> dict[str, Any]:
    """Whose the case is, in words, and the buttons that this operator has."""
    operator = context["operator"]
    moves = [
        move.name.lower() for move, act in _BUTTONS.items() if _may(operator, act) and (case.whose, move) in OWNERS
    ]
    return {
        "case": case,
        "is_offered": case.whose is Whose.OFFERED,
        "is_with_cell": case.whose is Whose.CELL,
        "is_ours": holding.is_answered_by(operator, case),
        "moves": moves,
        "plan": planned.under_way(case) if _may(operator, "handover.see") else "",
        "may_plan": _may(operator, "handover.plan"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("cases/cell_entry.html", takes_context=True)
def cell_entry(context: template.Context, item: Item) -> dict[str, Any]:
    """What can be done with one entry: out of intake's sight, or back into it."""
    operator, case = context["operator"], context["case"]
    is_theirs = item.shape in _OF_THE_PERSON
    return {
        "number": case.number,
        "envelope": item.stored.envelope,
        "may_move": is_theirs and _may(operator, "cell.move"),
        "may_return": is_theirs
        and item.is_ours_alone
        and case.whose is Whose.CELL
        and _may(operator, "cell.give_back"),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def is_answered_by(case: Case, operator: Any) -> bool:
    """Whether this operator's team answers it now."""
    return operator is not None and holding.is_answered_by(operator, case)


def _may(operator: Any, act: str) -> bool:
    return operator is not None and roles.may(operator.plays, act)
