# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meta's side as its documentation describes it: the Messages API, media, and signed posts that are repeated until 200."""

import asyncio
import hashlib
import hmac
import json
import math
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from safeconduct.edge.channels.contract import HasWebhook, Take, WebhookAnswer, WebhookRequest

NUMBER_ID = "106540352242922"
TOKEN, SECRET, VERIFY = "EAA-token", "app-secret", "verify-token"
SOMEONE = "US.13491208655302741918"


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _ReplyOf(_Strict):
    id: str
    title: str


class _Button(_Strict):
    type: Literal["reply"]
    reply: _ReplyOf


class _Row(_Strict):
    id: str
    title: str
    description: str = ""


class _Section(_Strict):
    rows: list[_Row]
    title: str = ""


class _Action(_Strict):
    buttons: list[_Button] = []
    button: str = ""
    sections: list[_Section] = []


class _Body(_Strict):
    text: str


class _Interactive(_Strict):
    type: Literal["button", "list"]
    body: _Body
    action: _Action


class _Language(_Strict):
    code: str


class _Template(_Strict):
    name: str
    language: _Language


class _Plain(_Strict):
    body: str
    preview_url: bool = False


class _Message(_Strict):
    messaging_product: Literal["whatsapp"]
    type: Literal["text", "interactive", "template"]
    recipient_type: Literal["individual"] = "individual"
    to: str | None = None
    recipient: str | None = None
    text: _Plain | None = None
    interactive: _Interactive | None = None
    template: _Template | None = None


Options = tuple[tuple[str, str], ...]


class Refused(Exception):  # noqa: N818 - what happened
    def __init__(self, code: int, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(code))
        self.code, self.status, self.headers = code, status, headers or {}

    def answer(self) -> Response:
        error = {
            "message": f"(#{self.code}) Not possible",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": "Not possible."},
            "fbtrace_id": "AbCdEf",
        }
        return JSONResponse({"error": error}, self.status, self.headers)


def _must(condition: object, code: int = 131009) -> None:
    if not condition:
        raise Refused(code)


def _shown(message: _Message) -> tuple[str, Options]:
    """The limits of the pages "Text messages", "Interactive reply buttons messages", "Interactive list messages"."""
    _must(message.type == "text" or message.text is None)
    if message.type == "template":
        _must(message.template is not None)
        assert message.template is not None
        _must(message.template.name == "knock" and message.template.language.code in {"en_US", "ru"}, 132001)
        return f"template {message.template.name} {message.template.language.code}", ()
    if message.type == "text":
        _must(message.text is not None and 1 <= len(message.text.body) <= 4096)
        assert message.text is not None
        return message.text.body, ()
    _must(message.interactive is not None)
    assert message.interactive is not None
    return message.interactive.body.text, _chosen(message.interactive)


def _chosen(interactive: _Interactive) -> Options:
    action, text = interactive.action, interactive.body.text
    if interactive.type == "button":
        _must(1 <= len(action.buttons) <= 3 and not action.sections and not action.button and 1 <= len(text) <= 1024)
        _must(all(1 <= len(one.reply.title) <= 20 and 1 <= len(one.reply.id) <= 256 for one in action.buttons))
        options = tuple((one.reply.id, one.reply.title) for one in action.buttons)
        _must(len({title for _, title in options}) == len(options))
    else:
        _must(1 <= len(action.sections) <= 10 and 1 <= len(action.button) <= 20 and not action.buttons)
        rows = [row for section in action.sections for row in section.rows]
        _must(1 <= len(rows) <= 10 and 1 <= len(text) <= 4096)
        _must(all(1 <= len(row.title) <= 24 and len(row.description) <= 72 and len(row.id) <= 200 for row in rows))
        _must(len({row.title for row in rows}) == len(rows))
        options = tuple((row.id, row.description or row.title) for row in rows)
    _must(len({value for value, _ in options}) == len(options))
    return options


