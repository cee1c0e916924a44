# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is to answer next: the first who waits in a language of the operator's and for whom they are trained, as long as they have room."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from safeconduct.desk.cases import claiming, promises, queue, skilled
from safeconduct.desk.cases.errors import CaseGone, HandsFull, HeldBy, HeldByOthers, NothingWaits
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.needs import Needs
from safeconduct.desk.cases.queue import Filters, Place, Reader
from safeconduct.desk.cases.skilled import Colleague, Wait
from safeconduct.desk.operators import duty
from safeconduct.desk.operators.duty import CASES_USUAL
from safeconduct.desk.operators.errors import NoCard
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.board import HANDOVER

NeedsOf = Callable[[Sequence[Case]], Needs]  # `needs.Opener`, or `needs.nobodys`


def reader_of(operator: Operator) -> Reader:
    """With no language at all when they have not said what they speak."""
    card = duty.brings(operator)
    return Reader(operator.pk, card.languages if card else (), is_of_cell=operator.plays.team == HANDOVER)


def room(operator: Operator) -> tuple[int, int]:
    """How many cases they have, and how many they said that they can answer at a time."""
    card = duty.brings(operator)
    return claiming.count(operator, timezone.now()), card.capacity if card else CASES_USUAL


def next_for(operator: Operator, needs_of: NeedsOf) -> str | None:
    """Give them the first that nobody has; its number, or None when nobody waits whom they are to answer.

    Raises `NoCard` for who has not said what they speak, `HandsFull` for who has as many as they can answer.
    """
    reader = reader_of(operator)
    if not reader.languages:
        raise NoCard("what they speak is not known")
    has, most = room(operator)
    if has >= most:
        raise HandsFull(most)
    after: Place | None = None
    while True:
        page = queue.waiting(Filters(mine=True), after, reader)
        number = _first(operator, page.cases, needs_of)
        if number or not page.further:
            return number
        after = Place.read(page.further)  # all of these were left to colleagues, or a colleague was faster each time


def colleagues(operator: Operator) -> list[Colleague]:
    """Who else is on duty and has room for one more."""
    present = [one for one in duty.on_duty() if one.operator.pk != operator.pk]
    has = claiming.counts([one.operator for one in present], timezone.now())
    free = (one for one in present if has.get(one.operator.pk, 0) < one.capacity)
    return [Colleague(frozenset(one.languages), frozenset(one.skills)) for one in free]


def _first(operator: Operator, cases: Sequence[Case], needs_of: NeedsOf) -> str | None:
    """The first of these that could be claimed."""
    now = timezone.now()
    free = {case.pk: case for case in cases if not claiming.is_held(case, now)}  # one's own stand in one's list already
    for wait in _in_order(operator, list(free.values()), needs_of, now):
        number = free[wait.pk].number
        try:
            claiming.claim(operator, number)
        except (HeldBy, HeldByOthers, NothingWaits, CaseGone):
            continue  # a colleague was a moment faster
        return number
    return None


def _in_order(operator: Operator, cases: Sequence[Case], needs_of: NeedsOf, now: datetime) -> list[Wait]:
    needs, calendar = needs_of(cases), promises.current()
    skills = frozenset(duty.skills_of(operator))
    waits = [
        Wait(
            case.pk,
            case.urgency or 0,
            case.language,
            needs.get(case.pk, frozenset()),
            is_pressing=promises.is_pressing(calendar, case, now),
        )
        for case in cases
    ]
    is_alone = all(wait.needs <= skills for wait in waits)  # then nobody else has to be asked for
    return skilled.in_order(waits, skills, () if is_alone else colleagues(operator))
