# SPDX-License-Identifier: AGPL-3.0-or-later
"""T3: a seized state folder after a full run, erased or not; and backups after an erasure (R48)."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.journey.conftest import PERSONS_ADDRESS, Line, running
from tests.journey.person import Person
from tests.journey.traces import disguises, found, text_disguises

from safeconduct.cli import snapshots
from safeconduct.cli.errors import CliError
from safeconduct.cli.places import Places
from safeconduct.desk.project.backup_keys import Ring

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID, LATER, ANSWER, NOTE, DURESS = (
    "Волошка-7 просить води",
    "друга ластівка летить",
    "ми чуємо бджолу",
    "нотатка про сойку",
    "перламутр",
)
APPLICATION = {
    "type": "individual", "stage": "front", "language": "uk", "head_count": 1, "duress_word": DURESS, "messages": [SAID],
    "safe_contact": {"channel": "web", "from": "00:00", "to": "23:59", "timezone": "Europe/Kyiv", "neutral_text": True},
}  # fmt: skip


@pytest.fixture(scope="module")
def own_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """A line of its own: what other tests leave must not be searched, nor hide anything."""
    with running(tmp_path_factory.mktemp("traces")) as line:
        yield line


def _open_first_case(line: Line, desk: Page) -> None:
    for _ in range(60):
        desk.goto(f"{line.desk}/queue/")
        if desk.locator("a[href^='/cases/']").count():
            break
        desk.wait_for_timeout(250)
    desk.locator("a[href^='/cases/']").first.click()


def _walk(line: Line, desk: Page) -> tuple[str, str]:
    """Two people apply, one is answered and noted about. Their digits."""
    person = Person(line, "uk")
    kept, erased = person.apply(APPLICATION), person.apply(APPLICATION)
    for digits in (kept, erased):
        person.write(digits, LATER)
        person.write(digits, f"тут {DURESS} стоїть")
    _open_first_case(line, desk)
    desk.fill("form[action*=reply] textarea", ANSWER)
    desk.click("form[action*=reply] button[type=submit], form[action*=reply] button:not([type])")
    desk.click("details.noting summary")
    desk.fill("form[action*=note] textarea", NOTE)
    desk.click("form[action*=note] button[type=submit], form[action*=note] button:not([type])")
    return kept, erased


def _secrets(line: Line) -> dict[str, set[bytes]]:
    """The bytes on which the erased conversation hangs, while it still stands: its erasure key and its mailbox's half."""
    needles: dict[str, set[bytes]] = {}
    for path, query in (
        ("desk/erasure.db", "SELECT conversation, key FROM erasure JOIN erasure_keys USING (number)"),
        ("spool/spool.db", "SELECT conversation, secret FROM conversations JOIN conversation_secrets USING (number)"),
    ):
        with closing(sqlite3.connect(f"file:{line.home / path}?mode=ro", uri=True)) as connection:
            needles |= {
                f"{path} {bytes(one).hex()}": disguises(bytes(secret)) for one, secret in connection.execute(query)
            }
    return needles


@pytest.mark.rule("T3", "R48", "R49", "R10", "R5")
def test_a_seized_state_folder_shows_nothing_and_what_was_erased_is_gone(own_line: Line, chromium: Browser) -> None:
    desk = chromium.new_context().new_page()
    own_line.sign_in(desk, "olena")
    kept, erased = _walk(own_line, desk)
    before = _secrets(own_line)
    assert len(before) == 4
    own_line.command("backup", "--to", str(own_line.home.parent / "backups"))
    assert Person(own_line, "uk").erase(erased).status_code == 200

    gone = _until_erased(own_line, before)
    folders = [own_line.home / part for part in ("spool", "desk", "credentials")] + [own_line.home.parent / "backups"]
    assert _soon_found(folders, {name: before[name] for name in gone}) == []
    words = {text: text_disguises(text) for text in (SAID, LATER, ANSWER, NOTE, DURESS, PERSONS_ADDRESS)}
    for digits in (kept, erased):
        grouped = " ".join(re.findall("....", digits))
        words |= {
            digits: text_disguises(digits),
            grouped: text_disguises(grouped),
            grouped.replace(" ", "-"): text_disguises(grouped.replace(" ", "-")),
        }
    assert list(found([*folders, own_line.log.parent], words)) == []
    _after_seven_days(own_line, before, gone)


def _until_erased(line: Line, before: dict[str, set[bytes]]) -> set[str]:
    """The names of the two secrets that are gone, once both are."""
    for _ in range(80):
        gone = before.keys() - _secrets(line).keys()
        if len(gone) == 2:
            return gone
        time.sleep(0.25)
    pytest.fail("the erasure did not reach the desk")


def _soon_found(folders: list[Path], needles: dict[str, set[bytes]]) -> list[str]:
    """What is still found when a busy machine has had its time: the truncated journal follows within the batch."""
    for _ in range(40):
        if not (left := list(found(folders, needles))):
            break
        time.sleep(0.25)
    return left


def _after_seven_days(line: Line, before: dict[str, set[bytes]], gone: set[str]) -> None:
    """The backup that was taken before the erasure, restored eight days later."""
    (folder,) = (line.home.parent / "backups").iterdir()
    ring = Ring(line.home / "credentials" / "backup")
    again = Places(line.home.parent / "again", line.home / "credentials")
    early = Places(line.home.parent / "early", line.home / "credentials")
    snapshots.unpack(folder, early, ring)
    assert list(found([early.home], {name: before[name] for name in gone})), (
        "the search would find them if they were there"
    )
    ring.forget((datetime.now(UTC) + timedelta(days=8)).date())
    with pytest.raises(CliError, match="keys live for 7 days"):
        snapshots.unpack(folder, again, ring)
    assert list(found([folder, line.home / "credentials"], {name: before[name] for name in gone})) == []


def test_the_search_finds_what_is_planted(tmp_path: Path) -> None:
    for number, form in enumerate(text_disguises(SAID)):
        (tmp_path / str(number)).write_bytes(b"xy" + form + b"z")
    assert len(list(found([tmp_path], {SAID: text_disguises(SAID)}))) == len(text_disguises(SAID))
