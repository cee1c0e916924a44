# SPDX-License-Identifier: AGPL-3.0-or-later
"""T12: headers on every answer, and pages that hold nothing a strict policy would stop."""

import re

import html5lib
import pytest
from django.http import HttpResponseBase
from django.test import Client
from tests.desk.conftest import House
from tests.desk.project.test_every_address import ADDRESSES, visit

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default inspect",
}


def hold(answer: HttpResponseBase, *, static: bool = False) -> None:
    headers = answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert static or policy_of(answer) == POLICY


def policy_of(answer: HttpResponseBase) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.rule("T12")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_address_answers_with_every_header(house: House, role: Role) -> None:
    browser = house.signed_in(role)
    for name in ADDRESSES:
        hold(visit(browser, name))


@pytest.mark.rule("T12")
@pytest.mark.parametrize("path", ["/sign-in/", "/unlock/", "/nothing/", "/people/", "/sign-in/?next=%00"])
def test_the_door_and_the_refusals_do_too(db: None, path: str) -> None:
    hold(Client().get(path))


@pytest.mark.rule("T12")
@pytest.mark.parametrize("path", ["desk.css", "desk.js", "trusted.js", "vendor/htmx-2.0.11.min.js"])
def test_static_files_are_served_with_them(db: None, path: str) -> None:
    answer = Client().get(f"/static/{path}")
    assert answer.status_code == 200
    hold(answer, static=True)
    answer.close()


@pytest.mark.rule("T12")
def test_a_broken_page_shows_no_internals(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.desk.operators.access.colleagues", lambda _keyring: 1 / 0)
    browser = house.signed_in(Role.OPERATOR)
    browser.raise_request_exception = False
    answer = browser.get("/people/")
    assert answer.status_code == 500
    assert b"ZeroDivision" not in answer.content
    hold(answer)


@pytest.mark.rule("T12")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_no_page_has_inline_script_or_style_and_every_page_is_valid(house: House, role: Role) -> None:
    browser = house.signed_in(role)
    answers = [visit(browser, name) for name in ADDRESSES] + [Client().get("/sign-in/")]
    for answer in answers:
        page = answer.content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", page)
        assert not re.search(r"<script(?![^>]*\ssrc=\"/static/)", page)
        if page.startswith("<!doctype"):
            html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.rule("T12")
def test_a_request_for_another_host_is_refused(db: None) -> None:
    assert Client(headers={"Host": "evil.example"}).get("/sign-in/").status_code == 400
