# SPDX-License-Identifier: AGPL-3.0-or-later
"""All capture cards that are due in a camp, what remembers that they were printed, and who enters that they went."""

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, card_printing, printing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Owed, Person, Sealed
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Membership, Operator, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.paper.content import CaptureCard

Doors = Callable[[Role], Client]
KOREAN = {"language": "ko-KP"}


@pytest.fixture
def three(registrar: Operator, camp: Camp, person: Person) -> list[str]:
    """Two who read Korean, the later one longer here; and one who reads Russian."""
    speaks = msgspec.structs.replace(SOMEBODY, language="ru")
    acts.register(registrar, "UA-0002", camp, speaks, When(ARRIVAL))
    acts.register(registrar, "UA-0003", camp, SOMEBODY, When(ARRIVAL - timedelta(days=2)))
    return ["UA-0003", "UA-0001"]


@pytest.fixture
def path(camp: Camp, three: list[str]) -> str:
    return f"/camps/{camp.pk}/cards/"


def ticked(page: str) -> list[str]:
    return re.findall(r'name="number" value="([^"]+)"[^>]*checked', page)


@pytest.mark.rule("R25")
def test_all_cards_of_a_camp_are_one_print_a_language_in_the_order_of_the_board(
    desk_of: Doors, path: str, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prints: list[tuple[list[str], list[str]]] = []

    def note(cards: list[CaptureCard], languages: list[str]) -> bytes:
        prints.append(([one.prisoner_number for one in cards], languages))
        return b"%PDF-"

    monkeypatch.setattr(printing, "printed", note)
    browser = desk_of(Role.REGISTRAR)
    assert "Print 2 cards" in browser.get(path).content.decode()
    assert browser.post(path, KOREAN).status_code == 200
    assert prints == [(three, ["ko-KP", "uk", "en"])]
    duty = browser.get("/duties/card/").content.decode()
    assert path in duty
    assert [one for one in re.findall(r"/persons/([^/]+)/", duty) if one in three] == three


@pytest.mark.rule("R25")
def test_the_print_is_a_pdf_of_all_and_is_remembered_with_who_made_it(
    desk_of: Doors, house: House, path: str, three: list[str]
) -> None:
    browser = desk_of(Role.REGISTRAR)
    answer = browser.post(path, KOREAN)
    assert answer["Content-Type"] == "application/pdf"
    assert f"/Type/Pages/Count {2 * len(three)}/".encode() in answer.content  # two sides each
    page = browser.get(path).content.decode()
    name = house.person(Role.REGISTRAR).operator.name
    assert page.count(f"by {name}, not yet sent") == len(three)
    assert "All printed, and not yet sent" in page
    assert "Print again: all 2 cards" in page
    assert browser.post(path, KOREAN).status_code == 400  # nothing is left
    assert browser.post(path, KOREAN | {"again": "yes"}).status_code == 200


@pytest.mark.rule("R25")
def test_a_card_is_printed_before_the_mail_office_has_anybody(registrar: Operator, person: Person) -> None:
    Membership.objects.filter(key__team__code=sealed.MAIL).delete()
    TeamKey.objects.filter(team__code=sealed.MAIL).delete()
    card_printing.remember(registrar, [person])
    kept = Sealed.objects.filter(person=person, kind=card_printing.PRINTED.kind)
    assert set(kept.values_list("team", flat=True)) == {sealed.CUSTODY, sealed.BUREAU}


@pytest.mark.rule("R25")
def test_a_print_that_failed_is_not_remembered_and_is_made_again(
    desk_of: Doors, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk_of(Role.REGISTRAR)
    monkeypatch.setattr(printing, "_PATIENCE", 0.0)
    monkeypatch.setattr(printing, "_CARD_PATIENCE", 0.0)
    answer = browser.post(path, KOREAN)
    assert answer.status_code == 503
    assert "Print 2 cards" in answer.content.decode()
    assert "not yet sent" not in browser.get(path).content.decode()
    monkeypatch.undo()
    assert browser.post(path, KOREAN)["Content-Type"] == "application/pdf"


@pytest.mark.rule("R25")
def test_a_card_that_cannot_be_set_is_named_and_holds_up_no_other(
    desk_of: Doors, path: str, camp: Camp, registrar: Operator
) -> None:
    odd = msgspec.structs.replace(SOMEBODY, surname="\U0001f3f3" * 20)
    acts.register(registrar, "UA-0004", camp, odd, When(ARRIVAL))
    browser = desk_of(Role.REGISTRAR)
    answer = browser.post(path, KOREAN)
    assert answer.status_code == 409
    assert "The card of UA-0004 cannot be printed" in answer.content.decode()
    assert 'name="without" value="UA-0004"' in answer.content.decode()
    assert browser.post(path, KOREAN | {"without": "UA-0004"}).status_code == 200
    page = browser.get(path).content.decode()
    assert page.count("not yet sent") == 2
    assert "Print 1 card<" in page


@pytest.mark.rule("R25")
def test_no_card_arrives_ticked_as_sent_and_those_printed_are_ticked_when_asked_for(
    desk_of: Doors, path: str, three: list[str]
) -> None:
    office = desk_of(Role.MAIL_OFFICE)
    assert ticked(office.get("/post/cards/").content.decode()) == []
    desk_of(Role.REGISTRAR).post(path, KOREAN)
    page = office.get("/post/cards/").content.decode()
    assert ticked(page) == []
    assert page.count("not yet sent") == len(three)
    assert ticked(office.get("/post/cards/?tick=printed").content.decode()) == three
    back = office.post("/post/cards/", {"number": "UA-0002", "day": "2999-99-99"}).content.decode()
    assert ticked(back) == ["UA-0002"]


def test_a_card_of_another_number_or_another_occasion_was_not_printed(
    desk_of: Doors, house: House, person: Person
) -> None:
    assert desk_of(Role.REGISTRAR).get(f"/persons/{person.number}/card/").status_code == 200
    office = house.person(Role.MAIL_OFFICE)
    keyring, rows = Keyring(office.operator, house.opened(office)), list(Owed.objects.filter(duty="card"))
    assert [one.number for one in card_printing.printed(keyring, rows).values()] == [person.number]
    rows[0].since += timedelta(days=1)
    assert not card_printing.printed(keyring, rows)
    Person.objects.filter(pk=person.pk).update(number="UA-0099")
    assert not card_printing.printed(keyring, list(Owed.objects.filter(duty="card").select_related("person")))


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", [Role.MAIL_OFFICE, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MONITOR, Role.COUNSEL])
def test_nobody_prints_a_camp_who_may_not_read_its_people(desk_of: Doors, path: str, role: Role) -> None:
    browser = desk_of(role)
    assert [browser.get(path).status_code, browser.post(path, KOREAN).status_code] == [404, 404]
