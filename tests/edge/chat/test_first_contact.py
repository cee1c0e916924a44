# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a chat begins: honest about who reads it, in the person's language, and nothing of what was said first is lost."""

from pathlib import Path

import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat, chat_line
from tests.edge.chat.paper import BUTTONS, FORGETS_NOTHING, KNOWS, READS, SHORT
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.errors import NoRoom
from safeconduct.spool.contract import Lane, Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.records import CallForPerson, ChatContact, PersonText

UKRAINIAN = "Добрий день, я хочу здатися, що мені робити далі?"


@pytest.mark.rule("R1", "T4")
async def test_the_first_answer_says_who_can_read_this_and_how_to_check_and_asks_nothing(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    (greeting,) = chat.phone()
    assert chat.says("greeting_reads") in greeting
    assert chat.says("greeting_phone_seen") in greeting
    assert "2. Check that this is the real line" in greeting
    assert await chat.records(PersonText) == []


@pytest.mark.rule("R1")
async def test_a_provider_that_cannot_read_and_one_that_deletes_nothing_are_said_so(line: Door) -> None:
    private, telephone = chat_line(line, KNOWS), chat_line(line, FORGETS_NOTHING)
    await private.tell("/start", language="en")
    await telephone.tell("/start", who="+380501112233", language="en")
    assert private.says("greeting_knows") in private.phone()[0]
    assert telephone.says("greeting_telephone") in telephone.phone("+380501112233")[0]
    assert telephone.says("wipes_nothing") in telephone.phone("+380501112233")[0]


@pytest.mark.rule("R1")
async def test_the_first_words_are_stored_letter_by_letter_and_answered_in_their_language(chat: Chat) -> None:
    await chat.tell(UKRAINIAN)
    await chat.wait(12)
    assert await chat.records(PersonText) == [PersonText(UKRAINIAN)]
    (contact,) = await chat.records(ChatContact)
    assert (contact.channel, contact.language) == ("telegram", "uk")
    (greeting,) = chat.phone()
    assert chat.says("greeting_reads", "uk") in greeting


@pytest.mark.rule("R1")
@pytest.mark.parametrize("word", ["human", "help"])
async def test_a_first_word_that_asks_for_a_person_calls_one_and_is_kept(chat: Chat, word: str) -> None:
    await chat.tell(word, language="en")
    await chat.wait(12)
    assert await chat.records(CallForPerson) == [CallForPerson()]
    assert await chat.records(PersonText) == [PersonText(word)]
    assert chat.says("greeting_reads") in chat.phone()[0]
    assert chat.says("human_called") in chat.phone()[-1]


async def test_who_cannot_be_recognised_is_asked_for_a_language_and_may_answer_by_writing_in_it(chat: Chat) -> None:
    await chat.tell("👋")
    await chat.wait(12)
    assert "Українська" in chat.phone()[0]
    await chat.tell(UKRAINIAN)
    await chat.wait(12)
    assert await chat.records(PersonText) == [PersonText("👋"), PersonText(UKRAINIAN)]
    assert "Перевірити" in chat.phone()[1]
    state = await chat.state()
    assert (state.language, state.position.language) == ("uk", "uk")


async def test_a_language_chosen_by_its_number_is_the_one_of_all_that_follows(chat: Chat) -> None:
    await chat.tell("/start")
    number = next(line.split(".")[0] for line in chat.phone()[0].splitlines() if "Українська" in line)
    await chat.tell(number)
    assert (await chat.state()).language == "uk"
    envelopes = [envelope for envelope, _ in await chat.arrived()]
    await chat.tell(UKRAINIAN)
    assert [e.label and e.label.language for e, _ in (await chat.arrived())[len(envelopes) :]] == ["uk"]


@pytest.mark.rule("R12")
async def test_only_approved_languages_are_spoken_and_somebody_else_is_not_left_without_a_word(line: Door) -> None:
    chat = chat_line(line, FORGETS_NOTHING, demonstration=False)
    await chat.tell("안녕하십니까, 저는 살고 싶습니다")
    await chat.wait(12)
    assert chat.phone() == []  # nothing is approved: stored, and not a word that nobody has read twice
    await line.approve("uk")
    await chat.wait(10)
    await chat.tell("/start")
    assert chat.says("greeting_telephone", "uk") in chat.phone()[0]
    assert len(await chat.records(PersonText)) == 1


async def test_a_short_messenger_gets_the_greeting_whole_and_in_order(line: Door) -> None:
    chat, whole = chat_line(line, SHORT), chat_line(line, FORGETS_NOTHING)
    await chat.tell("/start", language="en")
    assert all(len(text) <= SHORT.text_limit for text in chat.phone())
    assert "number of your choice" in " ".join(chat.phone())
    assert [message.index for _, message in chat.paper.sent] == list(range(1, len(chat.phone()) + 1))
    assert whole.phone() == []


async def test_buttons_carry_the_choices_where_there_are_buttons(line: Door) -> None:
    chat = chat_line(line, BUTTONS)
    await chat.tell("/start", language="en")
    _, message = chat.paper.sent[0]
    assert ("check", "Check that this is the real line") in message.options
    await chat.take(chat.message(None, ANNA, pressed="check"))
    await chat.settle()
    assert "false pages" in chat.phone()[1]


@pytest.mark.rule("T7", "T9")
async def test_whoever_is_known_is_heard_while_strangers_have_no_room(line: Door, tmp_path: Path) -> None:
    shares = {Lane.FIRST: 0.02, Lane.KNOWN: 0.5, Lane.REPLY: 0.2}
    small = await SqliteSpool.open(tmp_path / "small.db", quota=Quota(4_000_000, shares), clock=line.clock)
    chat = chat_line(line, READS, spool=small)
    await chat.take(chat.message(UKRAINIAN))
    strangers = [chat.message("я" * 3_000, f"{number}") for number in range(100)]
    with pytest.raises(NoRoom):
        await chat.take(*strangers)
    stranger, after = chat.message("я" * 3_000, BORYS), chat.message("second", BORYS)
    known = chat.message("still here")
    before = len(await small.waiting(5_000))
    with pytest.raises(NoRoom) as full:
        await chat.take(stranger, known, after)
    assert [one.message_id for one in full.value.left] == [stranger.message_id, after.message_id]
    assert (full.value.holds(stranger), full.value.holds(known)) == (True, False)
    assert len(await small.waiting(5_000)) == before + 1
    await small.close()


@pytest.mark.rule("R1")
@pytest.mark.parametrize("command", ["/start", "/start@line_bot"])
async def test_words_behind_the_start_command_are_heard(chat: Chat, command: str) -> None:
    await chat.tell(f"{command} wounded, help me", language="en")
    await chat.tell(f"{command} human")
    await chat.wait(60)
    assert [said.text for said in await chat.records(PersonText)] == ["wounded, help me"]
    assert len(await chat.records(CallForPerson)) == 1


async def test_the_mark_of_a_link_is_no_word(chat: Chat) -> None:
    await chat.tell("/start a1b2c3_d", language="en")
    await chat.tell("/start", "/start x9")
    assert await chat.records(PersonText) == []
    assert chat.says("greeting_reads") in chat.phone()[0]
