# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can reach the address to which a provider posts, and is not the provider."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from tests.edge.chat.waiting import until

from safeconduct.edge import serve
from safeconduct.edge.channels.contract import WebhookAnswer, WebhookRequest
from safeconduct.edge.chat import strangers, webhooks
from safeconduct.edge.chat.strangers import BODY_MAX, LARGE_MAX, SMALL
from safeconduct.edge.quieting import quiet


@dataclass
class Door:
    """A worker that takes everything, behind the real server."""

    port: int = 0
    owns: bool = True
    taken: list[WebhookRequest] = field(default_factory=list)

    async def posted(self, request: WebhookRequest) -> WebhookAnswer:
        self.taken.append(request)
        return WebhookAnswer(200)

    async def open(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        return reader, writer

    async def ask(self, said: bytes) -> bytes:
        """The first line of the answer; empty when the connection is closed without one."""
        reader, writer = await self.open(said)
        line = b""
        with contextlib.suppress(ConnectionError):
            line = await reader.readline()
        writer.close()
        return line.strip()

    def is_ended(self, reader: asyncio.StreamReader) -> bool:
        return reader.at_eof() or reader.exception() is not None


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    found = Door()
    server = webhooks._server("127.0.0.1", 0, cast("Any", found), "telegram")
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    found.port = server.servers[0].sockets[0].getsockname()[1]
    yield found
    server.should_exit = server.force_exit = True
    await running


def post(body: bytes, *, length: int | None = None) -> bytes:
    return b"POST /telegram HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % (length or len(body)) + body


CHUNKED = b"POST /telegram HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"


async def test_a_post_arrives_as_it_was_sent_in_one_piece_or_in_many(door: Door) -> None:
    assert await door.ask(post(b"a" * 100_000)) == b"HTTP/1.1 200 OK"
    assert await door.ask(CHUNKED + b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n") == b"HTTP/1.1 200 OK"
    assert [request.body for request in door.taken] == [b"a" * 100_000, b"abc"]


@pytest.mark.rule("T8")
@pytest.mark.parametrize(
    "said",
    [
        CHUNKED.replace(b"chunked", b"xchunked"),
        post(b"a").replace(b"host", b"content-length: 2\r\nhost"),
        post(b"a").replace(b"1\r\n\r\n", b"-1\r\n\r\n"),
        post(b"a").replace(b"host", b"a\0b: c\r\nhost"),
        post(b"a").replace(b"host", b"ho st"),
        b"GET /telegram\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 100 + b"\r\n\r\n",
    ],
)
async def test_what_two_servers_could_read_differently_is_refused(door: Door, said: bytes) -> None:
    assert await door.ask(said) == b"HTTP/1.1 400 Bad Request"
    assert not door.taken


@pytest.mark.rule("T14")
@pytest.mark.parametrize("more", [b"x: y\r\n" * 10_000, b"x: " + b"y" * 60_000, b"y" * 60_000])
async def test_a_head_comes_to_an_end(door: Door, more: bytes) -> None:
    assert await door.ask(b"POST /telegram HTTP/1.1\r\n" + more) == b"HTTP/1.1 400 Bad Request"


@pytest.mark.rule("T14")
@pytest.mark.parametrize("said", [post(bytes(BODY_MAX + 1)), CHUNKED + b"400000\r\n" + bytes(4 << 20)])
async def test_a_body_that_is_too_long_is_not_kept(door: Door, said: bytes) -> None:
    assert await door.ask(said) == b"HTTP/1.1 413 Request Entity Too Large"
    assert not door.taken


@pytest.mark.rule("T14")
@pytest.mark.parametrize("said", [b"", b"POST /telegram HTTP/1.1\r\n", post(b"a", length=9), CHUNKED + b"1\r\na\r\n"])
async def test_who_does_not_come_to_the_point_is_let_go(
    door: Door, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "REQUEST_SECONDS", 0.1)
    monkeypatch.setattr(strangers, "_LOOK_SECONDS", 0.05)
    reader, writer = await door.open(said)
    await until(lambda: door.is_ended(reader))
    writer.close()


@pytest.mark.rule("T14")
async def test_the_newest_comes_in_when_others_only_hold_the_door(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "CONNECTIONS_MOST", 20)
    held = [await door.open(post(b"a", length=9)) for _ in range(60)]
    assert await door.ask(post(b"the provider's")) == b"HTTP/1.1 200 OK"
    await until(lambda: sum(door.is_ended(reader) for reader, _ in held) >= 40)
    for _, writer in held:
        writer.close()


@pytest.mark.rule("T14")
async def test_large_bodies_together_have_a_bound_and_small_ones_always_find_room(door: Door) -> None:
    piece = bytes(BODY_MAX - 10)
    held = [await door.open(post(piece, length=BODY_MAX)) for _ in range(LARGE_MAX // len(piece) + 4)]
    await until(lambda: any(reader._buffer for reader, _ in held))  # type: ignore[attr-defined]
    statuses = {bytes(reader._buffer[:12]) for reader, _ in held}  # type: ignore[attr-defined]
    assert statuses <= {b"", b"HTTP/1.1 503"}
    assert await door.ask(post(bytes(SMALL))) == b"HTTP/1.1 200 OK"
    for _, writer in held:
        writer.close()


@pytest.mark.rule("T3")
def test_other_peoples_words_about_a_request_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    serve.quiet_parsers()  # a process that is a door as well
    quiet(strangers.QUOTING)
    fault = ValueError("+15550100")
    logging.getLogger("asyncio").error("Task %r", "+15550100", exc_info=fault)
    logging.getLogger("uvicorn.error").error("from +15550100", exc_info=fault)
    assert ["ValueError" in record.getMessage() for record in caplog.records] == [True, True]
    assert "15550100" not in caplog.text
