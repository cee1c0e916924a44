# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes from people and machines that mean no good, or vanish."""

import asyncio
import contextlib
import random
import socket
import subprocess
import sys
import time

import pytest

from safeconduct.edge.channels.voice.engine import Call
from safeconduct.edge.channels.voice.tests.engine import sipp
from safeconduct.edge.channels.voice.tests.engine.conftest import Lab
from safeconduct.edge.channels.voice.tests.engine.tones import HIGH, gaps, order, seconds_of, tone

INVITE = (
    "INVITE sip:4711@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{id};rport\r\n"
    "From: <sip:+4930999@127.0.0.1>;tag=a{id}\r\nTo: <sip:4711@127.0.0.1>\r\nCall-ID: {id}@x\r\nCSeq: 1 INVITE\r\n"
    "Contact: <sip:x@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\n"
    "Content-Length: {size}\r\n\r\n{sdp}"
)
SDP = "v=0\r\no=u 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


async def sing(call: Call) -> None:
    await call.answer()
    call.play(tone(HIGH, 30.0))
    await call.ended.wait()


async def answers(lab: Lab) -> bool:
    return await sipp.ends(await lab.callers(sipp.call(sipp.pause(0.1)))) == 0


def broken(seed: int) -> bytes:
    """A message with some bytes of it lost, doubled or changed, or nothing like one."""
    chance = random.Random(seed)
    sdp = SDP
    whole = bytearray(INVITE.format(port=9, id=seed, size=len(sdp), sdp=sdp).encode())
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(whole))
        match chance.randrange(4):
            case 0:
                del whole[at : at + chance.randint(1, 40)]
            case 1:
                whole[at:at] = whole[at : at + 30] * chance.randint(1, 20)
            case 2:
                whole[at] = chance.randrange(256)
            case _:
                whole[at:at] = chance.randbytes(chance.randint(1, 30))
    return bytes(whole) if seed % 5 else chance.randbytes(chance.randint(0, 1400))


@pytest.mark.rule("T7")
async def test_garbage_and_broken_messages_end_nothing_and_the_line_still_answers(lab: Lab) -> None:
    process = await _program(lab)  # of its own: the library cannot be closed after some of them (wear.py)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for seed in range(3000):
                sender.sendto(broken(seed), ("127.0.0.1", lab.port))
                if seed % 50 == 0:
                    await asyncio.sleep(0.01)
        for seed in range(40):
            _, writer = await asyncio.open_connection("127.0.0.1", lab.port, local_addr=("127.6.6.6", 0))
            writer.write(broken(seed) + b"\0" * seed)
            writer.close()
        assert await sipp.ends(await lab.callers(sipp.call(sipp.pause(0.1)), address="127.7.7.7")) == 0
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.mark.parametrize(
    "sdp", ["v=0\n", sipp.SDP.replace("8 96", "18").replace("PCMA", "G729"), sipp.SDP.replace("audio", "image")]
)
async def test_a_call_without_sound_that_we_know_is_refused(lab: Lab, sdp: str) -> None:
    calls: list[Call] = []

    async def on_call(call: Call) -> None:
        calls.append(call)

    await lab.engine(on_call)
    scenario = sipp.request("INVITE", sdp=sdp) + "".join(sipp.TRYING) + sipp.receive(488) + sipp.request("ACK")
    assert await sipp.ends(await lab.callers(scenario)) == 0
    assert not calls


async def test_a_caller_who_sends_nothing_is_hung_up_on(lab: Lab) -> None:
    ended: list[float] = []

    async def on_call(call: Call) -> None:
        began = time.monotonic()
        await call.answer()
        await call.ended.wait()
        ended.append(time.monotonic() - began)

    await lab.engine(on_call, silent_seconds=2)
    begin = sipp.request("INVITE", sdp=sipp.SDP) + "".join(sipp.TRYING) + sipp.receive(200) + sipp.request("ACK")
    assert await sipp.ends(await lab.callers(begin + sipp.ENDED_BY_US)) == 0
    assert 1.5 < ended[0] < 10


async def test_a_call_ends_when_the_other_side_has_vanished_and_the_others_go_on(lab: Lab) -> None:
    calls: dict[str, Call] = {}

    async def on_call(call: Call) -> None:
        calls[call.called] = call
        await sing(call)

    await lab.engine(on_call, silent_seconds=2)
    gone, here = await lab.phone(), await lab.phone()
    await gone.dial(lab.uri("gone"))
    await here.dial(lab.uri("here"))
    gone.kill()
    await asyncio.wait_for(calls["gone"].ended.wait(), 20)
    assert not calls["here"].ended.is_set()
    assert seconds_of(HIGH, *here.heard()) > 1.0


@pytest.mark.rule("T7")
async def test_a_flood_from_one_place_is_refused_and_other_calls_go_on(lab: Lab) -> None:
    served: list[str] = []

    async def on_call(call: Call) -> None:
        served.append(call.called)
        await sing(call)

    await lab.engine(on_call, calls=150)
    phone = await lab.phone()
    await phone.dial(lab.uri("before"))
    await asyncio.sleep(0.3)
    flood = await lab.callers(
        sipp.request("INVITE", sdp=sipp.SDP, caller="+4930[call_number]000") + "".join(sipp.TRYING) + sipp.receive(486),
        address="127.9.9.9", called="flood", calls=10_000, at_once=10_000, a_second=2_500,
    )  # fmt: skip
    await asyncio.sleep(2.0)
    other = await lab.phone()
    await other.dial(lab.uri("during"))
    await asyncio.sleep(2.0)
    flood.kill()
    assert {"before", "during"} <= set(served)
    assert served.count("flood") < 60
    for one in (phone, other):
        heard, rate = one.heard()
        assert order(heard, rate) == [HIGH]
        assert max(gaps(heard, rate), default=0.0) < 0.3


async def test_more_calls_than_are_carried_are_told_that_it_is_busy(lab: Lab) -> None:
    await lab.engine(sing, calls=3)
    held = await lab.callers(sipp.call(sipp.pause(3.0)), calls=3)
    await asyncio.sleep(1.0)
    assert await sipp.ends(await lab.callers(sipp.refused(486))) == 0
    assert await sipp.ends(held) == 0
    assert await answers(lab)


PROGRAM = """
import asyncio
import sys
from safeconduct.edge.channels.voice.baresip_engine import BaresipEngine
from safeconduct.edge.channels.voice.sip_settings import SipSettings

async def on_call(call):
    await call.answer()
    print("answered", flush=True)
    call.play(bytes(16000 * 60))
    await call.ended.wait()

async def main():
    engine = BaresipEngine(SipSettings(port={port}))
    await engine.start(on_call)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await engine.close()

asyncio.run(main())
"""


async def _program(lab: Lab) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM.format(port=lab.port),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
    return process
