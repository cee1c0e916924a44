# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole line behind the desk: an edge that signs, a real spool, and people who write."""

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from tests.desk.conftest import House
from tests.stored import stored_beside, stored_under

from safeconduct.desk.cases import acts, arrivals
from safeconduct.desk.cases.arrivals import Collected
from safeconduct.desk.cases.collector import Collector
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, StoredEnvelope
from safeconduct.desk.cases.opening import Opened, open_all
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing import instruction as sealed_instruction
from safeconduct.sealing.envelope import Purpose, open_envelope, parse, seal, serialise
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Commit, Due, Lane, NewConversation, Quota
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary import instruction
from safeconduct.vocabulary.applications import ApplicationType, Kind, Stage, urgency_of
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey, LookupId
from safeconduct.vocabulary.instruction import Instruction
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.records import (
    ApplicationFacts,
    ChatContact,
    DeliveryOutcome,
    DeliveryReport,
    ErasureWish,
    PersonText,
    Record,
    ReplyText,
    decode,
    encode,
)
from safeconduct.vocabulary.secrets import Sealed

T = TypeVar("T")
YEAR = 365 * 24 * 3600


def fresh_key() -> DedupKey:
    return DedupKey(secrets.token_bytes(32))


@dataclass
class Person:
    """Someone who writes to the line."""

    stage: Stage = Stage.FRONT
    language: str = "ru"
    channel: str = "web"
    conversation: ConversationId = field(default_factory=lambda: ConversationId(secrets.token_bytes(16)))
    mailbox: PrivateKey = field(default_factory=PrivateKey.generate)

    def facts(self, **changed: Any) -> ApplicationFacts:
        said: dict[str, Any] = {
            "type": ApplicationType.INDIVIDUAL,
            "language": self.language,
            "stage": self.stage,
            "head_count": 1,
            "channel": self.channel,
            "safe_contact": None,
            "duress_word_set": False,
            "mailbox": self.mailbox.public.raw,
        }
        return ApplicationFacts(**(said | changed))


