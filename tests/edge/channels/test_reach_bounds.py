# SPDX-License-Identifier: AGPL-3.0-or-later
"""A provider that wants to fill our memory, hold us for ever, or be recognised again."""

import asyncio
import contextlib
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Callable

import pytest

from safeconduct.edge.channels import reach as reaching
from safeconduct.edge.channels.errors import ChannelDown, SendLater, SendUncertain
from safeconduct.edge.channels.reach import Reach

Provider = Callable[..., contextlib.AbstractAsyncContextManager[tuple[Reach, str]]]


@contextlib.asynccontextmanager
async def provider(*pieces: bytes, forever: bytes = b"", pause: float = 0.0) -> AsyncIterator[tuple[Reach, str]]:
    """Answers every request with these octets, and then with the same ones again and again."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                heads.append(await reader.readuntil(b"\r\n\r\n"))
                for piece in pieces:
                    writer.write(piece)
                while forever:
                    writer.write(forever)
                    await writer.drain()
                    await asyncio.sleep(pause)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        reach = Reach().trusting(url)
        reach.heads = heads  # type: ignore[attr-defined] # for the test to look at
        yield reach, url
        await reach.close()


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


@pytest.mark.rule("T8")
@pytest.mark.parametrize("layers", [1, 2])
async def test_an_answer_that_unpacks_to_more_than_it_may_ends_there(layers: int) -> None:
    bomb = bytes(256 << 20)
    for _ in range(layers):
        bomb = gzip.compress(bomb, 1 if len(bomb) > 9 << 20 else 9)
    encodings = ", ".join(["gzip"] * layers).encode()
    head = HEAD + b"content-encoding: %s\r\ncontent-length: %d\r\n\r\n" % (encodings, len(bomb))
    async with provider(head, bomb) as (reach, url):
        tracemalloc.start()
        with pytest.raises(SendLater):
            await reach.call("GET", url, may_repeat=True)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 3 * reaching.BODY_MAX


@pytest.mark.rule("T8")
@pytest.mark.parametrize("forever", [b"x-more: " + b"a" * 60_000 + b"\r\n", b"a" * 60_000, b"x: y\r\n" * 1000])
async def test_headers_come_to_an_end(forever: bytes) -> None:
    async with provider(HEAD, forever=forever) as (reach, url), asyncio.timeout(10):
        with pytest.raises(SendUncertain):
            await reach.call("GET", url)


@pytest.mark.rule("T8")
@pytest.mark.parametrize("begin", [CHUNKED, HEAD.replace(b"200", b"103")[:-2], HEAD])
async def test_a_provider_that_drips_does_not_hold_us(begin: bytes) -> None:
    forever = b"1\r\na\r\n" if begin == CHUNKED else b"\r\n\r\nHTTP/1.1 103 E" if b"103" in begin else b"a: b\r\n"
    async with provider(begin, forever=forever, pause=0.05) as (reach, url), asyncio.timeout(20):
        with pytest.raises(SendLater):
            await reach.call("GET", url, timeout=0.3, may_repeat=True)


@pytest.mark.rule("T8")
async def test_a_file_that_drips_does_not_hold_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "FILE_SECONDS", 0.3)
    async with provider(CHUNKED, forever=b"1\r\na\r\n", pause=0.05) as (reach, url), asyncio.timeout(20):
        with pytest.raises(SendLater):
            async for _ in reach.stream(url):
                pass


async def test_a_provider_is_not_asked_to_pack_and_leaves_no_cookie() -> None:
    answer = HEAD + b"set-cookie: known=1\r\ncontent-length: 0\r\n\r\n"
    async with provider(answer) as (reach, url):
        for _ in range(2):
            await reach.call("GET", url)
        heads: list[bytes] = reach.heads  # type: ignore[attr-defined]
    assert len(heads) == 2
    assert not any(b"cookie" in head.lower() or b"gzip" in head or b"python" in head for head in heads)


@pytest.mark.parametrize("seconds", [1e308, float("inf"), 1e9])
def test_no_provider_silences_a_channel_with_a_number(seconds: float) -> None:
    assert ChannelDown("flood", retry_after=seconds).retry_after <= 300
    later = SendLater("flood", retry_after=seconds).retry_after
    assert later is not None
    assert later <= 24 * 3600


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("-inf")])
def test_a_wait_is_never_less_than_none(seconds: float) -> None:
    assert SendLater("flood", retry_after=seconds).retry_after == 0
    assert ChannelDown("flood", retry_after=seconds).retry_after == 0
