# SPDX-License-Identifier: AGPL-3.0-or-later
"""Relatives ask the Bureau; the Bureau looks, a person decides, and no other office learns of it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.inquiries import acts, alarms, sealed
from safeconduct.desk.custody.inquiries.audited import LATE
from safeconduct.desk.custody.inquiries.errors import NothingAsked
from safeconduct.desk.custody.inquiries.models import WITHIN, Inquiry, Words
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator, TeamKey
from safeconduct.desk.operators.rewrapping import Pass
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.navigation import places
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
QUESTION = Asked(
    name="Choe Min", asks="Чхве Ольга", relation="мать", answer_to="Central Tracing Agency", words="Жив ли он?"
)
FORM = {"name": "Choe Min", "asks": "Чхве Ольга", "answer_to": "Agency", "words": "Жив ли он?"}


def keyring(house: House) -> Keyring:
    who = house.person(Role.BUREAU)
    return Keyring(who.operator, house.opened(who))


@pytest.fixture
def bureau(house: House) -> Operator:
    return house.person(Role.BUREAU).operator


@pytest.mark.rule("R45")
def test_an_inquiry_is_matched_against_the_register_and_only_proposed(
    house: House, bureau: Operator, registrar: Operator, person: Person, camp: Camp
) -> None:
    register.register(registrar, "UA-2", camp, Received(surname="Мельник"), When(ARRIVAL))
    asked = acts.ask(bureau, QUESTION)
    found = acts.proposals(keyring(house), acts.read(keyring(house), asked).asked)
    assert [one.person.number for one in found.found] == [person.number]
    assert Inquiry.objects.get().answered is None


@pytest.mark.rule("R45")
def test_the_bureau_enters_answers_and_keeps_what_it_answered(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.BUREAU)
    page = browser.post("/inquiries/ask/", FORM)["Location"]
    told = browser.get(page).content.decode()
    assert "Жив ли он?" in told
    assert f'href="/persons/{person.number}/"' in told
    browser.post(page + "answer/", {"words": "Жив.", "prisoner": person.number.lower()})
    browser.post(page + "answer/", {"words": "Письмо идёт.", "prisoner": "\0"})
    told = browser.get(page).content.decode()
    assert told.index("Жив.") < told.index("Письмо идёт.")
    assert Inquiry.objects.get().answered == register.today()


@pytest.mark.rule("R45", "R20")
@pytest.mark.parametrize("role", sorted(roles.here() - {Role.BUREAU}, key=str))
def test_no_page_of_another_office_shows_that_an_inquiry_exists(
    house: House, desk_of: Doors, bureau: Operator, person: Person, role: Role
) -> None:
    browser = desk_of(role)
    paths = [link.url for link in places(role) if link.url not in {"/audit/", "/health/"}]  # both count every act
    paths += [f"/persons/{person.number}/", "/inquiries/", "/inquiries/1/", "/inquiries/ask/"]
    before = [(browser.get(path).status_code, text(browser, path)) for path in paths]
    asked = acts.ask(bureau, QUESTION)
    acts.answer(bureau, asked, "Жив.", person.number)
    acts.ask(bureau, QUESTION)
    alarms.ring_late(register.today() + 2 * WITHIN)
    assert [(browser.get(path).status_code, text(browser, path)) for path in paths] == before
    assert [status for status, _ in before[-3:]] == [404, 404, 404]


def text(browser: Client, path: str) -> str:
    """Without what is random in every page."""
    return re.sub(r"[A-Za-z0-9+/=_-]{24,}", "", browser.get(path).content.decode())


@pytest.mark.rule("R45", "T3")
def test_a_copied_database_does_not_say_who_asked_for_whom(bureau: Operator, person: Person) -> None:
    asked = acts.ask(bureau, QUESTION)
    events, owed = Event.objects.count(), Owed.objects.count()
    acts.answer(bureau, asked, "Жив.", person.number)
    assert (Event.objects.count(), Owed.objects.count()) == (events, owed)
    for row in Words.objects.all():
        for word in ("Choe", "Чхве", "Жив", person.number):
            assert word.encode() not in bytes(row.body)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("ask/", {"asks": "Чхве Ольга"}),
        ("1/answer/", {"words": ""}),
        ("1/answer/", {"words": "Жив.", "prisoner": "UA-9999"}),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    desk_of: Doors, bureau: Operator, person: Person, path: str, said: dict[str, str]
) -> None:
    pk = acts.ask(bureau, QUESTION).pk
    answer = desk_of(Role.BUREAU).post(f"/inquiries/{path.replace('1/', f'{pk}/')}", said)
    assert answer.status_code == 400
    assert (said.get("words") or said.get("asks") or "") in answer.content.decode()
    assert not Words.objects.filter(kind=sealed.ANSWERED).exists()


def test_an_inquiry_that_names_nobody_is_refused(bureau: Operator) -> None:
    with pytest.raises(NothingAsked):
        acts.ask(bureau, Asked(words="Где он?"))


def test_one_that_is_not_answered_in_a_week_is_late_on_the_bureaus_page_alone(desk_of: Doors, bureau: Operator) -> None:
    acts.ask(bureau, QUESTION)
    Inquiry.objects.update(entered=ARRIVAL)
    assert "late" in desk_of(Role.BUREAU).get("/inquiries/").content.decode()


@pytest.mark.rule("R45")
def test_one_that_waits_longer_than_a_week_rings_at_the_bureau_alone_until_it_is_answered(
    house: House, desk_of: Doors, bureau: Operator
) -> None:
    asked = acts.ask(bureau, QUESTION)
    for day, rings in ((WITHIN, False), (WITHIN + timedelta(days=1), True)):
        alarms.ring_late(asked.entered + day)
        assert Alert.objects.filter(kind=LATE, is_over=False).exists() is rings
    told = {role: "An inquiry waits" in desk_of(role).get("/alerts/").content.decode() for role in roles.here()}
    assert {role for role, hears in told.items() if hears} == {Role.BUREAU}
    acts.answer(bureau, asked, "Жив.")
    assert not Alert.objects.filter(kind=LATE, is_over=False).exists()


def test_inquiries_come_along_to_the_teams_new_key(house: House, bureau: Operator) -> None:
    asked = acts.ask(bureau, QUESTION)
    new = PrivateKey.generate()
    row = TeamKey.objects.get(team__code="bureau")
    TeamKey.objects.create(team=row.team, version=2, public=new.public.raw, demonstration=True)
    (rewrapper,) = sealed.REWRAPPERS
    rewrapper.step(Pass("bureau", (house.keys["bureau"],), new.public, destroys_old=True), 0, 50)
    assert Words.objects.get(inquiry=asked).key_version == 2


@pytest.mark.rule("R51")
def test_destroying_the_keys_leaves_no_inquiry_that_shares_could_open(bureau: Operator) -> None:
    acts.ask(bureau, QUESTION)
    (kept,) = [one for one in all_of_them() if one.code == "custody.inquiries"]
    assert kept.count() == kept.destroy() == 1
    assert bytes(Words.objects.get().body) == b""
