# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs to a unit, as its records tell it in their order: the last word about each counts."""

from collections.abc import Iterable

from safeconduct.vocabulary.casework import UnitMember, UnitOf


def members_of(records: Iterable[object]) -> tuple[str, ...]:
    """The members' cases by the records of the unit's case, who came last at the end."""
    members: dict[str, None] = {}
    for record in records:
        if isinstance(record, UnitMember):
            members.pop(record.number, None)
            members |= {record.number: None} if record.belongs else {}
    return tuple(members)


def unit_of(records: Iterable[object]) -> str | None:
    """The unit's case by the records of a member's case; None: of no unit, or no longer."""
    last = [record for record in records if isinstance(record, UnitOf)][-1:]
    return last[0].number if last and last[0].belongs else None
