# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bot API's chats of two: long polling or a webhook, plain text, inline buttons, files, deletion."""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import (
    Address,
    Channel,
    Facts,
    FileRef,
    Outgoing,
    Take,
    WebhookAnswer,
    WebhookRequest,
)
from safeconduct.edge.channels.errors import ChannelDown, NoRoom, NotStored, SendError, SendLater, SendRefused
from safeconduct.edge.channels.halves import whole
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.bot_api import UNREADABLE, BadRequest, BotApi
from safeconduct.edge.channels.telegram.payloads import FilePlace, Press, Sent, Update, heard
from safeconduct.edge.channels.telegram.settings import BASE_URL, Settings, secret_of, token_of

__all__ = ["FACTS", "Settings", "Telegram", "make"]

_TWO_DAYS: Final = 48 * 3600
FACTS: Final = Facts(
    code="telegram",
    provider="reads",
    text_limit=4096,
    has_buttons=True,
    deletes_own=_TWO_DAYS,
    deletes_theirs=_TWO_DAYS,
    takes_files=True,
)
_KINDS: Final = ("message", "edited_message", "callback_query")
_DELETED_AT_ONCE: Final = 100
_UPDATES_MOST: Final = 100  # at once
_ASIDE_MOST: Final = 300  # each is tried again at every poll
_VALUE_BYTES: Final = 64  # of a button
_SHORT_LABEL: Final = 14  # characters that two buttons side by side can show on a small phone
_COURTESY_SECONDS: Final = 5.0  # for what the person can do without
_GRACE_SECONDS: Final = 10.0  # of an answer to a long poll
_PAUSE_SECONDS: Final = 5.0
_CONNECTIONS: Final = 8  # at once; one chat's messages come one after another in any case
_ONION: Final = ".onion"  # nobody types such an address: it must be copied into another program
_SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Telegram:
    """One bot. `unknown` counts what came and was of no use to us.

    First words for which there is no room stay with Telegram, which keeps them for a day, and are asked for again. When
    they are all that it shows at once, and others' words may lie behind them, they are kept in `_aside` and tried from
    there: a flood of strangers must not silence those who are known. Whoever wrote them is told nothing meanwhile. What
    is aside is lost with the process; `given_up` counts what there was no room aside for.
    """

    def __init__(self, settings: Settings, reach: Reach) -> None:
        self.unknown = 0
        self.given_up = 0
        self._aside: list[Update] = []
        self._settings = settings
        self._secret = secret_of(settings)
        self._api = BotApi(reach, settings.base_url.rstrip("/"), token_of(settings))
        self._offset: int | None = None
        self._limit = _UPDATES_MOST
        self._polls = asyncio.Lock()  # two at once would end each other, as Telegram has it

    def parts(self, text: str) -> list[str]:
        """Telegram counts characters, and by some accounts UTF-16 units: what is short enough in units is so in both."""
        pieces = split(text, FACTS.text_limit)
        if all(_units(piece) <= FACTS.text_limit for piece in pieces):
            return pieces
        return split(text, FACTS.text_limit // 2)

    async def receive(self, take: Take) -> None:
        if self._settings.mode == "webhook":
            await self._announce()
            await asyncio.Event().wait()
        async with self._polls:
            while True:
                await self._poll(take)

    async def posted(self, request: WebhookRequest, take: Take) -> WebhookAnswer:
        given = request.headers.get(_SECRET_HEADER, "").encode(errors="replace")
        if self._settings.mode != "webhook" or not hmac.compare_digest(given, self._secret.encode()):
            return WebhookAnswer(403)
        try:
            update = msgspec.json.decode(whole(request.body), type=Update)
        except UNREADABLE:
            return WebhookAnswer(400)
        try:
            await self._take([update], take)
        except NotStored:
            return WebhookAnswer(503)
        return WebhookAnswer(200)

    async def send(self, address: Address, message: Outgoing) -> Sequence[str]:
        params: dict[str, Any] = {
            "chat_id": _number(address),
            "text": message.text,
            "link_preview_options": {"is_disabled": True},  # or Telegram fetches the page, and shows it large
            "protect_content": _ONION not in message.text,  # nothing gets into a gallery or another chat by mistake
            "disable_notification": True,  # a sound at the wrong moment can kill
        }
        if message.options:
            params["reply_markup"] = {"inline_keyboard": _keyboard(message.options)}
        sent = await self._api.call("sendMessage", params, Sent, may_repeat=False)
        return [str(sent.message_id)]

    async def delete(self, address: Address, ids: Sequence[str]) -> None:
        left = [one for batch in _batches(ids) for one in await self._left(_number(address), batch)]
        if left:
            raise SendRefused("too old to delete")

    async def fetch(self, file: FileRef) -> AsyncIterator[bytes]:
        place = await self._api.call("getFile", {"file_id": file.handle}, FilePlace, may_repeat=True)
        async with contextlib.aclosing(self._api.download(place.file_path)) as pieces:
            async for piece in pieces:
                yield piece

    async def close(self) -> None:
        """The connections are the reach's."""

    async def _poll(self, take: Take) -> None:
        """Asking for what lies behind an update is what acknowledges it: so the offset moves when all is durable."""
        seconds = self._settings.poll_seconds
        params = {"timeout": seconds, "allowed_updates": _KINDS, "limit": self._limit}
        if self._offset is not None:
            params["offset"] = self._offset
        limit, self._limit = self._limit, 1  # if it fails: what is too much at once may come singly
        found = await self._ask("getUpdates", params, list[msgspec.Raw], timeout=seconds + _GRACE_SECONDS)
        self._limit = min(_UPDATES_MOST, 2 * limit)
        updates = [update for raw in found if (update := _read(raw)) is not None]
        if found and not updates:
            raise ChannelDown("updates without numbers")
        await self._take_what_fits(updates, take, is_all=len(found) < _UPDATES_MOST)
        self._offset = max((update.update_id + 1 for update in updates), default=self._offset)

    async def _take_what_fits(self, updates: Sequence[Update], take: Take, *, is_all: bool) -> None:
        """`is_all`: nothing waits behind these, so that what does not fit can stay with Telegram. Raises `NotStored`."""
        offered = [*self._aside, *updates]
        try:
            await self._take(offered, take)
        except NoRoom as full:
            left = [update for update in offered if (inbound := heard(update)) is not None and full.holds(inbound)]
            if is_all:
                aside = {update.update_id for update in self._aside}
                self._aside = [update for update in left if update.update_id in aside]
                raise
            self._lay_aside(left)
        else:
            self._aside = []

    def _lay_aside(self, updates: Sequence[Update]) -> None:
        """The oldest stay: who wrote first is heard first, and nobody's second word without their first."""
        self._aside = list(updates[:_ASIDE_MOST])
        if len(updates) > _ASIDE_MOST:
            self.given_up += len(updates) - _ASIDE_MOST
            _log.error("telegram: no room for first contacts, nor to wait: %d given up so far", self.given_up)

    async def _announce(self) -> None:
        params = {
            "url": self._settings.webhook_url,
            "secret_token": self._secret,
            "allowed_updates": _KINDS,
            "max_connections": _CONNECTIONS,
        }
        await self._ask("setWebhook", params, bool)

    async def _ask(self, method: str, params: Mapping[str, Any], result: type[T], **more: float) -> T:
        """A call without which nothing comes in. Raises `ChannelDown`."""
        try:
            return await self._api.call(method, params, result, may_repeat=True, **more)
        except SendLater as error:
            raise ChannelDown(str(error), retry_after=error.retry_after or _PAUSE_SECONDS) from None
        except SendError as error:
            raise ChannelDown(f"{method}: {error}", retry_after=_PAUSE_SECONDS) from None

    async def _take(self, updates: Sequence[Update], take: Take) -> None:
        """Raises what `take` raises; whatever follows is a courtesy and may fail."""
        inbounds = [(update, inbound) for update in updates if (inbound := heard(update)) is not None]
        self.unknown += len(updates) - len(inbounds)
        full: NoRoom | None = None
        try:
            if inbounds:
                await take([inbound for _, inbound in inbounds])
        except NoRoom as error:
            full = error
        stored = [update for update, inbound in inbounds if full is None or not full.holds(inbound)]
        presses = [update.callback_query for update in stored if update.callback_query is not None]
        await asyncio.gather(*(self._quieten(press) for press in presses))
        if full is not None:
            raise full

    async def _quieten(self, press: Press) -> None:
        """The button stops turning, and the choices are gone from the chat: it does not show what one could have chosen."""
        calls: list[tuple[str, Mapping[str, Any]]] = [("answerCallbackQuery", {"callback_query_id": press.id})]
        if press.message is not None:
            under = {"chat_id": press.message.chat.id, "message_id": press.message.message_id}
            calls.append(("editMessageReplyMarkup", under))
        for method, params in calls:
            with contextlib.suppress(SendError):
                await self._api.call(method, params, msgspec.Raw, may_repeat=True, timeout=_COURTESY_SECONDS)

    async def _left(self, chat: int, ids: Sequence[str]) -> Sequence[str]:
        """Those that Telegram will not delete. One that is too old must not save the others from it."""
        params = {"chat_id": chat, "message_ids": [_number(one) for one in ids]}
        try:
            await self._api.call("deleteMessages", params, bool, may_repeat=True)
        except BadRequest:
            return ids if len(ids) == 1 else [kept for one in ids for kept in await self._left(chat, [one])]
        return ()


def make(settings: Settings, reach: Reach) -> Channel:
    """Raises `SettingsRefused`."""
    telegram = Telegram(settings, reach)
    if settings.base_url != BASE_URL:  # a Bot API server of one's own
        reach.trusting(settings.base_url)
    return telegram


class _Numbered(msgspec.Struct, frozen=True):
    update_id: int


def _read(raw: msgspec.Raw) -> Update | None:
    """One update that cannot be read must not hold up all others for ever: then its number is all that is taken."""
    with contextlib.suppress(*UNREADABLE):
        return msgspec.json.decode(whole(bytes(raw)), type=Update)
    with contextlib.suppress(*UNREADABLE):
        return Update(msgspec.json.decode(raw, type=_Numbered).update_id)
    return None


def _number(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise SendRefused("not a number of Telegram's") from None


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _DELETED_AT_ONCE):
        yield ids[start : start + _DELETED_AT_ONCE]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _keyboard(options: Sequence[tuple[str, str]]) -> list[list[dict[str, str]]]:
    """Two short labels share a row. A value that is longer than Telegram carries is our own fault: nothing is sent."""
    rows: list[list[dict[str, str]]] = []
    can_share = False
    for value, label in options:
        if len(value.encode()) > _VALUE_BYTES:
            raise SendRefused("an option's value is too long")
        is_short = len(label) <= _SHORT_LABEL
        button = {"text": label, "callback_data": value}
        if can_share and is_short:
            rows[-1].append(button)
        else:
            rows.append([button])
        can_share = is_short and len(rows[-1]) == 1
    return rows
