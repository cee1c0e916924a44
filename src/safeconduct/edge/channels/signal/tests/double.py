# SPDX-License-Identifier: AGPL-3.0-or-later
"""signal-cli's daemon with `--receive-mode=manual`, as signal-cli-jsonrpc(5) and its sources have it, and Signal behind it.

Stricter than the daemon: a parameter that a command does not have is an error. What it has written to a connection it
forgets, as signal-cli does; what nobody has subscribed to waits at Signal.
"""

import asyncio
import base64
import contextlib
import json
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import msgspec

from safeconduct.edge.channels.contract import Take, WebhookAnswer

SOMEONE = "11111111-1111-4111-8111-111111111111"
Account = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\+[0-9]{5,20})$")]
One = Annotated[list[Account], msgspec.Meta(min_length=1, max_length=1)]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    pass


class _Nothing(_Strict):
    pass


class _Send(_Strict):
    recipient: One
    message: Annotated[str, msgspec.Meta(min_length=1)]


class _RemoteDelete(_Strict):
    recipient: One
    target_timestamp: int


class _UpdateContact(_Strict):
    recipient: Account
    expiration: int


class _SendReceipt(_Strict):
    recipient: Account
    target_timestamp: Annotated[list[int], msgspec.Meta(min_length=1)]
    type: str = "read"


class _GetAttachment(_Strict):
    id: str


class _Request(_Strict):
    jsonrpc: str
    method: str
    id: int
    params: msgspec.Raw


class Failed(Exception):  # noqa: N818 - what happened
    def __init__(self, code: int, data: object = None) -> None:
        super().__init__(str(code))
        self.error = {"code": code, "message": "Failed", "data": data}


