# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases that intake has offered to the handover cell, and that nobody of the cell has taken or declined.

One that was answered waits for nothing, and so stands in no queue: without this its person is forgotten between two teams.
"""

from django.db.models import QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.states import CaseState, Whose

ALERT = "cases.offered"


def untaken() -> QuerySet[Case]:
    """Not those that intake has closed since: nothing is expected there."""
    of_cell = Case.objects.exclude(with_cell="")  # in these words SQLite's planner knows the index of the cell
    return of_cell.filter(with_cell=Whose.OFFERED.value).exclude(state=CaseState.CLOSED.value)


def made() -> None:
    """One more was offered: whoever took the alert took it for the others. In the transaction of the caller's act."""
    raise_alert(ALERT, is_anew=True)


def watch() -> None:
    """Called by the clock."""
    (raise_alert if untaken().exists() else settle_alert)(ALERT)


def look_again() -> None:
    """One was taken or declined: what was raised is over at once, unless another is left."""
    if not untaken().exists():
        settle_alert(ALERT)
