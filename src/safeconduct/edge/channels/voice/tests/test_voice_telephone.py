# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel with a real telephone that is not ours (Debian's baresip): SIP, keys and voices over the loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.ports import free_port

from safeconduct.edge.channels.contract import Inbound
from safeconduct.edge.channels.duty import Phone
from safeconduct.edge.channels.voice.channel import Settings, Voice, engine_of
from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.sounds import Sounds
from safeconduct.edge.channels.voice.tests.conftest import says
from safeconduct.edge.channels.voice.tests.engine.conftest import PORTS, Lab, lab, until
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, HIGHEST, LOW, MIDDLE, melody, order, tone
from safeconduct.edge.channels.voice.tests.memory import Allows, Duty

pytestmark = pytest.mark.alone

__all__ = ["lab"]
SONG = ((LOW, 0.4), (HIGH, 0.4), (MIDDLE, 0.4)) * 2


class Tones:
    """Prompts that are told apart by machines: the first words are low, everything else is high."""

    def find(self, text: str, language: str, *, rate: int) -> bytes | None:
        del language, rate
        return tone(LOW, 0.3) if text in {says("hello"), says("menu_now")} else tone(HIGH, 0.3)


class Line:
    """What is made durable behind the channel."""

    def __init__(self) -> None:
        self.voice: Voice
        self.taken: list[Inbound] = []
        self.files: list[bytes] = []

    async def take(self, inbounds: Sequence[Inbound]) -> None:
        for inbound in inbounds:
            if inbound.file is not None:
                self.files.append(b"".join([piece async for piece in self.voice.fetch(inbound.file)]))
            self.taken.append(inbound)


@contextlib.asynccontextmanager
async def serving(lab: Lab, folder: Path, **given: Any) -> AsyncIterator[Line]:
    first = free_port(PORTS)
    wanted = {"prompts": str(folder), "languages": ["en"], "port": lab.port, "rtp_ports": [first, first + 15], **given}
    line = Line()
    line.voice = Voice(msgspec.convert(wanted, Settings), engine_of, Sounds(Tones()))
    line.voice.inside = Allows(("en",))
    running = asyncio.create_task(line.voice.receive(line.take))
    try:
        async with asyncio.timeout(10):
            await line.voice._is_up.wait()
        yield line
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_caller_hears_the_first_words_soon_and_then_what_to_do(lab: Lab, tmp_path: Path) -> None:
    async with serving(lab, tmp_path):
        phone = await lab.phone()
        await phone.dial(lab.uri())
        await asyncio.sleep(0.8)
        await phone.press("1")
        await asyncio.sleep(2)
        phone.hang_up()
        await phone.until("CALL_CLOSED")
        heard, rate = phone.heard()
        assert order(heard, rate)[:2] == [LOW, HIGH]


async def test_a_spoken_message_arrives_as_it_was_spoken(lab: Lab, tmp_path: Path) -> None:
    async with serving(lab, tmp_path) as line:
        phone = await lab.phone(says=bytes(16000 * 3) + melody(SONG * 6))
        await phone.dial(lab.uri())
        await phone.press("3")
        await asyncio.sleep(6)
        await phone.press("#")
        await until(lambda: line.files)
        assert {LOW, MIDDLE, HIGH} <= set(order(line.files[0][44:], 8000))


@pytest.mark.rule("R5")
async def test_a_word_by_keys_arrives_and_a_message_of_a_telephone_that_vanishes(lab: Lab, tmp_path: Path) -> None:
    async with serving(lab, tmp_path, silent_seconds=10) as line:
        phone = await lab.phone(says=melody(SONG * 10))
        await phone.dial(lab.uri())
        await phone.press("*4711#")
        await until(lambda: line.taken)
        assert line.taken[0].text == "4711"
        await phone.press("3")
        await asyncio.sleep(4)
        phone.kill()
        await until(lambda: line.files)


async def test_a_caller_and_an_operators_telephone_hear_each_other(lab: Lab, tmp_path: Path) -> None:
    async with serving(lab, tmp_path) as line:
        caller = await lab.phone(says=melody([(MIDDLE, 0.4)] * 60))
        operator = await lab.phone(number="olena", says=melody([(HIGHEST, 0.4)] * 60), account="answermode=auto")
        line.voice.duty = Duty([Phone(operator.uri, ("en",), ())])
        await caller.dial(lab.uri())
        await caller.press("2")
        await operator.until("CALL_ESTABLISHED")
        await asyncio.sleep(3)
        assert line.taken[-1].pressed == "human"
        operator.hang_up()
        await operator.until("CALL_CLOSED")
        await asyncio.sleep(1)
        caller.hang_up()
        await caller.until("CALL_CLOSED")
        assert HIGHEST in order(*caller.heard())
        assert MIDDLE in order(*operator.heard())
        assert order(*caller.heard())[-1] in {LOW, HIGH}  # the menu is back


async def test_a_telephone_that_says_goodbye_was_not_lost_and_one_that_vanishes_was(lab: Lab) -> None:
    async def refuse(call: Call) -> None:
        await call.refuse(486)

    engine = await lab.engine(refuse, silent_seconds=10)
    polite, dead = [await lab.phone(account="answermode=auto", says=tone(LOW, 5)) for _ in range(2)]
    calls = [await engine.dial(phone.uri, seconds=10) for phone in (polite, dead)]
    await asyncio.sleep(1)
    polite.hang_up()
    dead.kill()
    async with asyncio.timeout(30):
        await asyncio.gather(*(call.ended.wait() for call in calls))
    assert [call.was_lost for call in calls] == [False, True]
