# SPDX-License-Identifier: AGPL-3.0-or-later
"""R5: a word agreed in a chat, seen by the operators and by nobody who watches the chat."""

import re

import httpx
import pytest
from tests.edge.chat.conftest import ANNA, BORYS, Chat
from tests.edge.chat.test_applying import CODE
from tests.edge.conftest import Line as Door

from safeconduct.dialogue import duress
from safeconduct.vocabulary.records import PersonText

pytestmark = pytest.mark.rule("R5")


async def agree(chat: Chat, word: str, who: str = ANNA) -> None:
    await chat.tell("/start", who=who, language="en")
    await chat.tell("4", "1", "5", "skip", "web", "skip", word, "1", "2", who=who)


async def flagged(chat: Chat) -> list[str]:
    return [record.text for record in await chat.records(PersonText) if record.duress]


@pytest.mark.parametrize("said", ["перлына", "it is ПЕРЛЫНА, you know", "«перлы́на»!", "x перлына"])
async def test_the_agreed_word_is_flagged_in_any_case_with_any_marks_anywhere(chat: Chat, said: str) -> None:
    await agree(chat, "Перлына")
    await chat.tell(said)
    assert await flagged(chat) == [said]


@pytest.mark.parametrize("said", ["перлынка", "супер-пуперлына", "перл ына", "hello"])
async def test_a_near_miss_is_not_flagged(chat: Chat, said: str) -> None:
    await agree(chat, "Перлына")
    await chat.tell(said)
    assert await flagged(chat) == []


async def test_whoever_holds_the_phone_and_agrees_on_another_word_does_not_take_the_old_one_away(chat: Chat) -> None:
    await agree(chat, "перлына")
    for another in ("kettle", "lantern"):
        await chat.tell("menu", "4", "1", "5", "skip", "web", "skip", another, "1", "2")
    said = ["перлына is fine", "a kettle here", "the lantern burns", "nothing"]
    await chat.tell(*said)
    assert await flagged(chat) == said[:3]


async def test_a_word_that_was_also_an_answer_still_reaches_the_desk(chat: Chat) -> None:
    await agree(chat, "3")
    await chat.tell("menu", "3")
    assert "treated" in chat.phone()[-1] or "Convention" in chat.phone()[-1]
    assert await flagged(chat) == ["3"]


@pytest.mark.rule("R48")
async def test_a_word_inside_a_typed_code_flags_the_message_and_shows_the_code_to_no_operator(chat: Chat) -> None:
    await agree(chat, "4711")
    await chat.tell("menu", "6", "4711 0000 1111 2222 3333 4444")
    assert await flagged(chat) == ["…"]


async def test_the_answer_and_its_moment_are_the_same_with_the_word_and_without(chat: Chat) -> None:
    await agree(chat, "перлына")
    await agree(chat, "кобальт", BORYS)
    for who in (ANNA, BORYS):
        await chat.take(chat.message("тут перлына стоїть", who))
    due = [
        [(errand.due, len(errand.body)) for errand in await chat.line.spool.errands_of(conversation, "send")]
        for conversation in [(await chat.state(who)).conversation_id for who in (ANNA, BORYS)]
    ]
    assert due[0] == due[1]
    await chat.wait(60)
    assert chat.phone(ANNA)[-1] == chat.phone(BORYS)[-1]
    assert await flagged(chat) == ["тут перлына стоїть"]


async def test_each_message_costs_the_same_work_with_a_word_and_without(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = 0
    real = duress._tag

    def counted(keyed: object, word: str) -> bytes:
        nonlocal tags
        tags += 1
        return real(keyed, word)  # type: ignore[arg-type]

    await agree(chat, "перлына")
    await chat.tell("/start", who=BORYS, language="en")
    monkeypatch.setattr(duress, "_tag", counted)
    work = []
    for who, said in ((ANNA, "перлына"), (ANNA, "звичайне"), (BORYS, "перлына"), (BORYS, "2"), ("555003", "перлына")):
        tags = 0
        await chat.take(chat.message(said, who, language="uk"))
        work.append(tags)
    assert len(set(work)) == 1


async def test_the_web_and_the_chat_know_the_same_word_of_one_conversation(
    chat: Chat, line: Door, client: httpx.AsyncClient
) -> None:
    await chat.tell("/start", language="en")
    await chat.tell("4", "1", "5", "skip", "web", "skip", "перлына", "1", "1")
    found = CODE.search(chat.phone()[-1])
    assert found
    page = await client.post("/en/inbox", data={"receipt": found[1]})
    inputs = dict(_hidden(page.text))
    written = {**inputs, "act": "write", "text": "на сайті перлына"}
    assert (await client.post("/en/inbox", data=written)).status_code == 200
    assert await flagged(chat) == ["на сайті перлына"]


def _hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input[^>]*name="?(ticket|nonce)"?[^>]*value="?([^">]+)"?', page)
    return [(str(name), str(value)) for name, value in found]
