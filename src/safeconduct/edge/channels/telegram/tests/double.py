# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bot API on loopback, stricter than Telegram: a field or method that is not documented is an error.

Answers are in Telegram's words (https://core.telegram.org/bots/api; the errors as tdlib/telegram-bot-api gives them).
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

import msgspec

from safeconduct.edge.channels.contract import HasWebhook, Take, WebhookAnswer, WebhookRequest

TOKEN: Final = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"  # the documentation's own example
SECRET: Final = "Zm9yLXRlc3RzLW9ubHktMTIzNDU2Nzg5MGFi"
FILE_MOST: Final = 20 << 20

Identifier = Annotated[int, msgspec.Meta(ge=1)]


class _Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True): ...


class Button(_Params, frozen=True):
    text: Annotated[str, msgspec.Meta(min_length=1)]
    callback_data: str


class Keyboard(_Params, frozen=True):
    inline_keyboard: list[Annotated[list[Button], msgspec.Meta(min_length=1, max_length=8)]]


class Preview(_Params, frozen=True):
    is_disabled: bool


class SendMessage(_Params, frozen=True):
    chat_id: int
    text: str
    link_preview_options: Preview
    disable_notification: bool
    protect_content: bool
    reply_markup: Keyboard | None = None


class GetUpdates(_Params, frozen=True):
    offset: int = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    timeout: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    allowed_updates: tuple[str, ...] = ()


class SetWebhook(_Params, frozen=True):
    url: Annotated[str, msgspec.Meta(pattern="^https://")]
    secret_token: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,256}$")]
    max_connections: Annotated[int, msgspec.Meta(ge=1, le=100)] = 40
    allowed_updates: tuple[str, ...] = ()


class DeleteMessages(_Params, frozen=True):
    chat_id: int
    message_ids: Annotated[list[Identifier], msgspec.Meta(min_length=1, max_length=100)]


class EditMessageReplyMarkup(_Params, frozen=True):
    chat_id: int
    message_id: Identifier


class AnswerCallbackQuery(_Params, frozen=True):
    callback_query_id: str


class GetFile(_Params, frozen=True):
    file_id: str


