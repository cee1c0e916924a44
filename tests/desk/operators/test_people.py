# SPDX-License-Identifier: AGPL-3.0-or-later
"""Adding people, letting them in, bringing back who lost a passphrase, and seeing them off."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from tests.desk.conftest import House, Person

from safeconduct.desk.operators import acts, names
from safeconduct.desk.operators.errors import NameRefused, NotAdmitted, NotAllowed
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Membership, Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to


def add(administrator: Client, name: str, role: str = "operator") -> HttpResponse:
    return administrator.post("/people/add/", {"name": name, "role": role})  # type: ignore[return-value]


def admit(browser: Client, person: Operator, **changed: str) -> HttpResponse:
    place = Membership.objects.get(operator=person)
    said = {"heard": "yes", "fingerprint": person.fingerprint} | changed
    return browser.post(f"/people/places/{place.pk}/admit/", said)  # type: ignore[return-value]


def can_read_intake(house: House, person: Person) -> bool:
    sealed = seal_to(house.keys["intake"].public, b"from the front", purpose=b"test")
    private = house.opened(person)
    return (
        open_with(Keyring(person.operator, private).team_private("intake"), sealed, purpose=b"test")
        == b"from the front"
    )


@pytest.fixture
def newcomer(house: House) -> Person:
    return house.newcomer(acts.add_operator("new one", Role.OPERATOR))


def test_an_administrator_adds_a_person_and_sees_the_words_once(administrator: Client, house: House) -> None:
    page = add(administrator, "Second Olena").content.decode()
    passphrase = re.search(r'id="passphrase">([^<]+)<', page)
    assert passphrase
    assert len(passphrase[1].split()) == 7
    assert re.search(r'id="secret">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<', page)
    for later in ("/people/", "/people/add/"):
        assert passphrase[1] not in administrator.get(later).content.decode()


def test_the_words_shown_let_the_new_person_in(administrator: Client, house: House) -> None:
    page = add(administrator, "second").content.decode()
    passphrase = re.search(r'id="passphrase">([^<]+)<', page)
    assert passphrase
    welcome = acts.Welcome(Operator.objects.get(name="second"), passphrase[1], None)  # type: ignore[arg-type]
    assert house.newcomer(welcome).sign_in().status_code == 303


@pytest.mark.parametrize(("name", "role"), [("", "operator"), ("a" * 41, "operator"), ("ok", "king"), ("ok", "")])
def test_a_form_that_does_not_fit_is_shown_again(administrator: Client, name: str, role: str) -> None:
    assert add(administrator, name, role).status_code == 400
    assert not Operator.objects.filter(name="ok").exists()


def test_a_taken_name_is_refused_whatever_its_capitals(administrator: Client) -> None:
    assert "this name already" in add(administrator, " OPERATOR  one").content.decode()


@pytest.mark.parametrize("name", ["<b>", "a\x00b", "-a", "a-", "\u202eabc", "=1+1", "a/b", "a\u200bb"])
def test_a_name_that_could_deceive_is_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        names.chosen(name)


@pytest.mark.parametrize("name", ["олена", "조 선", "o'neil", "m. k-1", "9", "محمد"])
def test_names_of_every_script_are_taken(name: str) -> None:
    assert names.chosen(name) == name


@pytest.mark.rule("T6")
def test_a_new_person_can_read_nothing_until_a_colleague_lets_them_in(house: House, newcomer: Person) -> None:
    with pytest.raises(NotAdmitted):
        Keyring(newcomer.operator, house.opened(newcomer)).team_private("intake")
    assert admit(house.signed_in(Role.OPERATOR), newcomer.operator).status_code == 302
    assert can_read_intake(house, newcomer)


@pytest.mark.rule("T6")
def test_an_administrator_cannot_let_anyone_in(house: House, newcomer: Person, administrator: Client) -> None:
    assert admit(administrator, newcomer.operator).status_code == 404
    assert Membership.objects.get(operator=newcomer.operator).wrapped is None


@pytest.mark.rule("T6")
def test_a_member_of_another_team_cannot_let_anyone_in(newcomer: Person, monitor: Client) -> None:
    assert admit(monitor, newcomer.operator).status_code == 404


def test_nobody_is_let_in_without_being_heard(operator: Client, newcomer: Person) -> None:
    assert admit(operator, newcomer.operator, heard="").status_code == 400
    assert Membership.objects.get(operator=newcomer.operator).wrapped is None


def test_nobody_is_let_in_whose_key_changed_while_they_read(operator: Client, newcomer: Person) -> None:
    seen = newcomer.operator.fingerprint
    acts.renew(newcomer.operator)
    assert admit(operator, newcomer.operator, fingerprint=seen).status_code == 400


def test_a_lost_passphrase_is_replaced_and_a_colleague_lets_the_person_back_in(house: House) -> None:
    second = house.newcomer(acts.add_operator("second", Role.OPERATOR))
    acts.let_in(acts.team_key("intake"), house.keys["intake"], second.operator)
    old = second.welcome.passphrase
    second.welcome = acts.renew(second.operator)
    assert second.sign_in(passphrase=old).status_code == 400
    assert admit(house.signed_in(Role.OPERATOR), second.operator).status_code == 302
    assert second.sign_in().status_code == 303
    assert can_read_intake(house, second)


def test_a_new_passphrase_ends_every_session_of_the_old_one(house: House) -> None:
    browser = house.signed_in(Role.OPERATOR)
    acts.renew(house.person(Role.OPERATOR).operator)
    assert browser.get("/help/").headers["Location"].startswith("/sign-in/")


@pytest.mark.rule("T6")
def test_a_deactivated_person_is_out_at_once_and_their_wraps_are_gone(house: House, administrator: Client) -> None:
    olena, browser = house.person(Role.OPERATOR), house.signed_in(Role.OPERATOR)
    assert administrator.post(f"/people/{olena.operator.pk}/deactivate/").status_code == 302
    assert browser.get("/help/").headers["Location"].startswith("/sign-in/")
    assert olena.sign_in().status_code == 400
    assert not Membership.objects.filter(operator=olena.operator).exists()


@pytest.mark.parametrize("act", ["renew", "deactivate"])
def test_nobody_changes_themselves(house: House, administrator: Client, act: str) -> None:
    me = house.person(Role.ADMINISTRATOR).operator
    assert administrator.post(f"/people/{me.pk}/{act}/").status_code == 404
    with pytest.raises(NotAllowed):
        getattr(acts, act)(me, actor=me)


@pytest.mark.rule("T6")
def test_an_exchanged_public_key_keeps_its_owner_out_and_shows_their_own(house: House) -> None:
    olena, browser = house.person(Role.OPERATOR), house.signed_in(Role.OPERATOR)
    true = olena.operator.fingerprint
    Operator.objects.filter(pk=olena.operator.pk).update(public=PrivateKey.generate().public.raw)
    assert true in browser.get("/people/").content.decode()
    assert olena.sign_in().status_code == 400


def test_everyone_waits_for_a_team_key_that_is_made_after_them(house: House) -> None:
    private = PrivateKey.generate()
    key = acts.found_team("intake", private.public, demonstration=True)
    assert key.version == 2
    assert {place.operator.plays for place in Membership.objects.filter(key=key)} == {Role.OPERATOR, Role.SUPERVISOR}


def test_every_version_of_a_team_key_that_one_holds_opens(house: House) -> None:
    second = PrivateKey.generate()
    olena = house.person(Role.OPERATOR)
    acts.let_in(acts.found_team("intake", second.public, demonstration=True), second, olena.operator)
    keyring = Keyring(olena.operator, house.opened(olena))
    assert [key.seed for key in keyring.team_privates("intake")] == [second.seed, house.keys["intake"].seed]


def test_the_command_line_adds_the_first_people(house: House) -> None:
    told = StringIO()
    call_command("add_operator", "Third One", "--role", "administrator", stdout=told)
    passphrase = re.search(r"passphrase +(.+)", told.getvalue())
    assert passphrase
    welcome = acts.Welcome(Operator.objects.get(name="third one"), passphrase[1], None)  # type: ignore[arg-type]
    assert house.newcomer(welcome).sign_in().status_code == 303


def test_the_command_line_brings_the_last_administrator_back(house: House) -> None:
    told = StringIO()
    call_command("renew_operator", "ADMINISTRATOR one", stdout=told)
    assert house.person(Role.ADMINISTRATOR).sign_in().status_code == 400
    passphrase = re.search(r"passphrase +(.+)", told.getvalue())
    assert passphrase
    assert house.person(Role.ADMINISTRATOR).sign_in(passphrase=passphrase[1]).status_code == 303


@pytest.mark.parametrize("command", [("add_operator", "operator one", "--role", "monitor"), ("renew_operator", "x")])
def test_the_command_line_refuses_in_a_sentence(house: House, command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command(*command)


@pytest.mark.rule("T3")
def test_a_passphrase_is_nowhere_in_the_database(house: House, administrator: Client) -> None:
    page = add(administrator, "second").content.decode()
    passphrase = re.search(r'id="passphrase">([^<]+)<', page)
    assert passphrase
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- the tables' own names
            assert passphrase[1] not in str(cursor.fetchall())