@dataclass
class Line:
    """The way from a person to the desk and back."""

    edge: SigningKey
    team: PrivateKey
    keys: DeskKeys
    spool: SqliteSpool
    runner: asyncio.Runner
    path: Path
    home: Path
    telegram: PrivateKey  # the delivery key of the one channel that this desk may answer into

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(act)

    def seal(self, person: Person, record: Record, kind: Kind, **changed: Any) -> Sealed:
        how: dict[str, Any] = {
            "purpose": Purpose.TO_TEAM,
            "conversation": person.conversation,
            "label": Label(person.channel, person.language, kind, urgency_of(person.stage)),
            "day": datetime.now(UTC).date(),
            "recipients": [self.team.public],
            "signer": self.edge,
        }
        return serialise(seal(encode(record), **(how | changed)))

    def put(self, person: Person, *envelopes: Sealed, opens: bool = False) -> None:
        opening = NewConversation(
            LookupId(secrets.token_bytes(16)), person.conversation, bytes(32), None, int(time.time()) + YEAR
        )
        lane = Lane.FIRST if opens else Lane.KNOWN
        commit = Commit(fresh_key(), lane, person.conversation, envelopes, opens=opening if opens else None)
        self.run(self.spool.commit(commit))

    def apply(self, person: Person, text: str = "", **facts: Any) -> Person:
        """The whole application into the spool."""
        records: list[Record] = [person.facts(**facts)]
        records += [PersonText(text)] if text else []
        self.put(person, *(self.seal(person, one, Kind.APPLICATION) for one in records), opens=True)
        return person

    @staticmethod
    def new_person(**said: Any) -> Person:
        return Person(**said)

    def apply_new(self, text: str = "", **said: Any) -> Person:
        return self.apply(Person(**said), text)

    def greet(self, person: Person, *texts: str, channel: str = "telegram") -> Person:
        """Somebody's first words in a chat, or none but a tap on its start button."""
        self.move(person, channel, opens=True)
        for text in texts:
            self.write(person, text)
        return person

    def move(self, person: Person, channel: str, *, opens: bool = False, mailbox: bytes | None = None) -> None:
        """The person writes in this chat from now on."""
        person.channel = channel
        contact = ChatContact(channel, person.language, mailbox or person.mailbox.public.raw)
        self.put(person, self.seal(person, contact, Kind.REPORT), opens=opens)

    def report(self, person: Person, outcome: DeliveryOutcome, *, of: StoredEnvelope | None = None) -> None:
        """The channel's worker tells what became of a reply, the last one if none is named."""
        reply = of or self.case(person).envelopes.filter(purpose=Purpose.TO_PERSON.value).latest("pk")
        kind = Kind.TROUBLE if outcome in {"refused", "uncertain"} else Kind.REPORT
        self.put(person, self.seal(person, DeliveryReport(reply.envelope, outcome), kind))

    def errands(self, channel: str = "telegram") -> list[Due]:
        """What the channel's worker would be given to do now."""
        return self.run(self.spool.errands(channel, time.time() + 1, 100))

    def write(self, person: Person, text: str, *, duress: bool = False) -> None:
        self.put(person, self.seal(person, PersonText(text, duress), Kind.MESSAGE))

    def forged_by_someone(self) -> "Line":
        return replace(self, edge=SigningKey.generate())

    def erasure_notice(self, person: Person) -> Sealed:
        return self.seal(person, ErasureWish(), Kind.ERASURE)

    def erase(self, person: Person) -> None:
        notice = self.erasure_notice(person)
        self.run(self.spool.erase(person.conversation, key=fresh_key(), notice=notice))

    def collect(self) -> Collected:
        """One batch, in the test's own thread and transaction."""
        batch = self.run(self.spool.waiting(1000))
        taken = arrivals.take_over(batch, self.keys)
        self.run(self.spool.settle([one.seq for one in batch]))
        return taken

    def deliver(self) -> int:
        """What is due, by the collector itself."""
        collector = Collector(self.spool, self.keys)
        try:
            return self.run(collector.deliver())
        finally:
            self.run(collector.close())

    def instruct(self) -> int:
        """What the edge has not been told, by the collector itself."""
        collector = Collector(self.spool, self.keys)
        try:
            return self.run(collector.instruct())
        finally:
            self.run(collector.close())

    def instruction(self, person: Person) -> Instruction:
        """What an edge reads of this conversation, once it has checked the desk's signature."""
        signed = self.run(self.spool.kept(instruction.KIND, person.conversation))
        assert signed is not None
        return instruction.decode(sealed_instruction.verified(signed, self.keys.doors.desk))

    def files_with(self, *planted: bytes) -> set[str]:
        """The files of the desk, logs included, in which any of these bytes stand. Not those of a PostgreSQL server."""
        databases = [Path(connection.settings_dict["NAME"]), self.home / "desk" / "erasure.db"]
        return _holding(planted, stored_beside(*databases))

    def database_files_with(self, *planted: bytes) -> set[str]:
        """The same of the database alone, a server's too. Only for what was committed."""
        return _holding(planted, _stored_in_database())

    def closed_spool(self) -> SqliteSpool:
        """Another process's handle on the same file, of no more use."""
        other = self.run(SqliteSpool.open(self.path, quota=Quota(64 << 20)))
        self.run(other.close())
        return other

    def inbox(self, person: Person) -> list[str]:
        """What the person reads, with the key that only their receipt gives."""
        replies = self.run(self.spool.replies(person.conversation))
        records = [decode(open_envelope(parse(one), person.mailbox)) for one in replies]
        return [record.text for record in records if isinstance(record, ReplyText)]

    def opened(self, person: Person) -> Opened:
        """What the team's key shows, without an operator and without a record of it."""
        case = self.case(person)
        erasure = self.keys.erasure.make(case.conversation_id)
        return open_all(case.envelopes.select_related("case"), erasure, self.team, self.keys.doors)

    @staticmethod
    def writing(text: str, *, seen: int = 10**9, form: str = "") -> Writing:
        """As if an operator had read everything and sent a form off."""
        return Writing(text, seen, form or secrets.token_hex(16))

    def last(self, person: Person) -> StoredEnvelope:
        """The newest row of the person's case."""
        return self.case(person).envelopes.latest("pk")

    def erasure_key(self, person: Person) -> ErasureKey:
        key = self.keys.erasure.get(person.conversation)
        assert key is not None
        return key

    def case(self, person: Person) -> Case:
        return Case.objects.get(conversation=person.conversation)


def _holding(planted: Iterable[bytes], files: dict[Path, bytes]) -> set[str]:
    return {path.name for path, content in files.items() if any(one in content for one in planted)}


