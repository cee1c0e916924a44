# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rooms above say before the cell gives a case back: what keeps it there until they are through with it."""

from collections.abc import Callable

from safeconduct.desk.cases.models import Case

Check = Callable[[Case], None]  # raises `CellRefused`

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Called once per room from its `AppConfig.ready`."""
    _checks[name] = check


def require_free(case: Case) -> None:
    """For who holds the case still. Raises `CellRefused`."""
    for check in _checks.values():
        check(case)
