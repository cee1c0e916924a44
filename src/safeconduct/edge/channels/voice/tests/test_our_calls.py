# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calls that the line makes: what is said in them, what becomes of a reply, and when a telephone is left in peace."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.texts import texts
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.voice.tests.conftest import CALLER, REPLY, Hotline, opened, reply, says
from safeconduct.edge.channels.voice.tests.memory import PaperCall
from safeconduct.edge.channels.voice.tests.test_waiting import OLENA, until

UNSAID = load("inbox").steps["messages"].outcomes["unavailable"].say or ""


@pytest.mark.rule("R4")
async def test_an_answer_calls_nobody_and_a_line_without_a_trunk_neither(fast: None, tmp_path: Path) -> None:
    async with opened(tmp_path) as line:
        with pytest.raises(SendRefused):
            await line.voice.send(CALLER, reply(about="answer"))
    async with opened(tmp_path, dial=None) as line:
        with pytest.raises(SendRefused):
            await line.voice.send(CALLER, reply())
        assert line.engine.dialled == []


@pytest.mark.parametrize(
    ("why", "error"),
    [("busy", SendLater), ("silent", SendLater), ("unreachable", SendLater), ("declined", SendRefused)],
)
async def test_what_became_of_our_call_is_said_without_the_number(
    line: Hotline, why: Any, error: type[Exception]
) -> None:
    line.engine.answers.append(why)
    with pytest.raises(error) as raised:
        await line.voice.send(CALLER, reply())
    assert CALLER.lstrip("+") not in f"{raised.value} {raised.value!r}"


@pytest.mark.rule("R4")
@pytest.mark.parametrize(("why", "pause"), [("busy", 300), ("silent", 300), ("unreachable", None)])
async def test_a_telephone_that_rang_in_vain_is_left_in_peace_for_minutes(
    line: Hotline, why: Any, pause: float | None
) -> None:
    line.engine.answers.append(why)
    with pytest.raises(SendLater) as raised:
        await line.voice.send(CALLER, reply())
    assert raised.value.retry_after == pause


@pytest.mark.rule("R4")
async def test_who_hears_our_call_and_presses_nothing_was_not_told_and_may_be_called_again(line: Hotline) -> None:
    theirs = PaperCall()
    line.engine.answers.append(theirs)
    with pytest.raises(SendLater) as raised:
        await line.voice.send(CALLER, reply())
    assert raised.value.retry_after == 300
    assert set(theirs.texts()) == {says("call_asked")}
    assert len(theirs.texts()) == 3


class StopsAtMenu(PaperCall):
    """Whose menu takes its time."""

    def play(self, pcm: bytes) -> None:
        super().play(pcm)
        if self.texts() and self.texts()[-1] == says("menu_now"):
            self.is_slow = True
            self.let.clear()


@pytest.mark.rule("R4")
async def test_who_hangs_up_before_the_rest_of_a_reply_is_left_in_peace_for_minutes(line: Hotline) -> None:
    theirs = StopsAtMenu()
    line.engine.answers.extend([theirs, PaperCall()])
    sending = asyncio.create_task(line.voice.send(CALLER, reply()))
    await theirs.until(says("call_asked"))
    theirs.press("1")
    await sending
    await theirs.until(says("menu_now"))
    sending = asyncio.create_task(line.voice.send(CALLER, reply("The rest.")))
    await asyncio.sleep(0.05)
    theirs.end()
    with pytest.raises(SendLater) as raised:
        await sending
    assert raised.value.retry_after == 300
    with pytest.raises(SendLater) as raised:  # whatever else there is to say
        await line.voice.send(CALLER, reply())
    assert 290 < (raised.value.retry_after or 0) <= 300
    assert len(line.engine.dialled) == 1


