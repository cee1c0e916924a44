# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process owns a channel: the next one waits, takes over when it must, and what the first still tries is refused."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.chat.waiting import until
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.contract import Take, WebhookRequest
from safeconduct.edge.channels.errors import ChannelDown, ChannelSpent, NotStored
from safeconduct.edge.chat import recent
from safeconduct.edge.chat import worker as module
from safeconduct.edge.chat.conversing import Conversing
from safeconduct.edge.chat.strangers import BODY_MAX
from safeconduct.edge.chat.webhooks import application
from safeconduct.edge.chat.worker import LEASE_SECONDS, Worker
from safeconduct.spool.contract import Fence, Spool
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.vocabulary.records import PersonText

pytestmark = pytest.mark.rule("T9")
HELLO = "hello, is anyone there who can help me"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RENEW_SECONDS", 0.02)
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.02)


@contextlib.asynccontextmanager
async def working(chat: Chat) -> AsyncIterator[Worker]:
    worker = Worker(chat.line)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("dies", [False, True])
async def test_a_second_worker_waits_and_takes_over_when_the_first_stops_or_dies(
    line: Door, monkeypatch: pytest.MonkeyPatch, *, dies: bool
) -> None:
    first, second = chat_line(line, READS), chat_line(line, READS)
    async with contextlib.AsyncExitStack() as stack:
        async with working(first) as one:
            await until(lambda: one.owns)
            two = await stack.enter_async_context(working(second))
            await asyncio.sleep(0.1)
            assert (one.owns, two.owns) == (True, False)
            with pytest.raises(NotStored):
                await two.take([second.message(HELLO)])
            if dies:  # it gives nothing back
                monkeypatch.setattr(Worker, "_release", _nothing)
        if dies:
            await asyncio.sleep(0.1)
            assert not two.owns
            line.clock.now += LEASE_SECONDS + 1
        await until(lambda: two.owns)
        await two.take([second.message(HELLO)])
    assert len(await first.records(PersonText)) == 1


@pytest.mark.rule("R48", "T13")
async def test_no_chat_stays_in_memory_when_nobody_writes_any_more(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "FRESH_SECONDS", 0.3)
    async with working(chat) as worker:
        await until(lambda: worker.owns)
        await worker.take([chat.message(HELLO)])
        assert chat.line.recent._chats
        await until(lambda: not chat.line.recent._chats)


async def _nothing(_worker: Worker) -> None:
    """It died."""


class Stalling:
    """A spool that renews no lease, as if its process stood still: everything else it does."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self.goes = spool, asyncio.Event()
        self.goes.set()

    def __getattr__(self, name: str) -> object:
        return getattr(self._spool, name)

    async def lease(self, name: str, holder: bytes, seconds: float) -> Fence | None:
        await self.goes.wait()
        return await self._spool.lease(name, holder, seconds)


async def test_the_commits_of_one_that_stalled_are_refused_and_it_waits_its_turn_again(line: Door) -> None:
    stalling = Stalling(line.spool)
    first, second = chat_line(line, READS, spool=stalling), chat_line(line, READS)  # type: ignore[arg-type]
    async with contextlib.AsyncExitStack() as stack:
        one = await stack.enter_async_context(working(first))
        await until(lambda: one.owns)
        two = await stack.enter_async_context(working(second))
        stalling.goes.clear()
        await asyncio.sleep(0.05)
        line.clock.now += LEASE_SECONDS + 1
        await until(lambda: two.owns)
        assert one.owns  # it does not know yet
        with pytest.raises(NotStored):
            await one.take([first.message(HELLO)])
        await two.take([second.message(HELLO)])
        stalling.goes.set()
        await until(lambda: not one.owns)
    assert len(await first.records(PersonText)) == 1


async def test_a_spool_that_answers_nobody_for_a_while_costs_nobody_the_channel(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [SpoolUnavailable("busy")] * 5
    real = type(chat.line.spool).lease

    async def lease(spool: object, *rest: object) -> object:
        if failures and chat.line.fence is not None:
            raise failures.pop()
        return await real(spool, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(chat.line.spool), "lease", lease)
    async with working(chat) as worker:
        await until(lambda: worker.owns and not failures)
        await worker.take([chat.message(HELLO)])
    assert len(await chat.records(PersonText)) == 1


async def test_a_channel_that_is_down_or_faulty_is_asked_again_and_its_fault_is_logged_without_its_words(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [ValueError(f"{ANNA} said {HELLO}"), ChannelDown("away", retry_after=0.01), NotStored("full")]

    async def receive(take: Take) -> None:
        if faults:
            raise faults.pop()
        await take([chat.message(HELLO)])
        await asyncio.Event().wait()

    chat.paper.receive = receive  # type: ignore[method-assign,assignment]
    async with working(chat):
        await until(lambda: chat.line.locks is not None and not faults)
        await asyncio.sleep(0.2)
    assert len(await chat.records(PersonText)) == 1
    assert "ValueError" in caplog.text
    assert ANNA not in caplog.text
    assert HELLO not in caplog.text


@pytest.mark.rule("T9")
async def test_a_worker_whose_process_cannot_go_on_ends_and_leaves_the_channel_to_another(chat: Chat) -> None:
    async def receive(_take: Take) -> None:
        raise ChannelSpent("worn out")

    chat.paper.receive = receive  # type: ignore[method-assign]
    with pytest.raises(ExceptionGroup) as raised:
        await asyncio.wait_for(Worker(chat.line).run(), 20)
    assert raised.group_contains(ChannelSpent)
    assert await chat.line.spool.lease(f"channel/{chat.line.facts.code}", b"another", 30) is not None


async def test_our_own_fault_with_a_message_is_not_stored_and_says_nothing_of_it(
    chat: Chat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    async with working(chat) as worker:
        await until(lambda: worker.owns)
        with monkeypatch.context() as patch:
            patch.setattr(Conversing, "take", _fault)
            with pytest.raises(NotStored) as raised:
                await worker.take([chat.message(HELLO)])
        await worker.take([chat.message(HELLO)])
    assert HELLO not in caplog.text + str(raised.value)
    assert len(await chat.records(PersonText)) == 1


async def _fault(_self: object, inbounds: object) -> None:
    raise ValueError(f"cannot take {HELLO}")


async def test_a_post_to_a_channel_without_a_webhook_is_nowhere_and_a_huge_one_too_large(chat: Chat) -> None:
    worker = Worker(chat.line)
    assert (await worker.posted(WebhookRequest("POST", {}, {}, b""))).status == 404
    transport = httpx.ASGITransport(application(worker, "telegram"))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.post("/telegram", content=bytes(BODY_MAX + 1))).status_code == 413
        assert (await client.get("/healthz")).status_code == 503
