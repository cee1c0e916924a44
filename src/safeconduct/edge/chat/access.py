# SPDX-License-Identifier: AGPL-3.0-or-later
"""What opens a mailbox, kept apart from the chat's state and for a short time alone (T13).

A state is written anew only when its person writes, and so would carry a code for as long as they do not. What lies
here ends by itself: the spool shows it no more, and sweeps it.
"""

import msgspec

from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.sealing.boxes import close_box, open_box
from safeconduct.sealing.errors import Tampered
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.identifiers import ConversationId

CODE = "chat-code"  # conversation -> the digits of its code, so that they can be shown
OPENED = "chat-opened"  # conversation -> the key of its mailbox, which was opened with the code
CODE_SECONDS = 24 * 3600  # so long the code may still be shown
OPENED_SECONDS = 15 * 60  # as on the web: so long an opened mailbox can be looked into without its code
_SECONDS = {CODE: CODE_SECONDS, OPENED: OPENED_SECONDS}


class _Ending(msgspec.Struct, frozen=True, array_like=True):
    """A secret and its end (unix seconds): the spool rounds its own up, so that it tells no time of the person's act."""

    secret: bytes
    until: int


def keep_secret(secrets: ChatCredentials, kind: str, conversation: ConversationId, secret: bytes, now: float) -> Kept:
    """For a commit of its conversation, with which it is destroyed too."""
    until = int(now) + _SECONDS[kind]
    plain = msgspec.msgpack.encode(_Ending(secret, until))
    box = close_box(secrets.route_key, plain, purpose=kind.encode(), context=conversation)
    return Kept(kind, conversation, box, until)


def recall_secret(
    secrets: ChatCredentials, kind: str, conversation: ConversationId, box: bytes | None, now: float
) -> bytes | None:
    """None after its end, and for what nobody of us closed."""
    if box is None:
        return None
    try:
        plain = open_box(secrets.route_key, box, purpose=kind.encode(), context=conversation)
        ending = msgspec.msgpack.decode(plain, type=_Ending)
    except (Tampered, msgspec.DecodeError):
        return None
    return ending.secret if now <= ending.until else None
