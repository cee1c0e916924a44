# SPDX-License-Identifier: AGPL-3.0-or-later
"""The voice channel's own process, on a line that calls_line.py prepared: real SIP, real spool, real core; its prompts are sounds.

`python -m tests.edge.chat.calls_child FOLDER PORT RTP OPERATORS`: where it listens, its first port for sound, and where the
operators' telephones are. It says "ready" once it answers, and works until it is killed.
"""

import asyncio
import sys
import time
from pathlib import Path

import msgspec
from bench.callers import pcm_of
from tests.edge.chat.crash_child import DELIVERY, credentials, say

from safeconduct.dialogue.scripts import hotline
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.board import BoardReader
from safeconduct.edge.channels.contract import Take
from safeconduct.edge.channels.duty import Phone
from safeconduct.edge.channels.voice.channel import FACTS, Settings, Voice, engine_of
from safeconduct.edge.channels.voice.settings import checked
from safeconduct.edge.channels.voice.sounds import Sounds
from safeconduct.edge.channels.voice.tests.memory import Duty
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.files import FileStore
from safeconduct.edge.chat.holder import Holder
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.worker import Worker
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool

STORED, ELSE = 0, 1  # what is heard when a message was stored, and in place of all other sentences
OPERATORS = 5
SOUND_PORTS = 300


class Steady:
    """Prompts that are told apart by programs."""

    def __init__(self) -> None:
        self._stored = texts("en").say(hotline()["message_stored"])

    def find(self, text: str, language: str, *, rate: int) -> bytes | None:
        del language, rate  # narrow to everybody: a wide call would hear it too high
        return pcm_of(STORED if text == self._stored else ELSE, 0.2)


class Telling(Voice):
    """It says when it answers."""

    async def receive(self, take: Take) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(super().receive(take))
            tasks.create_task(self._tell())

    async def _tell(self) -> None:
        await self._is_up.wait()
        say("ready")


def telephones(port: int) -> list[Phone]:
    return [Phone(f"sip:10{one}@127.0.0.1:{port}", ("en",), ()) for one in range(OPERATORS)]


async def work(folder: Path, port: int, sound: int, operators: int) -> None:
    given = {"prompts": str(folder), "languages": ["en"], "port": port, "rtp_ports": [sound, sound + SOUND_PORTS - 1]}
    settings = checked(msgspec.convert({**given, "trunks": ["127.0.0.0/8"]}, Settings))
    voice = Telling(settings, engine_of, Sounds(Steady()))
    voice.duty = Duty(telephones(operators))
    spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 30))
    secrets = ChatCredentials(credentials((folder / "root.json").read_bytes()), b"R" * 32, DELIVERY)
    board = BoardReader(spool, root=secrets.door.root, tags=AVAILABLE, clock=time.time)
    files, holder = FileStore(folder / "files", FACTS.code), Holder(folder / "channel-voice.lock")
    line = Line(spool, secrets, board, voice, FACTS, time.time, files=files, holder=holder, demonstration=True)
    await Worker(line).run()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), *map(int, sys.argv[2:])))
