# SPDX-License-Identifier: AGPL-3.0-or-later
"""A code typed into a chat: the conversation goes on here, and the chat where it was gets nothing more."""

import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.conftest import Line as Door
from tests.edge.person import Person

from safeconduct.edge.channels.contract import Facts
from safeconduct.sealing.receipts import Receipt
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.identifiers import DedupKey
from safeconduct.vocabulary.records import ChatContact, PersonText

REPLY = "Tomorrow we will tell you more."
NUMBER, DAY = "+380501112233", 24 * 3600


async def code_of(chat: Chat, who: str = ANNA) -> str:
    code = await chat.code(who)
    assert code
    return code


async def move(chat: Chat, *, to: str = BORYS) -> None:
    """From Anna's old telephone to another one."""
    await chat.tell("/start", who=ANNA, language="en")
    await chat.tell("/start", who=to, language="en")
    await chat.tell("6", await code_of(chat), who=to)


async def test_the_conversation_goes_on_where_its_code_was_typed(chat: Chat) -> None:
    await move(chat)
    here, there = await chat.state(BORYS), await chat.state(ANNA)
    assert here.conversation == there.conversation
    contacts = [
        (envelope.header.conversation, record.mailbox)
        for envelope, record in await chat.arrived()
        if isinstance(record, ChatContact)
    ]
    assert contacts[0] == contacts[-1]  # the same mailbox, so that the desk goes on believing it (T13)
    await chat.tell("now I write from here", who=BORYS)
    (envelope,) = [e for e, r in await chat.arrived() if isinstance(r, PersonText)]
    assert envelope.header.conversation == here.conversation


async def urgency_of_the_last_word(chat: Chat) -> Urgency:
    labels = [envelope.label for envelope, record in await chat.arrived() if isinstance(record, PersonText)]
    assert labels[-1]
    return labels[-1].urgency


async def test_who_is_at_the_front_is_there_in_the_new_chat_too(chat: Chat, person: Person) -> None:
    await chat.apply()
    await chat.tell("menu", who=BORYS, language="en")
    await chat.tell("6", await code_of(chat), "I have another telephone", who=BORYS)
    assert await urgency_of_the_last_word(chat) is Urgency.NOW
    digits = (await person.apply(stage="front")).receipt
    await chat.tell("menu", "6", digits, "I have applied on the page", who=BORYS)
    assert await urgency_of_the_last_word(chat) is Urgency.NOW


@pytest.mark.rule("R4")
@pytest.mark.rule("R4")
async def test_the_hours_that_were_named_on_the_page_for_this_messenger_hold_once_its_person_writes_here(
    chat: Chat, person: Person
) -> None:
    hours = {
        "contact": chat.line.facts.code,
        "contact_from": "18:00",
        "contact_to": "21:00",
        "contact_zone": "Europe/Kyiv",
    }
    digits = (await person.apply(**hours)).receipt
    await chat.tell(digits, language="en")
    state = await chat.state()
    assert (state.contact, state.rule) == (
        "declared",
        SafeContactRule(chat.line.facts.code, "18:00", "21:00", "Europe/Kyiv"),
    )


@pytest.mark.rule("R4")
async def test_the_hours_of_another_messenger_do_not_hold_here(chat: Chat, person: Person) -> None:
    hours = {"contact": "signal", "contact_from": "18:00", "contact_to": "21:00", "contact_zone": "Europe/Kyiv"}
    digits = (await person.apply(**hours)).receipt
    await chat.tell(digits, language="en")
    assert ((await chat.state()).contact, (await chat.state()).rule) == ("undeclared", None)


async def test_the_old_chat_gets_nothing_more(chat: Chat) -> None:
    await move(chat)
    said = len(chat.phone(ANNA))
    await chat.answer(REPLY, BORYS)
    await chat.wait(1)
    assert chat.phone(BORYS)[-1] == REPLY
    assert len(chat.phone(ANNA)) == said


