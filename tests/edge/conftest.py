# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole line in a temporary folder: real spool, real board, real signatures, a clock that the test moves."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from tests.edge.person import Person

from safeconduct.dialogue.texts import texts
from safeconduct.edge import instructions
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.web.app import make_app
from safeconduct.sealing import publication
from safeconduct.sealing.envelope import Envelope, Purpose, open_envelope, parse, seal, serialise, verify
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary import board
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.contact import WEB
from safeconduct.vocabulary.identifiers import DedupKey
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import ApplicationFacts, Record, ReplyText, decode, encode
from safeconduct.vocabulary.secrets import Sealed

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC).timestamp()
ADDRESS = "http://127.0.0.1"


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Line:
    """Everything around the door, and the keys that a test needs to play the desk, the publishers and the reviewers."""

    spool: SqliteSpool
    clock: Clock
    credentials: EdgeCredentials
    intake: PrivateKey
    desk: SigningKey
    publishers: tuple[SigningKey, SigningKey]
    reviewers: tuple[SigningKey, SigningKey]
    folder: Path
    versions: dict[str, int] = field(default_factory=dict)

    def app(self, *, demonstration: bool = True) -> Starlette:
        return make_app(self.spool, self.credentials, clock=self.clock, demonstration=demonstration)

    def client(self, app: Starlette | None = None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app or self.app(), raise_app_exceptions=True)
        return httpx.AsyncClient(transport=transport, base_url=ADDRESS)

    async def publish(
        self,
        name: str,
        content: bytes,
        *,
        signers: tuple[SigningKey, ...] | None = None,
        version: int | None = None,
        days: float = 30,
    ) -> None:
        version = version or self.versions.get(name, 0) + 1
        self.versions[name] = max(version, self.versions.get(name, 0))
        expires = datetime.fromtimestamp(self.clock(), UTC).replace(microsecond=0) + timedelta(days=days)
        document = publication.draft(name, content, version=version, expires=expires)
        usual = self.reviewers if name.startswith(board.TEXTS) else self.publishers
        for signer in usual if signers is None else signers:
            document = publication.add_signature(document, signer)
        await self.spool.publish(name, version, document, content)

    async def publish_teams(self, *, key: PrivateKey | None = None, days: float = 30) -> None:
        public = (key or self.intake).public.raw
        await self.publish(board.TEAMS, board.encode(board.TeamKeys({"intake": board.TeamKey(1, public)})), days=days)

    async def publish_line(self, notice: board.LineNotice | None = None) -> None:
        await self.publish(board.LINE, board.encode(notice or board.LineNotice("within_day")))

    async def arrived(self) -> list[tuple[Envelope, Record]]:
        """What waits for the desk, opened with intake's key after checking that this door signed it."""
        envelopes = [parse(waiting.envelope) for waiting in await self.spool.waiting(1000)]
        door = self.credentials.signing_key.verify_key
        for envelope in envelopes:
            verify(envelope, {door.key_id: door})
        return [(envelope, decode(open_envelope(envelope, self.intake))) for envelope in envelopes]

    async def answer(self, envelope: Envelope, facts: Record, text: str, *, signer: SigningKey | None = None) -> None:
        """Play the desk: a reply to the conversation of this application."""
        assert isinstance(facts, ApplicationFacts)
        reply = self.reply(envelope, PublicKey.parse(facts.mailbox), ReplyText(text, "2026-12-01"), signer=signer)
        await self.spool.deliver(envelope.header.conversation, (reply,), key=DedupKey(secrets.token_bytes(32)))

    def reply(
        self,
        envelope: Envelope,
        mailbox: PublicKey,
        record: Record,
        *,
        signer: SigningKey | None = None,
        purpose: Purpose = Purpose.TO_PERSON,
    ) -> Sealed:
        sealed = seal(
            encode(record),
            purpose=purpose,
            conversation=envelope.header.conversation,
            label=Label(WEB, "en", Kind.REPLY, Urgency.SOON),
            day=date(2026, 12, 1),
            recipients=(self.intake.public, mailbox),
            signer=signer or self.desk,
        )
        return Sealed(serialise(sealed))

    async def approve(self, tag: str) -> None:
        await self.publish(board.TEXTS + tag, texts(tag).content_hash.encode())


async def make_line(spool: SqliteSpool, clock: Clock, folder: Path) -> Line:
    publishers = (SigningKey.generate(), SigningKey.generate())
    reviewers = (SigningKey.generate(), SigningKey.generate())
    desk = SigningKey.generate()
    root = publication.make_root(
        [key.verify_key for key in publishers],
        [key.verify_key for key in reviewers],
        expires=datetime(2028, 1, 1, tzinfo=UTC),
    )
    credentials = EdgeCredentials(
        receipt_key=b"r" * 32,
        ticket_key=b"t" * 32,
        dedup_key=b"d" * 32,
        duress_key=b"u" * 32,
        signing_key=SigningKey.generate(),
        root=root,
        desk=desk.verify_key,
    )
    return Line(spool, clock, credentials, PrivateKey.generate(), desk, publishers, reviewers, folder)


@pytest.fixture(autouse=True)
def _words_are_heard_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A door looks for the desk's words four times a second; no test waits for that."""
    monkeypatch.setattr(instructions, "LOOK_SECONDS", 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def spool(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteSpool]:
    spool = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(64 * 1024 * 1024), clock=clock)
    yield spool
    await spool.close()


@pytest.fixture
async def bare_line(spool: SqliteSpool, clock: Clock, tmp_path: Path) -> Line:
    """Nothing is on the board yet."""
    return await make_line(spool, clock, tmp_path)


@pytest.fixture
async def line(bare_line: Line) -> Line:
    """The board shows intake's key and the line's notice."""
    await bare_line.publish_teams()
    await bare_line.publish_line()
    return bare_line


@pytest.fixture
async def client(line: Line) -> AsyncIterator[httpx.AsyncClient]:
    async with line.client() as client:
        yield client


@pytest.fixture
def person(client: httpx.AsyncClient) -> Person:
    return Person(client)