class Double:
    """One account, one person unless told otherwise."""

    def __init__(self) -> None:
        self.address = SOMEONE
        self.sent: list[tuple[str, str, tuple[tuple[str, str], ...]]] = []
        self.deleted: list[tuple[str, str]] = []
        self.acknowledged: list[str] = []
        self.timers: list[tuple[str, int]] = []
        self.files: dict[str, bytes] = {}
        self.waiting: deque[bytes] = deque()
        self.port = 0
        self.path: str | None = None
        self.account: str | None = None  # of a daemon that was started without one
        self._next: deque[dict[str, Any] | Failed | None] = deque()
        self._names: dict[int, str] = {}
        self._time = 1_700_000_000_000
        self._arrived = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._writers: set[asyncio.StreamWriter] = set()

    @classmethod
    @asynccontextmanager
    async def started(cls, path: str | None = None) -> AsyncIterator["Double"]:
        double = cls()
        if path is None:
            server = await asyncio.start_server(double._connection, "127.0.0.1", 0)
            double.port = server.sockets[0].getsockname()[1]
        else:
            server = await asyncio.start_unix_server(double._connection, path)
            double.path = path
        try:
            yield double
        finally:
            server.close()
            await double.hang_up()

    def settings(self) -> dict[str, Any]:
        reached = {"socket": self.path} if self.path else {"port": self.port}
        return {**reached, **({"account": self.account} if self.account else {}), "patience_seconds": 5.0}

    async def say(self, text: str, *, address: str | None = None, message_id: str | None = None) -> str:
        return self.arrives({"message": text}, address, message_id)

    async def send_file(self, data: bytes, media_type: str) -> None:
        name = f"file{len(self.files)}"
        self.files[name] = data
        attachment = {"contentType": media_type, "id": name, "filename": None, "size": len(data)}
        self.arrives({"message": None, "attachments": [attachment]})

    def refuse_next(self) -> None:
        self._next.append({"type": "UNREGISTERED_FAILURE"})

    def delay_next(self, seconds: float) -> None:
        self._next.append({"type": "RATE_LIMIT_FAILURE", "token": "challenge", "retryAfterSeconds": math.ceil(seconds)})

    def fail_next(self, kind: str) -> None:
        self._next.append({"type": kind})

    def break_next(self) -> None:
        self._next.append(None)

    async def post(self, channel: object, take: Take, payload: bytes | None = None) -> WebhookAnswer | None:  # noqa: ARG002
        """There is no webhook."""
        return None

    def arrives(self, data: dict[str, Any], address: str | None = None, message_id: str | None = None) -> str:
        """A data message at Signal, which the daemon writes when somebody has subscribed."""
        timestamp = self._timestamp(message_id)
        who = address or self.address
        source = {"sourceNumber": who} if who.startswith("+") else {"sourceUuid": who, "sourceNumber": None}
        message = {"timestamp": timestamp, "expiresInSeconds": 0, **data}
        envelope = {"source": who, **source, "sourceDevice": 1, "timestamp": timestamp, "dataMessage": message}
        result = {"envelope": envelope, "account": "+33987654321"}
        params = {"subscription": 0, "result": result}
        self.write(json.dumps({"jsonrpc": "2.0", "method": "receive", "params": params}).encode())
        return self._names[timestamp]

    def write(self, line: bytes) -> None:
        """Whatever line."""
        self.waiting.append(line)
        self._arrived.set()

    async def hang_up(self) -> None:
        """As when the daemon is stopped."""
        for task in self._tasks.values():
            task.cancel()
        for writer in list(self._writers):
            writer.close()
        await asyncio.sleep(0)

    def _timestamp(self, message_id: str | None) -> int:
        for timestamp, name in self._names.items():
            if name == message_id:
                return timestamp
        self._time += 1
        self._names[self._time] = message_id or str(self._time)
        return self._time

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while line := await reader.readline():
                if not await self._request(line, writer):
                    break
        except ConnectionError:
            pass
        finally:
            self._unsubscribe(writer)
            self._writers.discard(writer)
            writer.close()

    async def _request(self, line: bytes, writer: asyncio.StreamWriter) -> bool:
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": None}
        try:
            request = msgspec.json.decode(line, type=_Request)
            answer["id"] = request.id
            answer["result"] = self._done(request, writer)
        except msgspec.ValidationError:
            answer["error"] = {"code": -32602, "message": "Invalid params", "data": None}
        except Failed as failed:
            answer["error"] = failed.error
        if answer.get("result") is _BREAK:
            return False
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        return True

    def _done(self, request: _Request, writer: asyncio.StreamWriter) -> Any:
        commands: dict[str, tuple[type[Any], Callable[[Any], Any]]] = {
            "send": (_Send, self._send),
            "remoteDelete": (_RemoteDelete, self._remote_delete),
            "updateContact": (_UpdateContact, self._update_contact),
            "sendReceipt": (_SendReceipt, self._send_receipt),
            "getAttachment": (_GetAttachment, self._get_attachment),
            "subscribeReceive": (_Nothing, lambda _: self._subscribe(writer)),
            "unsubscribeReceive": (_Nothing, lambda _: self._unsubscribe(writer)),
        }
        if request.method not in commands:
            raise Failed(-32601)
        kind, command = commands[request.method]
        params = msgspec.json.decode(request.params, type=dict[str, Any])
        if self.account is not None and params.pop("account", None) != self.account:
            raise Failed(-32602)
        return command(msgspec.convert(params, kind))

    def _send(self, params: _Send) -> Any:
        failure = self._next.popleft() if self._next else {}
        self._time += 1
        if isinstance(failure, Failed):
            raise failure
        if failure:
            results = [{"recipientAddress": {"uuid": params.recipient[0], "number": None}, **failure}]
            codes = {"IDENTITY_FAILURE": -4, "RATE_LIMIT_FAILURE": -5}
            response = {"timestamp": self._time, "results": results}
            raise Failed(codes.get(failure["type"], -1), {"response": response})
        self.sent.append((params.recipient[0], params.message, ()))
        return _BREAK if failure is None else self._success(params.recipient[0])

    def _success(self, recipient: str) -> dict[str, Any]:
        results = [{"recipientAddress": {"uuid": recipient, "number": None}, "type": "SUCCESS"}]
        return {"timestamp": self._time, "results": results}

    def _remote_delete(self, params: _RemoteDelete) -> Any:
        self.deleted.append((params.recipient[0], str(params.target_timestamp)))
        return self._success(params.recipient[0])

    def _update_contact(self, params: _UpdateContact) -> Any:
        self.timers.append((params.recipient, params.expiration))
        return {}

    def _send_receipt(self, params: _SendReceipt) -> Any:
        if params.type != "read":
            raise Failed(-1)
        self.acknowledged += [
            self._names[timestamp] for timestamp in params.target_timestamp if timestamp in self._names
        ]
        return self._success(params.recipient)

    def _get_attachment(self, params: _GetAttachment) -> Any:
        if params.id not in self.files:
            raise Failed(-32603)
        return {"data": base64.b64encode(self.files[params.id]).decode()}

    def _subscribe(self, writer: asyncio.StreamWriter) -> int:
        self._tasks[id(writer)] = asyncio.create_task(self._deliver(writer))
        return 0

    def _unsubscribe(self, writer: asyncio.StreamWriter) -> dict[str, Any]:
        task = self._tasks.pop(id(writer), None)
        if task is not None:
            task.cancel()
        return {}

    async def _deliver(self, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                while self.waiting:
                    writer.write(self.waiting.popleft() + b"\n")
                    await writer.drain()
                self._arrived.clear()
                await self._arrived.wait()


_BREAK = object()
