# SPDX-License-Identifier: AGPL-3.0-or-later
"""What signal-cli writes, line by line: parsed once, strictly. No repr shows a value."""

import re
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from safeconduct.edge.channels.contract import Address, FileRef, Inbound
from safeconduct.edge.channels.halves import whole

S = TypeVar("S", bound=msgspec.Struct)

LONG_TEXT = "text/x-signal-plain"  # beyond 2,000 bytes Signal's apps send the whole text as a file of this kind
_ACCOUNT = re.compile(r"(PNI:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\+[0-9]{5,20}")


_NONE = msgspec.Raw(b"null")


class Malformed(Exception):  # noqa: N818 - what it is; never leaves this folder
    """Not as signal-cli documents it."""


class _Quiet(msgspec.Struct, frozen=True, rename="camel"):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class _There(_Quiet, frozen=True):
    """Of this only that it is there is read: nothing of it is kept (R3)."""


class _Attachment(_Quiet, frozen=True):
    content_type: str | None = None
    id: str | None = None
    filename: str | None = None
    size: int | None = None


class _Data(_Quiet, frozen=True):
    timestamp: int
    message: str | None = None
    expires_in_seconds: int | None = None
    attachments: tuple[_Attachment, ...] = ()
    sticker: _There | None = None
    contacts: tuple[_There, ...] = ()
    reaction: _There | None = None
    payment: _There | None = None
    poll_create: _There | None = None
    group_info: _There | None = None
    remote_delete: _There | None = None


class _Edit(_Quiet, frozen=True):
    target_sent_timestamp: int
    data_message: _Data


class _Envelope(_Quiet, frozen=True):
    source_uuid: str | None = None
    source_number: str | None = None
    data_message: _Data | None = None
    edit_message: _Edit | None = None
    receipt_message: _There | None = None
    typing_message: _There | None = None
    sync_message: _There | None = None


class _Received(_Quiet, frozen=True):
    envelope: _Envelope | None = None
    account: str | None = None


class _Params(_Quiet, frozen=True):
    result: _Received | None = None


class _Notification(_Quiet, frozen=True):
    method: str
    params: msgspec.Raw = _NONE


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    """What one line brought of one person."""

    address: Address
    timestamp: int  # by which Signal knows the message
    inbounds: tuple[Inbound, ...]
    expires: int | None  # seconds, as the chat is set
    long_text: FileRef | None  # holds all of what the first `text` begins


@dataclass(frozen=True, slots=True)
class Ignored:
    """Well-formed, and nothing that a single person said. What everybody's phone sends all the time is not `odd`."""

    is_odd: bool


def read(line: bytes, account: str | None) -> Heard | Ignored:
    """A notification. Raises `Malformed`."""
    notification = decode(line, _Notification)
    if notification.method != "receive":
        return Ignored(is_odd=True)
    received = decode(notification.params, _Params).result  # what comes without our subscription would come twice
    if received is None or received.envelope is None:
        return Ignored(is_odd=True)
    envelope = received.envelope
    if account is not None and received.account != account:
        return Ignored(is_odd=True)
    if envelope.receipt_message or envelope.typing_message or envelope.sync_message:
        return Ignored(is_odd=False)
    return _heard(envelope)


def _heard(envelope: _Envelope) -> Heard | Ignored:
    edit = envelope.edit_message
    data = edit.data_message if edit is not None else envelope.data_message
    if data is None or data.group_info is not None or data.remote_delete is not None:
        return Ignored(is_odd=True)
    address = Address(envelope.source_uuid or envelope.source_number or "")
    if not is_address(address):
        raise Malformed
    message_id = str(data.timestamp) if edit is None else f"{edit.target_sent_timestamp}.e{data.timestamp}"
    files = tuple(_file(one) for one in data.attachments if one.content_type != LONG_TEXT)
    long_text = next((_file(one) for one in data.attachments if one.content_type == LONG_TEXT and one.id), None)
    inbounds = _inbounds(data, address, message_id, files)
    if not inbounds:
        return Ignored(is_odd=True)
    return Heard(address, data.timestamp, inbounds, data.expires_in_seconds, long_text)


def _inbounds(data: _Data, address: Address, message_id: str, files: tuple[FileRef | None, ...]) -> tuple[Inbound, ...]:
    """Several files come in one message: each is one of ours, and the words stand by the first."""
    text = data.message or None
    if files:
        return tuple(
            Inbound(
                address,
                f"{message_id}.a{number}" if number else message_id,
                file=file,
                is_other=file is None,
                caption=None if number else text,  # also beside one that signal-cli did not store: words are never lost
            )
            for number, file in enumerate(files)
        )
    if text is not None or any(one.content_type == LONG_TEXT for one in data.attachments):
        return (Inbound(address, message_id, text=text or ""),)
    is_other = bool(data.sticker or data.contacts or data.reaction or data.payment or data.poll_create)
    return (Inbound(address, message_id, is_other=True),) if is_other else ()


def _file(attachment: _Attachment) -> FileRef | None:
    """None for one that signal-cli did not store."""
    if attachment.id is None:
        return None
    kind = attachment.content_type or "application/octet-stream"
    return FileRef(attachment.id, kind, size=attachment.size, name=attachment.filename)


def is_address(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


class _SendResult(_Quiet, frozen=True):
    type: str
    retry_after_seconds: int | None = None


class Sent(_Quiet, frozen=True):
    timestamp: int
    results: tuple[_SendResult, ...] = ()


class _ErrorData(_Quiet, frozen=True):
    response: Sent | None = None


class Problem(_Quiet, frozen=True):
    code: int
    data: _ErrorData | None = None


class Response(_Quiet, frozen=True):
    """An answer to a request; a notification has no `id`."""

    id: int | str | None = None
    result: msgspec.Raw = _NONE
    error: Problem | None = None


class FileData(_Quiet, frozen=True):
    data: str


def decode(line: bytes | msgspec.Raw, kind: type[S]) -> S:
    """Raises `Malformed`."""
    try:
        return msgspec.json.decode(whole(bytes(line)), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None
