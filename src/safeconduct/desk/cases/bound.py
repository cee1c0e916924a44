# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5, R13, R50: cases that stand or fall together. Whoever is forced in one conversation is forced in all of theirs.

Merges stand in clear, so that lists see them without opening anything. Who belongs to a unit is sealed: that is asked
where a case has been opened.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q

from safeconduct.desk.cases import holding, reading, standing, units
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.models import Case, Merge
from safeconduct.desk.cases.standing import Stop
from safeconduct.desk.cases.units import Unit
from safeconduct.desk.cases.writing import Hand

# What a former application asked for binds its own case alone: a person may have been at home then.
_BINDS = frozenset({Stop.DURESS, Stop.REVIEW, Stop.UNREAD})


@dataclass(frozen=True, slots=True)
class Found:
    """What stops a handover, and the case in which it stands."""

    why: Stop
    number: str


def stops(case: Case, theirs: Collection[int] = ()) -> list[Found]:
    """All that stops a handover of this case now, its own first. `theirs`: what `companions` found (R5)."""
    found = [Found(why, case.number) for why in _sorted(standing.stops(case))]
    for other in _others(case, theirs):
        found += [Found(why, other.number) for why in _sorted(standing.stops(other) & _BINDS)]
    return found


def companions(hand: Hand, case: Case) -> set[int]:
    """R5: the cases of whoever goes with this person: of the unit and of its members, as far as this hand sees them.

    Also when they belong to it by another conversation of theirs (R50).
    """
    named = {number for unit in units_of(hand, case) for number in _comrades(hand, unit)}
    return set(Case.objects.filter(number__in=named).exclude(pk=case.pk).values_list("pk", flat=True))


def units_of(hand: Hand, case: Case) -> list[Unit]:
    """What the records of this person's cases tell of units."""
    theirs = Case.objects.filter(pk__in=joined({case.pk}))
    return [unit for one in theirs if (unit := _told_by(hand, one)) is not None]


def _comrades(hand: Hand, unit: Unit) -> set[str]:
    whole = Case.objects.filter(number=unit.belongs_to or "").first()
    told = _told_by(hand, whole) if whole is not None else None
    return {*unit.members, *([whole.number] if whole is not None else []), *(told.members if told is not None else ())}


def _told_by(hand: Hand, case: Case) -> Unit | None:
    """None for a case that this hand does not see, or that was erased a moment ago, while its row is still there."""
    if not holding.is_seen_by(hand.operator, case):
        return None
    with suppress(CaseGone):
        return units.of(reading.frame(hand, case))
    return None


def stopped(cases: Iterable[Case]) -> set[int]:
    """The same for these cases."""
    return stopped_among({case.pk for case in cases})


def stopped_among(pks: Collection[int]) -> set[int]:
    """Of these cases' rows, those whose person is under duress or under review in any of their conversations. Opens nothing.

    For lists: as many reads for hundreds of cases as for one, but one more for each step of a chain of merges.
    """
    theirs = {pk: {pk} for pk in pks}
    edges = _edges(theirs)
    for pk, group in theirs.items():
        _spread(group, pk, edges)
    every = set().union(*theirs.values())
    held = Case.objects.filter(pk__in=every).exclude(frozen_day=None, review_day=None)
    bad = set(held.values_list("pk", flat=True))
    return {pk for pk, group in theirs.items() if group & bad}


def is_stopped(case: Case) -> bool:
    """Whether this person is under duress or under review in any conversation."""
    return bool(stopped([case]))


def _others(case: Case, theirs: Collection[int]) -> list[Case]:
    return list(Case.objects.filter(pk__in=joined({case.pk, *theirs}) - {case.pk}).order_by("pk"))


def joined(pks: Collection[int]) -> set[int]:
    """These, and all that are merged with any of them."""
    found: set[int] = set()
    edges = _edges(pks)
    for pk in pks:
        _spread(found, pk, edges)
    return found


def _edges(pks: Collection[int]) -> dict[int, set[int]]:
    """The merges that stand, as far as they reach from these cases."""
    edges: dict[int, set[int]] = {}
    near, seen = set(pks), set()
    while near:
        rows = Merge.objects.filter(Q(leading__in=near) | Q(other__in=near), undone_day=None)
        pairs = list(rows.values_list("leading", "other"))
        for one, other in pairs:
            edges.setdefault(one, set()).add(other)
            edges.setdefault(other, set()).add(one)
        seen |= near
        near = {pk for pair in pairs for pk in pair} - seen
    return edges


def _spread(group: set[int], pk: int, edges: dict[int, set[int]]) -> None:
    near = [pk]
    group.add(pk)
    while near:
        beside = edges.get(near.pop(), set()) - group
        group |= beside
        near += beside


def _sorted(found: Iterable[Stop]) -> Iterator[Stop]:
    return iter(sorted(found, key=lambda one: one.value))
