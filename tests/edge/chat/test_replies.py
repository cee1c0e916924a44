# SPDX-License-Identifier: AGPL-3.0-or-later
"""R4, R8: an operator's reply in a chat, only to who is there, only in the hours and the place that they named."""

import pytest
from tests.edge.chat.conftest import ANNA, Chat, chat_line
from tests.edge.chat.paper import READS
from tests.edge.conftest import Line as Door

from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.chat.state import SESSION_SECONDS
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.board import LineNotice, Way
from safeconduct.vocabulary.records import DeliveryReport

pytestmark = pytest.mark.rule("R4")
REPLY = "Tomorrow we will tell you more."
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


async def outcomes(chat: Chat) -> list[str]:
    return [record.outcome for record in await chat.records(DeliveryReport)]


async def test_who_wrote_a_moment_ago_and_named_no_hours_gets_the_text_at_once(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.answer(REPLY)
    await chat.wait(1)
    assert chat.phone()[-1] == REPLY
    assert await outcomes(chat) == ["delivered"]


async def test_who_is_gone_and_named_no_hours_hears_nothing_until_they_write(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.wait(SESSION_SECONDS)
    await chat.answer(REPLY)
    await chat.wait(DAY)
    assert len(chat.phone()) == 1
    await chat.tell("hello")
    await chat.wait(12)
    assert chat.phone()[-1] == REPLY


async def test_inside_the_hours_who_is_gone_gets_one_neutral_line_and_the_text_when_they_answer(chat: Chat) -> None:
    await chat.apply(contact="telegram", hours=("00:00", "23:59", "Europe/Kyiv"))
    await chat.wait(SESSION_SECONDS)
    said = len(chat.phone())
    await chat.answer(REPLY)
    await chat.wait(1)
    assert chat.phone()[said:] == [chat.says("knock")]
    assert await outcomes(chat) == ["waiting"]
    await chat.wait(HOUR)
    assert len(chat.phone()) == said + 1
    await chat.tell("yes?")
    await chat.wait(12)
    assert chat.phone()[-1] == REPLY
    assert await outcomes(chat) == ["waiting", "delivered"]


@pytest.mark.parametrize("error", [SendRefused, SendUncertain])
async def test_a_knock_that_nobody_heard_tells_the_desk_of_no_message_that_waits(
    chat: Chat, error: type[SendRefused]
) -> None:
    await chat.apply(contact="telegram", hours=("00:00", "23:59", "Europe/Kyiv"))
    await chat.wait(SESSION_SECONDS)
    await chat.answer(REPLY)
    chat.paper.fail = [error("blocked")]
    await chat.wait(1)
    assert await outcomes(chat) == []
    await chat.tell("yes?")
    await chat.wait(12)
    assert chat.phone()[-1] == REPLY
    assert await outcomes(chat) == ["delivered"]


async def test_nobody_is_knocked_for_twice_in_one_day(chat: Chat) -> None:
    await chat.apply(contact="telegram", hours=("00:00", "23:59", "Europe/Kyiv"))
    await chat.wait(SESSION_SECONDS)
    said = len(chat.phone())
    await chat.answer(REPLY)
    await chat.answer("And another one.")
    for _ in range(19):
        await chat.wait(HOUR)
    assert len(chat.phone()) == said + 1
    for _ in range(24):
        await chat.wait(HOUR)
    assert len(chat.phone()) == said + 3


async def test_outside_the_hours_nothing_is_said_until_they_open(chat: Chat) -> None:
    await chat.apply(contact="telegram", hours=("18:00", "21:30", "Europe/Kyiv"))  # it is 14:00 there
    said = len(chat.phone())
    await chat.wait(SESSION_SECONDS)
    await chat.answer(REPLY)
    for _ in range(7):
        await chat.wait(30 * MINUTE)
    assert len(chat.phone()) == said
    await chat.wait(30 * MINUTE)
    assert chat.phone()[said:] == [chat.says("knock")]


@pytest.mark.parametrize("contact", ["web", "never", "sms"])
async def test_who_named_another_place_or_none_is_not_written_to_here(chat: Chat, contact: str) -> None:
    await chat.door.publish_line(LineNotice("within_day", (Way("sms", "+380501112233"),)))
    hours = ("00:00", "23:59", "Europe/Kyiv") if contact == "sms" else None
    await chat.apply(contact=contact, hours=hours)
    assert (await chat.state()).contact != "undeclared"
    said = len(chat.phone())
    await chat.answer(REPLY)
    for _ in range(4):
        await chat.wait(8 * HOUR)
    assert chat.phone()[said:] == []


async def test_a_reply_that_waits_holds_up_no_answer(chat: Chat) -> None:
    await chat.apply(contact="web")
    await chat.answer(REPLY)
    await chat.wait(1)
    await chat.tell("menu", "2")
    assert "false pages" in chat.phone()[-1]


async def test_a_reply_that_comes_too_late_because_the_messenger_was_down_is_not_sent_to_nobody(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    await chat.answer(REPLY)
    chat.paper.fail = [SendLater("down", retry_after=2 * HOUR)]
    await chat.wait(1)
    await chat.wait(3 * HOUR)
    assert REPLY not in chat.phone()
    assert await outcomes(chat) == ["refused"]


async def test_hours_that_end_while_the_messenger_is_down_end_for_what_waits_to_be_sent_too(chat: Chat) -> None:
    await chat.apply(contact="telegram", hours=("14:00", "14:05", "Europe/Kyiv"))  # it is 14:00 there
    said = len(chat.phone())
    await chat.answer(REPLY)
    chat.paper.fail = [SendLater("flood", retry_after=7 * MINUTE)]
    await chat.wait(1)
    await chat.wait(8 * MINUTE)
    assert chat.phone()[said:] == []
    assert await outcomes(chat) == ["refused"]


async def test_an_answer_that_nobody_asked_for_is_not_sent_when_the_hours_have_ended_by_then(chat: Chat) -> None:
    await chat.apply(contact="telegram", hours=("14:00", "14:00", "Europe/Kyiv"))
    said = len(chat.phone())
    chat.clock.now += 55
    await chat.tell("one more thing")
    await chat.wait(60)
    assert chat.phone()[said:] == []


@pytest.mark.rule("R12")
async def test_a_knock_is_in_no_language_that_may_not_be_spoken(line: Door) -> None:
    chat = chat_line(line, READS, demonstration=False)
    await line.approve("uk")
    await chat.wait(10)
    await chat.tell("/start", language="uk")
    await chat.tell("4", "1", "5", "uk", "telegram", "00:00", "23:59", "Europe/Kyiv", "1", "skip", "skip", "1")
    await chat.wait(SESSION_SECONDS)
    said = len(chat.phone())
    chat.clock.now += 40 * DAY  # what was approved has ended
    await line.publish_teams()
    await chat.answer(REPLY)
    for _ in range(3):
        await chat.wait(HOUR)
    assert chat.phone()[said:] == []


@pytest.mark.parametrize(("error", "outcome"), [(SendRefused, "refused"), (SendUncertain, "uncertain")])
async def test_what_did_not_arrive_is_reported_once_as_trouble_and_never_repeated(
    chat: Chat, error: type[SendRefused], outcome: str
) -> None:
    await chat.tell("/start", language="en")
    await chat.answer("word " * 1500)  # two parts
    chat.paper.fail = [error("blocked")]
    for _ in range(3):
        await chat.wait(10 * MINUTE)
    assert len(chat.phone()) == 1
    reports = [(e.label and e.label.kind.value, r) for e, r in await chat.arrived() if isinstance(r, DeliveryReport)]
    assert [(kind, report.outcome) for kind, report in reports] == [("trouble", outcome)]


@pytest.mark.rule("T13")
async def test_a_reply_that_the_desk_did_not_sign_is_sent_to_nobody(chat: Chat) -> None:
    await chat.tell("/start", language="en")
    chat.door.desk = SigningKey.generate()
    await chat.answer(REPLY)
    await chat.wait(1)
    assert len(chat.phone()) == 1
    assert await outcomes(chat) == []


async def test_a_knock_is_in_the_language_that_the_person_chose(chat: Chat) -> None:
    await chat.tell("/start", language="uk")
    await chat.tell("4", "1", "5", "uk", "telegram", "00:00", "23:59", "Europe/Kyiv", "1", "пропустити", "пропустити")
    await chat.tell("1")
    await chat.wait(SESSION_SECONDS)
    await chat.answer(REPLY, ANNA)
    await chat.wait(1)
    assert chat.phone()[-1] == chat.says("knock", "uk")
