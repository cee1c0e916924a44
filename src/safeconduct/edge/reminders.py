# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this door remembers of an application for a later message: language, how near the war is, and who has the case.

Closed under the mailbox's key: only while a person holds the inbox open can it be read. Without it a person at the front
who writes again would wait behind someone at home.
"""

import msgspec

from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Tampered
from safeconduct.sealing.keys import PrivateKey
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.identifiers import ConversationId

CONVERSATION_SECONDS = 180 * 24 * 3600  # after the last word of either side (the receipt page says so; R7)
KIND = "reminder"
_PURPOSE = b"reminder"


class Reminder(msgspec.Struct, frozen=True, array_like=True):
    """The part of a label that does not change with each message."""

    language: str
    urgency: Urgency
    sealed_to: tuple[int, str] = (0, "intake")  # the newest instruction that was believed: its serial and its team


def keep(reminder: Reminder, conversation: ConversationId, mailbox: PrivateKey, *, expires: int) -> Kept:
    """For the commit that stores the application or a message."""
    box = close_box(mailbox.seed, msgspec.msgpack.encode(reminder), purpose=_PURPOSE, context=conversation)
    return Kept(KIND, conversation, box, expires)


def recall(box: bytes | None, conversation: ConversationId, mailbox: PrivateKey, *, language: str) -> Reminder:
    """What was kept. When nothing is there, or it is damaged: the page's language and the middle."""
    try:
        if box is not None:
            plain = open_box(mailbox.seed, box, purpose=_PURPOSE, context=conversation)
            return msgspec.msgpack.decode(plain, type=Reminder)
    except (Tampered, msgspec.DecodeError):
        pass  # a reminder decides an order, and must never cost a message
    return Reminder(language, Urgency.SOON)
