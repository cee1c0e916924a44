# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing is lost that was acknowledged, nothing stored or answered twice, and nothing acknowledged that was not stored."""

import asyncio
from pathlib import Path

import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.conftest import Clock
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.errors import NotStored
from safeconduct.spool.contract import Fence, Lane, Quota
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.records import ChatContact, PersonText

DAY = 24 * 3600


@pytest.mark.rule("T9")
@pytest.mark.parametrize("later", [0, 60, 3 * DAY])
async def test_a_message_that_comes_again_is_stored_and_answered_once(chat: Chat, later: int) -> None:
    first = chat.message("I want to talk to somebody", language="en")
    await chat.take(first)
    await chat.wait(12)
    await chat.wait(later)
    await chat.take(first)
    await chat.wait(60)
    assert await chat.records(PersonText) == [PersonText("I want to talk to somebody")]
    assert len(chat.phone()) == 1


async def test_a_message_that_comes_twice_in_one_batch_or_after_a_restart_is_one(line: Door) -> None:
    chat, again = chat_line(line, READS), chat_line(line, READS)
    first = chat.message("I want to talk to somebody", language="en")
    await chat.take(first, first)
    await again.take(first)
    await again.wait(12)
    assert len(await chat.records(PersonText)) == 1
    assert len(await chat.records(ChatContact)) == 1
    assert (len(chat.phone()), len(again.phone())) == (0, 1)


@pytest.mark.rule("R48")
async def test_an_old_message_that_comes_again_at_the_question_of_erasing_erases_nothing(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    one = chat.message("1")
    await chat.take(one)
    await chat.tell("menu", "9")
    said, before = len(chat.phone()), await chat.state()
    await chat.take(one)
    await chat.settle()
    assert (await chat.state()).conversation == before.conversation
    assert len(chat.phone()) == said
    assert chat.paper.deleted == []


async def test_people_are_answered_side_by_side_and_each_in_order(chat: Chat) -> None:
    people = [str(number) for number in range(20)]
    batch = [chat.message(f"{who}: {turn}", who, language="en") for turn in range(5) for who in people]
    await asyncio.gather(*(chat.take(*batch[start : start + 10]) for start in range(0, 100, 10)))
    texts = [record.text for record in await chat.records(PersonText)]
    for who in people:
        assert [text for text in texts if text.startswith(f"{who}: ")] == [f"{who}: {turn}" for turn in range(5)]


@pytest.mark.rule("T9", "T14")
async def test_what_a_full_spool_cannot_hold_is_not_acknowledged_and_works_when_there_is_room(
    line: Door, tmp_path: Path, clock: Clock
) -> None:
    small = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(64 << 20, headroom_bytes=1 << 60), clock=clock)
    try:
        full, chat = chat_line(line, READS, spool=small), chat_line(line, READS)
        message = chat.message("I want to talk to somebody", language="en")
        with pytest.raises(NotStored):
            await full.take(message)
        assert await chat.records(PersonText) == []
        await chat.take(message)
        assert len(await chat.records(PersonText)) == 1
        assert not await small.accepts(Lane.FIRST)
    finally:
        await small.close()


class Unavailable:
    """A spool whose disk fails while `is_broken`."""

    def __init__(self, spool: SqliteSpool) -> None:
        self._spool, self.is_broken = spool, True

    def __getattr__(self, name: str) -> object:
        return getattr(self._spool, name)

    async def commit(self, commit: object) -> object:
        if self.is_broken:
            raise SpoolUnavailable("the disk answers with errors")
        return await self._spool.commit(commit)  # type: ignore[arg-type]


@pytest.mark.rule("T9")
async def test_a_batch_of_which_one_fails_is_not_acknowledged_and_nothing_is_doubled_by_its_repeat(line: Door) -> None:
    broken = Unavailable(line.spool)
    chat = chat_line(line, READS, spool=broken)  # type: ignore[arg-type]
    batch = [chat.message("one two three", ANNA, language="en"), chat.message("four five six", BORYS, language="en")]
    with pytest.raises(NotStored):
        await chat.take(*batch)
    broken.is_broken = False
    await chat.take(batch[1])
    await chat.take(*batch)
    assert sorted(record.text for record in await chat.records(PersonText)) == ["four five six", "one two three"]


async def test_a_worker_that_lost_its_channel_acknowledges_nothing(chat: Chat) -> None:
    chat.line.fence = Fence("channel/telegram", 1)
    with pytest.raises(NotStored):
        await chat.take(chat.message("hello"))
    chat.line.fence = await chat.line.spool.lease("channel/telegram", b"me", 30)
    await chat.take(chat.message("hello there, it is me"))
    assert len(await chat.records(PersonText)) == 1


async def test_without_a_key_to_seal_to_nothing_is_acknowledged(bare_line: Door) -> None:
    chat = chat_line(bare_line, READS)
    with pytest.raises(NotStored):
        await chat.take(chat.message("hello"))
