# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: whether the words that the person was told have reached them. Who does not have them cannot answer the unit."""

from safeconduct.desk.cases import reading, talk
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.talk import Fate
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.handover.records import Codes


def reply_of(hand: Hand, case: Case, written: Writing) -> bytes:
    """The envelope that this form has become."""
    return bytes(case.envelopes.get(submission=written.submission(hand.operator, case)).envelope)


def fates(hand: Hand, case: Case, said: Codes) -> tuple[Fate, ...]:
    """What became of the message with the words; nothing where an earlier release of this program sent it."""
    stored = case.envelopes.filter(envelope=said.reply).first() if said.reply else None
    return talk.fates(reading.frame(hand, case, seen=stored.pk), stored) if stored else ()
