# SPDX-License-Identifier: AGPL-3.0-or-later
"""An acknowledgement that is brought by hand: what was wrong is said, the same again changes nothing, and nothing touches the disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.custody.bureau.conftest import LINE, TheBureau

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.bureau import sending
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing import packages
from safeconduct.sealing.packages import Acknowledgement, Received
from safeconduct.sealing.signatures import SigningKey

Send = Callable[[bytes], HttpResponse]
PATH = "/bureau/acknowledgements/"


def answer_of(browser: Client, raw: bytes, **more: str) -> HttpResponse:
    return browser.post(PATH, {"file": SimpleUploadedFile("one.sca", raw)} | more)  # type: ignore[return-value]  # Django's


@pytest.fixture
def send(desk_of: Callable[[Role], Client], the_bureau: TheBureau, person: Person) -> Send:
    browser = desk_of(Role.BUREAU)
    return lambda raw: answer_of(browser, raw)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.mark.rule("R26")
def test_an_acknowledgement_that_was_brought_by_hand_counts_and_again_changes_nothing(
    send: Send, the_bureau: TheBureau
) -> None:
    raw = the_bureau.acknowledges(Package.objects.get(), day=acts.today())
    assert "1 package is acknowledged now" in text(send(raw))
    again = send(raw)
    assert "0 packages are acknowledged now" in text(again)
    assert "1 was before: nothing changed" in text(again)
    assert Event.objects.filter(kind="bureau.notified").count() == 1


@pytest.mark.rule("R26", "T6")
def test_what_was_wrong_with_a_file_is_said_and_nothing_of_it_counts(send: Send, the_bureau: TheBureau) -> None:
    row = Package.objects.get()
    good = the_bureau.acknowledges(row, day=acts.today())
    said = Acknowledgement(SigningKey.generate().verify_key.key_id, acts.today(), (Received(1, bytes(row.token)),))
    other_line = packages.acknowledge(said, the_bureau.signing)
    the_bureau.signing = SigningKey.generate()
    other_key = the_bureau.acknowledges(row, day=acts.today())
    wrong = {
        other_line: "is for another register",
        other_key: "signed with another key",
        good[:-1] + bytes([good[-1] ^ 1]): "The signature does not fit",
        good[:-1]: "cut short",
        b"": "cut short",
    }
    for raw, words in wrong.items():
        answer = send(raw)
        assert (answer.status_code, words in text(answer)) == (400, True), words
    assert Package.objects.get().acknowledged is None


@pytest.mark.rule("R26")
def test_numbers_that_nobody_has_are_named_and_the_rest_counts(send: Send, the_bureau: TheBureau) -> None:
    row = Package.objects.get()
    received = (Received(row.number, bytes(row.token)), Received(77, bytes(16)), Received(2**64 - 1, bytes(16)))
    answer = send(packages.acknowledge(Acknowledgement(LINE.key_id, acts.today(), received), the_bureau.signing))
    assert "1 package is acknowledged now" in text(answer)
    assert f"77, {2**64 - 1}" in text(answer)


@pytest.mark.parametrize("much", [sending.FILE_MAX + 1, sending.FILE_MAX + 100_000, 3_000_000])
def test_a_file_that_is_too_long_is_refused(send: Send, much: int) -> None:
    answer = send(b"SCA\x01" + bytes(much - 4))
    assert answer.status_code in {400, 413}
    assert "longer than an acknowledgement can be" in text(answer)


def test_the_longest_acknowledgement_is_taken(send: Send, the_bureau: TheBureau) -> None:
    row = Package.objects.get()
    received = tuple(Received(number, bytes(row.token)) for number in range(1, packages.RECEIVED_MAX + 1))
    raw = packages.acknowledge(Acknowledgement(LINE.key_id, acts.today(), received), the_bureau.signing)
    assert len(raw) <= sending.FILE_MAX
    assert "1 package is acknowledged now" in text(send(raw))


@pytest.mark.rule("T6")
def test_no_other_site_sends_a_file_for_somebody_who_is_signed_in(
    desk_of: Callable[[Role], Client], the_bureau: TheBureau, person: Person
) -> None:
    raw, browser = the_bureau.acknowledges(Package.objects.get(), day=acts.today()), desk_of(Role.BUREAU)
    page = browser.get(PATH).content.decode()
    ticket = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    browser.handler.enforce_csrf_checks = True
    assert answer_of(browser, raw).status_code == 403
    assert Package.objects.get().acknowledged is None
    assert answer_of(browser, raw, csrfmiddlewaretoken=ticket).status_code == 200
    assert Package.objects.get().acknowledged is not None


def test_what_was_posted_lies_nowhere(send: Send, the_bureau: TheBureau) -> None:
    home = Path(settings.DESK.bureau).parent
    before = {path for path in home.rglob("*") if path.is_file()}
    raw = the_bureau.acknowledges(Package.objects.get(), day=acts.today())
    assert send(raw).status_code == 200
    after = {path for path in home.rglob("*") if path.is_file()}
    assert not [path for path in after if raw[-64:] in path.read_bytes()]
    assert {path.suffix for path in after - before} <= {"", ".db-wal", ".db-shm"}
