# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: the words of a handover and its place never stand in one message, whoever writes it and on whatever page."""

from safeconduct.desk.cases.errors import ReplyRefused
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import codes, plans, sealed
from safeconduct.desk.handover.models import Handover
from safeconduct.desk.handover.records import Codes, Plan
from safeconduct.sealing.errors import SealingError


def no_words_beside_the_place(hand: Hand, case: Case, text: str) -> None:
    """Raises `ReplyRefused`. Whose keys open no plan knows neither."""
    for row in Handover.objects.filter(case=case, codes__isnull=False, plan__isnull=False):
        try:
            said = sealed.open_kept(hand.keys, case, row.number, row.codes or b"", Codes, openers=hand.openers)
            plan = sealed.open_kept(hand.keys, case, row.number, row.plan or b"", Plan, openers=hand.openers)
        except SealingError:
            continue
        if codes.holds_either(text, said) and codes.names_place(text, plans.places_of(hand, plan), said):
            raise ReplyRefused
