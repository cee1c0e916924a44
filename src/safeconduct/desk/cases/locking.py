# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case, held still for one act."""

from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.models import Case


def take(number: str) -> Case:
    """The case, locked until the transaction ends. Raises `CaseGone`."""
    # Nothing is joined to it: PostgreSQL, having waited for the row, reads it anew but not what was joined, and would tell
    # of no holder where a colleague has just become one.
    try:
        return Case.objects.select_for_update().get(number=number)
    except Case.DoesNotExist:
        raise CaseGone(number) from None
