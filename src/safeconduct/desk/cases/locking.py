# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case, held still for one act."""

from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.models import Case


def take(number: str) -> Case:
    """The case, locked until the transaction ends. Raises `CaseGone`."""
    try:
        return Case.objects.select_for_update().get(number=number)
    except Case.DoesNotExist:
        raise CaseGone(number) from None
