# SPDX-License-Identifier: AGPL-3.0-or-later
"""A code opens its mailbox wherever it is typed, and no operator sees it; what is no code is somebody's words."""

import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.conftest import Line as Door

from safeconduct.edge.chat.access import CODE, OPENED
from safeconduct.edge.chat.codes import is_code, resembles_code
from safeconduct.sealing.receipts import Receipt, words
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.records import ApplicationFacts, ChatContact, PersonText

REPLY = "Tomorrow we will tell you more."
DAY = 24 * 3600


async def waiting(chat: Chat) -> str:
    """Anna has written, and an answer waits for her code."""
    await chat.tell("/start", language="en")
    await chat.answer(REPLY)
    code = await chat.code()
    assert code
    return code


@pytest.mark.rule("T13")
async def test_a_code_typed_at_the_menu_opens_its_mailbox_and_is_sealed_to_nobody(chat: Chat) -> None:
    code = await waiting(chat)
    await chat.tell("/start", who=BORYS, language="en")
    await chat.tell(" ".join(Receipt(code).groups), who=BORYS)
    assert REPLY in chat.phone(BORYS)[-1]
    assert await chat.records(PersonText) == []
    assert (await chat.state(BORYS)).conversation == (await chat.state(ANNA)).conversation


async def test_a_code_may_be_the_first_word_in_a_new_chat_and_begins_no_other_conversation(chat: Chat) -> None:
    code = await waiting(chat)
    first = chat.message(code, BORYS, language="en")
    await chat.take(first)
    await chat.take(first)
    await chat.settle()
    shown = chat.phone(BORYS)[0]
    assert shown.index(chat.says("greeting_reads")) < shown.index(REPLY)
    contacts = [
        envelope.header.conversation for envelope, record in await chat.arrived() if type(record) is ChatContact
    ]
    assert contacts == [(await chat.state(BORYS)).conversation] * 2
    await chat.answer("And more.", BORYS)
    await chat.wait(1)
    assert chat.phone(BORYS)[-1] == "And more."


async def test_an_answer_that_is_shown_for_its_code_does_not_come_a_second_time_by_itself(chat: Chat) -> None:
    code = await waiting(chat)
    await chat.tell("menu", "6")  # it comes, because its person is there
    assert chat.phone().count(REPLY) == 1
    await chat.answer("And more.")
    await chat.take(chat.message(code))
    await chat.wait(60)
    assert sum("And more." in text for text in chat.phone()) == 1
    assert "And more." in chat.phone()[-1]


async def test_who_looks_again_when_the_mailbox_has_closed_is_asked_for_the_code(chat: Chat) -> None:
    await chat.apply(contact="web")
    code = await chat.code()
    assert code
    await chat.tell(code)
    await chat.wait(20 * 60)
    await chat.answer(REPLY)
    await chat.tell("2")
    assert "Your code" in chat.phone()[-1]
    assert "no answer yet" not in chat.phone()[-1]
    await chat.tell(code)
    assert REPLY in chat.phone()[-1]


async def test_a_wrong_code_as_the_first_word_begins_a_conversation_and_asks_for_it_again(chat: Chat) -> None:
    await chat.tell(Receipt.generate().digits, language="en")
    assert "There is nothing under this code" in chat.phone()[-1]
    assert await chat.records(PersonText) == []
    await chat.tell("menu", "hello, is anyone there")
    assert await chat.records(PersonText) == [PersonText("hello, is anyone there")]


@pytest.mark.rule("T1")
@pytest.mark.parametrize("at", [("menu",), ("menu", "6"), ("4", "1"), ()])
async def test_a_code_is_taken_out_of_the_chat_at_once_wherever_it_was_typed(chat: Chat, at: tuple[str, ...]) -> None:
    if at:
        await chat.tell("/start", *at, language="en")
    await chat.take(chat.message(Receipt.generate().digits, number="typed", language="en"))
    await chat.wait(1)
    assert chat.paper.deleted == [(ANNA, "typed")]


async def test_what_is_no_code_reaches_the_operators_from_the_question_of_the_code(chat: Chat) -> None:
    await chat.tell("/start", "6", language="en")
    await chat.tell("I have lost it, please help", "1234 5678", "+380 67 123 45 67 is my number, call")
    said = [record.text for record in await chat.records(PersonText)]
    assert said == ["I have lost it, please help", "+380 67 123 45 67 is my number, call"]
    assert "This is not a whole code" in chat.phone()[-1]


@pytest.mark.rule("T13")
async def test_after_a_day_nothing_at_the_edge_opens_the_mailbox_of_who_wrote_nothing_since(chat: Chat) -> None:
    code = await waiting(chat)
    await chat.tell(code)
    conversation = (await chat.state()).conversation_id
    assert await chat.line.spool.kept(CODE, conversation)
    assert await chat.line.spool.kept(OPENED, conversation)
    chat.clock.now += 15 * 60 + 60
    assert await chat.line.spool.kept(OPENED, conversation) is None
    chat.clock.now += DAY + 3600
    assert await chat.line.spool.kept(CODE, conversation) is None
    assert await chat.line.spool.sweep(chat.clock()) >= 2


@pytest.mark.parametrize(
    ("text", "is_it", "resembles"),
    [
        ("1234 5678", False, True),
        ("1234-5678-9012 3", False, True),
        ("?", False, False),
        ("where do I find the code that you mean", False, False),
        ("我想回家可以吗", False, True),
    ],
)
def test_what_may_have_been_meant_as_a_code_is_told_from_words(text: str, *, is_it: bool, resembles: bool) -> None:
    assert (is_code(text), resembles_code(text)) == (is_it, resembles)


@pytest.mark.parametrize("language", ["en", "ru", "es", "fr"])
def test_words_of_a_code_are_known_with_a_slip_and_with_one_missing(language: str) -> None:
    spelled = list(words(Receipt.generate(), language))
    assert is_code(" ".join(spelled))
    assert resembles_code(" ".join([*spelled[:-1], "qqqq"]))
    assert resembles_code(" ".join(spelled[1:]))


@pytest.mark.rule("R4")
async def test_only_ways_that_the_line_has_are_offered_and_another_is_no_answer(chat: Chat, line: Door) -> None:
    await chat.tell("/start", "4", "1", "5", "skip", language="en")
    assert "Telegram" in chat.phone()[-1]
    assert "WhatsApp" not in chat.phone()[-1]
    await line.publish_line(LineNotice("within_day", (Way("whatsapp", "+380501112233"),)))
    await chat.wait(10)
    await chat.tell("menu", "4", "1", "5", "skip")
    assert "WhatsApp" in chat.phone()[-1]
    assert await chat.records(ApplicationFacts) == []


@pytest.mark.rule("R12")
async def test_only_languages_that_may_be_spoken_are_offered(line: Door) -> None:
    chat = chat_line(line, READS, demonstration=False)
    for tag in ("en", "uk"):
        await line.approve(tag)
    chat.clock.now += 10
    await chat.tell("👋")
    await chat.wait(12)
    assert "Українська" in chat.phone()[0]
    assert "Français" not in chat.phone()[0]
