# SPDX-License-Identifier: AGPL-3.0-or-later
"""A telephone that calls the softphone: speaks a tone, keeps what it hears, says on its output what happens.

A program of its own, because one process can hold one SIP stack. Arguments: its address and port, whom to call, the pitch in
Hz, the file for what it hears (16 bit PCM), then headers as Name=value. A line on its input ends the call.
"""

import asyncio
import math
import struct
import sys
from pathlib import Path

from baresip import Account, AudioNotActive, AudioRestarted, Call, Config, Runtime, UserAgent
from baresip.errors import CallFailed
from baresip.events import Event


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
        while call.state.value != "closed":
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


async def until_told() -> None:
    await asyncio.to_thread(sys.stdin.readline)


async def main(host: str, port: str, uri: str, pitch: str, heard: str, *headers: str) -> None:
    runtime = Runtime(native_log_level="error")
    listen = f"sip_listen {host}:{port}\nrtp_ports 41000-41999\n"
    await runtime.start(Config(net_interface=host, extra_config_text=listen))
    account = Account("line", host, "", reg_interval=0, audio_codecs=("g722/16000/1", "pcma"))
    agent = await UserAgent.create(runtime, account)
    call = await agent.dial(uri, headers=dict(one.split("=", 1) for one in headers))
    ended = asyncio.Event()
    told = {Event.CALL_RINGING: "ringing", Event.CALL_HOLD: "held", Event.CALL_RESUME: "resumed"}
    call.on(lambda event: say(told[event.event]) if event.event in told else None)
    call.on(lambda event: ended.set() if event.event is Event.CALL_CLOSED else None)
    call.on_dtmf(lambda pressed: say(f"key {pressed.digit}"))
    told_to_end = asyncio.create_task(until_told())
    up = asyncio.create_task(call.wait_established(60))
    await asyncio.wait({up, told_to_end}, return_when=asyncio.FIRST_COMPLETED)
    if up.done():
        try:
            up.result()
            say("up")
        except CallFailed as error:
            say(f"refused {error.status}")
            await runtime.close()
            return
        talking = asyncio.create_task(talk(call, float(pitch), Path(heard)))
        waiting = asyncio.create_task(ended.wait())
        await asyncio.wait({waiting, told_to_end}, return_when=asyncio.FIRST_COMPLETED)
        if talking.done():
            talking.result()
        talking.cancel()
    if not ended.is_set():
        await call.hangup()
    say("over")
    await asyncio.sleep(0.2)
    await runtime.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
