# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5, R13, R50: cases that stand or fall together. Whoever is forced in one conversation is forced in all of theirs.

Merges stand in clear, so that lists see them without opening anything. Who belongs to a unit is sealed: that is asked
where a case has been opened.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from safeconduct.desk.cases import standing, units
from safeconduct.desk.cases.models import Case, Merge
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.standing import Stop

# What a former application asked for binds its own case alone: a person may have been at home then.
_BINDS = frozenset({Stop.DURESS, Stop.REVIEW, Stop.UNREAD})


@dataclass(frozen=True, slots=True)
class Found:
    """What stops a handover, and the case in which it stands."""

    why: Stop
    number: str


def stops(case: Case, opened: Opened | None = None) -> list[Found]:
    """All that stops a handover of this case now, its own first. `opened` also tells of its unit (R5)."""
    found = [Found(why, case.number) for why in _sorted(standing.stops(case))]
    for other in _others(case, opened):
        found += [Found(why, other.number) for why in _sorted(standing.stops(other) & _BINDS)]
    return found


def stopped(cases: Iterable[Case]) -> set[int]:
    """Of these cases, those whose person is under duress or under review in any of their conversations. Opens nothing.

    For lists: as many reads for hundreds of cases as for one, but one more for each step of a chain of merges.
    """
    theirs = {case.pk: {case.pk} for case in cases}
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


def _others(case: Case, opened: Opened | None) -> list[Case]:
    pks: set[int] = set()
    named = _unit_of(opened) if opened else set()
    members = set(Case.objects.filter(number__in=named).values_list("pk", flat=True)) if named else set()
    start = {case.pk, *members}
    edges = _edges(start)
    for pk in start:
        _spread(pks, pk, edges)
    return list(Case.objects.filter(pk__in=(pks | members) - {case.pk}).order_by("pk"))


def _unit_of(opened: Opened) -> set[str]:
    unit = units.of(opened)
    return {*unit.members, *([unit.belongs_to] if unit.belongs_to else [])}


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
