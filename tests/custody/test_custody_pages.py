# SPDX-License-Identifier: AGPL-3.0-or-later
"""Custody's pages, through the browser of each office."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, inputs_of
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import acts, telling
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.row_names import Table, name
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.navigation import places
from safeconduct.vocabulary.bureau import Particulars
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

Doors = Callable[[Role], Client]
FORM = {
    "number": "ua-0007", "day": ARRIVAL.isoformat(), "surname": "Мельник", "first_names": "Степан", "rank": "солдат",
    "birth": "1999", "service_number": "АБ-1", "language": "ru", "power": "", "in_power_since": "", "spellings": "Melnyk",
}  # fmt: skip


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("R22")
def test_a_registrar_registers_a_person_and_the_board_says_what_is_owed(desk_of: Doors, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    answer = browser.post("/register/", FORM | {"camp": str(camp.pk)})
    assert answer["Location"] == "/persons/UA-0007/"
    assert "Capture card to the family" in text(browser, "/duties/")
    details = text(browser, "/persons/UA-0007/details/")
    for said in ("Мельник", "Степан", "солдат", "1999", "Melnyk"):
        assert said in details


def test_the_same_page_sent_twice_enters_it_once(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(Role.MEDICAL), f"/persons/{person.number}/"
    said = {"event": "sickness.began", "day": ARRIVAL.isoformat(), "ticket": inputs_of(text(browser, path))["ticket"]}
    for _click in range(2):
        assert browser.post(f"{path}enter/", said).status_code == 302
    assert Event.objects.filter(kind="sickness.began").count() == 1
    browser.post(f"{path}enter/", said | {"ticket": inputs_of(text(browser, path))["ticket"]})
    assert Event.objects.filter(kind="sickness.began").count() == 2


def test_a_board_without_anything_owed_says_whether_the_register_is_new_or_nothing_is_open(
    desk_of: Doors, house: House, registrar: Operator
) -> None:
    assert "As soon as a camp is opened" in text(desk_of(Role.COUNSEL), "/duties/")
    acts.open_camp(registrar, "Stanytsia", CampKind.PERMANENT, {}, When(ARRIVAL))
    assert "Nothing that your office watches is open now" in text(desk_of(Role.COUNSEL), "/duties/")


@pytest.mark.rule("R22")
def test_nothing_but_number_day_and_camp_has_to_be_said(desk_of: Doors, camp: Camp) -> None:
    empty = dict.fromkeys(FORM, "") | {"number": "X1", "day": ARRIVAL.isoformat(), "camp": str(camp.pk)}
    assert desk_of(Role.REGISTRAR).post("/register/", empty).status_code == 302
    assert Person.objects.filter(number="X1").exists()


@pytest.mark.rule("R22", "R26")
def test_retained_personnel_are_marked_where_details_are_read_and_the_bureau_is_not_told(
    desk_of: Doors, camp: Camp
) -> None:
    said = FORM | {"camp": str(camp.pk), "retained": "medical", "is_woman": "yes"}
    assert desk_of(Role.REGISTRAR).post("/register/", said).status_code == 302
    page = text(desk_of(Role.REGISTRAR), "/persons/UA-0007/details/")
    assert "Retained personnel: medical personnel." in page
    assert '<option value="yes" selected>' in page
    assert "Retained personnel: medical personnel." in text(desk_of(Role.BUREAU), "/persons/UA-0007/details/")
    assert desk_of(Role.CAMP_COMMANDER).get("/persons/UA-0007/details/").status_code == 404
    assert not {"retained", "is_woman"} & {one.name for one in msgspec.structs.fields(Particulars)}


def test_two_persons_never_have_one_number(desk_of: Doors, person: Person, camp: Camp) -> None:
    answer = desk_of(Role.REGISTRAR).post("/register/", FORM | {"number": person.number.lower(), "camp": str(camp.pk)})
    assert answer.status_code == 400
    assert "Another person has this number" in answer.content.decode()
    assert FORM["surname"] in answer.content.decode()  # what was typed is still there
    assert Person.objects.count() == 1


@pytest.mark.parametrize("number", ["", "-", "У-1", "A" * 21, "a b", "../x", "A-"])
def test_a_number_that_no_paper_could_bear_is_refused(desk_of: Doors, camp: Camp, number: str) -> None:
    answer = desk_of(Role.REGISTRAR).post("/register/", FORM | {"number": number, "camp": str(camp.pk)})
    assert answer.status_code == 400
    assert not Person.objects.exists()


@pytest.mark.parametrize("day", ["", "2999-01-01", "2026-02-30", "yesterday"])
def test_a_day_that_cannot_be_is_refused(desk_of: Doors, person: Person, day: str) -> None:
    answer = desk_of(Role.MEDICAL).post(f"/persons/{person.number}/enter/", {"event": "sickness.began", "day": day})
    assert answer.status_code == 400
    assert not Event.objects.filter(kind=PersonEvent.FELL_SICK.value).exists()


def test_what_is_dated_before_the_arrival_is_refused(desk_of: Doors, person: Person) -> None:
    said = {"event": "sickness.began", "day": date(2026, 9, 1).isoformat()}
    answer = desk_of(Role.MEDICAL).post(f"/persons/{person.number}/enter/", said)
    assert "before the person arrived" in answer.content.decode()


@pytest.mark.rule("R28")
def test_an_illness_is_entered_by_the_medical_office_alone(desk_of: Doors, person: Person) -> None:
    said = {"event": "sickness.began", "day": ARRIVAL.isoformat()}
    path = f"/persons/{person.number}/enter/"
    assert desk_of(Role.REGISTRAR).post(path, said).status_code == 400
    assert desk_of(Role.MEDICAL).post(path, said).status_code == 302
    assert Event.objects.filter(kind=PersonEvent.FELL_SICK.value).count() == 1


def test_what_did_not_happen_stays_to_be_seen_and_counts_no_more(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(Role.MAIL_OFFICE), f"/persons/{person.number}/"
    browser.post(path + "enter/", {"event": "card.sent", "day": ARRIVAL.isoformat()})
    assert "Capture card to the family" not in text(browser, path)
    (strike,) = set(re.findall(r'action="([^"]*/correct/[^"]*)"', text(browser, path)))
    browser.post(strike, {"wrong": "yes"})
    page = text(browser, path)
    assert "Capture card to the family" in page
    assert "<s>capture card sent</s>" in page


def test_a_wrong_day_is_put_right_on_the_page_itself(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/persons/{person.number}/"
    arrived, earlier = Event.objects.get(kind="arrived"), ARRIVAL - timedelta(days=1)
    page, named = text(browser, path), name(Table.EVENTS, arrived.pk)
    assert f'id="day-{named}" name="day" type="date"' in page
    (address,) = set(re.findall(rf'action="([^"]*/correct/{named}/)"', page))
    assert browser.post(address, {"day": earlier.isoformat(), "precision": "day"}).status_code == 302
    assert Event.objects.get(corrects=arrived).happened == earlier


def test_a_wrong_day_of_a_camp_is_put_right_on_its_page(desk_of: Doors, registrar: Operator, camp: Camp) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/"
    posted = acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, When(ARRIVAL), of="uk")
    (address,) = set(re.findall(rf'action="({path}correct/[^"]*)"', text(browser, path)))
    assert "Correct the day" in text(browser, path)
    assert browser.post(address, {"day": "2999-01-01"}).status_code == 400
    later = ARRIVAL + timedelta(days=1)
    assert browser.post(address, {"day": later.isoformat()}).status_code == 302
    row = Event.objects.get(corrects=posted)
    assert (row.happened, row.of, row.stands) == (later, "uk", True)
    assert Owed.objects.get(camp=camp, duty="convention", of="uk").since == later


def test_a_persons_and_a_camps_page_lead_on_by_what_one_came_for(desk_of: Doors, person: Person, camp: Camp) -> None:
    def ways(role: Role, path: str = f"/persons/{person.number}/") -> dict[str, list[str]]:
        page = text(desk_of(role), path).partition('class="onward"')[2].partition("</nav>")[0]
        sections = page.split("<section>")[1:]
        return {re.findall(r"<h2>(.*?)</h2>", one)[0]: re.findall(r">([^<]+)</a>", one) for one in sections}

    assert list(ways(Role.REGISTRAR, f"/camps/{camp.pk}/")) == ["Papers", "Movements", "Life in the camp"]
    assert list(ways(Role.MEDICAL, f"/camps/{camp.pk}/")) == ["Life in the camp"]
    mine = ways(Role.REGISTRAR)
    assert list(mine) == ["Papers", "Movements", "Wishes and complaints", "Put right"]
    assert mine["Papers"][0] == "Details"
    assert mine["Put right"][0] == "Correct the number"
    assert "Medical sheet" in ways(Role.MEDICAL)["Papers"]
    assert "Put right" not in ways(Role.MEDICAL)


@pytest.mark.rule("R43")
def test_that_somebody_fears_to_return_and_what_was_decided_stands_on_no_page_of_other_offices(
    desk_of: Doors, person: Person, registrar: Operator
) -> None:
    for event in (PersonEvent.TO_BE_SENT_HOME_SICK, PersonEvent.FEAR_STATED, PersonEvent.RETURN_DECIDED):
        acts.happen(registrar, person, event, When(ARRIVAL))
    tells = (telling.EVENTS[PersonEvent.FEAR_STATED], telling.EVENTS[PersonEvent.RETURN_DECIDED])
    for role in sorted(roles.here() - {Role.ADMINISTRATOR}, key=str):
        page = desk_of(role).get(f"/persons/{person.number}/").content.decode()
        shown = {str(words) for words in tells if str(words) in page.partition("What happened")[2]}
        assert len(shown) == 2 * (role in {Role.REGISTRAR, Role.COUNSEL, Role.MONITOR}), role


@pytest.mark.rule("R28", "R43")
def test_that_somebody_is_to_be_sent_home_sick_is_known_to_doctors_and_to_those_who_do_it(
    desk_of: Doors, person: Person, registrar: Operator
) -> None:
    acts.happen(registrar, person, PersonEvent.TO_BE_SENT_HOME_SICK, When(ARRIVAL))
    found, duty = str(telling.EVENTS[PersonEvent.TO_BE_SENT_HOME_SICK]), "Return of who is seriously sick"
    knows, sees = set(), set()
    for role in sorted(roles.here() - {Role.ADMINISTRATOR}, key=str):
        browser = desk_of(role)
        page = browser.get(f"/persons/{person.number}/").content.decode()
        if found in page.partition("What happened")[2]:
            knows.add(role)
        if duty in page + browser.get("/duties/").content.decode():
            sees.add(role)
    assert knows == {Role.REGISTRAR, Role.MEDICAL, Role.MONITOR}
    assert sees == {Role.REGISTRAR, Role.MONITOR}  # the doctors would see it go when a return is decided on


@pytest.mark.rule("R22")
def test_an_older_page_of_details_does_not_blank_what_a_colleague_has_written(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/persons/{person.number}/details/"
    opened = inputs_of(text(browser, path))
    assert opened["seen"] not in {str(row.pk) for row in Sealed.objects.all()}  # a number would count what others wrote
    assert browser.post(path, opened | {"next_of_kin_address": "Вулиця 1"}).status_code == 302
    answer = browser.post(path, opened | {"surname": "Інший"})
    assert answer.status_code == 400
    assert "A colleague has written this" in answer.content.decode()
    assert 'value="Інший"' in answer.content.decode()
    assert inputs_of(text(browser, path))["next_of_kin_address"] == "Вулиця 1"


@pytest.mark.rule("R20")
@pytest.mark.parametrize("role", [Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.COUNSEL, Role.MONITOR])
def test_who_a_person_is_opens_for_registrars_and_the_bureau_alone(desk_of: Doors, person: Person, role: Role) -> None:
    assert desk_of(role).get(f"/persons/{person.number}/details/").status_code == 404
    assert "Чхве" in text(desk_of(Role.BUREAU), f"/persons/{person.number}/details/")


@pytest.mark.rule("R49")
def test_reading_a_persons_details_is_recorded(house: House, person: Person) -> None:
    house.signed_in(Role.REGISTRAR).get(f"/persons/{person.number}/details/")
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert ("custody.identity", person.number) in {(one.act, one.subject) for one in told}


@pytest.mark.rule("R20", "T3")
def test_a_copied_database_names_nobody(person: Person, registrar: Operator) -> None:
    pages = [bytes(row.body) for row in Sealed.objects.all()]
    assert len(pages) == 2  # the registrars' and the Bureau's
    for word in ("Чхве", "Мин", "상등병", "주체", "АБ-123456"):
        assert not any(word.encode() in page or word.encode("utf-16-le") in page for page in pages)
    assert {len(page) for page in pages} == {len(pages[0])}


@pytest.mark.rule("R42", "R30")
def test_what_is_counsels_is_on_no_other_page(desk_of: Doors, person: Person) -> None:
    browsers = [desk_of(role) for role in (Role.CAMP_COMMANDER, Role.MEDICAL, Role.MAIL_OFFICE, Role.BUREAU)]
    path = f"/persons/{person.number}/"
    before = [text(browser, path).lower().count("counsel") for browser in browsers]  # everybody may write to counsel
    Event.objects.create(person=person, kind="counsel.asked", happened=ARRIVAL, entered=ARRIVAL)
    assert [text(browser, path).lower().count("counsel") for browser in browsers] == before


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_the_head_of_custody_leads_only_where_a_role_may_go(house: House, role: Role) -> None:
    browser = house.signed_in(role)
    for link in places(role):
        assert browser.get(link.url).status_code == 200, link.url


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    "path", ["/queue/", "/cases/26-0001/", "/handovers/", "/sheets/", "/phone/", "/phrasebook/", "/duty/"]
)
def test_no_address_of_the_desk_is_here(desk_of: Doors, path: str) -> None:
    assert desk_of(Role.REGISTRAR).get(path).status_code == 404


def test_what_was_typed_stands_beside_the_reason_why_it_was_refused(desk_of: Doors, person: Person) -> None:
    said = {"event": "sickness.began", "day": date(2026, 9, 1).isoformat(), "precision": "month"}
    page = desk_of(Role.MEDICAL).post(f"/persons/{person.number}/enter/", said).content.decode()
    for shown in ('value="sickness.began" selected', 'value="2026-09-01"', 'value="month" selected'):
        assert shown in page
