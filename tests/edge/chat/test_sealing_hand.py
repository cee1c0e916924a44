# SPDX-License-Identifier: AGPL-3.0-or-later
"""When many write at once another process searches and seals: nothing is lost, doubled, mixed up or left unflagged."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.chat.test_duress import agree, flagged
from tests.edge.chat.test_erasing import erase_elsewhere
from tests.edge.conftest import Line as Door
from tests.edge.test_edge_crew import _others, folder, hands_of, until  # noqa: F401 - fixtures

from safeconduct.edge import crew as crews
from safeconduct.edge.chat import gathering
from safeconduct.edge.chat.gathering import TOGETHER, Gathering
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.crew import Crew, hand_command
from safeconduct.edge.messages import Message, seal_message
from safeconduct.vocabulary.records import PersonText
from safeconduct.vocabulary.secrets import Sealed

CROWD = [f"55{number:04}" for number in range(2 * TOGETHER)]


@pytest.fixture
async def crew(line: Door, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Crew]:  # noqa: F811 - a fixture
    """One hand, not started yet."""
    monkeypatch.setattr(crews, "PAUSE_SECONDS", 0.01)
    crew = Crew(line.credentials, hand_command(folder, demonstration=False), hands=1)
    yield crew
    await crew.close()


@pytest.fixture
def chat(line: Door, crew: Crew) -> Chat:
    chat = chat_line(line, READS)
    chat.line.gathering = Gathering(line.credentials, crew)
    return chat


async def crowd(chat: Chat, *said: str) -> None:
    """Each of them says it all, and all speak at once."""
    await chat.take(*(chat.message(text.format(who), who, language="en") for text in said for who in CROWD))


async def told(chat: Chat) -> list[str]:
    return [record.text for record in await chat.records(PersonText)]


async def test_no_hand_is_there_until_many_write_at_once(chat: Chat, crew: Crew) -> None:
    await chat.tell("one", "after", "the other")
    assert hands_of(os.getpid()) == []
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)


async def test_a_crowds_words_arrive_each_once_in_each_ones_order_under_each_ones_name(
    chat: Chat, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    here: list[Message] = []

    def counted(message: Message, credentials: EdgeCredentials) -> tuple[Sealed, ...]:
        here.append(message)
        return seal_message(message, credentials)

    monkeypatch.setattr(gathering, "seal_message", counted)
    await crowd(chat, "first of {}", "then of {}")
    assert len(here) < len(CROWD)  # who happens to be alone for a moment is sealed here
    assert sorted(await told(chat)) == sorted(f"{word} of {who}" for word in ("first", "then") for who in CROWD)
    for who in CROWD:
        conversation = (await chat.state(who)).conversation
        theirs = [record for sealed, record in await chat.arrived() if sealed.header.conversation == conversation]
        assert theirs[1:] == [PersonText(f"first of {who}"), PersonText(f"then of {who}")]


@pytest.mark.rule("R48")
async def test_what_a_hand_sealed_goes_with_the_conversation_of_whoever_said_it(chat: Chat, crew: Crew) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    await crowd(chat, "words of {}")
    await erase_elsewhere(chat, await chat.state(CROWD[0]))
    assert sorted(await told(chat)) == [f"words of {who}" for who in CROWD[1:]]


@pytest.mark.rule("R5")
async def test_a_hand_finds_the_agreed_word_of_whoever_agreed_on_it(chat: Chat, crew: Crew) -> None:
    await agree(chat, "перлына", CROWD[0])
    await agree(chat, "7", CROWD[1])
    await crowd(chat, "menu")
    await until(lambda: crew.ready == 1)
    await crowd(chat, "тут перлына {}", "menu", "7")
    assert await flagged(chat) == [f"тут перлына {CROWD[0]}", "7"]


@pytest.mark.rule("T9")
async def test_what_a_hand_held_when_it_died_is_sealed_here_and_stored_once(chat: Chat, crew: Crew) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    (hand,) = hands_of(os.getpid())
    os.kill(hand, signal.SIGSTOP)
    taking = asyncio.create_task(crowd(chat, "help {}"))
    await until(lambda: crew.outstanding > 0)
    os.kill(hand, signal.SIGKILL)
    await taking
    assert sorted(await told(chat)) == [f"help {who}" for who in CROWD]


@pytest.mark.rule("T9")
async def test_one_that_cannot_be_sealed_is_refused_alone(
    chat: Chat, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    own_state = type(chat.line).own_state

    async def spoiled(line: object, place: bytes) -> object:
        state = await own_state(line, place)  # type: ignore[arg-type]
        return state.replaced(mark=b"short") if state and state.address == CROWD[3] else state

    monkeypatch.setattr(type(chat.line), "own_state", spoiled)
    with pytest.raises(ValueError, match="duress mark"):
        await crowd(chat, "help {}")
    assert sorted(await told(chat)) == [f"help {who}" for who in CROWD if who != CROWD[3]]


async def test_a_long_text_is_sealed_here_and_comes_whole(chat: Chat, crew: Crew) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    long = "слово " * 4_000
    await chat.take(*(chat.message(long, who) for who in CROWD[:TOGETHER]))
    assert "".join(await told(chat)) == long * TOGETHER


async def test_a_worker_that_closes_leaves_no_hand_behind(chat: Chat, crew: Crew) -> None:
    await crowd(chat, "/start")
    await until(lambda: crew.ready == 1)
    await crew.close()
    assert hands_of(os.getpid()) == []
    await chat.tell("still heard", who=ANNA)
