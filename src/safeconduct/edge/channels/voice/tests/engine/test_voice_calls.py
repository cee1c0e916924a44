# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest

from safeconduct.edge.channels.voice.engine import Call, Ended
from safeconduct.edge.channels.voice.tests.engine import sipp
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until
from safeconduct.edge.channels.voice.tests.engine.tones import (
    HIGH,
    HIGHEST,
    LOW,
    MIDDLE,
    gaps,
    melody,
    order,
    seconds_of,
    tone,
)

SONG = ((LOW, 0.4), (HIGH, 0.4), (MIDDLE, 0.4), (LOW, 0.4), (HIGHEST, 0.4))


async def test_a_caller_hears_all_of_what_is_played_in_order_and_without_a_gap(lab: Lab) -> None:
    done = asyncio.Event()

    async def on_call(call: Call) -> None:
        await call.answer()
        await asyncio.sleep(0.2)
        call.play(melody(SONG[:2]))
        call.play(melody(SONG[2:]))
        await call.played()
        await asyncio.sleep(0.4)
        done.set()

    await lab.engine(on_call)
    phone = await lab.phone()
    await phone.dial(lab.uri())
    await asyncio.wait_for(done.wait(), 20)
    await phone.until("CALL_CLOSED")
    heard, rate = phone.heard()
    assert order(heard, rate) == [LOW, HIGH, MIDDLE, LOW, HIGHEST]
    assert seconds_of(LOW, heard, rate) == pytest.approx(0.8, abs=0.13)
    assert max(gaps(heard, rate), default=0) <= 0.06


async def test_the_line_hears_all_of_what_a_caller_says(lab: Lab) -> None:
    heard: list[bytes] = []

    async def on_call(call: Call) -> None:
        await call.answer()
        call.listen(heard.append)
        await call.ended.wait()

    await lab.engine(on_call)
    phone = await lab.phone(says=melody(SONG))
    await phone.dial(lab.uri())
    await until(lambda: len(heard) > 125)
    assert set(map(len, heard)) == {320}
    assert order(b"".join(heard))[:5] == [LOW, HIGH, MIDDLE, LOW, HIGHEST]


async def test_a_wide_call_carries_sixteen_thousand_samples_both_ways(lab: Lab) -> None:
    heard: list[bytes] = []
    rates: list[int] = []

    async def on_call(call: Call) -> None:
        await call.answer()
        rates.append(call.rate)
        call.listen(heard.append)
        call.play(tone(HIGH, 1.0, call.rate))
        await call.played()
        await call.ended.wait()

    await lab.engine(on_call)
    phone = await lab.phone(codec="g722/16000/1", says=tone(MIDDLE, 3.0, 16000))
    await phone.dial(lab.uri())
    await until(lambda: len(heard) > 100)
    assert rates == [16000]
    assert order(b"".join(heard), 16000) == [MIDDLE]
    assert order(*phone.heard()) == [HIGH]


async def test_the_number_and_what_was_dialled_are_known_before_the_answer(lab: Lab) -> None:
    seen: list[tuple[str | None, str]] = []

    async def on_call(call: Call) -> None:
        seen.append((call.number, call.called))
        assert "49" not in repr(call)
        await call.refuse(486)

    await lab.engine(on_call)
    for more in ("", "Privacy: id\n", "P-Asserted-Identity: <tel:+380-44-1234567>\n"):
        scenario = sipp.request("INVITE", sdp=sipp.SDP, more=more) + "".join(sipp.TRYING)
        assert await sipp.ends(await lab.callers(scenario + sipp.receive(486) + sipp.request("ACK"))) == 0
    assert seen == [("+493011000", "4711"), (None, "4711"), ("+380441234567", "4711")]


async def test_a_pressed_key_silences_the_line_at_once_and_what_is_played_then_is_whole(lab: Lab) -> None:
    async def on_call(call: Call) -> None:
        await call.answer()
        call.play(tone(LOW, 20.0))
        assert await call.key(15.0) == "5"
        call.stop_playing()
        await call.played()
        call.play(tone(HIGH, 0.6))
        await call.played()
        await asyncio.sleep(0.3)

    await lab.engine(on_call)
    phone = await lab.phone()
    await phone.dial(lab.uri())
    await asyncio.sleep(1.0)
    await phone.press("5")
    await phone.until("CALL_CLOSED")
    heard, rate = phone.heard()
    assert order(heard, rate) == [LOW, HIGH]
    assert seconds_of(LOW, heard, rate) < 3.0
    assert seconds_of(HIGH, heard, rate) == pytest.approx(0.6, abs=0.09)


async def test_silence_comes_within_forty_milliseconds_of_being_asked_for(lab: Lab) -> None:
    lengths: list[float] = []

    async def on_call(call: Call) -> None:
        loop = asyncio.get_running_loop()
        await call.answer()
        await asyncio.sleep(0.1)
        began = loop.time()
        call.play(tone(LOW, 20.0))
        await asyncio.sleep(0.7)
        call.stop_playing()
        lengths.append(loop.time() - began)
        await asyncio.sleep(0.4)

    await lab.engine(on_call)
    phone = await lab.phone()
    await phone.dial(lab.uri())
    await phone.until("CALL_CLOSED")
    assert seconds_of(LOW, *phone.heard()) <= lengths[0] + 0.04 + 0.04  # what is measured is in windows of 40 ms


@pytest.mark.parametrize("account", ["", "dtmfmode=info"])
async def test_keys_are_heard_in_order_as_sound_events_and_as_messages(lab: Lab, account: str) -> None:
    keys: list[str | None] = []

    async def on_call(call: Call) -> None:
        await call.answer()
        keys.extend([await call.key(15.0) for _ in range(6)])

    await lab.engine(on_call)
    phone = await lab.phone(account=account)
    await phone.dial(lab.uri())
    await phone.press("0*7#77")
    await phone.until("CALL_CLOSED")
    assert keys == ["0", "*", "7", "#", "7", "7"]


async def test_waiting_for_a_key_ends_with_the_time_and_with_the_call(lab: Lab) -> None:
    ends: list[object] = []

    async def on_call(call: Call) -> None:
        await call.answer()
        ends.append(await call.key(0.05))
        try:
            await call.key(None)
        except Ended as ended:
            ends.append(ended)
        call.play(tone(LOW, 1.0))
        await call.played()
        await call.hang_up()
        call.stop_playing()
        call.listen(ends.append)

    await lab.engine(on_call)
    phone = await lab.phone()
    await phone.dial(lab.uri())
    await asyncio.sleep(0.5)
    phone.hang_up()
    await until(lambda: len(ends) == 2)
    assert ends[0] is None
    assert isinstance(ends[1], Ended)


async def test_a_call_ends_when_its_task_does_even_if_it_fails(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    async def on_call(call: Call) -> None:
        await call.answer()
        raise ValueError(call.number)

    await lab.engine(on_call)
    assert await sipp.ends(await lab.callers(_until_we_end())) == 0
    await until(lambda: "ValueError" in caplog.text)
    assert "49301" not in caplog.text


def _until_we_end() -> str:
    begin = sipp.request("INVITE", sdp=sipp.SDP) + "".join(sipp.TRYING) + sipp.receive(200) + sipp.request("ACK")
    return begin + sipp.ENDED_BY_US
