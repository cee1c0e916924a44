# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bodies as slow and broken networks deliver them."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.edge.conftest import Line
from tests.edge.person import ANSWERS

from safeconduct.edge.errors import Refused
from safeconduct.edge.web import posts
from safeconduct.edge.web.posts import BODY_MAX, Gone, read_form

HEADERS = [(b"content-type", b"application/x-www-form-urlencoded")]


def arriving(*messages: dict[str, object]) -> asyncio.Queue[dict[str, object]]:
    queue: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    for message in messages:
        queue.put_nowait({"type": "http.request", **message})
    return queue


async def test_a_body_in_many_pieces_is_one_form(client: httpx.AsyncClient) -> None:
    request = client.build_request("POST", "/en/apply", files=[(name, (None, text)) for name, text in ANSWERS.items()])
    body = await request.aread()

    async def trickle() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    answer = await client.post(
        "/en/apply", headers={"content-type": request.headers["content-type"]}, content=trickle()
    )
    assert answer.status_code == 200
    assert 'name="ticket"' in answer.text


@pytest.mark.rule("T9")
async def test_a_post_that_breaks_off_stores_nothing_and_answers_nobody(line: Line) -> None:
    app, sent = line.app(), list[object]()
    queue = arriving({"body": b"type=individual&sta", "more_body": True}, {"type": "http.disconnect"})
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/en/apply",
        "root_path": "",
        "query_string": b"",
        "headers": HEADERS,
    }

    async def send(message: object) -> None:
        sent.append(message)

    await app(scope, queue.get, send)
    assert sent == []
    assert await line.spool.waiting(10) == []


async def test_a_body_that_never_ends_is_read_for_a_while_and_refused() -> None:
    piece = {"body": b"a" * BODY_MAX, "more_body": True}
    queue = arriving(*(piece for _ in range(20)))
    with pytest.raises(Refused, match="size"):
        await read_form({"headers": HEADERS}, queue.get)
    assert 0 < queue.qsize() < 20


@pytest.mark.rule("T7")
async def test_a_body_that_stops_arriving_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "_PATIENCE", 0.05)
    for begun in ([], [{"body": b"type=", "more_body": True}]):
        queue = arriving(*begun)
        with pytest.raises(Refused, match="unreadable"):
            await asyncio.wait_for(read_form({"headers": HEADERS}, queue.get), 20)


@pytest.mark.rule("T7")
async def test_a_body_that_trickles_has_one_patience_for_all_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "_PATIENCE", 0.2)

    async def trickle() -> dict[str, object]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"a", "more_body": True}

    with pytest.raises(Refused, match="unreadable"):
        await asyncio.wait_for(read_form({"headers": HEADERS}, trickle), 20)


async def test_someone_who_left_at_once_is_noticed() -> None:
    queue = arriving({"type": "http.disconnect"})
    with pytest.raises(Gone):
        await read_form({"headers": HEADERS}, queue.get)
