# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an act with a case begins: in one transaction, and a refusal is undone but for its entry in the record."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases.errors import CasesError
from safeconduct.desk.cases.writing import Hand

P = ParamSpec("P")


def recorded(act: Callable[Concatenate[Hand, str, P], None]) -> Callable[Concatenate[Hand, str, P], None]:
    """For an act by a hand on the case of a number."""

    @functools.wraps(act)
    def acted(hand: Hand, number: str, *args: P.args, **kwargs: P.kwargs) -> None:
        with refusals_recorded(hand.operator, "cases.refused", number, of=CasesError):
            act(hand, number, *args, **kwargs)

    return acted  # type: ignore[return-value]  # wraps() names the first two, which nobody passes by name
