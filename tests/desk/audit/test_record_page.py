# SPDX-License-Identifier: AGPL-3.0-or-later
"""The monitor's page."""

import pytest
from django.db import transaction
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.audit import acts, appender
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey


def do(times: int) -> None:
    with transaction.atomic():
        for number in range(times):
            acts.record(None, "operators.locked", f"place {number}")


@pytest.mark.rule("R49")
def test_a_signed_in_monitor_reads_who_did_what(house: House, monitor: Client) -> None:
    house.signed_in(Role.OPERATOR)
    appender.chain_once()
    page = monitor.get("/audit/").content.decode()
    assert "operator one" in page
    assert "signed in" in page


@pytest.mark.rule("R49")
def test_reading_the_record_is_recorded(monitor: Client) -> None:
    monitor.get("/audit/")
    page = monitor.get("/audit/").content.decode()
    assert "read the record" in page


def test_the_record_is_read_page_by_page_to_its_first_entry(monitor: Client) -> None:
    do(230)
    appender.chain_once()
    first = monitor.get("/audit/").content.decode()
    assert "place 229" in first
    assert "place 100" not in first
    seen, page, turns = "", first, 0
    while 'rel="next"' in page:
        page = monitor.get(
            "/audit/" + page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
        ).content.decode()
        seen, turns = seen + page, turns + 1
    assert turns == 2
    assert "place 0<" in seen


@pytest.mark.rule("T8")
@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣", "%00", "1e9", ""])
def test_a_poisoned_page_number_shows_the_newest(monitor: Client, before: str) -> None:
    assert monitor.get(f"/audit/?before={before}").status_code == 200


def test_an_entry_of_an_older_monitor_key_says_that_it_cannot_be_read(house: House, monitor: Client) -> None:
    people.found_team("monitor", PrivateKey.generate().public, demonstration=True)
    assert "sealed to a key that you do not hold" in monitor.get("/audit/").content.decode()
