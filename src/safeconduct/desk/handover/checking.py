# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: the words of a handover and its place never stand in one message, whoever writes it and on whatever page."""

from safeconduct.desk.cases.errors import CaseGone, ReplyRefused
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import codes, plans, sealed
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Codes, Plan
from safeconduct.sealing.errors import SealingError


def no_words_beside_the_place(hand: Hand, _case: Case, text: str) -> None:
    """Raises `ReplyRefused`. Whose keys open no plan knows neither.

    Those of every handover that lives, whosever: the person may be told in their other conversation, or in a comrade's.
    """
    for row in Handover.objects.filter(codes__isnull=False, plan__isnull=False).select_related("case"):
        if row.case is not None and _holds_both(hand, row, row.case, text):
            raise ReplyRefused


def _holds_both(hand: Hand, row: Handover, case: Case, text: str) -> bool:
    try:
        said = sealed.open_kept(hand.keys, case, row.number, row.codes or b"", Codes, openers=hand.openers)
        if not codes.holds_either(text, said):
            return False
        plan = sealed.open_kept(hand.keys, case, row.number, row.plan or b"", Plan, openers=hand.openers)
    except (SealingError, CaseGone):
        return False
    return codes.names_place(text, plans.places_of(hand, plan), said)