class Refused(Exception):  # noqa: N818 - an answer
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, **parameters: float) -> None:
        super().__init__(description)
        self.code = code
        self.body = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class Page(Exception):  # noqa: N818 - an answer
    """What something between us and the Bot API answers."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Broken(Exception):  # noqa: N818 - what happens to the connection
    """The connection ends without an answer."""


@dataclass
class Double:
    """One bot and the people who write to it."""

    address: str = "1111111"
    mode: Literal["polling", "webhook"] = "polling"
    base_url: str = ""
    sent: list[tuple[str, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    raw: list[SendMessage] = field(default_factory=list)
    deleted: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)  # messages whose buttons were taken away
    answered: list[str] = field(default_factory=list)  # presses
    too_old: set[int] = field(default_factory=set)  # messages that can no longer be deleted
    webhook: SetWebhook | None = None
    calls: list[str] = field(default_factory=list)
    failing: dict[str, Exception] = field(default_factory=dict)  # the next call of a method
    waiting: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)  # update, provider's id, itself
    _chats: dict[int, set[int]] = field(default_factory=lambda: {1111111: set()})  # the messages in each
    _numbers: list[int] = field(default_factory=list)  # of what was sent, as in `sent`
    _files: dict[str, bytes] = field(default_factory=dict)
    _updates: int = 10000
    _messages: int = 1364
    _breaks: bool = False
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: asyncio.Event | None = None  # set: the poll is ended by another

    @classmethod
    @contextlib.asynccontextmanager
    async def started(cls, mode: Literal["polling", "webhook"] = "polling") -> AsyncIterator["Double"]:
        double = cls(mode=mode)
        talks: set[asyncio.Task[Any] | None] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talks.add(asyncio.current_task())
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, Broken, asyncio.CancelledError):
                while True:
                    await _one(reader, writer, double._answer)
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        double.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield double
        finally:
            server.close()
            ending = [one for one in talks if one is not None]
            for one in ending:
                one.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    def settings(self) -> dict[str, Any]:
        asked = {"token": TOKEN, "base_url": self.base_url, "mode": self.mode, "poll_seconds": 1}
        more = {"webhook_url": "https://line.example/telegram", "webhook_secret": SECRET}
        return asked | more if self.mode == "webhook" else asked

    # --- the person ---------------------------------------------------------------------------------------------

    async def say(self, text: str, *, address: str | None = None, message_id: str | None = None) -> str:
        return self.tell({"text": text}, address=address, message_id=message_id)

    def tell(self, content: dict[str, Any], *, address: str | None = None, message_id: str | None = None) -> str:
        """Any kind of message, in Telegram's fields."""
        chat = int(address or self.address)
        number = int(message_id) if message_id else self._number(chat)
        self._arrive(str(number), {"message": self._message(chat, number) | content})
        return str(number)

    async def press(self, value: str) -> None:
        """A button of the last message that has it."""
        under = next(
            number
            for number, shown in reversed([*zip(self._numbers, self.sent, strict=True)])
            if value in {known for known, _ in shown[2]}
        )
        chat = int(self.address)
        query = {
            "id": f"4382bfdwdsb{len(self.answered)}{self._updates}",
            "from": self._message(chat, under)["from"],
            "message": self._message(chat, under) | {"from": {"id": 123456, "is_bot": True, "first_name": "Line"}},
            "chat_instance": "-3655",
            "data": value,
        }
        self._arrive(f"cb:{query['id']}", {"callback_query": query})

    async def send_file(self, data: bytes, media_type: str) -> None:
        name = f"AwADBAADbXXXXXXXXXXXGBdhD2l6_{len(self._files)}"
        self._files[name] = data
        about = {"file_id": name, "file_unique_id": name[-8:], "mime_type": media_type, "file_size": len(data)}
        self.tell({"document": about | {"file_name": "Testfile"}})

    # --- what goes wrong ----------------------------------------------------------------------------------------

    def refuse_next(self) -> None:
        self.failing["sendMessage"] = Refused(403, "Forbidden: bot was blocked by the user")

    def delay_next(self, seconds: float) -> None:
        said = f"Too Many Requests: retry after {seconds:g}"
        self.failing["sendMessage"] = Refused(429, said, retry_after=seconds)

    def break_next(self) -> None:
        self._breaks = True

    async def post(self, channel: object, take: Take, payload: bytes | None = None) -> WebhookAnswer | None:
        """What waits, one by one as for one chat; Telegram goes on only after 200."""
        if self.mode != "webhook" or not isinstance(channel, HasWebhook):
            return None
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": SECRET}
        if payload is not None:
            return await channel.posted(WebhookRequest("POST", headers, {}, payload), take)
        answer = None
        while self.waiting:
            body = msgspec.json.encode(self.waiting[0][2])
            answer = await channel.posted(WebhookRequest("POST", headers, {}, body), take)
            if answer.status != 200:
                return answer
            self.acknowledged.append(self.waiting.pop(0)[1])
        return answer

    # --- the Bot API --------------------------------------------------------------------------------------------

    async def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if path.startswith(f"/file/bot{TOKEN}/"):
            self.calls.append("file")
            data = self._files.get(path.rpartition("/")[2])
            return (404, b"Not Found") if data is None else (200, data)
        try:
            result = await self._call(path, headers, body)
        except Page as page:
            return page.code, b"<html>Not what you asked for</html>"
        except Refused as refused:
            return refused.code, msgspec.json.encode(refused.body)
        return 200, msgspec.json.encode({"ok": True, "result": result})

    async def _call(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        if not path.startswith(f"/bot{TOKEN}/"):
            raise Refused(401, "Unauthorized")
        method = path.rpartition("/")[2]
        self.calls.append(method)
        if method not in METHODS:
            raise Refused(404, "Not Found")
        if method in self.failing:
            raise self.failing.pop(method)
        if headers.get("content-type") != "application/json":
            raise Refused(400, "Bad Request: parameters are not JSON")
        params, act = METHODS[method]
        try:
            return await act(self, msgspec.json.decode(body, type=params))
        except msgspec.DecodeError as error:
            raise Refused(400, f"Bad Request: {error}") from None

    async def _send_message(self, asked: SendMessage) -> Any:
        if asked.chat_id not in self._chats:
            raise Refused(400, "Bad Request: chat not found")
        if not asked.text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(asked.text.encode("utf-16-le")) > 2 * 4096:  # Telegram may count less strictly
            raise Refused(400, "Bad Request: message is too long")
        rows = [] if asked.reply_markup is None else asked.reply_markup.inline_keyboard
        buttons = tuple((button.callback_data, button.text) for row in rows for button in row)
        if any(not 1 <= len(value.encode()) <= 64 for value, _ in buttons) or len(buttons) > 100:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        self.sent.append((str(asked.chat_id), asked.text, buttons))
        self.raw.append(asked)
        number = self._number(asked.chat_id)
        self._numbers.append(number)
        if self._breaks:
            self._breaks = False
            raise Broken
        return self._message(asked.chat_id, number) | {"text": asked.text}

    async def _get_updates(self, asked: GetUpdates) -> Any:
        if self.mode == "webhook":
            said = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(409, f"Conflict: {said}")
        if self._poll is not None:
            self._poll.set()
        ended = self._poll = asyncio.Event()
        self.acknowledged += [provider for number, provider, _ in self.waiting if number < asked.offset]
        self.waiting = [one for one in self.waiting if one[0] >= asked.offset]
        until = asyncio.get_running_loop().time() + asked.timeout
        while not self.waiting and asyncio.get_running_loop().time() < until and not ended.is_set():
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), 0.02)
        if ended.is_set():
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        self._poll = None
        return [update for _, _, update in self.waiting[: asked.limit] if set(update) & set(asked.allowed_updates)]

    async def _set_webhook(self, asked: SetWebhook) -> Any:
        self.webhook = asked
        return True

    async def _delete_messages(self, asked: DeleteMessages) -> Any:
        if asked.chat_id not in self._chats:
            raise Refused(400, "Bad Request: chat not found")
        if self.too_old & set(asked.message_ids):
            raise Refused(400, "Bad Request: message can't be deleted for everyone")
        gone = self._chats[asked.chat_id] & set(asked.message_ids)
        self.deleted += [(str(asked.chat_id), str(number)) for number in asked.message_ids if number in gone]
        self._chats[asked.chat_id] -= gone
        return True

    async def _edit_message_reply_markup(self, asked: EditMessageReplyMarkup) -> Any:
        if asked.message_id not in self._chats.get(asked.chat_id, ()):
            raise Refused(400, "Bad Request: message to edit not found")
        self.cleared.append(asked.message_id)
        return self._message(asked.chat_id, asked.message_id)

    async def _answer_callback_query(self, asked: AnswerCallbackQuery) -> Any:
        if not re.fullmatch("4382bfdwdsb[0-9]+", asked.callback_query_id):
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(asked.callback_query_id)
        return True

    async def _get_file(self, asked: GetFile) -> Any:
        data = self._files.get(asked.file_id)
        if data is None:
            raise Refused(400, "Bad Request: invalid file_id")
        if len(data) > FILE_MOST:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": asked.file_id, "file_size": len(data), "file_path": f"documents/{asked.file_id}"}

    # --- Telegram's books ---------------------------------------------------------------------------------------

    def _number(self, chat: int) -> int:
        self._messages += 1
        self._chats.setdefault(chat, set()).add(self._messages)
        return self._messages

    def _arrive(self, provider: str, content: dict[str, Any]) -> None:
        self._updates += 1
        self.waiting.append((self._updates, provider, {"update_id": self._updates, **content}))
        self._arrived.set()

    def _message(self, chat: int, number: int) -> dict[str, Any]:
        person = {"id": chat, "first_name": "Test Firstname", "username": "Testusername"}
        return {
            "message_id": number,
            "date": 1441645532,
            "chat": person | {"type": "private"},
            "from": person | {"is_bot": False, "language_code": "uk"},
        }


METHODS: Final[dict[str, tuple[type[Any], Callable[[Double, Any], Awaitable[Any]]]]] = {
    "sendMessage": (SendMessage, Double._send_message),
    "getUpdates": (GetUpdates, Double._get_updates),
    "setWebhook": (SetWebhook, Double._set_webhook),
    "deleteMessages": (DeleteMessages, Double._delete_messages),
    "editMessageReplyMarkup": (EditMessageReplyMarkup, Double._edit_message_reply_markup),
    "answerCallbackQuery": (AnswerCallbackQuery, Double._answer_callback_query),
    "getFile": (GetFile, Double._get_file),
}

Answer = Callable[[str, dict[str, str], bytes], Awaitable[tuple[int, bytes]]]


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
    """One request of HTTP/1.1 and its answer."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    status, said = await answer(first.split(" ")[1], headers, body)
    writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(said)}\r\n\r\n".encode() + said)
    await writer.drain()
