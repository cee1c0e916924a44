# SPDX-License-Identifier: AGPL-3.0-or-later
"""T1: a chat clears itself in time, or at once when its person wishes; and says honestly where it cannot."""

import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import FORGETS_NOTHING
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.contract import Facts
from safeconduct.edge.channels.errors import SendLater, SendRefused
from safeconduct.edge.chat.answering import WIPE_SECONDS

pytestmark = pytest.mark.rule("T1")


async def test_both_sides_messages_are_deleted_after_a_day_and_not_before(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("2")
    await chat.wait(WIPE_SECONDS - 1)
    assert chat.paper.deleted == []
    await chat.wait(2)
    assert sorted(chat.paper.deleted) == [(ANNA, name) for name in ("m1", "m2", "o1", "o2")]


async def test_where_a_messenger_lets_a_day_pass_it_is_done_before_the_day_is_over(line: Door) -> None:
    day = 24 * 3600
    chat = chat_line(line, Facts(code="telegram", provider="knows", text_limit=4096, deletes_own=day))
    await chat.tell("/start", language="en")
    await chat.wait(day - 60)
    assert chat.paper.deleted == [(ANNA, "o1")]


async def test_at_the_persons_wish_all_is_deleted_at_once(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("erase")
    await chat.tell("2")
    await chat.wait(1)
    assert {name for _, name in chat.paper.deleted} >= {"m1", "m2", "m3", "o1", "o2"}
    assert "is being deleted" in chat.phone()[-1]


async def test_where_nothing_can_be_deleted_that_is_said_and_not_pretended(line: Door) -> None:
    chat = chat_line(line, FORGETS_NOTHING)
    await chat.tell("/start", language="en")
    assert chat.says("wipes_nothing") in chat.phone()[0]
    await chat.tell("erase", "2")
    assert "lets us delete nothing here" in chat.phone()[-1]
    await chat.wait(2 * WIPE_SECONDS)
    assert chat.paper.deleted == []


async def test_a_deletion_that_must_wait_is_tried_again_and_one_that_is_refused_is_given_up(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    chat.paper.fail_deleting = [SendRefused("too old"), SendLater("flood", retry_after=30)]
    await chat.wait(WIPE_SECONDS)
    assert chat.paper.deleted == []
    await chat.wait(30)
    assert len(chat.paper.deleted) == 1
    assert await chat.line.spool.next_due("telegram") is None
