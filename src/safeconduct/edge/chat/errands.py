# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a worker still has to do, as it lies in the spool: closed under the edge's key, bound to its conversation."""

import msgspec

from safeconduct.edge.channels.contract import About, Address, Outgoing
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Tampered
from safeconduct.vocabulary.identifiers import ConversationId

# Queues. What must go at once has one of its own, so that what goes tomorrow does not hold it up; a reply of the desk
# that waits for its hours holds up no answer.
SEND, WIPE, WIPE_NOW, REPLY = "send", "wipe", "wipe-now", "reply"
ANSWER_PRIORITY, REPLY_PRIORITY, WIPE_PRIORITY = 0, 1, 2  # after an outage yesterday's deletions hold up no answer
_OURS = b"\x00chat/1"  # a reply of the desk begins with an envelope's magic instead
_PURPOSE = b"errand"


class ToSend(msgspec.Struct, frozen=True, tag="send"):
    """One message, cut to the channel's size. `reply` is the envelope of the operator's answer that it is a part of."""

    text: str
    options: tuple[tuple[str, str], ...] = ()
    about: About = "answer"
    language: str = "en"
    index: int = 1
    total: int = 1
    reference: int = 0
    reply: bytes | None = None
    stale_at: int | None = None  # an answer that comes much later than the question helps nobody

    @property
    def is_last(self) -> bool:
        return self.index == self.total

    def belongs_to(self, other: "ToSend") -> bool:
        """Whether both are parts of one text."""
        return (self.reference, self.total, self.reply) == (other.reference, other.total, other.reply)

    def outgoing(self) -> Outgoing:
        return Outgoing(self.text, self.options, self.about, self.language, self.index, self.total, self.reference)


class ToWipe(msgspec.Struct, frozen=True, tag="wipe"):
    """Messages to take out of the chat. It names the chat: the conversation may have gone on in another one since."""

    address: str
    ids: tuple[str, ...]
    channel: str = ""  # an address means nothing in the wrong one

    @property
    def route(self) -> Address:
        return Address(self.address)


Ours = ToSend | ToWipe


def close_errand(secrets: ChatCredentials, conversation: ConversationId, errand: Ours) -> bytes:
    box = close_box(secrets.route_key, msgspec.msgpack.encode(errand), purpose=_PURPOSE, context=conversation)
    return _OURS + box


def open_errand(secrets: ChatCredentials, conversation: ConversationId, body: bytes) -> Ours | None:
    """None for what is not ours: an envelope of the desk, or something that nobody of us closed."""
    if not body.startswith(_OURS):
        return None
    try:
        plain = open_box(secrets.route_key, body.removeprefix(_OURS), purpose=_PURPOSE, context=conversation)
        errand: Ours = msgspec.msgpack.decode(plain, type=Ours)
    except (Tampered, msgspec.DecodeError):
        return None
    return errand
