# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker that test_chat_crash.py kills, with a messenger and a desk around it.

Everything is imported once; then each line on standard input starts a process (by fork, before any thread exists) that
works until it is killed. The line is JSON: a name, and how many messages of each person the messenger knows to be taken.
Lines on standard output, each whole:

    pid WORKER          it runs
    took PERSON NUMBER  acknowledged to the messenger
    desk PERSON REPLY   the desk's reply is durable
    sends REPLY         it leaves for the person's phone
    over                the worker has ended
"""

import asyncio
import hashlib
import itertools
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.board import BoardReader
from safeconduct.edge.channels.contract import Address, Facts, FileRef, Inbound, Outgoing, Take
from safeconduct.edge.chat.credentials import ChatCredentials
from safeconduct.edge.chat.line import Line
from safeconduct.edge.chat.state import ChatState
from safeconduct.edge.chat.worker import LEASE_SECONDS, Worker
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.sealing.envelope import Purpose, seal, serialise
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Errand, Quota
from safeconduct.spool.errors import SpoolError
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ReplyText, encode
from safeconduct.vocabulary.secrets import Sealed

PEOPLE = 12
FACTS = Facts(code="telegram", provider="reads", text_limit=4096)
DOOR, DESK = SigningKey.from_seed(b"e" * 32), SigningKey.from_seed(b"k" * 32)
INTAKE, DELIVERY = PrivateKey.from_seed(b"i" * 32), PrivateKey.from_seed(b"D" * 32)


def credentials(root: bytes) -> EdgeCredentials:
    return EdgeCredentials(b"r" * 32, b"t" * 32, b"d" * 32, b"u" * 32, DOOR, root, DESK.verify_key)


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def words(person: int, number: int) -> str:
    return f"+{person} {number}"  # no letters: no language has to be recognised


class Messenger:
    """It repeats what was not acknowledged, and now and then what was."""

    def __init__(self, taken: Mapping[str, int], dice: random.Random) -> None:
        self._taken, self._dice = taken, dice

    def parts(self, text: str) -> list[str]:
        return [text]

    async def receive(self, take: Take) -> None:
        await asyncio.gather(*(self._write(take, person) for person in range(PEOPLE)))

    async def _write(self, take: Take, person: int) -> None:
        for number in itertools.count(self._taken.get(str(person), 0)):
            await take([_inbound(person, number)])
            say(f"took {person} {number}")
            if number and self._dice.random() < 0.2:
                await take([_inbound(person, self._dice.randrange(number))])

    async def send(self, _address: Address, message: Outgoing) -> Sequence[str]:
        if message.about == "reply":
            say(f"sends {message.text}")
        await asyncio.sleep(self._dice.uniform(0, 0.01))
        return ()

    async def delete(self, _address: Address, _ids: Sequence[str]) -> None:
        """Nothing to delete."""

    async def fetch(self, _file: FileRef) -> AsyncIterator[bytes]:
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


def _inbound(person: int, number: int) -> Inbound:
    return Inbound(Address(person), f"{person}.{number}", text=words(person, number), language="en")


async def answer(line: Line, name: str, dice: random.Random) -> None:
    """The desk: a reply to somebody, again and again, sealed for the channel."""
    for number in itertools.count():
        person = dice.randrange(PEOPLE)
        state = await line.state_at(line.place(str(person)))
        if state is not None:
            reply = f"{person}/{name}/{number}"
            body = _sealed(state, await line.mailbox_of(state), reply)
            errand = Errand(FACTS.code, "reply", body, int(line.clock()), priority=1)
            key = DedupKey(hashlib.sha256(reply.encode()).digest())
            try:
                await line.spool.deliver(state.conversation_id, (body,), key=key, errands=(errand,))
                say(f"desk {person} {reply}")
            except SpoolError:
                continue
        await asyncio.sleep(0.005)


def _sealed(state: ChatState, mailbox: bytes, text: str) -> Sealed:
    sealed = seal(
        encode(ReplyText(text, "2026-12-01")),
        purpose=Purpose.TO_PERSON,
        conversation=state.conversation_id,
        label=Label(FACTS.code, "en", Kind.REPLY, Urgency.SOON),
        day=date(2026, 12, 1),
        recipients=(INTAKE.public, PublicKey.parse(mailbox), DELIVERY.public),
        signer=DESK,
    )
    return Sealed(serialise(sealed))


async def work(folder: Path, name: str, taken: Mapping[str, int]) -> None:
    """A worker that owns the channel as soon as the lease of the dead one has run out, which it has by this clock."""
    dice, ahead = random.Random(name), LEASE_SECONDS * 1.1 * (1 + int(name))

    def clock() -> float:
        return time.time() + ahead

    spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 30), clock=clock)
    secrets = ChatCredentials(credentials((folder / "root.json").read_bytes()), b"R" * 32, DELIVERY)
    board = BoardReader(spool, root=secrets.door.root, tags=AVAILABLE, clock=clock)
    line = Line(spool, secrets, board, Messenger(taken, dice), FACTS, clock, demonstration=True, quiet_seconds=0)
    await asyncio.gather(Worker(line).run(), answer(line, name, dice))


def main() -> None:
    folder = Path(sys.argv[1])
    for tag in AVAILABLE:
        texts(tag)  # read once, before the forks
    for command in sys.stdin:
        name, taken = json.loads(command)
        child = os.fork()
        if child == 0:
            asyncio.run(work(folder, name, taken))
            os._exit(1)  # it works until it is killed
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
