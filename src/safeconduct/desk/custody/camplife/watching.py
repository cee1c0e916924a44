# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is looked after without anybody: refusals that ended, and camps that are left without a representative."""

from datetime import date

from safeconduct.desk.custody.camplife import elections, visits
from safeconduct.desk.custody.camplife.models import Representative
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import LEAVES, CampEvent, PersonEvent

_MOVES = frozenset({PersonEvent.ARRIVED.value, PersonEvent.TRANSFERRED.value, *(event.value for event in LEAVES)})


def after(row: EventRow) -> None:
    """A representative who goes leaves a place empty."""
    if row.person_id is None:
        if row.kind == CampEvent.ELECTED.value:
            elections.watch()
    elif row.kind in _MOVES and Representative.objects.filter(person=row.person_id, ended__isnull=True).exists():
        elections.watch()


def look(today: date) -> None:
    """Every few minutes, and after downtime."""
    visits.let_lapse(today)
    elections.watch()
