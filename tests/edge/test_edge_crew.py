# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes that seal for the door: what they do is as if the door had done it, whatever becomes of them."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.edge.conftest import ADDRESS, Line
from tests.edge.person import Person
from tests.ports import free_port

from safeconduct.edge import crew as crews
from safeconduct.edge.applications import Application
from safeconduct.edge.crew import Crew, hand_command
from safeconduct.edge.frames import FRAME_MAX, framed, mark_of
from safeconduct.edge.settings import CREDENTIALS, HOME, PORT
from safeconduct.edge.web.app import app_of
from safeconduct.edge.web.door import Door
from safeconduct.vocabulary.applications import Stage
from safeconduct.vocabulary.records import ApplicationFacts, PersonText

SECONDS = 20.0  # on a machine that does other things as well
WORDS = "Хочу домой."
OTHERS: set[int] = set()


@pytest.fixture
def folder(line: Line, tmp_path: Path) -> Path:
    """The secrets of this line's door, as a hand reads them."""
    known, edge = line.credentials, tmp_path / "credentials" / "edge"
    edge.mkdir(parents=True)
    secrets = {"receipt": known.receipt_key, "ticket": known.ticket_key, "dedup": known.dedup_key}
    for name, secret in {**secrets, "duress": known.duress_key, "signing": known.signing_key.seed}.items():
        (edge / f"{name}.key").write_bytes(secret)
        (edge / f"{name}.key").chmod(0o600)
    doors = {"edge": known.signing_key.verify_key.raw.hex(), "desk": known.desk.raw.hex()}
    (edge.parent / "doors.json").write_text(json.dumps(doors))
    (edge.parent / "root.json").write_bytes(known.root)
    return edge.parent


@pytest.fixture
async def crew(line: Line, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Crew]:
    """One hand, ready."""
    monkeypatch.setattr(crews, "PAUSE_SECONDS", 0.01)
    async with Crew(line.credentials, hand_command(folder, demonstration=False), hands=1) as crew:
        await until(lambda: crew.ready == 1)
        yield crew


@pytest.fixture
async def person(line: Line, crew: Crew) -> AsyncIterator[Person]:
    async with at_door_with(line, crew) as person:
        yield person


@contextlib.asynccontextmanager
async def at_door_with(line: Line, crew: Crew) -> AsyncIterator[Person]:
    door = Door(line.spool, line.credentials, clock=line.clock, demonstration=True, seals=crew.seal)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(door)), base_url=ADDRESS) as client:
        yield Person(client)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not holds():  # noqa: ASYNC110 - other processes set no event here
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _others() -> Iterator[None]:
    """Other tests' processes that are still there (a browser's driver, for one) are no hands."""
    OTHERS.update(children_of(os.getpid()))
    yield
    OTHERS.clear()


def hands_of(parent: int) -> list[int]:
    """The hands of one door that are there now, zombies included."""
    return sorted(children_of(parent) - OTHERS)


def children_of(parent: int) -> set[int]:
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {process for process in processes if parent_of(process) == parent}


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Ours; asyncio's own about other tests' processes may come at any time."""
    ours = [one for one in caplog.records if one.name.startswith("safeconduct")]
    return [one.getMessage() for one in ours if one.levelno >= logging.WARNING]


def parent_of(process: int) -> int:
    """0 for one that has gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def refuse(*_: object) -> None:
    raise AssertionError("sealed here")


@pytest.mark.rule("R3")
async def test_what_a_hand_sealed_opens_at_the_desk_and_its_receipt_opens_the_inbox(
    person: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "seal_application", refuse)
    shown = await person.apply(text=WORDS, stage="training", duress_word="сокол")
    (envelope, facts), (_, text) = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    assert (facts.stage, facts.duress_word_set, text) == (Stage.TRAINING, True, PersonText(WORDS))
    await line.answer(envelope, facts, "We read you.")
    inbox = await person.open(shown.receipt)
    assert inbox.replies == ["We read you."]
    await person.write(inbox, "сокол")
    assert (await line.arrived())[-1][1] == PersonText("сокол", duress=True)


async def test_a_post_that_is_repeated_is_one_application_whoever_sealed_it(
    person: Person, line: Line, crew: Crew
) -> None:
    review = await person.review(text=WORDS)
    first = await person.post("apply", review.hidden)
    async with at_door_with(line, Crew(line.credentials)) as same:
        again = await same.post("apply", review.hidden)
    assert first.receipt == again.receipt
    assert len(await line.arrived()) == 2


