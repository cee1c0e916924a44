# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes in short pieces gets one answer; who asks for something gets it at once."""

from tests.edge.chat.conftest import ANNA, Chat

from safeconduct.edge.channels.errors import SendLater
from safeconduct.vocabulary.records import PersonText

PIECES = ("salut", "je suis soldat", "nous sommes trois", "que faire", "merci")
PAUSES = (0, 4, 11, 6, 3)  # A001


async def test_five_messages_within_half_a_minute_get_one_answer_and_are_all_there_in_order(chat: Chat) -> None:
    for piece, pause in zip(PIECES, PAUSES, strict=True):
        await chat.wait(pause)
        await chat.tell(piece, language="fr")
    assert chat.phone() == []
    await chat.wait(12)
    assert await chat.records(PersonText) == [PersonText(piece) for piece in PIECES]
    (answer,) = chat.phone()
    assert chat.says("greeting_reads", "fr") in answer


async def test_who_never_stops_writing_is_answered_within_three_quarters_of_a_minute(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    for _ in range(6):
        await chat.tell("and another thing")
        await chat.wait(9)
    assert len(chat.phone()) == 2


async def test_a_second_burst_an_hour_later_is_one_answer_again(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    for _ in range(2):
        await chat.wait(3600)
        before = len(chat.phone())
        for _ in range(3):
            await chat.tell("something more")
            await chat.wait(5)
        assert len(chat.phone()) == before
        await chat.wait(12)
        assert len(chat.phone()) == before + 1


async def test_a_number_is_answered_at_once_and_what_waited_gives_way_to_it(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("I am afraid")
    await chat.tell("2")
    assert "false pages" in chat.phone()[1]
    await chat.wait(60)
    assert len(chat.phone()) == 2
    assert await chat.records(PersonText) == [PersonText("I am afraid")]


async def test_a_number_before_the_greeting_has_left_is_answered_behind_the_greeting(chat: Chat) -> None:
    await chat.tell("hello, is anyone there who can help me", language="en")
    await chat.tell("2")
    (answer,) = chat.phone()
    assert answer.index(chat.says("greeting_reads")) < answer.index("false pages")


async def test_a_greeting_that_the_messenger_would_not_take_yet_is_not_lost_to_the_next_word(chat: Chat) -> None:
    chat.paper.fail = [SendLater("flood", retry_after=60)]
    await chat.tell("hello, is anyone there who can help me", language="en")
    await chat.wait(12)
    await chat.wait(5)
    await chat.tell("please answer me")
    await chat.wait(12)
    (answer,) = chat.phone()
    assert chat.says("greeting_reads") in answer


async def test_a_photo_right_behind_the_first_words_does_not_swallow_the_greeting(chat: Chat) -> None:
    await chat.tell("hello, is anyone there who can help me", language="en")
    await chat.send_file(b"jpeg")
    (answer,) = chat.phone()
    assert chat.says("greeting_reads") in answer
    assert chat.says("file_stored") in answer


async def test_two_messages_of_one_moment_are_one_persons_in_order(chat: Chat) -> None:
    await chat.take(*(chat.message(f"line {number}", ANNA, language="en") for number in range(20)))
    assert await chat.records(PersonText) == [PersonText(f"line {number}") for number in range(20)]
