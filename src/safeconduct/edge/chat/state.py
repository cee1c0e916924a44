# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the edge remembers of one chat, closed under its own key: where the person stands, and where they may be reached.

Never a word that they wrote, and nothing that opens their mailbox (see `access`). The address is in here and in the
errands that delete messages, nowhere else; the desk never gets it.
"""

from typing import Literal

import msgspec

from safeconduct.dialogue.turns import Position
from safeconduct.edge.channels.contract import Address
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Tampered
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.identifiers import ConversationId

CHAT = "chat"  # place of an address -> ChatState
CHAT_OF = "chat-of"  # conversation -> place of its address
MAILBOX = "chat-mailbox"  # conversation -> the public key of its mailbox, which is large and seldom asked for
LIFE_SECONDS = 180 * 24 * 3600
SESSION_SECONDS = 15 * 60  # so long after their last word a person is taken to hold the phone in their hand
POSITION_SECONDS = 24 * 3600

# declared: only in the rule's channel and hours. inbox: replies wait for the code. never: not even an answer to a word.
Contact = Literal["undeclared", "declared", "inbox", "never"]


class ChatState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One chat. Times are unix seconds. It is written anew with every message, so what is large lies elsewhere."""

    channel: str  # a conversation moves from one messenger to another, and an address means nothing in the wrong one
    address: str
    conversation: bytes
    duress_key: bytes
    mark: bytes  # of the duress word (R5), or random
    position: Position
    language: str
    mailbox: bytes = b""  # public: replies are sealed to it. Only until it lies under MAILBOX
    urgency: Urgency = Urgency.SOON
    contact: Contact = "undeclared"
    rule: SafeContactRule | None = None
    heard: int = 0
    is_greeting_due: bool = False  # the answer that waits is the greeting: it may grow, and gives way to nothing less
    quiet_since: int = 0  # when the first of the messages came that wait for one answer
    answer_due: int = 0  # when that answer is due
    pointed: int = 0  # the day on which CHAT_OF and MAILBOX were written last
    sealed_to: tuple[int, str] = (0, "intake")  # the newest instruction that was believed: its serial and its team
    files: tuple[bytes, ...] = ()  # where this conversation's files lie, for an erasure

    def replaced(self, **changes: object) -> "ChatState":
        return msgspec.structs.replace(self, **changes)

    def quiet_from(self, now: int) -> int:
        """When the burst began to which a message of `now` belongs: now, unless an answer waits still."""
        return self.quiet_since if now < self.answer_due else now

    @property
    def conversation_id(self) -> ConversationId:
        return ConversationId(self.conversation)

    @property
    def route(self) -> Address:
        return Address(self.address)

    def is_here(self, now: float) -> bool:
        """Whether the person wrote a moment ago."""
        return now - self.heard < SESSION_SECONDS

    def __repr__(self) -> str:
        return "ChatState(…)"


def keep_state(secrets: ChatCredentials, place: bytes, state: ChatState, now: float) -> Kept:
    """For the commit that changes it."""
    box = close_box(secrets.route_key, msgspec.msgpack.encode(state), purpose=b"chat", context=place)
    return Kept(CHAT, place, box, int(now) + LIFE_SECONDS)


def recall_state(secrets: ChatCredentials, place: bytes, box: bytes | None) -> ChatState | None:
    """What was kept. What does not open is no state: the person begins anew, and what they said before is at the desk."""
    if box is None:
        return None
    try:
        plain = open_box(secrets.route_key, box, purpose=b"chat", context=place)
        return msgspec.msgpack.decode(plain, type=ChatState)
    except (Tampered, msgspec.DecodeError):
        return None


def keep_pointer(secrets: ChatCredentials, place: bytes, conversation: ConversationId, now: float) -> Kept:
    """From the conversation to its chat, for replies."""
    box = close_box(secrets.route_key, place, purpose=b"chat-of", context=conversation)
    return Kept(CHAT_OF, conversation, box, int(now) + LIFE_SECONDS)


def recall_pointer(secrets: ChatCredentials, conversation: ConversationId, box: bytes | None) -> bytes | None:
    """The place of the chat, or None when there is none any more."""
    return _recalled(secrets, b"chat-of", conversation, box)


def keep_mailbox(secrets: ChatCredentials, conversation: ConversationId, mailbox: bytes, now: float) -> Kept:
    """For the commit that writes the pointer: it lives as long."""
    box = close_box(secrets.route_key, mailbox, purpose=b"chat-mailbox", context=conversation)
    return Kept(MAILBOX, conversation, box, int(now) + LIFE_SECONDS)


def recall_mailbox(secrets: ChatCredentials, conversation: ConversationId, box: bytes | None) -> bytes:
    """Nothing when it is not there, or was not closed by us."""
    return _recalled(secrets, b"chat-mailbox", conversation, box) or b""


def _recalled(
    secrets: ChatCredentials, purpose: bytes, conversation: ConversationId, box: bytes | None
) -> bytes | None:
    if box is None:
        return None
    try:
        return open_box(secrets.route_key, box, purpose=purpose, context=conversation)
    except Tampered:
        return None
