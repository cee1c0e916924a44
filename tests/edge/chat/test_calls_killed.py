# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 under fifty telephone calls: real SIP and sound, a real spool, and callers who listen for what they are promised."""

import io
import subprocess
import sys
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from bench.callers import VOICES, Caller, Callers, loudness_of, pcm_of, voice_of
from tests.edge.chat.calls_child import ELSE, OPERATORS, SOUND_PORTS, STORED
from tests.edge.chat.test_chat_crash import ROOT, opened, prepared
from tests.ports import free_port
from tests.stored import stored_under

from safeconduct.edge.chat.files import PURPOSE
from safeconduct.sealing.streams import open_stream
from safeconduct.vocabulary.records import FileSent

IN_MENU, LEAVING, SPEAKING = 10, 18, 17  # with those who talk to somebody there are fifty
FIRST = 2  # of the callers' sounds: the ones before are the prompts'
HEAD = 44  # bytes of a recording before its samples
SECONDS = 60.0  # for anything that must happen; a slow machine is no failure


class Process:
    """The voice channel's process of one folder, started anew on the same ports."""

    def __init__(self, folder: Path) -> None:
        self.port, self._sound = free_port(2), free_port(SOUND_PORTS)
        self.callers = Callers(self.port)
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ports = map(str, (self.port, self._sound, self.callers.port_of_ours))
        command = [sys.executable, "-m", "tests.edge.chat.calls_child", str(self._folder), *ports]
        self._running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._running.stdout is not None
        assert self._running.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.communicate()
            self._running = None

    def until(self, condition: Callable[[], bool]) -> None:
        """Speak and listen until it is so."""
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end
            self.callers.run(0.1)

    def call(self, count: int, keys: str = "") -> list[Caller]:
        """So many calls, each with its own sound. They press these keys once they hear something."""
        first = FIRST + len(self.callers.calls)
        calls = [self.callers.begin(voice_of(number)) for number in range(first, first + count)]
        self.until(lambda: all(call.voices[ELSE] for call in calls))
        for call in calls:
            call.press(keys)
        return calls

    def leave_messages(self, count: int) -> list[Caller]:
        """The same, and the line listens to all of them."""
        calls = self.call(count, "3")
        self.until(lambda: self._hear_nothing(calls))
        return calls

    def _hear_nothing(self, calls: list[Caller]) -> bool:
        before = sum(call.voices[ELSE] for call in calls)
        self.callers.run(1.0)
        return sum(call.voices[ELSE] for call in calls) == before


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    await prepared(tmp_path)
    process = Process(tmp_path)
    process.start()
    yield process
    process.kill()
    process.callers.close()


async def messages(folder: Path) -> "Counter[int]":
    """Whose sounds the desk can open."""
    found: Counter[int] = Counter()
    for sent in [record for record in await opened(folder) if isinstance(record, FileSent)]:
        plain = io.BytesIO()
        with (folder / "files" / sent.storage.hex()).open("rb") as source:
            open_stream(sent.key, source, plain, purpose=PURPOSE)
        samples = Counter(map(abs, array("h", plain.getvalue()[HEAD:])))
        found[{loudness_of(one): one for one in range(VOICES)}[samples.most_common(1)[0][0]]] += 1
    return found


def lie_open(folder: Path) -> list[Path]:
    """The files in which somebody's sound can be found."""
    plain = [pcm_of(number, 0.02) for number in range(FIRST, VOICES)]
    return [path for path, content in stored_under(folder).items() if any(one in content for one in plain)]


def acknowledged(calls: list[Caller]) -> set[int]:
    """Those who heard that their message was stored, by their sounds."""
    return {number for number, call in enumerate(calls, FIRST) if call.voices[STORED]}


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.rule("T9")
async def test_what_fifty_callers_were_promised_outlives_a_kill_and_the_next_process_answers(
    process: Process, tmp_path: Path
) -> None:
    calls = process.leave_messages(LEAVING + SPEAKING)
    talks = process.call(OPERATORS, "2")
    process.call(IN_MENU)
    telephones = process.callers.answered.values()
    process.until(lambda: len({number for one in telephones for number in one.voices}) == len(talks))
    for call in calls[:LEAVING]:
        call.press("#")
    process.until(lambda: len(acknowledged(calls)) >= LEAVING // 3)
    process.kill()
    process.callers.run(0.2)  # what was on its way to them
    assert not any(call.is_over for call in process.callers.calls.values())
    process.callers.calls.clear()
    process.start()
    (later,) = process.leave_messages(1)
    later.press("#")
    process.until(lambda: later.voices[STORED] > 0)
    found = await messages(tmp_path) - Counter([FIRST])  # the later one speaks like the first
    assert acknowledged(calls) <= set(found) <= set(range(FIRST, FIRST + LEAVING))
    assert set(found.values()) == {1}
    assert not lie_open(tmp_path)
