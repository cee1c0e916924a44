# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many calls, bad networks, and what must not be written anywhere."""

import asyncio
import logging
import subprocess
import sys
from collections import Counter

import pytest

from safeconduct.edge.channels.voice.engine import Call, Ended
from safeconduct.edge.channels.voice.tests.engine import sipp
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab, until
from safeconduct.edge.channels.voice.tests.engine.relay import relay
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, LOW, MIDDLE, order, seconds_of, tone

KEYS = "1234567890*#"


async def test_every_key_of_many_calls_is_recognised_in_its_order(lab: Lab) -> None:
    pressed: dict[str, list[str]] = {}

    async def on_call(call: Call) -> None:
        keys = pressed.setdefault(str(call.number), [])
        await call.answer()
        call.play(tone(LOW, 20.0))
        while True:
            try:
                keys.append(await call.key(None) or "")
            except Ended:
                return

    await lab.engine(on_call)
    scenario = sipp.call(sipp.pause(0.3), sipp.press(KEYS), sipp.pause(6.5), caller="+4930[call_number]0000")
    assert await sipp.ends(await lab.callers(scenario, calls=25, a_second=10)) == 0
    assert len(pressed) == 25
    assert Counter("".join(keys) for keys in pressed.values()) == {KEYS: 25}


async def test_a_network_that_loses_and_delays_leaves_both_understood(lab: Lab) -> None:
    heard = bytearray()

    async def on_call(call: Call) -> None:
        await call.answer()
        call.listen(heard.extend)
        for frequency in (LOW, HIGH, MIDDLE):
            call.play(tone(frequency, 0.8))
        await call.played()
        await asyncio.sleep(0.5)

    await lab.engine(on_call)
    phone = await lab.phone(says=tone(MIDDLE, 0.8) + tone(LOW, 0.8) + tone(HIGH, 5.0))
    async with relay(lab.port, loss=0.05, jitter=0.06) as network:
        await phone.dial(f"sip:4711@127.0.0.1:{network.near.port}")
        await phone.until("CALL_CLOSED")
        assert network.lost > 3
        assert network.passed > 150
    pcm, rate = phone.heard()
    assert order(pcm, rate) == [LOW, HIGH, MIDDLE]
    assert sum(seconds_of(one, pcm, rate) for one in (LOW, HIGH, MIDDLE)) > 2.4 * 0.75
    assert order(bytes(heard))[:3] == [MIDDLE, LOW, HIGH]
    assert sum(seconds_of(one, bytes(heard)) for one in (LOW, HIGH, MIDDLE)) > 1.6


@pytest.mark.rule("T8")
async def test_no_number_and_no_address_is_written_down(
    lab: Lab, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def on_call(call: Call) -> None:
        await call.answer()
        assert await call.key(15.0) == "1"
        raise RuntimeError(call.number)

    caplog.set_level(logging.DEBUG)
    engine = await lab.engine(on_call)
    phone = await lab.phone(number="+380441234567")
    await phone.dial(lab.uri("+4930555"))
    await phone.press("1")
    await phone.until("CALL_CLOSED")
    with pytest.raises(Exception, match="unreachable"):
        await engine.dial("sip:+380447654321@127.0.0.1:9", seconds=0.3)
    await lab.callers(sipp.refused(488, sdp="v=0\n", caller="+380449999999"))
    await asyncio.sleep(0.3)
    await engine.close()
    out, err = capfd.readouterr()
    written = caplog.text + out + err + "".join(str(vars(record)) for record in caplog.records)
    for secret in ("38044", "4930555", "127.0.0.1", "sip:"):
        assert secret not in written


async def test_ended_calls_leave_nothing_behind(lab: Lab) -> None:
    async def on_call(call: Call) -> None:
        await call.answer()
        call.play(tone(LOW, 10.0))
        await call.played()

    engine = await lab.engine(on_call)
    before = len(engine._tasks)
    scenario = sipp.call(sipp.pause(0.2), caller="+4930[call_number]0000")
    assert await sipp.ends(await lab.callers(scenario, calls=30, a_second=25)) == 0
    await until(lambda: not engine._calls and not engine._pacer._moved and len(engine._tasks) <= before)


def test_no_other_door_brings_the_sip_library_in() -> None:
    doors = "safeconduct.edge.web.app, safeconduct.edge.chat.run, safeconduct.edge.channels.registry, safeconduct.spool"
    program = f"import sys, {doors}; sys.exit('baresip' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
