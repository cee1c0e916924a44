# SPDX-License-Identifier: AGPL-3.0-or-later
"""A053: who erased everything with their code and writes again begins anew, and nothing of before comes back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.edge.person import Person as Browser
from tests.journey.chat_line import ChatLine, chat_line
from tests.journey.chat_lives import ENTRIES, opening, phone_of, records_of
from tests.journey.chat_person import QUESTIONS, Person

from safeconduct.dialogue.scripts import load
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.records import ApplicationFacts, ErasureWish, PersonText

pytestmark = [pytest.mark.slow, pytest.mark.rule("R48")]

ENTRY = ENTRIES["A053"]
NOTHING_THERE = load("inbox").steps["open"].outcomes["unknown"].say or ""


class Erased:
    """The state after message 2 and the erasure."""

    def __init__(self, chat: ChatLine, person: Person, conversation: ConversationId) -> None:
        self.chat, self.person, self.old = chat, person, conversation

    @property
    def code(self) -> str:
        assert self.person.code is not None
        return self.person.code

    async def new_records(self) -> list[object]:
        return list(await records_of(self.chat, self.person.phone.address))


@pytest.fixture
async def erased(tmp_path: Path) -> AsyncIterator[Erased]:
    """Messages 1 and 2 with an application between them; then the code erases everything, on the web."""
    start = opening(ENTRY)
    async with chat_line(ENTRY["channel"], tmp_path, start=start) as chat:
        person = Person(ENTRY, phone_of(ENTRY, chat), _written_at=start)
        await person.tell(0)
        await person.await_answer()
        await person.apply(shows_code=True)
        await person.tell(1)
        await person.await_answer()
        conversation = await chat.conversation_of(person.phone.address)
        assert _texts(await chat.records(conversation)) == ENTRY["messages"][:2]
        async with chat.door.client() as client:
            browser = Browser(client)
            inbox = await browser.open(person.code or "")
            await browser.erase(inbox)
        yield Erased(chat, person, conversation)


async def test_the_old_code_opens_nothing_and_only_the_wish_to_erase_is_left(erased: Erased) -> None:
    assert [type(one) for one in await erased.chat.records(erased.old)] == [ErasureWish]
    async with erased.chat.door.client() as client:
        page = await Browser(client).open(erased.code)
    assert NOTHING_THERE in page.text
    person = erased.person
    await person.answer("0")
    await person.choose(person.says("I have a code"))
    await person.answer(erased.code)
    assert person.says(NOTHING_THERE) in person.last.text


@pytest.mark.rule("T9")
async def test_the_next_message_begins_a_new_conversation_without_anything_of_the_old(erased: Erased) -> None:
    await erased.person.tell(2)
    await erased.person.await_answer()
    new = await erased.chat.conversation_of(erased.person.phone.address)
    assert new != erased.old
    assert _texts(await erased.new_records()) == [ENTRY["messages"][2]]
    assert erased.person.says("Apply") in erased.person.last.options


@pytest.mark.rule("R4")
async def test_the_safe_contact_died_with_the_rest_and_is_asked_again(erased: Erased) -> None:
    person = erased.person
    await person.tell(2)
    await person.await_answer()
    before, old_code = len(person.asked), erased.code
    await person.apply(shows_code=True)
    assert "contact" in person.asked[before:]
    assert person.asked[before:] == [one for one in QUESTIONS if one != "head_count"]
    await person.tell(3)
    records = await erased.new_records()
    assert _texts(records) == ENTRY["messages"][2:]
    assert sum(isinstance(one, ApplicationFacts) for one in records) == 1
    assert erased.code != old_code


@pytest.mark.rule("R4")
async def test_before_it_is_asked_again_a_reply_is_not_sent_to_who_has_put_the_phone_down(erased: Erased) -> None:
    person, chat = erased.person, erased.chat
    await person.tell(2)
    await person.await_answer()
    await chat.answer(await chat.conversation_of(person.phone.address), "x" * 40)
    await person.phone.wait(0)
    assert person.last.text == "x" * 40  # they are there
    await person.phone.wait(16 * 60)
    shown = len(person.phone.shown)
    await chat.answer(await chat.conversation_of(person.phone.address), "y" * 40)
    await person.phone.wait(3 * 24 * 3600)
    assert person.phone.shown[shown:] == []


def _texts(records: object) -> list[str]:
    assert isinstance(records, list)
    return [record.text for record in records if isinstance(record, PersonText)]
