# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application, question by question: the same sealed facts as the page's, and a code only where it may stand."""

import re

import httpx
import msgspec
import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import KNOWS
from tests.edge.conftest import Line as Door
from tests.edge.person import Person

from safeconduct.sealing.keys import PUBLIC_BYTES
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import ApplicationFacts, CallForPerson, ChatContact, PersonText

KYIV = ("18:00", "21:30", "Europe/Kyiv")
CODE = re.compile(r"Your code: ((?:\d{4} ?){6})")


@pytest.mark.rule("R2", "R4")
async def test_an_application_by_chat_yields_the_same_facts_as_the_webs(chat: Chat, person: Person) -> None:
    await chat.apply(contact="telegram", hours=KYIV)
    hours = dict(zip(("contact_from", "contact_to", "contact_zone"), KYIV, strict=True))
    await person.apply(contact="telegram", neutral_text="yes", **hours)
    mine, webs = await chat.records(ApplicationFacts)
    mailbox = await chat.line.mailbox_of(await chat.state())
    assert mine == msgspec.structs.replace(webs, channel="telegram", mailbox=mailbox)
    assert mine.safe_contact == SafeContactRule("telegram", *KYIV)


async def test_free_words_beside_an_application_are_stored_too(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("4", "1", "I am not sure what you mean", "5", "skip", "web", "my own words", "4711", "1")
    assert await chat.records(PersonText) == [PersonText("I am not sure what you mean"), PersonText("my own words")]
    (facts,) = await chat.records(ApplicationFacts)
    assert facts.duress_word_set


async def test_where_the_provider_reads_the_code_is_shown_on_wish_alone_with_a_warning(chat: Chat) -> None:
    await chat.apply()
    assert not any(CODE.search(text) for text in chat.phone())
    await chat.tell("1")
    shown = chat.phone()[-1]
    assert shown.index(chat.says("code_is_seen")) < shown.index("Your code:")


async def test_the_code_is_not_shown_after_a_day(chat: Chat) -> None:
    await chat.apply()
    await chat.wait(24 * 3600 + 1)
    await chat.tell("8")
    assert not any(CODE.search(text) for text in chat.phone())
    assert await chat.code() is None


async def test_where_nobody_else_reads_the_code_is_shown_and_its_last_digits_are_asked_for(line: Door) -> None:
    chat = chat_line(line, KNOWS)
    await chat.apply()
    found = CODE.search(chat.phone()[-1])
    assert found
    assert "last four digits" in chat.phone()[-1]
    await chat.tell("0000")
    assert "not the last four digits" in chat.phone()[-1]
    await chat.tell(found[1].split()[-1])
    assert "An operator reads every application" in chat.phone()[-1]
    assert await chat.records(PersonText) == []


async def test_the_shown_code_opens_the_same_conversation_on_the_web(chat: Chat, client: httpx.AsyncClient) -> None:
    await chat.apply()
    await chat.tell("1")
    found = CODE.search(chat.phone()[-1])
    assert found
    await chat.answer("We have read it.", ANNA)
    page = await client.post("/en/inbox", data={"receipt": found[1]})
    assert page.status_code == 200
    assert "We have read it." in page.text


async def test_a_call_for_a_person_reaches_the_desk(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("human")
    assert await chat.records(CallForPerson) == [CallForPerson()]
    assert "An operator will see that" in chat.phone()[-1]


@pytest.mark.rule("R4")
async def test_who_wants_no_answer_gets_none_to_free_words_after_the_receipt(chat: Chat) -> None:
    await chat.apply(contact="never")
    said = len(chat.phone())
    await chat.tell("one more thing")
    await chat.wait(60)
    assert len(chat.phone()) == said
    assert await chat.records(PersonText) == [PersonText("one more thing")]


async def test_who_applies_after_a_long_talk_is_answered_in_the_mailbox_of_its_first_day(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    for _ in range(3):
        chat.clock.now += 100 * 24 * 3600
        await chat.door.publish_teams()
        await chat.tell("menu")
    await chat.tell("4", "1", "5", "skip", "web", "skip", "skip", "1")
    (contact,), (facts,) = await chat.records(ChatContact), await chat.records(ApplicationFacts)
    assert facts.mailbox == contact.mailbox
    assert len(contact.mailbox) == PUBLIC_BYTES
