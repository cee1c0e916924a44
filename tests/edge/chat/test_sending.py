# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes out: each part once and in order, as the provider allows, and nobody waits for somebody else."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import SHORT
from tests.edge.chat.waiting import until
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.contract import Address, Outgoing
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.chat import sending as module
from safeconduct.edge.chat.sending import Sending
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.vocabulary.records import DeliveryReport


@contextlib.asynccontextmanager
async def running(chat: Chat) -> AsyncIterator[Sending]:
    """The real loop."""
    sending = Sending(chat.line)
    task = asyncio.create_task(sending.run())
    try:
        yield sending
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_parts_that_were_sent_are_not_sent_again_when_the_messenger_says_later(line: Door) -> None:
    chat, whole = chat_line(line, SHORT), chat_line(line, SHORT)
    await whole.tell("/start", who=BORYS, language="en")
    await chat.take(chat.message("/start", language="en"))
    for pause in range(1, 100):
        chat.paper.fail = [SendLater("flood", retry_after=pause / 100)] if pause % 2 else []
        await chat.wait(1)
    assert chat.phone() == whole.phone(BORYS)
    assert len(chat.phone()) > 5


@pytest.mark.parametrize("seconds", [0.5, 3.2, 60, 700])
async def test_the_time_that_the_messenger_asks_for_is_kept(chat: Chat, seconds: float) -> None:
    chat.clock.now += 0.9
    await chat.take(chat.message("/start", language="en"))
    chat.paper.fail = [SendLater("flood", retry_after=seconds)]
    await chat.settle()
    await chat.wait(seconds - 0.01)
    assert chat.phone() == []
    await chat.wait(1.02)
    assert len(chat.phone()) == 1


@pytest.mark.parametrize("seconds", [0, 1])
async def test_a_messenger_that_says_in_a_second_for_minutes_does_not_use_up_the_attempts(
    chat: Chat, seconds: float
) -> None:
    await chat.take(chat.message("/start", language="en"))
    for _ in range(200):
        chat.paper.fail = [SendLater("flood", retry_after=seconds)]
        await chat.wait(1)
    chat.paper.fail = []
    await chat.wait(300)
    assert len(chat.phone()) == 1


@pytest.mark.rule("T9")
async def test_what_had_begun_when_the_worker_died_is_reported_and_not_repeated(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.answer("Tomorrow.")
    (reply,) = await chat.line.spool.errands("telegram", chat.clock(), 10)
    await Sending(chat.line).do(reply)
    (part,) = await chat.line.spool.errands("telegram", chat.clock(), 10)
    assert await chat.line.spool.begin(part.number)
    await Sending(chat.line).recover()
    await chat.wait(60)
    assert len(chat.phone()) == 1
    assert [report.outcome for report in await chat.records(DeliveryReport)] == ["uncertain"]
    await chat.tell("2")
    assert len(chat.phone()) == 2


async def test_a_text_of_which_a_part_was_refused_is_not_sent_in_pieces(line: Door) -> None:
    chat = chat_line(line, SHORT)
    await chat.take(chat.message("/start", language="en"))
    chat.paper.fail = [SendRefused("blocked")]
    await chat.wait(60)
    assert chat.phone() == []


async def test_whoever_is_slow_holds_up_nobody_else(chat: Chat) -> None:
    await chat.take(chat.message("/start", ANNA, language="en"))
    real, slow = chat.paper.send, asyncio.Event()

    async def send(address: Address, message: Outgoing) -> object:
        if address == ANNA:
            await slow.wait()
        return await real(address, message)

    chat.paper.send = send  # type: ignore[method-assign,assignment]
    async with running(chat) as sending:
        await asyncio.sleep(0.05)
        await chat.take(chat.message("/start", BORYS, language="en"))
        sending.wake()
        await until(lambda: chat.phone(BORYS))
        assert chat.phone(ANNA) == []
        slow.set()
        await until(lambda: chat.phone(ANNA))


async def test_a_messenger_that_never_answers_is_given_up(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEND_SECONDS", 0.02)
    chat.paper.hangs = asyncio.Event()
    await chat.tell("/start", language="en")
    chat.paper.hangs = None
    await chat.tell("2")
    assert len(chat.phone()) == 2


async def test_a_fault_in_one_errand_stops_no_other_and_is_logged_without_a_word_of_it(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for who in (ANNA, BORYS):
        await chat.take(chat.message("/start", who, language="en"))
    chat.paper.fail = [ZeroDivisionError(f"to {ANNA} or {BORYS}")]
    async with running(chat):
        await until(lambda: chat.paper.sent and caplog.text)
    assert "ZeroDivisionError" in caplog.text
    assert not {ANNA, BORYS} & set(caplog.text.split())
    await Sending(chat.line).recover()  # the loop may have been stopped before all was written down
    for who in (ANNA, BORYS):
        await chat.tell("2", who=who)
    assert sorted(len(chat.phone(who)) for who in (ANNA, BORYS)) == [1, 2]  # what may have been sent is not repeated


async def test_what_was_sent_while_the_spool_failed_is_ended_when_it_works_again_and_not_sent_twice(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_IDLE_SECONDS", 0.01)
    await chat.take(chat.message("/start", language="en"))
    real, failures = type(chat.line.spool).commit, [SpoolUnavailable("busy"), SpoolUnavailable("busy")]

    async def commit(spool: object, what: object) -> object:
        if failures:
            raise failures.pop()
        return await real(spool, what)  # type: ignore[arg-type]

    monkeypatch.setattr(type(chat.line.spool), "commit", commit)
    await chat.settle()
    assert failures == []
    assert len(chat.phone()) == 1
    assert await chat.line.spool.begun("telegram") == []


async def test_an_answer_that_could_not_be_sent_for_a_quarter_of_an_hour_is_not_wanted_any_more(chat: Chat) -> None:
    await chat.take(chat.message("/start", language="en"))
    chat.paper.fail = [SendLater("down", retry_after=1000)]
    await chat.settle()
    await chat.wait(1000)
    assert chat.phone() == []


async def test_an_uncertain_answer_is_not_repeated(chat: Chat) -> None:
    chat.paper.fail = [SendUncertain("broken")]
    await chat.tell("/start", language="en")
    await chat.wait(600)
    assert chat.phone() == []
    assert await chat.records(DeliveryReport) == []


async def test_a_sender_stops_when_it_is_told_to_even_in_the_moment_in_which_something_wakes_it(chat: Chat) -> None:
    for _ in range(30):
        sending = Sending(chat.line)
        task = asyncio.create_task(sending.run())
        await asyncio.sleep(0.01)
        sending.wake()
        task.cancel()
        async with asyncio.timeout(20):
            with contextlib.suppress(asyncio.CancelledError):
                await task