class Double:
    """One business number, one person unless told otherwise."""

    def __init__(self) -> None:
        self.address = SOMEONE
        self.url = ""
        self.sent: list[tuple[str, str, Options]] = []
        self.deleted: list[tuple[str, str]] = []
        self.acknowledged: list[str] = []
        self.media: dict[str, tuple[bytes, str]] = {}
        self._next: deque[Refused | None] = deque()
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._count = 0

    @classmethod
    @asynccontextmanager
    async def started(cls) -> AsyncIterator["Double"]:
        double = cls()
        routes = [
            Route("/v24.0/{number_id}/messages", double._messages, methods=["POST"]),
            Route("/v24.0/{media_id}", double._media_at),
            Route("/files/{media_id}", double._file),
        ]
        config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="error", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        socket = config.bind_socket()
        double.url = f"http://127.0.0.1:{socket.getsockname()[1]}"
        task = asyncio.create_task(server.serve([socket]))
        try:
            yield double
        finally:
            server.should_exit = True
            await task

    def settings(self) -> dict[str, Any]:
        return {
            "phone_number_id": NUMBER_ID,
            "access_token": TOKEN,
            "app_secret": SECRET,
            "verify_token": VERIFY,
            "graph_url": f"{self.url}/v24.0",
            "template": "knock",
            "template_languages": {"en": "en_US", "ru": "ru"},
        }

    async def say(self, text: str, *, address: str | None = None, message_id: str | None = None) -> str:
        return self._arrives({"type": "text", "text": {"body": text}}, address, message_id)

    async def press(self, value: str) -> None:
        kind, label = self._offered(value)
        self._arrives({"type": "interactive", "interactive": {"type": kind, kind: {"id": value, "title": label}}})

    async def send_file(self, data: bytes, media_type: str) -> None:
        media_id = str(1_000_000_000_000_000 + len(self.media))
        self.media[media_id] = (data, media_type)
        kind = (
            media_type.partition("/")[0] if media_type.partition("/")[0] in {"image", "audio", "video"} else "document"
        )
        digest = hashlib.sha256(data).hexdigest()
        self._arrives({"type": kind, kind: {"id": media_id, "mime_type": media_type, "sha256": digest}})

    def refuse_next(self) -> None:
        self._next.append(Refused(131026))

    def delay_next(self, seconds: float) -> None:
        self._next.append(Refused(130429, 429, {"retry-after": str(math.ceil(seconds))}))

    def fail_next(self, code: int, status: int = 400) -> None:
        self._next.append(Refused(code, status))

    def break_next(self) -> None:
        self._next.append(None)

    async def post(self, channel: object, take: Take, payload: bytes | None = None) -> WebhookAnswer | None:
        """What waits, oldest first, until the channel does not take one; or this raw payload, signed."""
        assert isinstance(channel, HasWebhook)
        if payload is not None:
            return await channel.posted(signed(payload), take)
        answer = None
        while self._waiting:
            message_id, body = self._waiting[0]
            answer = await channel.posted(signed(body), take)
            if answer.status != 200:
                break
            self.acknowledged.append(message_id)
            self._waiting.popleft()
        return answer

    def _arrives(self, content: dict[str, Any], address: str | None = None, message_id: str | None = None) -> str:
        self._count += 1
        message_id = message_id or f"wamid.{self._count:08}"
        who, now = address or self.address, str(int(time.time()))
        sender = {"from_user_id": who} if "." in who else {"from": who.removeprefix("+")}
        body = json.dumps(notification({**sender, "id": message_id, "timestamp": now, **content})).encode()
        self._waiting.append((message_id, body))
        return message_id

    def _offered(self, value: str) -> tuple[str, str]:
        for _, _, options in reversed(self.sent):
            if value in dict(options):
                return ("button_reply" if len(options) <= 3 else "list_reply"), dict(options)[value][:24]
        return "list_reply", value

    async def _messages(self, request: Request) -> Response:
        try:
            self._authorised(request)
            _must(request.path_params["number_id"] == NUMBER_ID, 100)
            _must(request.headers["content-type"] == "application/json", 100)
            return await self._accept(await request.body())
        except Refused as refused:
            return refused.answer()

    async def _accept(self, body: bytes) -> Response:
        try:
            message = msgspec.json.decode(body, type=_Message)
        except msgspec.ValidationError:
            raise Refused(100) from None
        _must(message.to or message.recipient, 100)
        _must(message.to is None or message.to.removeprefix("+").isdigit())
        shown = _shown(message)
        failure = self._next.popleft() if self._next else ()
        if isinstance(failure, Refused):
            raise failure
        whom = message.to or message.recipient or ""
        self.sent.append((whom, *shown))
        if failure is None:
            return _broken()
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": whom, "wa_id": whom}],
                "messages": [{"id": f"wamid.OUT{len(self.sent)}"}],
            }
        )

    async def _media_at(self, request: Request) -> Response:
        media_id = request.path_params["media_id"]
        try:
            self._authorised(request)
            _must(media_id in self.media, 100)
        except Refused as refused:
            return refused.answer()
        data, media_type = self.media[media_id]
        digest = hashlib.sha256(data).hexdigest()
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "url": f"{self.url}/files/{media_id}",
                "mime_type": media_type,
                "sha256": digest,
                "file_size": len(data),
                "id": media_id,
            }
        )

    async def _file(self, request: Request) -> Response:
        try:
            self._authorised(request)
        except Refused as refused:
            return refused.answer()
        return Response(self.media[request.path_params["media_id"]][0])

    def _authorised(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refused(190, 401)


def _broken() -> Response:
    """An answer that promises more than it brings: the connection ends in the midst of it."""
    return Response(b'{"messaging_product"', headers={"content-length": "999"})


def notification(*messages: dict[str, Any]) -> dict[str, Any]:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID},
        "messages": list(messages),
    }
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def signed(body: bytes, secret: str = SECRET) -> WebhookRequest:
    signature = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    return WebhookRequest("POST", {"x-hub-signature-256": signature, "content-type": "application/json"}, {}, body)
