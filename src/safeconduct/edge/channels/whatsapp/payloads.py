# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Meta posts, and what it answers: parsed once, strictly. No repr shows a value."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from safeconduct.edge.channels.contract import Address, FileRef, Inbound
from safeconduct.edge.channels.halves import whole

S = TypeVar("S", bound=msgspec.Struct)
V = TypeVar("V")

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}")
_NUMBER = re.compile(r"\+?[0-9]{5,20}")
_NOT_OF_A_PERSON = frozenset({"system", "request_welcome", "revoke"})


class Malformed(Exception):  # noqa: N818 - what it is; never leaves this folder
    """Not as Meta documents it."""


class _Quiet(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class _Metadata(_Quiet, frozen=True):
    phone_number_id: str


class _Status(_Quiet, frozen=True):
    status: str


class _Value(_Quiet, frozen=True):
    metadata: _Metadata
    messages: tuple[msgspec.Raw, ...] = ()
    statuses: tuple[_Status, ...] = ()


class _Change(_Quiet, frozen=True):
    field: str
    value: msgspec.Raw


class _Entry(_Quiet, frozen=True):
    changes: tuple[_Change, ...]


class _Notification(_Quiet, frozen=True):
    object: str
    entry: tuple[_Entry, ...]


class _Text(_Quiet, frozen=True):
    body: str


class _Reply(_Quiet, frozen=True):
    id: str


class _Interactive(_Quiet, frozen=True):
    type: str
    button_reply: _Reply | None = None
    list_reply: _Reply | None = None


class _Button(_Quiet, frozen=True):
    """An answer button of a template: its payload is its own label unless the template was sent with another."""

    text: str
    payload: str | None = None


class _Media(_Quiet, frozen=True):
    id: str
    mime_type: str
    caption: str | None = None
    filename: str | None = None


class _Content(_Quiet, frozen=True):
    """What a message and the new state of an edited one have in common."""

    type: str
    text: _Text | None = None
    interactive: _Interactive | None = None
    button: _Button | None = None
    image: _Media | None = None
    audio: _Media | None = None
    video: _Media | None = None
    document: _Media | None = None


class _Edit(_Quiet, frozen=True):
    original_message_id: str
    message: _Content


class _Message(_Content, frozen=True, kw_only=True):
    id: str
    timestamp: str
    number: str | None = msgspec.field(name="from", default=None)
    from_user_id: str | None = (
        None  # scoped to our business; there is no number beside it when the person has a username
    )
    group_id: str | None = None
    edit: _Edit | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.timestamp.isascii() or not self.timestamp.isdigit():
            raise ValueError("no id, or no time")


@dataclass(slots=True, repr=False)
class Posted:
    """What one post held."""

    messages: list[Inbound] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    malformed: int = 0


def read(body: bytes, phone_number_id: str) -> Posted:
    """All of a post that can be read. Raises `Malformed` when it is no post of Meta's at all."""
    posted = Posted()
    notification = decode(body, _Notification)
    if notification.object != "whatsapp_business_account":
        posted.unknown += 1
        return posted
    for change in (change for entry in notification.entry for change in entry.changes):
        try:
            value = decode(change.value, _Value) if change.field == "messages" else None
        except Malformed:
            posted.malformed += 1
            continue
        if value is None or value.metadata.phone_number_id != phone_number_id:
            posted.unknown += 1
            continue
        posted.statuses.update(status.status for status in value.statuses)
        for raw in value.messages:
            _take(raw, posted)
    return posted


def recipient(address: str) -> dict[str, str] | None:
    """How the Cloud API wants to be told whom: a number is `to`, an id of our business's own scope is `recipient`."""
    if _USER_ID.fullmatch(address):
        return {"recipient": str(address)}
    return {"to": str(address)} if _NUMBER.fullmatch(address) else None


def _take(raw: msgspec.Raw, posted: Posted) -> None:
    """One unreadable message must not keep back the others of its post."""
    try:
        message = decode(raw, _Message)
        inbound = None if message.group_id is not None else _inbound(message, _writer(message))
    except Malformed:
        posted.malformed += 1
        return
    if inbound is None:
        posted.unknown += 1
    else:
        posted.messages.append(inbound)


def _writer(message: _Message) -> Address:
    """The id of our business's own scope before the number: it stays, and we need not hold the number at all."""
    address = Address(message.from_user_id or message.number or "")
    if recipient(address) is None:
        raise Malformed
    return address


def _inbound(message: _Message, address: Address) -> Inbound | None:
    if message.type in _NOT_OF_A_PERSON:
        return None
    if message.type != "edit":
        return _said(message, address, message.id)
    edit = _there(message.edit)
    edited = _said(edit.message, address, f"{edit.original_message_id}.e{message.timestamp}")
    if edited.file is None:
        return edited
    words = edited.caption or None  # the file itself was there before: only its words are new
    return Inbound(address, edited.message_id, text=words, is_other=words is None)


def _said(content: _Content, address: Address, message_id: str) -> Inbound:
    reader = _READERS.get(content.type)
    return Inbound(address, message_id, is_other=True) if reader is None else reader(content, address, message_id)


def _text(content: _Content, address: Address, message_id: str) -> Inbound:
    return Inbound(address, message_id, text=_there(content.text).body)


def _interactive(content: _Content, address: Address, message_id: str) -> Inbound:
    """Meta itself posts some without their content when it cannot say what they were: nothing of it can be kept."""
    replied = content.interactive
    pressed = replied and (replied.button_reply or replied.list_reply)
    return Inbound(address, message_id, pressed=pressed.id if pressed else None, is_other=not pressed)


def _button(content: _Content, address: Address, message_id: str) -> Inbound:
    button = _there(content.button)
    if button.payload in {None, button.text}:
        return Inbound(address, message_id, text=button.text)
    return Inbound(address, message_id, pressed=button.payload)


def _file(content: _Content, address: Address, message_id: str) -> Inbound:
    media: _Media = _there(getattr(content, content.type))
    file = FileRef(media.id, media.mime_type, name=media.filename)
    return Inbound(address, message_id, file=file, caption=media.caption)


_READERS: Mapping[str, Callable[[_Content, Address, str], Inbound]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    **dict.fromkeys(("image", "audio", "video", "document"), _file),
}


class MediaAt(_Quiet, frozen=True):
    """Where a file can be had for five minutes."""

    url: str


class _Sent(_Quiet, frozen=True):
    id: str


class Accepted(_Quiet, frozen=True):
    """Meta has taken a message; whether it arrives, a status says later."""

    messages: tuple[_Sent, ...]


class _Problem(_Quiet, frozen=True):
    code: int


class _Refusal(_Quiet, frozen=True):
    error: _Problem


def error_code(body: bytes) -> int | None:
    """The code of a Graph error; None when the body is not one."""
    try:
        return decode(body, _Refusal).error.code
    except Malformed:
        return None


def decode(body: bytes | msgspec.Raw, kind: type[S]) -> S:
    """Raises `Malformed`."""
    try:
        return msgspec.json.decode(whole(bytes(body)), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None


def _there(value: V | None) -> V:
    if value is None:
        raise Malformed
    return value
