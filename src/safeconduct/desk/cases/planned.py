# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a room above says of a case: where the handover is that is under way for it."""

from collections.abc import Callable

from safeconduct.desk.cases.models import Case

Plan = Callable[[Case], str]  # the number of the handover under way, or nothing

_plans: list[Plan] = []


def register(plan: Plan) -> None:
    """Called once from an `AppConfig.ready`."""
    _plans[:] = [plan]


def under_way(case: Case) -> str:
    """Nothing where none is, and on a desk that plans none."""
    return next((number for plan in _plans if (number := plan(case))), "")
