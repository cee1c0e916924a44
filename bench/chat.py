# SPDX-License-Identifier: AGPL-3.0-or-later
"""`chat`: inbound messages a second until the answer is durable, held against one seal and one commit; `send` besides.

Run as `python -m bench.chat FOLDER SECONDS` in a process of its own (one core's worth: one loop); prints JSON.
"""

import asyncio
import itertools
import json
import os
import resource
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from bench.table import Figure
from safeconduct.dialogue.speaking import split
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Inbound, Outgoing, Take
from safeconduct.edge.chat.conversing import Conversing
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.run import line_of
from safeconduct.edge.chat.sending import Sending
from safeconduct.edge.crew import hands_beside_this_process
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.spool.contract import Commit, Lane, NewConversation
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import PersonText, encode
from safeconduct.vocabulary.secrets import Sealed

PEOPLE = 500
MANY = 10_000
AT_ONCE = 64
MEMORY_MB = 300.0
TEXT = "Я рядовой, мы пока в тылу, но говорят, на неделе повезут. Что мне делать?"
FACTS = Facts(code="terminal", provider="reads", text_limit=4096, deletes_own=172_800, deletes_theirs=172_800)

One = Callable[[], Awaitable[None]]


class Paper:
    """A channel whose provider takes everything at once."""

    def __init__(self) -> None:
        self.sent = 0

    def parts(self, text: str) -> list[str]:
        return split(text, FACTS.text_limit)

    async def receive(self, _take: Take) -> None:
        await asyncio.Event().wait()

    async def send(self, _address: Address, _message: Outgoing) -> Sequence[str]:
        self.sent += 1
        return (str(self.sent),)

    async def delete(self, _address: Address, _ids: Sequence[str]) -> None:
        """Nothing to delete."""

    async def fetch(self, _file: FileRef) -> AsyncIterator[bytes]:
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


def measure(folder: Path, seconds: float) -> list[Figure]:
    """The figures, from a process of its own."""
    environment = {**os.environ, "SAFECONDUCT_HOME": str(folder / "home"), "SAFECONDUCT_DEMONSTRATION": "yes"}
    subprocess.run([sys.executable, "-m", "safeconduct.cli.preparation"], check=True, env=environment)
    command = [sys.executable, "-m", "bench.chat", str(seconds)]
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    chat, limit, send, memory = json.loads(done.stdout)
    return [
        Figure("chat", chat, "messages/s", limit),
        Figure("send", send, "messages/s", None),
        Figure("chat memory", memory, "MB with 10,000 conversations", MEMORY_MB, is_ceiling=True),
    ]


async def _main(seconds: float) -> None:
    channel = Paper()
    hands = hands_beside_this_process()
    async with line_of(os.environ, channel, FACTS, demonstration=True, hands=hands) as line:
        chat, limit = await _by_turns(await _chat(line), await _limit(line), seconds)
        send = await _send(line, channel)
        await _converse(line, MANY)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([chat, limit, send, memory]))


async def _by_turns(chat: One, limit: One, seconds: float) -> tuple[float, float]:
    """A second of the one, a second of the other: a machine that is shared is never the same for long."""
    turns = max(2, round(seconds))
    rates = [[await _rate(one, seconds / turns) for one in (limit, chat)] for _ in range(turns)]
    return sum(rate for _, rate in rates) / turns, sum(rate for rate, _ in rates) / turns


async def _chat(line: Line) -> One:
    """Each of many people tells something, again and again; each message is one of a conversation that goes on."""
    conversing = Conversing(line, lambda: None)
    numbers = itertools.count()
    await _converse(line, PEOPLE)
    while line.crew is not None and line.crew.ready < hands_beside_this_process():  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.05)

    async def one() -> None:
        number = next(numbers)
        await conversing.take(
            [Inbound(Address(f"p{number % PEOPLE}"), f"m{number}", text=TEXT, delete_id=f"m{number}")]
        )

    return one


async def _converse(line: Line, people: int) -> None:
    conversing = Conversing(line, lambda: None)

    async def begin(person: int) -> None:
        await conversing.take([Inbound(Address(f"p{person}"), f"first{person}", text="/start", language="ru")])

    for first in range(0, people, AT_ONCE):
        await asyncio.gather(*(begin(person) for person in range(first, min(first + AT_ONCE, people))))


async def _limit(line: Line) -> One:
    """One seal of the same words and one commit of the same spool."""
    intake = await line.intake()
    conversation = ConversationId(secrets.token_bytes(16))
    opens = NewConversation(
        LookupId(secrets.token_bytes(16)), conversation, secrets.token_bytes(32), None, int(time.time()) + 86_400
    )
    await line.spool.commit(Commit(DedupKey(secrets.token_bytes(32)), Lane.FIRST, conversation, (), opens))
    label, day = Label("terminal", "ru", Kind.MESSAGE, Urgency.SOON), line.sealer(conversation, intake).day

    async def one() -> None:
        envelope = seal(
            encode(PersonText(TEXT)), purpose=Purpose.TO_TEAM, conversation=conversation, label=label, day=day,
            recipients=[intake], signer=line.secrets.door.signing_key,
        )  # fmt: skip
        key = DedupKey(secrets.token_bytes(32))
        await line.spool.commit(Commit(key, Lane.KNOWN, conversation, (Sealed(serialise(envelope)),)))

    return one


async def _send(line: Line, channel: Paper) -> float:
    """All the answers that the messages before have left, through a provider that costs nothing."""
    sending = Sending(line)
    started, before = time.perf_counter(), channel.sent
    while found := await line.spool.errands(line.facts.code, time.time() + 3600, 64):
        found = [due for due in found if due.queue == "send"]
        if not found:
            break
        await asyncio.gather(*(sending.do(due) for due in found))
    return (channel.sent - before) / (time.perf_counter() - started)


async def _rate(one: One, seconds: float) -> float:
    started, done = time.perf_counter(), 0

    async def again() -> None:
        nonlocal done
        while time.perf_counter() - started < seconds:
            await one()
            done += 1

    await asyncio.gather(*(again() for _ in range(AT_ONCE)))
    return done / (time.perf_counter() - started)


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
