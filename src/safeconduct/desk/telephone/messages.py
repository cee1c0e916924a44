# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk and the softphone's process say to each other: one line of JSON each way, then the connection is closed.

The desk names the phone, always the signed-in operator's own. The process believes the desk, and nobody else can reach the
socket; everything is parsed strictly all the same, because an offer comes from a browser.
"""

from typing import Annotated, Literal

import msgspec

LONGEST_LINE = 64 * 1024  # an offer for one voice has about 3 KB
LONGEST_WAIT = 20.0

PhoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
CallName = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
Offer = Annotated[str, msgspec.Meta(min_length=1, max_length=32 * 1024)]
Keys = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]{1,12}\Z")]  # one of the keypad, or a whole command: *2 number #
State = Literal["idle", "ringing", "connecting", "talking", "held"]
Before = Literal["", "caller", "self", "missed", "elsewhere", "lost", "silent", "handed"]
Why = Literal["unreadable", "unknown call", "too late", "bad offer", "not possible now"]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="what"):
    """Base: a field that is not declared is refused."""


class Look(Message, frozen=True, forbid_unknown_fields=True, tag="look"):
    """What is with my phone? Answered when it differs from `known`, at the latest after `wait` seconds."""

    phone: PhoneName
    known: int = -1
    wait: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0.0


class Answer(Message, frozen=True, forbid_unknown_fields=True, tag="answer"):
    phone: PhoneName
    call: CallName
    offer: Offer


class HangUp(Message, frozen=True, forbid_unknown_fields=True, tag="hang-up"):
    """Ends the call; one that still rings is declined."""

    phone: PhoneName
    call: CallName


class Hold(Message, frozen=True, forbid_unknown_fields=True, tag="hold"):
    phone: PhoneName
    call: CallName
    on: bool


class Press(Message, frozen=True, forbid_unknown_fields=True, tag="press"):
    phone: PhoneName
    call: CallName
    keys: Keys


Request = Look | Answer | HangUp | Hold | Press


class Picture(Message, frozen=True, forbid_unknown_fields=True, tag="picture"):
    """One phone now. `before` says how the last call ended; `waited` and `lasts` are seconds until now."""

    version: int
    state: State
    call: str = ""
    language: str = ""
    conversation: str = ""
    waited: int | None = None
    lasts: int = 0
    before: Before = ""


class Accepted(Message, frozen=True, forbid_unknown_fields=True, tag="accepted"):
    """The process's half of the connection with the browser."""

    answer: str


class Refused(Message, frozen=True, forbid_unknown_fields=True, tag="refused"):
    why: Why


Reply = Picture | Accepted | Refused

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)
_encoder = msgspec.json.Encoder()


def line(message: Message) -> bytes:
    """JSON escapes line ends, so that one line is one message."""
    return _encoder.encode(message) + b"\n"


def request(raw: bytes) -> Request:
    """Raises `msgspec.DecodeError`."""
    return _requests.decode(raw)


def reply(raw: bytes) -> Reply:
    """Raises `msgspec.DecodeError`."""
    return _replies.decode(raw)
