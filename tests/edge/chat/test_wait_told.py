# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever wants a person while nobody on duty speaks their language is told how long an answer usually takes."""

import dataclasses

import pytest
from tests.edge.chat.conftest import Chat

from safeconduct.edge.board import View
from safeconduct.edge.chat.line import WAIT_UNKNOWN, WAITS
from safeconduct.edge.duty import DutyReader
from safeconduct.sealing import duty as sealing
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept
from safeconduct.vocabulary.board import LineNotice
from safeconduct.vocabulary.duty import KEY, KIND, SIGNAL_SECONDS, Duty, encode

DESK = SigningKey.generate()
A_DAY = "An answer usually comes within a day."


@pytest.fixture
def asking(chat: Chat) -> Chat:
    chat.line.duty = DutyReader(chat.line.spool, desk=DESK.verify_key, clock=chat.clock)
    return chat


async def on_duty(chat: Chat, *languages: str) -> None:
    now = int(chat.clock())
    said = sealing.sign(encode(Duty(now, now + SIGNAL_SECONDS, languages)), DESK)
    await chat.line.spool.keep(Kept(KIND, KEY, said, now + SIGNAL_SECONDS))


async def want_a_person(chat: Chat) -> str:
    await chat.tell("/start", language="en")
    before = len(chat.phone())
    await chat.take(chat.message(None, pressed="human"))
    await chat.settle()
    return "\n".join(chat.phone()[before:])


async def test_with_nobody_on_duty_the_usual_wait_is_told(asking: Chat) -> None:
    await asking.door.publish_line(LineNotice(usual_wait="within_day"))
    said = await want_a_person(asking)
    assert asking.says("human_called") in said
    assert A_DAY in said


async def test_somebody_who_speaks_another_language_is_nobody(asking: Chat) -> None:
    await asking.door.publish_line(LineNotice(usual_wait="within_day"))
    await on_duty(asking, "uk", "ru")
    assert A_DAY in await want_a_person(asking)


async def test_with_somebody_there_who_speaks_it_no_wait_is_told(asking: Chat) -> None:
    await asking.door.publish_line(LineNotice(usual_wait="within_day"))
    await on_duty(asking, "en")
    said = await want_a_person(asking)
    assert asking.says("human_called") in said
    assert A_DAY not in said


async def test_a_line_that_has_said_nothing_of_itself_promises_no_wait(
    asking: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = dataclasses.replace(await asking.line.view(), line=None)

    async def view() -> View:
        return without

    monkeypatch.setattr(asking.line.board, "view", view)
    said = await want_a_person(asking)
    assert WAIT_UNKNOWN in said
    assert not any(one in said for one in WAITS.values())


@pytest.mark.rule("R4", "R11")
@pytest.mark.parametrize(
    ("contact", "hours", "told"),
    [
        (None, None, "answer_waits"),
        ("web", None, "answer_by_code"),
        ("never", None, "answer_by_code"),
        ("telegram", ("18:00", "21:00", "Kyiv"), None),
    ],
)
async def test_who_wants_a_person_is_told_where_the_answer_will_be(
    chat: Chat, contact: str | None, hours: tuple[str, str, str] | None, told: str | None
) -> None:
    if contact is not None:
        await chat.apply(contact=contact, hours=hours)
    said = await want_a_person(chat)
    assert chat.says("human_called") in said
    named = {name for name in ("answer_waits", "answer_by_code") if chat.says(name) in said}
    assert named == ({told} if told else set())


@pytest.mark.rule("R4")
async def test_an_answer_that_waits_is_there_as_soon_as_any_word_is_written(chat: Chat) -> None:
    await want_a_person(chat)
    await chat.wait(16 * 60)
    await chat.answer("We are here.")
    await chat.wait(60)
    assert "We are here." not in "\n".join(chat.phone())
    await chat.tell("a")
    await chat.wait(60)
    assert "We are here." in "\n".join(chat.phone())
