# SPDX-License-Identifier: AGPL-3.0-or-later
"""kill -9 at random moments: no acknowledged word is lost, doubled or out of order, and no reply is sent twice.

`SAFECONDUCT_SOAK_KILLS` says how often.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, Queue

import pytest
from tests.edge.chat.crash_child import DESK, DOOR, INTAKE, PEOPLE, credentials, words
from tests.edge.conftest import Clock
from tests.edge.conftest import Line as Door

from safeconduct.sealing import publication
from safeconduct.sealing.envelope import open_envelope, parse, verify
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.records import DeliveryReport, PersonText, Record, decode

KILLS = int(os.environ.get("SAFECONDUCT_SOAK_KILLS", "50")) // 4
ROOT = Path(__file__).parents[3]


@dataclass
class Told:
    """What the workers said before they died."""

    taken: Counter[str] = field(default_factory=Counter)
    desk: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sends: list[str] = field(default_factory=list)

    def hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "took":
            person, number = rest.split()
            assert int(number) == self.taken[person]
            self.taken[person] += 1
        elif word == "desk":
            person, reply = rest.split()
            self.desk[person].append(reply)
        elif word == "sends":
            self.sends.append(rest)


class Victims:
    """Workers on one spool, started anew for every kill."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.edge.chat.crash_child", str(folder)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._heard: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def run_and_kill(self, name: str, told: Told, seconds: float) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([name, told.taken]) + "\n")
        self._process.stdin.flush()
        pid = int(self._heard.get(timeout=60).removeprefix("pid "))
        told.hear(self._heard.get(timeout=60))  # it works
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                told.hear(self._heard.get(timeout=left))
            except Empty:
                break
        os.kill(pid, signal.SIGKILL)
        while (line := self._heard.get(timeout=60)) != "over":
            told.hear(line)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._heard.put(line.rstrip("\n"))


async def prepared(folder: Path) -> None:
    """A spool whose board names intake's key."""
    publishers = (SigningKey.generate(), SigningKey.generate())
    keys = [key.verify_key for key in publishers]
    root = publication.make_root(keys, keys, expires=datetime(2048, 1, 1, tzinfo=UTC))
    (folder / "root.json").write_bytes(root)
    clock = Clock(time.time())
    spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 30), clock=clock)
    door = Door(spool, clock, credentials(root), INTAKE, DESK, publishers, publishers, folder)
    await door.publish_teams()
    await spool.close()


async def opened(folder: Path) -> list[Record]:
    spool = await SqliteSpool.open(folder / "spool.db", quota=Quota(1 << 30))
    envelopes = [parse(waiting.envelope) for waiting in await spool.waiting(1_000_000)]
    await spool.close()
    for envelope in envelopes:
        verify(envelope, {DOOR.verify_key.key_id: DOOR.verify_key})
    return [decode(open_envelope(envelope, INTAKE)) for envelope in envelopes]


@pytest.mark.slow
@pytest.mark.rule("T9")
async def test_what_was_acknowledged_outlives_a_kill_once_and_in_order_and_nothing_is_sent_twice(
    tmp_path: Path,
) -> None:
    await prepared(tmp_path)
    victims, told, dice = Victims(tmp_path), Told(), random.Random(1)
    for kill in range(KILLS):
        victims.run_and_kill(str(kill), told, dice.uniform(0, 0.5))
    victims.close()
    records = await opened(tmp_path)
    texts = [record.text for record in records if isinstance(record, PersonText)]
    for person in range(PEOPLE):
        own = [text for text in texts if text.startswith(f"+{person} ")]
        taken = told.taken[str(person)]
        assert len(own) - taken in {0, 1}  # one may have been stored and not told
        assert own == [words(person, number) for number in range(len(own))]
    check_replies(told, records)


def check_replies(told: Told, records: list[Record]) -> None:
    """Each was sent at most once, in the desk's order; and many were."""
    assert max(Counter(told.sends).values()) == 1
    assert len(told.sends) > KILLS
    for person, replies in told.desk.items():
        sent = [reply for reply in told.sends if reply.startswith(f"{person}/")]
        assert [reply for reply in replies if reply in sent] == [reply for reply in sent if reply in replies]
    outcomes = Counter(record.outcome for record in records if isinstance(record, DeliveryReport))
    assert outcomes["refused"] == 0
    assert outcomes["delivered"] <= len(told.sends)
    assert outcomes["delivered"] + outcomes["uncertain"] >= len(told.sends) - PEOPLE  # but what the last kill cut off