@pytest.mark.rule("T9")
@pytest.mark.parametrize("patience", [crews.PATIENCE_SECONDS, 0.05])
async def test_what_a_hand_held_when_it_died_or_stalled_is_stored_once(
    patience: float, line: Line, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(crews, "PATIENCE_SECONDS", patience)
    monkeypatch.setattr(crews, "PAUSE_SECONDS", 0.01)
    async with Crew(line.credentials, hand_command(folder, demonstration=False), hands=1) as crew:
        await until(lambda: crew.ready == 1)
        (hand,) = hands_of(os.getpid())
        os.kill(hand, signal.SIGSTOP)
        async with at_door_with(line, crew) as person:
            posts = asyncio.gather(*(person.apply(text=f"{WORDS} {number}") for number in range(5)))
            await until(lambda: crew.outstanding == 5 or patience < 1)
            if patience > 1:
                os.kill(hand, signal.SIGKILL)
            shown = await asyncio.wait_for(posts, SECONDS)
        await until(lambda: crew.ready == 1)
        assert hands_of(os.getpid()) != [hand]
    assert len({page.receipt for page in shown}) == 5
    texts = sorted(record.text for _, record in await line.arrived() if isinstance(record, PersonText))
    assert texts == [f"{WORDS} {number}" for number in range(5)]
    assert warnings_in(caplog) == [crews.ENDED]


async def test_what_cannot_be_sealed_is_told_where_it_was_asked_and_the_hand_works_on(
    crew: Crew, person: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyError, match="type"):
        await crew.seal(Application({"text": WORDS}, b"t" * 32, line.intake.public.raw, 0))
    monkeypatch.setattr(crews, "seal_application", refuse)
    assert (await person.apply()).status == 200


GREETS = "import socket,sys,time; s=socket.socket(fileno=0); s.sendall(bytes.fromhex('{}')); s.recv(9); "


@pytest.mark.parametrize(
    "answer",
    [
        framed(b"\x93garbage"),
        framed(b"\x92\x81\xa6digits\xb8" + b"1" * 24 + b"\x80"),
        (FRAME_MAX + 1).to_bytes(4, "big"),
        b"\xff" * 9,
        framed(b"") * 2,
    ],
)
async def test_a_hand_that_talks_nonsense_is_ended_and_nothing_is_lost(
    answer: bytes, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    script = GREETS.format(framed(mark_of(line.credentials)).hex())
    script += f"s.sendall(bytes.fromhex('{answer.hex()}')); time.sleep(600)"
    async with Crew(line.credentials, (sys.executable, "-c", script), hands=1) as crew:
        await until(lambda: crew.ready == 1)
        async with at_door_with(line, crew) as person:
            assert (await asyncio.wait_for(person.apply(), SECONDS)).status == 200
        await until(lambda: hands_of(os.getpid()) == [] and warnings_in(caplog) == [crews.ENDED])
    assert len(await line.arrived()) == 1


async def test_a_hand_with_other_secrets_than_the_door_is_never_asked(
    line: Line, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "edge" / "receipt.key").write_bytes(b"o" * 32)
    async with Crew(line.credentials, hand_command(folder, demonstration=False), hands=1) as crew:
        await until(lambda: crews.ENDED in caplog.messages)
        assert crew.ready == 0
        async with at_door_with(line, crew) as person:
            assert (await person.open((await person.apply()).receipt)).status == 200


async def test_a_hand_that_cannot_be_started_is_told_and_the_door_seals(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    async with Crew(line.credentials, ("/nowhere/python",), hands=1) as crew:
        await until(lambda: any("No such file" in message for message in caplog.messages))
        async with at_door_with(line, crew) as person:
            assert (await person.apply()).status == 200


async def test_no_more_waits_for_a_hand_than_it_can_do_soon(
    crew: Crew, person: Person, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "BACKLOG_MOST", 2)
    (hand,) = hands_of(os.getpid())
    os.kill(hand, signal.SIGSTOP)
    waiting = [asyncio.create_task(person.apply()) for _ in range(2)]
    await until(lambda: crew.outstanding == 2)
    assert (await asyncio.wait_for(person.apply(), SECONDS)).status == 200
    os.kill(hand, signal.SIGCONT)
    assert [page.status for page in await asyncio.gather(*waiting)] == [200, 200]


async def test_a_door_that_closes_leaves_no_hand_behind(line: Line, folder: Path) -> None:
    async with Crew(line.credentials, hand_command(folder, demonstration=False), hands=2) as crew:
        await until(lambda: crew.ready == 2)
        assert len(hands_of(os.getpid())) == 2
    assert hands_of(os.getpid()) == []


@pytest.fixture
def edge(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real door, as its unit starts it."""
    environment = {**os.environ, HOME: str(tmp_path), CREDENTIALS: str(folder), PORT: str(free_port())}
    process = subprocess.Popen([sys.executable, "-m", "safeconduct.cli", "edge"], env=environment)
    yield process
    process.kill()
    process.wait()


@pytest.mark.rule("T3")
@pytest.mark.skipif(crews.hands_for_this_machine() < 1, reason="one processor: the door has no hands")
async def test_a_hand_outlives_every_signal_but_not_its_door_and_leaves_no_core(
    edge: subprocess.Popen[bytes], folder: Path
) -> None:
    await until(lambda: any(map(ignores_interrupts, hands_of(edge.pid)[:1])))
    hand = hands_of(edge.pid)[0]
    for name in (signal.SIGINT, signal.SIGTERM):
        os.kill(hand, name)
    await asyncio.sleep(0.2)
    assert hand in hands_of(edge.pid)
    proc = Path(f"/proc/{hand}")
    assert proc.joinpath("cmdline").read_text().rstrip("\0").split("\0")[-2:] == [
        "safeconduct.edge.sealing_hand",
        str(folder),
    ]
    assert any(
        line.split()[4:6] == ["0", "0"] for line in proc.joinpath("limits").read_text().splitlines() if "core" in line
    )
    edge.kill()
    await until(lambda: not proc.exists() or "State:\tZ" in proc.joinpath("status").read_text())


def ignores_interrupts(process: int) -> bool:
    status = Path(f"/proc/{process}/status").read_text()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) >> signal.SIGTERM - 1 & 1)
