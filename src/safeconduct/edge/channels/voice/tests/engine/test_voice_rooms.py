# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from collections.abc import Sequence

from safeconduct.edge.channels.voice.engine import Call, Room
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until
from safeconduct.edge.channels.voice.tests.engine.phone import Phone
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, HIGHEST, LOW, MIDDLE, heard, seconds_of, tone


async def _in_a_room(lab: Lab, says: Sequence[int], codecs: Sequence[str]) -> tuple[list[Phone], dict[str, Call], Room]:
    """One telephone for each tone, each with its own number as what it dials."""
    calls: dict[str, Call] = {}

    async def on_call(call: Call) -> None:
        await call.answer()
        calls[call.called] = call
        await call.ended.wait()

    engine = await lab.engine(on_call)
    phones = []
    for frequency, codec in zip(says, codecs, strict=True):
        rate = 16000 if codec.startswith("g722") else 8000
        phones.append(await lab.phone(says=tone(frequency, 40.0, rate, 5000), codec=codec))
        await phones[-1].dial(lab.uri(str(frequency)))
        await until(lambda: str(frequency) in calls)  # noqa: B023 - it is waited for here
    return phones, calls, engine.room()


async def test_two_who_are_joined_hear_each_other_and_not_themselves(lab: Lab) -> None:
    phones, calls, room = await _in_a_room(lab, (LOW, HIGH), ("pcma", "g722/16000/1"))
    for call in calls.values():
        room.join(call)
    await asyncio.sleep(1.5)
    for phone, own, other in zip(phones, (LOW, HIGH), (HIGH, LOW), strict=True):
        assert seconds_of(other, *phone.heard()) > 1.0
        assert seconds_of(own, *phone.heard()) == 0


async def test_all_of_a_conference_hear_all_others_and_one_who_only_listens_is_heard_by_none(lab: Lab) -> None:
    phones, calls, room = await _in_a_room(lab, (LOW, MIDDLE, HIGH), ("pcmu", "pcma", "pcma"))
    room.join(calls[str(LOW)])
    room.join(calls[str(MIDDLE)])
    room.join(calls[str(HIGH)], speaks=False)
    room.tell(tone(HIGHEST, 0.6))
    await asyncio.sleep(2.0)
    first, second, supervisor = (phone.heard() for phone in phones)
    assert seconds_of(MIDDLE, *first) > 1.0
    assert seconds_of(LOW, *second) > 1.0
    assert any({LOW, MIDDLE} <= tones for tones, seconds in heard(*supervisor) if seconds > 0.2)
    assert seconds_of(HIGH, *first) == seconds_of(HIGH, *second) == 0
    for pcm, rate in (first, second, supervisor):
        assert 0.4 < seconds_of(HIGHEST, pcm, rate) < 0.8


async def test_one_who_leaves_hears_nothing_more_of_the_others(lab: Lab) -> None:
    phones, calls, room = await _in_a_room(lab, (LOW, HIGH), ("pcma", "pcma"))
    for call in calls.values():
        room.join(call)
    await asyncio.sleep(0.8)
    room.leave(calls[str(LOW)])
    await asyncio.sleep(0.3)
    before = seconds_of(HIGH, *phones[0].heard())
    calls[str(LOW)].play(tone(HIGHEST, 0.4))
    await calls[str(LOW)].played()
    await asyncio.sleep(0.5)
    assert seconds_of(HIGH, *phones[0].heard()) == before
    assert seconds_of(HIGHEST, *phones[0].heard()) > 0.2


async def test_a_call_that_ends_leaves_the_room_to_the_others(lab: Lab) -> None:
    phones, calls, room = await _in_a_room(lab, (LOW, HIGH), ("pcma", "pcma"))
    for call in calls.values():
        room.join(call)
    await asyncio.sleep(0.3)
    phones[1].hang_up()
    await asyncio.wait_for(calls[str(HIGH)].ended.wait(), 10)
    room.tell(tone(HIGHEST, 0.4))
    await asyncio.sleep(1.0)
    assert seconds_of(HIGHEST, *phones[0].heard()) > 0.2
