# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk speaks the language of whoever sits at it, and shows their clock."""

import re

import pytest
from django.test import Client
from tests.desk.conftest import House
from tests.desk.project.test_every_address import ADDRESSES, visit

from safeconduct.desk.alerts.raising import raise_alert
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role


def shown_time(browser: Client) -> str:
    found = re.search(r"\b(\d\d:\d\d)\b", browser.get("/mine/").content.decode().split("zone-hint")[1])
    assert found
    return found.group(1)


def test_a_desk_is_english_and_utc_until_somebody_chooses(house: House) -> None:
    browser = house.signed_in(Role.MONITOR)
    page = browser.get("/mine/").content.decode()
    assert '<html lang="en"' in page
    assert "<option selected>UTC</option>" in page


def test_a_choice_holds_in_this_browser_alone(house: House) -> None:
    browser, other = house.signed_in(Role.MONITOR), house.signed_in(Role.ADMINISTRATOR)
    assert browser.post("/mine/", {"language": "uk", "zone": "Europe/Kyiv"}).status_code == 303
    assert '<html lang="uk"' in browser.get("/mine/").content.decode()
    assert '<html lang="en"' in other.get("/mine/").content.decode()
    assert shown_time(browser) != shown_time(other)


def test_the_cookies_can_be_read_by_no_script_and_go_nowhere_else(house: House) -> None:
    kept = house.signed_in(Role.MONITOR).post("/mine/", {"language": "uk", "zone": "Asia/Seoul"}).cookies
    for name in ("__Host-desk-language", "__Host-desk-zone"):
        assert (kept[name]["secure"], kept[name]["httponly"], kept[name]["samesite"]) == (True, True, "Strict")


@pytest.mark.parametrize("said", [{"language": "xx", "zone": "UTC"}, {"language": "en", "zone": "../etc/passwd"}, {}])
def test_what_is_on_no_list_is_refused(house: House, said: dict[str, str]) -> None:
    answer = house.signed_in(Role.MONITOR).post("/mine/", said)
    assert answer.status_code == 400
    assert not any("desk" in name for name in answer.cookies)


@pytest.mark.parametrize("zone", ["", "\0", "../../etc/localtime", "x" * 4000])
def test_a_cookie_that_names_no_clock_means_utc(house: House, zone: str) -> None:
    browser = house.signed_in(Role.MONITOR)
    browser.cookies["__Host-desk-zone"] = zone
    assert "<option selected>UTC</option>" in browser.get("/mine/").content.decode()


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_page_speaks_ukrainian_while_something_calls(house: House, role: Role) -> None:
    for kind in ("unread", "keys.due"):
        raise_alert(kind)
    browser = house.signed_in(role)
    browser.cookies["__Host-desk-language"] = "uk"
    for name, entry in ADDRESSES.items():
        if role in entry.who and entry.method == "get":
            answer = visit(browser, name)
            assert answer.status_code < 500, name
            assert b"<html" not in answer.content or b'<html lang="uk"' in answer.content, name
