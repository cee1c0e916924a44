# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who asked and was told "nobody here" is not forgotten when somebody is registered who may be meant (art. 123, R45)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.inquiries import acts, again
from safeconduct.desk.custody.inquiries.audited import AGAIN
from safeconduct.desk.custody.inquiries.models import Inquiry, Words
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
BADGE = "to be looked at again"
OTHER = Received(surname="Мельник", first_names="Степан")


@pytest.fixture
def bureau(house: House) -> Operator:
    return house.person(Role.BUREAU).operator


@pytest.fixture
def arrives(registrar: Operator, camp: Camp) -> Callable[[str, Received], Person]:
    return lambda number, said: register.register(registrar, number, camp, said, When(ARRIVAL))


def told_nobody(browser: Client, name: str = "Choe Min") -> str:
    page = browser.post("/inquiries/ask/", {"name": name})["Location"]
    browser.get(page)
    assert browser.post(f"{page}answer/", {"words": "Здесь такого нет."}).status_code == 302
    return page


def rings() -> bool:
    return Alert.objects.filter(kind=AGAIN, is_over=False).exists()


@pytest.mark.rule("R45")
def test_who_was_told_nobody_here_is_compared_with_who_is_registered_later(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    page = told_nobody(browser)
    arrives("UA-2", OTHER)
    assert BADGE not in browser.get("/inquiries/").content.decode()
    arrives("UA-1", SOMEBODY)
    browser.get("/duties/")
    assert rings()
    assert BADGE in browser.get("/inquiries/").content.decode()
    assert 'href="/persons/UA-1/"' in browser.get(page).content.decode()
    browser.post(f"{page}answer/", {"words": "Жив.", "prisoner": "UA-1"})
    assert BADGE not in browser.get("/inquiries/").content.decode()
    assert not rings()


@pytest.mark.rule("R45")
def test_who_is_none_of_them_is_not_asked_for_again_until_they_are_described_anew(
    desk_of: Doors, registrar: Operator, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    page = told_nobody(browser)
    person = arrives("UA-1", SOMEBODY)
    browser.get("/inquiries/")
    browser.get(page)
    assert browser.post(f"{page}nobody/").status_code == 302
    assert BADGE not in browser.get("/inquiries/").content.decode()
    assert not rings()
    register.describe(registrar, person, SOMEBODY, SOMEBODY)
    assert BADGE in browser.get("/inquiries/").content.decode()


@pytest.mark.rule("R45")
def test_whom_the_page_proposed_before_the_answer_is_not_proposed_again(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    arrives("UA-0", SOMEBODY)
    told_nobody(browser)
    arrives("UA-2", OTHER)
    assert BADGE not in browser.get("/inquiries/").content.decode()
    arrives("UA-1", SOMEBODY)
    assert BADGE in browser.get("/inquiries/").content.decode()


@pytest.mark.parametrize("answer", ["", "UA-9"])
def test_what_waits_or_named_somebody_is_not_looked_at_again(
    desk_of: Doors, bureau: Operator, arrives: Callable[[str, Received], Person], answer: str
) -> None:
    arrives("UA-9", OTHER)
    asked = acts.ask(bureau, Asked(name="Choe Min"))
    if answer:
        acts.answer(bureau, asked, "Жив.", answer)
    arrives("UA-1", SOMEBODY)
    assert BADGE not in desk_of(Role.BUREAU).get("/inquiries/").content.decode()
    assert not rings()


@pytest.mark.rule("R45")
def test_what_is_to_be_looked_at_again_rings_at_the_bureau_alone(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    told_nobody(desk_of(Role.BUREAU))
    arrives("UA-1", SOMEBODY)
    for role in roles.here() - {Role.BUREAU}:
        desk_of(role).get("/duties/")
    assert not rings()
    desk_of(Role.BUREAU).get("/duties/")
    told = {role: "look at it again" in desk_of(role).get("/alerts/").content.decode() for role in roles.here()}
    assert {role for role, hears in told.items() if hears} == {Role.BUREAU}


def test_many_are_compared_a_few_at_a_time_and_none_is_left_out(
    desk_of: Doors, arrives: Callable[[str, Received], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk_of(Role.BUREAU)
    for _each in range(3):
        told_nobody(browser)
    for number in range(4):
        arrives(f"A-{number}", OTHER)
    arrives("UA-1", SOMEBODY)
    monkeypatch.setattr(again, "BATCH", 2)
    monkeypatch.setattr(again, "PAGES", 2)
    left = []
    for _visit in range(6):
        left.append(Inquiry.objects.filter(again=None).count())
        browser.get("/inquiries/")
    assert left == sorted(left, reverse=True)
    assert left[0] == 3
    assert not Inquiry.objects.filter(again=None).exists()


def test_an_altered_inquiry_keeps_no_other_from_being_looked_at_again(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    told_nobody(browser)
    told_nobody(browser)
    Words.objects.filter(inquiry=Inquiry.objects.earliest("pk"), kind="asked").update(body=b"altered")
    arrives("UA-1", SOMEBODY)
    browser.get("/inquiries/")
    assert list(Inquiry.objects.order_by("pk").values_list("again", flat=True)) == [None, register.today()]


def test_one_that_was_answered_later_is_not_compared_with_whom_it_was_compared_with(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    told_nobody(browser)
    arrives("UA-1", SOMEBODY)
    told_nobody(browser)
    arrives("UA-2", OTHER)
    browser.get("/inquiries/")
    assert list(Inquiry.objects.order_by("pk").values_list("again", flat=True)) == [register.today(), None]


def test_one_of_an_earlier_release_is_compared_with_who_came_since_the_day_of_its_answer(
    desk_of: Doors, arrives: Callable[[str, Received], Person]
) -> None:
    browser = desk_of(Role.BUREAU)
    arrives("UA-0", SOMEBODY)
    told_nobody(browser)
    Inquiry.objects.update(looked=0, answered=register.today() + timedelta(days=1))
    assert BADGE not in browser.get("/inquiries/").content.decode()
    Inquiry.objects.update(looked=0, answered=register.today())
    assert BADGE in browser.get("/inquiries/").content.decode()


@pytest.fixture
def newest_again(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _at(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("custody_inquiries", name)])
    return MigrationExecutor(connection).loader.project_state([("custody_inquiries", name)]).apps


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("newest_again")
def test_an_inquiry_of_before_is_kept_and_waits_to_be_compared() -> None:
    _at("0002_signatures").get_model("custody_inquiries", "Inquiry").objects.create(token=b"before", entered=ARRIVAL)
    _at("0003_again")
    assert list(Inquiry.objects.values_list("entered", "looked", "again")) == [(ARRIVAL, 0, None)]