def _stored_in_database() -> dict[Path, bytes]:
    """All that the server of this desk's database has written: its journal too, once it was told to have no use for it."""
    if connection.vendor == "sqlite":
        return stored_beside(Path(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT", "SHOW data_directory"):
            cursor.execute(statement)
        (folder,) = cursor.fetchone()
    return stored_under(Path(folder))


@pytest.fixture
def line(house: House, settings: Any, tmp_path: Path) -> Iterator[Line]:
    """An edge, a spool and the desk's keys; nobody has written yet."""
    edge, desk = SigningKey.generate(), SigningKey.from_seed((tmp_path / "desk" / "signing.key").read_bytes())
    doors = {"edge": edge.verify_key.raw.hex(), "desk": desk.verify_key.raw.hex()}
    (tmp_path / "doors.json").write_text(json.dumps(doors))
    telegram = PrivateKey.generate()
    (tmp_path / "delivery.json").write_text(json.dumps({"telegram": telegram.public.raw.hex()}))
    keys = DeskKeys.load(settings.DESK.home, settings.DESK.credentials)
    (tmp_path / "spool").mkdir()
    with asyncio.Runner() as runner:
        path = tmp_path / "spool" / "spool.db"
        spool = runner.run(SqliteSpool.open(path, quota=Quota(64 << 20)))
        yield Line(edge, house.keys["intake"], keys, spool, runner, path, settings.DESK.home, telegram)
        runner.run(spool.close())
    keys.erasure.close()


@pytest.fixture
def hand(house: House, line: Line) -> Hand:
    """The operator at work, with an open key."""
    someone = house.person(Role.OPERATOR)
    return Hand(someone.operator, house.opened(someone), line.team, line.keys)


@pytest.fixture
def planner(house: House, line: Line) -> Hand:
    """The handover planner at work."""
    someone = house.person(Role.PLANNER)
    return Hand(someone.operator, house.opened(someone), house.keys["handover"], line.keys)


@pytest.fixture
def colleague(house: House) -> Any:
    """A second operator's browser, signed in."""
    welcome = people.add_operator("operator two", Role.OPERATOR)
    people.let_in(people.team_key("intake"), house.keys["intake"], welcome.operator)
    someone = house.newcomer(welcome)
    assert someone.sign_in().status_code == 303
    return someone.browser


@pytest.fixture
def person(line: Line) -> Person:
    """Someone at the front, whose application lies at the desk."""
    someone = line.apply(Person(), "хочу жить")
    line.collect()
    return someone


@pytest.fixture
def writer(line: Line) -> Person:
    """Someone who wrote by Telegram and has not applied."""
    someone = line.greet(Person(), "есть кто?")
    line.collect()
    return someone


@pytest.fixture
def answered(line: Line, writer: Person, hand: Hand) -> Person:
    """The same, after an operator's answer."""
    number = line.case(writer).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("мы здесь"))
    return writer


class Window:
    """A Chromium window in a thread of its own: its event loop must not be the one that Django looks for."""

    def __init__(self, thread: ThreadPoolExecutor, page: Page) -> None:
        self._thread = thread
        self._page = page

    def do(self, act: Callable[[Page], T]) -> T:
        """Let the person at the window act. Fails on any error in the page's console."""
        return self._thread.submit(act, self._page).result()


@pytest.fixture(scope="module")
def chromium() -> Iterator[tuple[ThreadPoolExecutor, Browser]]:
    """One browser for a file of tests."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with ThreadPoolExecutor(1, thread_name_prefix="browser") as thread:
        playwright = thread.submit(sync_playwright().start).result()
        launch = partial(playwright.chromium.launch, executable_path=shutil.which("chromium"), args=flags)
        browser = thread.submit(launch).result()
        yield thread, browser
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture
def window(chromium: tuple[ThreadPoolExecutor, Browser], request: pytest.FixtureRequest) -> Iterator[Window]:
    """An empty window. Parametrise it indirectly with what `new_context` takes, such as no scripts."""
    thread, browser = chromium
    how = {"viewport": {"width": 1280, "height": 800}} | getattr(request, "param", {})
    troubles: list[str] = []

    def begin() -> Page:
        page = browser.new_context(**how).new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
        return page

    page = thread.submit(begin).result()
    yield Window(thread, page)
    thread.submit(page.context.close).result()
    assert troubles == []
