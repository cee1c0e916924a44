# SPDX-License-Identifier: AGPL-3.0-or-later
"""T8: whatever a person's messenger may send, it is taken or honestly not stored; and what was taken is at the desk."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.edge.chat.conftest import Chat

from safeconduct.edge.channels.contract import FileRef, Inbound
from safeconduct.vocabulary.records import TEXT_MAX, PersonText

pytestmark = pytest.mark.rule("T8")
WILD = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ud800",
        "a\udfff",
        "\ud83d\ude00",
        "\u202e gnirts",
        "0",
        "9",
        "1",
        "/start",
        "skip",
        "4",
        "5",
        "6",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(WILD, st.sampled_from(["text", "pressed", "caption"])), min_size=1, max_size=12))
async def test_anything_may_be_said_in_any_order_and_nothing_raises(chat: Chat, said: list[tuple[str, str]]) -> None:
    who = str(next(chat.numbers))
    for text, kind in said:
        more = {"caption": text, "is_other": True} if kind == "caption" else {kind: text}
        fields = {"text": None, **more}
        await chat.take(Inbound(chat.message("x", who).address, f"m{next(chat.numbers)}", **fields))  # type: ignore[arg-type]
    await chat.wait(60)
    assert chat.phone(who)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("nul \0 inside", "nul \0 inside"),
        ("turned \u202e back", "turned \u202e back"),
        ("half \ud800 a character", "half \ufffd a character"),
        ("two halves \ud83d\ude00", "two halves 😀"),
    ],
)
async def test_words_arrive_letter_by_letter(chat: Chat, said: str, kept: str) -> None:
    await chat.tell("/start", language="en")
    await chat.tell(said)
    assert await chat.records(PersonText) == [PersonText(kept)]


async def test_a_hundred_thousand_characters_arrive_whole(chat: Chat) -> None:
    said = "".join(chr(0x410 + number % 32) for number in range(100_000))
    await chat.tell(said, language="uk")
    records = await chat.records(PersonText)
    assert "".join(record.text for record in records) == said
    assert {len(record.text) for record in records} == {TEXT_MAX}


async def test_a_file_with_poisoned_names_is_taken(chat: Chat) -> None:
    chat.paper.files["h"] = (b"x",)
    await chat.tell("/start", language="en")
    file = FileRef("h", "text/\ud800" + "x" * 500, name="../../\0\udfff" + "n" * 999)
    await chat.take(chat.message(None, file=file))
    assert len(list((chat.door.folder / "files").iterdir())) == 1
