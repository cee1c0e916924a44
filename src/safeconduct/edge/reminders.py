# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this door remembers of an application: for a later message its language, how near the war is, and who has the case.

And in which messenger and hours its person may be written to once they are there (R4).

Closed under the mailbox's key: only while a person holds the inbox open can it be read. Without it a person at the front
who writes again would wait behind someone at home.
"""

import msgspec

from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.padding import PADDED_MIN, pad, unpad
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.identifiers import ConversationId

CONVERSATION_SECONDS = 180 * 24 * 3600  # after the last word of either side (the receipt page says so; R7)
KIND = "reminder"
_PURPOSE = b"reminder"


class Reminder(msgspec.Struct, frozen=True, array_like=True):
    """The part of a label that does not change with each message."""

    language: str
    urgency: Urgency
    sealed_to: tuple[int, str] = (0, "intake")  # the newest instruction that was believed: its serial and its team
    rule: SafeContactRule | None = None  # of a messenger; there is none for the page


def keep(reminder: Reminder, conversation: ConversationId, mailbox: PrivateKey, *, expires: int) -> Kept:
    """For the commit that stores the application or a message."""
    plain = pad(msgspec.msgpack.encode(reminder))  # a length would tell who named a messenger
    box = close_box(mailbox.seed, plain, purpose=_PURPOSE, context=conversation)
    return Kept(KIND, conversation, box, expires)


def recall(box: bytes | None, conversation: ConversationId, mailbox: PrivateKey, *, language: str) -> Reminder:
    """What was kept. When nothing is there, or it is damaged: the page's language and the middle."""
    try:
        if box is not None:
            plain = open_box(mailbox.seed, box, purpose=_PURPOSE, context=conversation)
            return msgspec.msgpack.decode(_unpadded(plain), type=Reminder)
    except (SealingError, msgspec.DecodeError):
        pass  # a reminder decides an order, and must never cost a message
    return Reminder(language, Urgency.SOON)


def _unpadded(plain: bytes) -> bytes:
    """What an earlier release kept is as it was: it says who has the case, and must go on saying it."""
    return unpad(plain) if len(plain) >= PADDED_MIN else plain
