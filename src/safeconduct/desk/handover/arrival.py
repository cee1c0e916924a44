# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: whether the words that the person was told have reached them. Who does not have them cannot answer the unit.

In a chat only its report says so, or any word that the person writes after it: they have the words, or get them with it.
"""

from dataclasses import dataclass

from safeconduct.desk.cases import reading, talk
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.talk import Fate
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.handover.records import Codes
from safeconduct.vocabulary.records import ChatContact, FileSent, PersonText


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of the message with the words: of one that arrived if any did, else of the last."""

    fates: tuple[Fate, ...] = ()
    is_missing: bool = False


def reply_of(hand: Hand, case: Case, written: Writing) -> bytes:
    """The envelope that this form has become."""
    return bytes(case.envelopes.get(submission=written.submission(hand.operator, case)).envelope)


def of(hand: Hand, case: Case, said: Codes) -> Arrival:
    """Missing in nothing where an earlier release of this program sent it. As many reads as it was told times."""
    found = Arrival()
    for stored in case.envelopes.filter(envelope__in=said.replies).order_by("pk"):
        found = _of(hand, case, stored)
        if not found.is_missing:
            break
    return found


def _of(hand: Hand, case: Case, stored: StoredEnvelope) -> Arrival:
    opened = reading.frame(hand, case, seen=stored.pk)
    fates = talk.fates(opened, stored, chats=hand.keys.delivery)
    has_come = _has_come_since(opened, stored)
    return Arrival(fates, any(fate.is_missing or (fate.is_unsure and not has_come) for fate in fates))


def _has_come_since(opened: Opened, stored: StoredEnvelope) -> bool:
    return any(
        item.stored.pk > stored.pk and isinstance(item.record, PersonText | FileSent | ChatContact)
        for item in opened.items
    )