@pytest.mark.rule("R4")
@pytest.mark.parametrize("later", [0, 25 * 3600])
async def test_who_holds_the_old_telephone_begins_a_conversation_of_their_own(chat: Chat, later: int) -> None:
    await move(chat)
    here = (await chat.state(BORYS)).conversation_id
    said = len(chat.phone(BORYS))
    await chat.wait(later)
    await chat.tell("who is there, and what was written here?", who=ANNA)
    await chat.wait(12)
    assert (await chat.state(ANNA)).conversation != here
    assert (await chat.state(BORYS)).conversation == here
    assert len(chat.phone(BORYS)) == said
    await chat.answer(REPLY, BORYS)
    await chat.wait(1)
    assert REPLY not in chat.phone(ANNA)


@pytest.mark.rule("R4")
async def test_a_conversation_that_went_to_another_messenger_is_not_followed_with_its_address(line: Door) -> None:
    chat, other = chat_line(line, READS), chat_line(line, Facts(code="sms", provider="telephone", text_limit=4096))
    await chat.tell("/start", who=ANNA, language="en")
    await chat.answer(REPLY)  # on its way to the old messenger
    await other.tell("/start", who="+380501112233", language="en")
    await other.tell("6", await code_of(chat), who="+380501112233")
    await chat.wait(1)
    assert {whom for whom, _ in chat.paper.sent} == {ANNA}
    assert REPLY not in chat.phone(ANNA)
    assert REPLY in other.phone("+380501112233")[-1]


@pytest.mark.rule("T1")
async def test_the_message_with_the_code_is_deleted_at_once_and_not_behind_what_waits(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("6")
    await chat.take(chat.message("0000 0000 0000 0000 0000 0000", number="typed"))
    await chat.wait(1)
    assert chat.paper.deleted == [(ANNA, "typed")]


@pytest.mark.rule("T1")
async def test_what_stood_in_the_chat_before_the_move_is_deleted_in_time_all_the_same(chat: Chat) -> None:
    await move(chat)
    await chat.wait(24 * 3600 + 1)
    assert {name for whom, name in chat.paper.deleted if whom == BORYS} >= {"m2", "m3", "m4", "o2"}
    assert {name for whom, name in chat.paper.deleted if whom == ANNA} >= {"m1", "o1"}


@pytest.mark.rule("R48", "T1")
async def test_erasing_after_a_move_deletes_on_the_old_telephone_too_and_in_no_other_messenger(
    chat: Chat, line: Door
) -> None:
    sms = chat_line(line, Facts(code="sms", provider="reads", text_limit=4096, deletes_own=DAY, deletes_theirs=DAY))
    await move(chat)
    await sms.tell("/start", who=NUMBER, language="en")
    await sms.tell("6", await code_of(chat, BORYS), who=NUMBER)
    await sms.tell("erase", "1", who=NUMBER)
    assert {whom for whom, _ in sms.paper.deleted} == {NUMBER}
    await chat.tell("/start", who=ANNA, language="en")
    await chat.tell("/start", who=BORYS, language="en")
    await chat.tell("6", await code_of(chat, ANNA), who=BORYS)
    await chat.tell("erase", "1", who=BORYS)
    assert {whom for whom, _ in chat.paper.deleted} == {ANNA, BORYS}


@pytest.mark.rule("R48")
async def test_unknown_erased_and_never_issued_codes_get_the_same_answer(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    erased, conversation = await code_of(chat), (await chat.state()).conversation_id
    notice = chat.line.sealer(conversation, await chat.line.intake()).erasure(language="en")
    await chat.line.spool.erase(conversation, key=DedupKey(b"w" * 32), notice=notice)
    await chat.tell("/start", who=BORYS, language="en")
    await chat.tell("6", erased, Receipt.generate().digits, who=BORYS)
    assert chat.phone(BORYS)[-1] == chat.phone(BORYS)[-2]
    assert "There is nothing under this code" in chat.phone(BORYS)[-1]


async def test_ones_own_code_opens_the_answers_and_they_can_be_looked_at_again(chat: Chat) -> None:
    await chat.apply()
    await chat.answer(REPLY)
    await chat.tell("menu", "6", await code_of(chat))
    assert REPLY in chat.phone()[-1]
    await chat.tell("2")
    assert REPLY in chat.phone()[-1]
    await chat.wait(15 * 60 + 1)
    await chat.tell("2")
    assert REPLY not in chat.phone()[-1]
