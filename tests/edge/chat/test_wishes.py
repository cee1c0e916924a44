# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4: hours that a person names besides what they do, in a channel where nothing can be typed."""

import pytest
from tests.edge.chat.conftest import ANNA, Chat

from safeconduct.edge.chat.state import SESSION_SECONDS
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import CallForPerson

pytestmark = pytest.mark.rule("R4")
REPLY = "Tomorrow we will tell you more."
EVENING = SafeContactRule("telegram", "18:00", "23:59", "Europe/Kyiv")


async def wish(chat: Chat, rule: SafeContactRule = EVENING) -> None:
    await chat.tell("/start", language="en")
    await chat.take(chat.message(None, pressed="human", wish=rule))
    await chat.settle()


async def test_a_wish_is_the_chats_rule_from_then_on_and_what_came_with_it_happens_too(chat: Chat) -> None:
    await wish(chat)
    state = await chat.state()
    assert (state.contact, state.rule) == ("declared", EVENING)
    assert len(await chat.records(CallForPerson)) == 1


async def test_nothing_is_sent_before_the_hours_of_the_wish_and_a_knock_when_they_begin(chat: Chat) -> None:
    await wish(chat)  # it is 14:00 there
    await chat.wait(SESSION_SECONDS)
    said = len(chat.phone())
    await chat.answer(REPLY)
    await chat.wait(3600)
    assert len(chat.phone(ANNA)) == said
    for _ in range(4):
        await chat.wait(3600)
    assert chat.phone()[said:] == [chat.says("knock")]
