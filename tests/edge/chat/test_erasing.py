# SPDX-License-Identifier: AGPL-3.0-or-later
"""R48 from a chat: gone in the spool and in the chat as far as that goes, said once; and the next word begins anew."""

import asyncio

import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import FORGETS_NOTHING, READS
from tests.edge.chat.waiting import until
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.errors import SendRefused
from safeconduct.edge.chat.answering import what_stays
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.sending import Sending
from safeconduct.edge.chat.state import ChatState
from safeconduct.sealing import receipts
from safeconduct.sealing.receipts import Receipt
from safeconduct.vocabulary.identifiers import DedupKey
from safeconduct.vocabulary.records import ChatContact, ErasureWish, PersonText

pytestmark = pytest.mark.rule("R48")


async def erase(chat: Chat) -> None:
    await chat.tell("erase", "1")


async def erase_elsewhere(chat: Chat, state: ChatState) -> None:
    """With the code, on the web."""
    notice = chat.line.sealer(state.conversation_id, await chat.line.intake()).erasure(language="en")
    await chat.line.spool.erase(state.conversation_id, key=DedupKey(b"w" * 32), notice=notice)


async def test_everything_of_the_conversation_is_gone_and_a_farewell_is_said(chat: Chat) -> None:
    await chat.apply()
    state = await chat.state()
    code = await chat.code()
    assert code
    lookup = receipts.derive(Receipt(code), chat.line.secrets.door.receipt_key).lookup
    assert await chat.line.spool.find(lookup)
    await erase(chat)
    assert await chat.line.spool.find(lookup) is None
    assert await chat.line.state_at(chat.line.place(ANNA)) is None
    assert await chat.line.place_of(state.conversation_id) is None
    assert [record for _, record in await chat.arrived()] == [ErasureWish()]
    assert "Deleted here now" in chat.phone()[-1]


async def test_the_farewell_offers_nothing_that_would_begin_a_new_conversation(chat: Chat) -> None:
    await chat.apply()
    await erase(chat)
    assert chat.phone()[-1].endswith("You can apply again at any time.")


async def test_all_messages_of_the_chat_are_deleted_and_one_that_is_too_old_does_not_keep_the_rest(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("2", "erase")
    chat.paper.fail_deleting = [SendRefused("too old")]
    await chat.tell("1")
    names = {f"m{number}" for number in range(1, 5)} | {f"o{number}" for number in range(1, 4)}
    gone = {name for _, name in chat.paper.deleted}
    assert len(names - gone) == 1
    assert gone <= names


async def test_the_wish_that_comes_again_does_nothing(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("erase")
    wish = chat.message("1")
    await chat.take(wish)
    said = len(chat.phone())
    await chat.take(wish)
    await chat.wait(60)
    assert len(chat.phone()) == said
    assert [record for _, record in await chat.arrived()] == [ErasureWish()]


async def test_the_next_word_begins_a_new_conversation_with_a_new_code(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    before, old_code = await chat.state(), await chat.code()
    await erase(chat)
    await chat.tell("hello, I am here again, can you hear me?")
    after = await chat.state()
    assert old_code
    assert before.conversation != after.conversation
    assert old_code != await chat.code()
    assert await chat.records(PersonText) == [PersonText("hello, I am here again, can you hear me?")]


async def test_a_word_into_a_chat_whose_conversation_was_erased_on_the_web_is_not_lost(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    old = await chat.state()
    await erase_elsewhere(chat, old)
    await chat.tell("are you still there, please?")
    assert (await chat.state()).conversation != old.conversation
    assert await chat.records(PersonText) == [PersonText("are you still there, please?")]
    assert len(await chat.records(ChatContact)) == 1


async def test_a_conversation_erased_while_a_word_is_on_its_way_in_loses_no_word(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.tell("/start", language="en")
    state = await chat.state()

    async def erased_meanwhile(line: Line, _place: bytes) -> ChatState:
        await erase_elsewhere(chat, state)
        return state

    monkeypatch.setattr(Line, "own_state", erased_meanwhile)
    await chat.take(chat.message("are you still there, please?"))
    assert await chat.records(PersonText) == [PersonText("are you still there, please?")]


async def test_a_message_that_was_on_its_way_out_when_all_was_erased_is_deleted_again(line: Door) -> None:
    chat = chat_line(line, READS)
    await chat.tell("/start", language="en")
    await chat.take(chat.message("2"))
    chat.paper.hangs = asyncio.Event()
    (due,) = await chat.line.spool.errands("telegram", chat.clock(), 10)
    sending = asyncio.create_task(Sending(chat.line).do(due))
    await until(lambda: len(chat.phone()) == 2)
    await erase_elsewhere(chat, await chat.state())
    chat.paper.hangs.set()
    await sending
    assert (ANNA, "o2") in chat.paper.deleted


@pytest.mark.rule("R11")
async def test_where_nothing_can_be_deleted_an_erasure_says_what_stays(line: Door) -> None:
    chat = chat_line(line, FORGETS_NOTHING)
    await chat.apply()
    await erase(chat)
    assert chat.says("wipes_nothing") in chat.phone()[-1]
    assert chat.says("greeting_telephone") in chat.phone()[-1]
    assert what_stays(READS) == []
