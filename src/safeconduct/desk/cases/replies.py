# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rooms above say about a reply before it is sealed: what may never stand in one message."""

from collections.abc import Callable

from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand

Check = Callable[[Hand, Case, str], None]  # raises `ReplyRefused`

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Called once per room from its `AppConfig.ready`."""
    _checks[name] = check


def hold(hand: Hand, case: Case, text: str) -> None:
    """Raises `ReplyRefused`."""
    for check in _checks.values():
        check(hand, case, text)
