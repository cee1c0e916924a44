# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alert messages as an observer sees them: to a real mail server and a real web server on this machine."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.desk.alerts.test_raising import LASTING, kinds  # noqa: F401 -- a fixture
from tests.desk.conftest import House

from safeconduct.desk.alerts import messages, transports
from safeconduct.desk.alerts.audited import TRANSPORT
from safeconduct.desk.alerts.carrying import HEARTBEAT, LONG, Courier
from safeconduct.desk.alerts.models import Alert, Carried
from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.alerts.settings import Heartbeat, Settings, Transport

START = datetime(2026, 11, 1, 12, 0, 5, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Mailbox:
    """What an observer of the mailbox sees."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's
        mail = message_from_bytes(cast("bytes", envelope.content))
        parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
        body = parts[0].get_payload(decode=True) if parts else b""
        self.seen.append((str(make_header(decode_header(mail["Subject"]))), bytes(body).decode().strip()))
        return "250 OK"


class Mail(Controller):
    """Takes whatever port is free, which aiosmtpd cannot by itself: it looks whether it listens at the port it was given."""

    def _trigger_server(self) -> None:
        server = cast("asyncio.Server", self.server)
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has not typed its inside


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    server = Mail(box, hostname="127.0.0.1", port=0)
    server.start()
    yield box, f"mailto://127.0.0.1:{server.port}?from=desk@line.example&to=shift@line.example&format=text"
    server.stop()


class Web(ThreadingHTTPServer):
    """A web server that keeps what it is asked, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[tuple[str, str, bytes]] = []
        self.status, self.leads_to = 200, ""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Asked(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, said))
        self.send_response(self.server.status)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def courier() -> Courier:
    transports.prepare()
    return Courier(transports.notify, transports.ping)


def carried(courier: Courier, now: datetime, said: Settings) -> None:
    """One look of the clock, until every errand has ended and is kept."""
    courier.run(now, said)
    for errand in courier._errands.values():
        errand.thread.join(20)
    for name in tuple(courier._errands):
        courier._look_after(name, now)


def hook(web: Web, name: str = "hook", **more: Any) -> Transport:
    return Transport(name, f"json://{web.address}/alerts", **more)


def words(box: Mailbox) -> list[str]:
    return [body.split("message: ")[1].split(".")[0] for _title, body in box.seen]


def test_mail_goes_out_once_in_every_hour_whether_or_not_there_is_something(
    house: House, mailbox: tuple[Mailbox, str], courier: Courier
) -> None:
    box, url = mailbox
    said = Settings(transport=(Transport("mail", url),))
    for minutes in (0, 1, 30, 60, 61, 125):
        if minutes == 60:
            raise_alert(LASTING)
        carried(courier, START + minutes * MINUTE, said)
    assert [title for title, _body in box.seen] == ["Desk"] * 3
    assert len({len(body) for _title, body in box.seen}) == 1


@pytest.mark.rule("T2")
def test_only_who_has_the_card_can_tell_a_quiet_hour_from_another(
    house: House, mailbox: tuple[Mailbox, str], courier: Courier
) -> None:
    box, url = mailbox
    said = Settings(transport=(Transport("mail", url),))
    carried(courier, START, said)
    raise_alert(LASTING)
    carried(courier, START + HOUR, said)
    slot = messages.slot_of(START, HOUR)
    assert words(box) == [messages.word("mail", slot, looks=False), messages.word("mail", slot + 1, looks=True)]
    assert words(box)[1] != messages.word("mail", slot + 1, looks=False)
    seen = " ".join(body for _title, body in box.seen)
    assert not any(told in seen.lower() for told in ("alert", "lasting", "so", "safe", "conduct"))


def test_every_word_is_as_long_as_another_and_no_two_hours_can_be_compared() -> None:
    told = {
        messages.body(name, slot, looks=looks) for name in ("a", "b") for slot in range(200) for looks in (True, False)
    }
    assert len({len(body) for body in told}) == 1
    assert len(told) > 200


def test_a_webhook_gets_the_same_and_nothing_more(house: House, web: Web, courier: Courier) -> None:
    carried(courier, START, Settings(transport=(hook(web),)))
    (method, path, said) = web.asked[0]
    assert (method, path) == ("POST", "/alerts")
    told = json.loads(said)
    assert (told["title"], told["message"]) == (
        "Desk",
        messages.body("hook", messages.slot_of(START, HOUR), looks=False),
    )
    assert b"safe" not in said.lower()


@pytest.mark.parametrize(("leads_to", "asked"), [("", 1), ("/elsewhere", 1)])
def test_no_redirect_is_followed(house: House, web: Web, courier: Courier, leads_to: str, asked: int) -> None:
    web.status, web.leads_to = 307 if leads_to else 200, leads_to
    carried(courier, START, Settings(transport=(hook(web),), heartbeat=Heartbeat(f"http://{web.address}/beat")))
    assert sorted(path for _method, path, _said in web.asked) == ["/alerts", "/beat"]
    assert all(bool(row.failures) == bool(leads_to) for row in Carried.objects.all())


