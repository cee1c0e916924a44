# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connections that do not come to the point, against the real server on a socket."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from safeconduct.edge import visitors
from safeconduct.edge.serve import server_config

ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def _page(request: Request) -> PlainTextResponse:
    body = await request.body()
    return PlainTextResponse(f"{len(body)} bytes")


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = server_config(Starlette(routes=[Route("/", _page, methods=["GET", "POST"])]))
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(server._serve([listening]))  # `serve` would take the signals
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        await running


async def sent(port: int, pieces: Iterator[bytes]) -> int:
    """How many bytes the server took before it hung up, or all of them."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = 0
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
            if reader.at_eof():
                break
            taken += len(piece)
    writer.close()
    return taken


@pytest.mark.parametrize(
    "piece", [b"a" * 4096 + b": " + b"b" * 4096 + b"\r\n", b"c" * 8192], ids=["many headers", "one that never ends"]
)
async def test_a_head_without_end_is_not_collected(port: int, piece: bytes) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"GET / HTTP/1.1\r\nHost: x\r\n"
        for _ in range(4000):
            yield piece

    assert await sent(port, pieces()) < 8 << 20  # what the kernel still held, of 32 MB


async def test_trailers_without_end_are_not_collected(port: int) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
        for number in range(4000):
            yield b"t%d: " % number + b"b" * 8192 + b"\r\n"

    assert await sent(port, pieces()) < 12 << 20


async def test_who_asks_for_nothing_is_let_go(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(visitors, "_LOOK_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HT")
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()


async def test_when_many_wait_the_one_that_has_waited_longest_without_asking_makes_room(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "CONNECTIONS_MOST", 2)
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    await asyncio.sleep(0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASKED)
    assert b"200 OK" in await reader.readuntil(b"\r\n")
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(idle[0][0].read(), 10) == b""
    for one in (writer, *(pair[1] for pair in idle)):
        one.close()


async def test_a_body_in_the_smallest_chunks_still_arrives(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    )
    answer = await asyncio.wait_for(reader.readuntil(b"bytes"), 10)
    assert answer.endswith(b"20000 bytes")
    writer.close()
