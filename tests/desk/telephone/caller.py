# SPDX-License-Identifier: AGPL-3.0-or-later
"""A telephone that calls the softphone: speaks a tone, keeps what it hears, says on its output what happens.

A program of its own, because one process can hold one SIP stack. Arguments: its address and port, whom to call, the pitch in
Hz, the file for what it hears (16 bit PCM), then headers as X-Name=value; codec=… to speak that alone; authority=… to trust
that certificate and seal its sound. A line on its input ends the call.
"""

import asyncio
import math
import struct
import sys
from pathlib import Path

from baresip import Account, AudioNotActive, AudioRestarted, Call, Config, Runtime, StackEvent, UserAgent
from baresip.events import Event

TOLD = {
    Event.CALL_RINGING: "ringing",
    Event.CALL_ESTABLISHED: "up",
    Event.CALL_HOLD: "held",
    Event.CALL_RESUME: "resumed",
}


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def tone(pitch: float, rate: int, first: int, count: int) -> bytes:
    return struct.pack(
        f"={count}h", *(int(9000 * math.sin(2 * math.pi * pitch * (first + n) / rate)) for n in range(count))
    )


async def talk(call: Call, pitch: float, heard: Path) -> None:
    """Every 20 ms: give a piece, take what came."""
    said = 0
    with heard.open("wb", buffering=0) as file:
        while True:
            try:
                info = call.audio.info()
                piece = info.tx_sample_rate // 50
                if info.tx_buffered < 6 * piece:
                    call.audio.write(tone(pitch, info.tx_sample_rate, said, piece))
                    said += piece
                file.write(call.audio.read(info.rx_sample_rate // 5 or 2))  # no rate at all while streams are replaced
            except (AudioNotActive, AudioRestarted):
                pass
            await asyncio.sleep(0.018)


class Course:
    """What becomes of the call. It listens before the call is made: an answer that comes at once is else heard by nobody."""

    def __init__(self, runtime: Runtime) -> None:
        self.up, self.ended = asyncio.Event(), asyncio.Event()
        runtime.subscribe(self._hear)

    def _hear(self, event: StackEvent) -> None:
        if event.event in TOLD:
            say(TOLD[event.event])
        if event.event is Event.CALL_ESTABLISHED:
            self.up.set()
        if event.event is Event.CALL_CLOSED:
            if not self.up.is_set():
                say(f"refused {(event.text or '')[:3]}")
            self.ended.set()


async def until_told() -> None:
    await asyncio.to_thread(sys.stdin.readline)


async def main(host: str, port: str, uri: str, pitch: str, heard: str, *more: str) -> None:
    told_more = dict(one.split("=", 1) for one in more)
    codec, authority = told_more.pop("codec", "g722/16000/1"), told_more.pop("authority", "")
    runtime = Runtime(native_log_level="error")
    lines = [f"sip_listen {host}:{port}", "rtp_ports 41000-41999"]
    lines += [f"sip_cafile {authority}", "sip_verify_server yes"] if authority else []
    await runtime.start(Config(net_interface=host, extra_config_text="\n".join(lines)))
    sealed = ("mediaenc=srtp-mand",) if authority else ()
    account = Account("line", host, "", reg_interval=0, audio_codecs=(codec,), extra_params=sealed)
    agent = await UserAgent.create(runtime, account)
    course = Course(runtime)
    call = await agent.dial(uri, headers=told_more)
    call.on_dtmf(lambda pressed: say(f"key {pressed.digit}"))
    waits = [asyncio.create_task(one) for one in (course.up.wait(), course.ended.wait(), until_told())]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    talking = asyncio.create_task(talk(call, float(pitch), Path(heard)))
    await asyncio.wait([*waits[1:], talking], return_when=asyncio.FIRST_COMPLETED)
    talking.cancel()
    if not course.ended.is_set():
        await call.hangup()
    say("over")
    await asyncio.sleep(0.2)
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
