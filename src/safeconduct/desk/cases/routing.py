# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is to answer next: the first who waits in a language of the operator's, as long as they have room."""

from django.utils import timezone

from safeconduct.desk.cases import claiming, queue
from safeconduct.desk.cases.errors import CaseGone, HandsFull, HeldBy, HeldByOthers, NothingWaits
from safeconduct.desk.cases.queue import Filters, Reader
from safeconduct.desk.operators import duty
from safeconduct.desk.operators.duty import CASES_USUAL
from safeconduct.desk.operators.errors import NoCard
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.board import HANDOVER


def reader_of(operator: Operator) -> Reader:
    """With no language at all when they have not said what they speak."""
    card = duty.brings(operator)
    return Reader(operator.pk, card.languages if card else (), is_of_cell=operator.plays.team == HANDOVER)


def room(operator: Operator) -> tuple[int, int]:
    """How many cases they have, and how many they said that they can answer at a time."""
    card = duty.brings(operator)
    return claiming.count(operator, timezone.now()), card.capacity if card else CASES_USUAL


def next_for(operator: Operator) -> str | None:
    """Give them the first that nobody has; its number, or None when nobody waits whom they understand.

    Raises `NoCard` for who has not said what they speak, `HandsFull` for who has as many as they can answer.
    """
    reader = reader_of(operator)
    if not reader.languages:
        raise NoCard("what they speak is not known")
    has, most = room(operator)
    if has >= most:
        raise HandsFull(most)
    for case in queue.waiting(Filters(mine=True), None, reader).cases:
        if claiming.is_held(case, timezone.now()):
            continue  # their own: it stands in their list already
        try:
            claiming.claim(operator, case.number)
        except (HeldBy, HeldByOthers, NothingWaits, CaseGone):
            continue  # a colleague was a moment faster
        return case.number
    return None
