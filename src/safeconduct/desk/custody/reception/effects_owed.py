# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where what is kept of somebody has to go: back to who goes free, and with the Bureau's help to the family of who died.

It follows from what is kept and from what took them away, in whatever order papers and corrections come.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from safeconduct.desk.custody import acts, holding
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.reception.models import Receipt
from safeconduct.vocabulary.custody import PersonEvent

P = PersonEvent


@dataclass(frozen=True, slots=True)
class _Way:
    """After one of `leaves` it is `due`, until it is `done`."""

    leaves: frozenset[str]
    due: PersonEvent
    done: PersonEvent


_WAYS = (
    _Way(frozenset({P.RELEASED.value, P.REPATRIATED.value}), P.EFFECTS_DUE_BACK, P.EFFECTS_RETURNED),  # art. 119
    _Way(frozenset({P.DIED.value}), P.EFFECTS_DUE_ON, P.EFFECTS_SENT_ON),  # art. 122
)
_LEAVES = frozenset().union(*(way.leaves for way in _WAYS))
_OF_RECEIPTS = frozenset(
    {P.EFFECTS_TAKEN.value, P.EFFECTS_RECEIPTED.value, P.EFFECTS_RETURNED.value, P.EFFECTS_SENT_ON.value}
)


def follow(row: EventRow) -> None:
    """What took somebody away makes what is kept of theirs due; what was said of it by mistake does not. A correction corrects the receipt."""
    if row.person is None or row.kind not in _LEAVES | _OF_RECEIPTS:
        return
    if row.corrects_id is not None:
        now = row if row.stands else None
        Receipt.objects.filter(given=row.corrects_id).update(given=now)
        Receipt.objects.filter(back=row.corrects_id).update(back=now)
    if row.corrects_id is not None or row.kind in _LEAVES:  # what is entered of a receipt, its own act settles
        settle(row.person)


def settle(person: Person) -> None:
    """What is due of what is kept, anew. The caller holds the person."""
    if not Receipt.objects.filter(person=person).exists():
        return
    rows = holding.standing(person)
    for way in _WAYS:
        _settle(person, way, rows, kept(person).exists())


def kept(person: Person) -> QuerySet[Receipt]:
    """The receipts whose articles are still here."""
    return Receipt.objects.filter(person=person, back=None, taken__stands=True)


def _settle(person: Person, way: _Way, rows: Collection[EventRow], is_kept: bool) -> None:  # noqa: FBT001 - private
    since = _since(person, way, rows) if is_kept else None
    said = list(_events(person, way.due))
    waiting = [row for row in said if not _is_answered(row, _events(person, way.done))]
    stale = [row for row in waiting if since is None or row.happened != since.happened]
    if not any(row.kind in way.leaves for row in rows):  # it never was
        stale = said
    for row in stale:
        acts.amend(person, row.pk, None)
    if since is not None and all(row in stale for row in waiting):
        acts.follow_from(since, way.due)


def _since(person: Person, way: _Way, rows: Collection[EventRow]) -> EventRow | None:
    """What took them away, unless something has moved them since."""
    last = max(rows, key=lambda row: (row.happened, row.kind == P.DIED.value, holding.first_entry(row)), default=None)
    if last is None or last.kind not in way.leaves:
        return None
    last.person = person
    return last


def _is_answered(due: EventRow, done: Iterable[EventRow]) -> bool:
    """As `owing` reckons it: on its day or later, and entered after it."""
    entry = holding.first_entry(due)
    return any(row.happened >= due.happened and holding.first_entry(row) > entry for row in done)


def _events(person: Person, event: PersonEvent) -> QuerySet[EventRow]:
    return person.events.filter(kind=event.value, stands=True).select_related("corrects")