@pytest.mark.rule("R4")
async def test_who_hangs_up_between_two_parts_is_not_rung_for_the_second_at_once(line: Hotline) -> None:
    theirs = PaperCall()
    line.engine.answers.extend([theirs, PaperCall()])
    sending = asyncio.create_task(line.voice.send(CALLER, dataclasses.replace(reply(), index=1, total=2)))
    await theirs.until(says("call_asked"))
    theirs.press("1")
    await sending
    theirs.end()
    await until(lambda: not line.voice._live)
    with pytest.raises(SendLater) as raised:
        await line.voice.send(CALLER, dataclasses.replace(reply("The rest."), index=2, total=2))
    assert 290 < (raised.value.retry_after or 0) <= 300
    assert len(line.engine.dialled) == 1


async def test_between_the_parts_of_one_reply_no_menu_is_said(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("1")
    await call.until(says("menu_now"))
    (address,) = line.voice._live
    call.heard.clear()
    for index in (1, 2, 3):
        await line.voice.send(address, dataclasses.replace(reply(f"Part {index}."), index=index, total=3))
        await asyncio.sleep(0.05)
    said = call.texts()
    assert [text for text in said[: said.index("Part 3.")] if text] == ["Part 1.", "Part 2."]
    await call.until(says("menu_now"))


async def test_a_reply_is_not_taken_for_heard_when_a_key_waited_before_it(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    (address,) = line.voice._live
    sending = asyncio.create_task(line.voice.send(address, reply()))
    await asyncio.sleep(0.05)
    call.heard.clear()
    call.press("##")
    await sending
    assert call.texts()[0] == says("message_stored")
    assert REPLY in call.texts()


@pytest.mark.rule("R4")
async def test_whom_we_call_without_a_voice_is_connected_with_nobody_and_not_called_again(line: Hotline) -> None:
    line.prompts.silent |= {"en", "uk"}
    line.duty.who = [OLENA]
    theirs = PaperCall()
    line.engine.answers.extend([theirs, PaperCall()])
    with pytest.raises(SendRefused):
        await line.voice.send(CALLER, reply())
    await theirs.until_over()
    assert len(line.engine.dialled) == 1


async def test_a_reply_that_breaks_off_is_uncertain(line: Hotline) -> None:
    theirs = PaperCall()
    line.engine.answers.append(theirs)
    sending = asyncio.create_task(line.voice.send(CALLER, reply()))
    await theirs.until(says("call_asked"))
    theirs.is_slow = True
    theirs.press("1")
    await theirs.until(REPLY)
    theirs.end(lost=True)
    with pytest.raises(SendUncertain):
        await sending


async def test_a_reply_that_no_voice_can_say_is_refused_and_its_person_hears_the_menu(line: Hotline) -> None:
    line.speaks.mute.add("uk")
    theirs = PaperCall()
    line.engine.answers.append(theirs)
    sending = asyncio.create_task(line.voice.send(CALLER, reply(language="uk")))
    await theirs.until(says("call_asked", "uk"))
    theirs.press("1")
    with pytest.raises(SendRefused):
        await sending
    await theirs.until(texts("uk").say(UNSAID), says("menu_now", "uk"))


async def test_a_reply_that_no_voice_can_say_ends_no_call_that_came(line: Hotline) -> None:
    line.speaks.mute.add("uk")
    call = line.ring(None)
    await call.until("press 1")
    (address,) = line.voice._live
    with pytest.raises(SendRefused):
        await line.voice.send(address, reply(language="uk"))
    call.press("1")
    await call.until(UNSAID, says("menu_now"))


async def test_a_knock_calls_and_the_line_hears_that_its_person_is_there(line: Hotline) -> None:
    theirs = PaperCall()
    line.engine.answers.append(theirs)
    sending = asyncio.create_task(line.voice.send(CALLER, reply(about="knock")))
    await theirs.until(says("call_asked"))
    assert line.taken == []
    theirs.press("1")
    await sending
    assert [(inbound.address, inbound.text) for inbound in line.taken] == [(CALLER, "/start")]
    await line.voice.send(CALLER, reply())
    await theirs.until(REPLY)
    assert len(line.engine.dialled) == 1
