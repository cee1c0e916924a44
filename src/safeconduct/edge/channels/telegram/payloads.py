# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Bot API says, as far as we need it (https://core.telegram.org/bots/api, version 10.0).

What is not named here is never parsed: a place, a contact or a name exists in no object of ours (R3).
"""

import re
from typing import Final

import msgspec

from safeconduct.edge.channels.contract import Address, FileRef, Inbound

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_NOTHING: Final = msgspec.Raw()


class _Received(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Parameters(_Received, frozen=True):
    retry_after: float | None = None


class Reply(_Received, frozen=True):
    """The frame of every answer. `description` is left out: it quotes what we sent."""

    ok: bool
    result: msgspec.Raw = _NOTHING
    error_code: int = 0
    parameters: Parameters = Parameters()


class Sent(_Received, frozen=True):
    message_id: int


class FilePlace(_Received, frozen=True):
    file_path: str = ""


class Chat(_Received, frozen=True):
    id: int
    type: str = ""


class User(_Received, frozen=True):
    language_code: str | None = None


class Attached(_Received, frozen=True):
    """A document, a voice message, a recording, a film."""

    file_id: str
    mime_type: str | None = None
    file_size: int | None = None
    file_name: str | None = None


class PhotoSize(_Received, frozen=True):
    file_id: str
    width: int = 0
    height: int = 0
    file_size: int | None = None


class Message(_Received, frozen=True):
    message_id: int
    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    edit_date: int | None = None
    text: str | None = None
    caption: str | None = None
    photo: tuple[PhotoSize, ...] = ()
    document: Attached | None = None
    voice: Attached | None = None
    audio: Attached | None = None
    video: Attached | None = None
    video_note: Attached | None = None
    # What Telegram itself says in a chat of two: the person did not write it, and is not answered.
    message_auto_delete_timer_changed: msgspec.Raw = _NOTHING
    pinned_message: msgspec.Raw = _NOTHING
    write_access_allowed: msgspec.Raw = _NOTHING
    chat_background_set: msgspec.Raw = _NOTHING


class Place(_Received, frozen=True):
    """The message under which a button stood; Telegram may no longer show what it said."""

    message_id: int
    chat: Chat


class Press(_Received, frozen=True):
    id: str
    sender: User | None = msgspec.field(name="from", default=None)
    message: Place | None = None
    data: str | None = None


class Update(_Received, frozen=True):
    """Exactly one of the rest is there, or a kind that we did not ask for."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None


def heard(update: Update) -> Inbound | None:
    """What the person said. None for all that is of no concern to us: groups, channels, Telegram's own notices."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.edited_message is not None:
        return _said(update.edited_message, suffix=f".e{update.edited_message.edit_date or update.update_id}")
    return None if update.message is None else _said(update.message)


def _said(message: Message, *, suffix: str = "") -> Inbound | None:
    if not _is_private(message.chat) or _is_notice(message):
        return None
    file = None if message.text is not None else _file(message)
    return Inbound(
        address=Address(str(message.chat.id)),
        message_id=f"{message.message_id}{suffix}",
        text=message.text,
        file=file,
        caption=message.caption,
        is_other=message.text is None and file is None,
        delete_id=str(message.message_id),
        language=_language(message.sender),
    )


def _pressed(press: Press) -> Inbound | None:
    if press.message is None or press.data is None or not _is_private(press.message.chat):
        return None
    return Inbound(
        address=Address(str(press.message.chat.id)),
        message_id=f"cb:{press.id}",
        pressed=press.data,
        language=_language(press.sender),
    )


def _file(message: Message) -> FileRef | None:
    if message.photo:  # Telegram keeps it in several sizes, always as JPEG
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return FileRef(largest.file_id, "image/jpeg", largest.file_size)
    for attached, usual in (
        (message.document, "application/octet-stream"),
        (message.voice, "audio/ogg"),
        (message.audio, "audio/mpeg"),
        (message.video, "video/mp4"),
        (message.video_note, "video/mp4"),
    ):
        if attached is not None:
            return FileRef(attached.file_id, attached.mime_type or usual, attached.file_size, attached.file_name)
    return None


def _is_private(chat: Chat) -> bool:
    return chat.type == "private"


def _is_notice(message: Message) -> bool:
    notices = (
        message.message_auto_delete_timer_changed,
        message.pinned_message,
        message.write_access_allowed,
        message.chat_background_set,
    )
    return any(bytes(notice) for notice in notices)


def _language(user: User | None) -> str | None:
    tag = None if user is None else user.language_code
    return tag if tag is not None and _LANGUAGE.fullmatch(tag) else None
