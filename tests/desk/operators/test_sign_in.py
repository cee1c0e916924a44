# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from tests.desk.conftest import PRODUCTION_COST, House

from safeconduct.desk.operators import acts, vaults
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.vault import RFC_9106_SECOND, OperatorKeys
from safeconduct.vocabulary.secrets import Passphrase

WRONG = "abandon abandon abandon abandon abandon abandon zoo"


def test_name_passphrase_and_code_let_an_operator_in(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    assert olena.sign_in().status_code == 303
    assert olena.browser.get("/help/").status_code == 200


def test_capitals_extra_spaces_and_dashes_are_forgiven(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    said = "  " + olena.welcome.passphrase.upper().replace(" ", " -  ") + " "
    assert olena.sign_in(name="  OPERATOR   One ", passphrase=said).status_code == 303


@pytest.mark.rule("T12")
@pytest.mark.parametrize("wrong", ["name", "passphrase", "code"])
def test_whatever_is_wrong_the_answer_is_the_same(house: House, wrong: str) -> None:
    olena = house.person(Role.OPERATOR)
    bad = {"name": "nobody at all", "passphrase": WRONG, "code": "000000"}[wrong]
    answer = olena.sign_in(**{wrong: bad})
    page = answer.content.decode().replace(bad, "operator one") if wrong == "name" else answer.content.decode()
    assert answer.status_code == 400
    assert _without_tokens(page) == _without_tokens(
        Client().post("/sign-in/", {"name": "operator one"}).content.decode()
    )


def test_an_unknown_name_costs_the_same_derivation(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    real = vaults.opened

    def watched(record: bytes, words: Passphrase) -> OperatorKeys | None:
        opened.append(len(record))
        return real(record, words)

    monkeypatch.setattr(vaults, "opened", watched)
    house.person(Role.OPERATOR).sign_in(name="nobody at all")
    house.person(Role.OPERATOR).sign_in(passphrase=WRONG)
    assert len(opened) == 2
    assert opened[0] == opened[1]


def test_a_code_works_once(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    said = olena.said()
    assert Client().post("/sign-in/", said).status_code == 303
    assert Client().post("/sign-in/", said).status_code == 400


@pytest.mark.rule("T3")
def test_the_database_holds_neither_passphrase_nor_readable_key(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    olena.sign_in()
    session = Session.objects.get().get_decoded()
    private = house.opened(olena)
    assert private.seed.hex() not in str(session)
    dump = _dump()
    for secret in (private.seed, house.keys["intake"].seed, olena.welcome.passphrase.encode()):
        assert secret not in dump
        assert secret.hex().encode() not in dump


@pytest.mark.rule("T12")
def test_each_cookie_is_host_only_secure_and_unreadable_for_scripts(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    olena.browser.get("/sign-in/")
    olena.sign_in()
    assert set(olena.browser.cookies) == {"__Host-csrf", "__Host-desk", "__Host-unlock", "__Host-known"}
    for cookie in olena.browser.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Strict", "/")
        assert not cookie["domain"]


def test_one_cookie_without_the_other_opens_nothing(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    olena.sign_in()
    del olena.browser.cookies["__Host-unlock"]
    assert olena.browser.get("/help/").headers["Location"] == "/unlock/?next=%2Fhelp%2F"


def test_a_session_cannot_be_opened_with_a_colleagues_cookie(house: House) -> None:
    welcome = acts.add_operator("second", Role.OPERATOR)
    second = house.newcomer(welcome)
    olena = house.person(Role.OPERATOR)
    olena.sign_in()
    second.sign_in()
    olena.browser.cookies["__Host-unlock"] = second.browser.cookies["__Host-unlock"].value
    assert olena.browser.get("/help/").status_code == 303


def test_signing_in_starts_a_session_of_a_new_name(house: House) -> None:
    olena = house.person(Role.OPERATOR)
    olena.sign_in()
    first = olena.browser.cookies["__Host-desk"].value
    olena.sign_in()
    assert olena.browser.cookies["__Host-desk"].value != first
    assert not Session.objects.filter(session_key=first).exists()


@pytest.mark.rule("T8")
@pytest.mark.parametrize("poison", ["\x00", "x" * 100_000, "\u202e" * 50, "\ud800", "' OR 1=1 --", "٣٤٥", "9" * 5000])
@pytest.mark.parametrize("field", ["name", "passphrase", "code", "ticket", "next"])
def test_poison_in_any_field_is_refused_calmly(house: House, field: str, poison: str) -> None:
    said = house.person(Role.OPERATOR).said(passphrase=WRONG) | {field: poison}
    body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in said.items()})
    answer = Client().post("/sign-in/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_nothing_in_the_environment_can_choose_a_cheap_vault() -> None:
    assert PRODUCTION_COST == RFC_9106_SECOND


def test_a_stale_form_says_so_without_internals(house: House) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", house.person(Role.OPERATOR).said())
    assert answer.status_code == 403
    assert b"out of date" in answer.content


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def _dump() -> bytes:
    """Every value of every table, as bytes one after the other."""
    values = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- the tables' own names
            values += [_bytes(value) for row in cursor.fetchall() for value in row]
    return b"\x00".join(values)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