def test_what_does_not_get_through_is_counted_tried_again_and_raises_an_alert_after_half_an_hour(
    house: House, web: Web, courier: Courier
) -> None:
    web.status = 500
    said = Settings(transport=(hook(web),))
    carried(courier, START, said)
    carried(courier, START + MINUTE, said)  # too early
    assert (Carried.objects.get().failures, len(web.asked)) == (1, 1)
    carried(courier, START + 3 * MINUTE, said)
    assert (Carried.objects.get().failures, Carried.objects.get().failing_since) == (2, START)
    assert not Alert.objects.exists()
    carried(courier, START + LONG + MINUTE, said)
    assert Alert.objects.get().kind == TRANSPORT
    web.status = 200
    carried(courier, START + LONG + 4 * MINUTE, said)
    carried(courier, START + LONG + 5 * MINUTE, said)
    assert Carried.objects.get().failures == 0
    assert Alert.objects.get().is_over


def test_the_other_transports_tell_of_one_that_fails(
    house: House, web: Web, mailbox: tuple[Mailbox, str], courier: Courier
) -> None:
    web.status, (box, url) = 500, mailbox
    said = Settings(transport=(hook(web), Transport("mail", url)))
    for minutes in (0, 31, 60):
        carried(courier, START + minutes * MINUTE, said)
    slot = messages.slot_of(START, HOUR)
    assert words(box) == [messages.word("mail", slot, looks=False), messages.word("mail", slot + 1, looks=True)]


def test_the_next_on_the_roster_are_told_only_when_it_is_their_turn(house: House, web: Web, courier: Courier) -> None:
    said = Settings(transport=(hook(web, reaches="supervisors"),))
    raise_alert(LASTING)
    carried(courier, START, said)
    Alert.objects.update(step=1)
    carried(courier, START + HOUR, said)
    told = [json.loads(body)["message"] for _method, _path, body in web.asked]
    slot = messages.slot_of(START, HOUR)
    assert told == [messages.body("hook", slot, looks=False), messages.body("hook", slot + 1, looks=True)]


@pytest.mark.parametrize(("urgent", "messages_sent"), [(False, 1), (True, 2)])
def test_only_where_the_line_wants_it_an_alert_goes_out_at_once(
    house: House, web: Web, courier: Courier, *, urgent: bool, messages_sent: int
) -> None:
    said = Settings(transport=(hook(web),), urgent=urgent)
    carried(courier, START, said)
    raise_alert(LASTING)
    Alert.objects.update(step_since=START + MINUTE)
    for minutes in (2, 3, 30):
        carried(courier, START + minutes * MINUTE, said)
    assert len(web.asked) == messages_sent


def test_the_heartbeat_is_asked_for_every_five_minutes_and_stops_when_nothing_gets_through(
    house: House, web: Web, courier: Courier
) -> None:
    beat = Heartbeat(f"http://{web.address}/beat")
    silent = Transport("silent", "json://127.0.0.1:9/")  # nobody listens there
    for minutes in (0, 2, 5, 10, 31, 36):
        carried(courier, START + minutes * MINUTE, Settings(transport=(silent,), heartbeat=beat))
    assert [path for _method, path, _said in web.asked] == ["/beat"] * 3
    assert Carried.objects.get(name=HEARTBEAT).failures == 0


def test_a_server_that_never_answers_delays_nothing_and_counts_as_a_failure(house: House) -> None:
    answers = threading.Event()
    courier = Courier(lambda _url, _title, _body: answers.wait(30), lambda _url: True)
    said = Settings(transport=(Transport("slow", "json://127.0.0.1/"),))
    begun = time.monotonic()
    courier.run(START, said)
    courier.run(START + 2 * MINUTE, said)
    assert time.monotonic() - begun < 5
    assert Carried.objects.get().failures == 1
    answers.set()


def test_a_clock_that_was_set_back_silences_nobody(house: House, web: Web, courier: Courier) -> None:
    said = Settings(transport=(hook(web),))
    carried(courier, START, said)
    carried(courier, START - 3 * HOUR, said)
    assert len(web.asked) == 2


@pytest.mark.rule("T3")
def test_no_address_of_a_transport_reaches_a_log_or_a_row(
    house: House, courier: Courier, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "s3cr3t-token"
    said = Settings(
        transport=(Transport("mail", f"mailto://user:{secret}@127.0.0.1:9/"), Transport("odd", f"nonsense://{secret}")),
        heartbeat=Heartbeat(f"http://127.0.0.1:9/{secret}"),
    )
    carried(courier, START, said)
    assert Carried.objects.filter(failures=1).count() == 3
    assert secret not in caplog.text + repr(said) + repr(list(Carried.objects.values()))
