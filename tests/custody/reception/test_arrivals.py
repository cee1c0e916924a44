# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forty arrivals on one sheet: what a registrar types is entered or comes back, and nothing is entered twice."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, inputs_of
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.reception.models import Sheet
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator, Team
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
PATH = "/arrivals/"
ROW = {
    "surname": "Мельник", "first_names": "Степан", "rank": "ефрейтор", "birth": "02.04.1999", "service_number": "АБ-1",
    "health": "sick",
}  # fmt: skip


def sheet(camp: Camp, *rows: dict[str, str], **head: str) -> dict[str, str]:
    """A page as a browser sends it: all of its rows, filled in or not."""
    said = {"ticket": "ab" * 16, "camp": str(camp.pk), "day": ARRIVAL.isoformat(), "numbers": ""} | head
    for place in range(40):
        row = rows[place] if place < len(rows) else {}
        names = ("number", "seen", "surname", "first_names", "rank", "birth", "service_number", "language", "health")
        said |= {f"{name}-{place}": row.get(name, "") for name in names}
        said |= {f"minor-{place}": "yes"} if row.get("minor") else {}
    return said


def known(house: House, number: str) -> Received:
    registrar = house.person(Role.REGISTRAR)
    told = sealed.identity(Keyring(registrar.operator, house.opened(registrar)), Person.objects.get(number=number))
    assert told is not None
    return told


def shown(browser: Client) -> dict[str, str]:
    """What the last sheet's page holds, as it would be sent again."""
    return fields_of(browser.get(f"/arrivals/{Sheet.objects.get().pk}/").content.decode())


def fields_of(page: str) -> dict[str, str]:
    fields = dict(re.findall(r'<input (?!type="checkbox")[^>]*?name="([a-z_]+-\d+)"[^>]*? value="([^"]*)"', page))
    for name, body in re.findall(r'<select id="([a-z_]+-\d+)"(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'value="([^"]*)" selected', body)
        fields[name] = picked[1] if picked else ""
    return fields


@pytest.mark.rule("R22")
def test_forty_people_are_entered_on_one_page(desk_of: Doors, house: House, camp: Camp) -> None:
    rows = [ROW | {"number": f"UA-{place:04}"} for place in range(40)]
    answer = desk_of(Role.REGISTRAR).post(PATH, sheet(camp, *rows, language="ru", power="Россия"))
    assert answer["Location"] == f"/arrivals/{Sheet.objects.get().pk}/"
    assert Person.objects.count() == Owed.objects.filter(duty="card").count() == 40
    told = known(house, "UA-0039")
    assert (told.surname, told.language, told.power) == ("Мельник", "ru", "Россия")
    assert told.equivalent is not None
    assert told.equivalent.grade == "OR-2"


@pytest.mark.rule("R22")
def test_numbers_alone_are_enough_and_the_rest_is_filled_in_later_on_the_same_sheet(
    desk_of: Doors, house: House, camp: Camp
) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(PATH, sheet(camp, {"number": "A-1"}, numbers="a-2\n\n A-3 \n", language="ru"))
    assert set(Person.objects.values_list("number", flat=True)) == {"A-1", "A-2", "A-3"}
    assert known(house, "A-2") == Received()  # who was asked nothing was asked in no language
    said = shown(browser) | {"surname-1": "Чхве", "surname-2": "Кузнецов", "language-2": "ru", "language": "ko-KP"}
    assert browser.post(f"/arrivals/{Sheet.objects.get().pk}/", said).status_code == 302
    assert known(house, "A-3").language == "ru"
    assert (known(house, "A-2").surname, known(house, "A-2").language) == ("Чхве", "ko-KP")
    assert Sealed.objects.filter(person__number="A-1", team="custody").count() == 1


def test_a_good_row_is_entered_and_a_bad_one_comes_back_with_its_reason_and_what_was_typed(
    desk_of: Doors, person: Person, camp: Camp
) -> None:
    rows = [ROW | {"number": "B-1"}, ROW | {"number": person.number, "surname": "Кузьменко"}, {"surname": "Без номера"}]
    answer = desk_of(Role.REGISTRAR).post(PATH, sheet(camp, *rows))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert Person.objects.filter(number="B-1").exists()
    assert "Another person has this number" in page
    assert "Details without a number" in page
    assert 'value="Кузьменко"' in page
    assert 'value="Без номера"' in page
    assert "2 rows were not entered" in page
    led = re.findall(r'<li><a href="#(number-\d)">Row (\d)(?:, <span dir="auto">([^<]*)</span>)?</a>: [A-Z]', page)
    assert [row for _, row, _ in led] == ["2", "3"]
    assert [number for _, _, number in led] == [person.number, ""]
    assert all(f'id="{place}"' in page for place, _, _ in led)


def test_a_refused_row_is_mended_on_the_page_that_came_back_and_sent_again(desk_of: Doors, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    page = browser.post(PATH, sheet(camp, {"number": "R-1"}, {"number": "r-1", "surname": "Інший"})).content.decode()
    action = re.search(r'enctype="multipart/form-data"[^>]* action="([^"]+)"', page)
    assert action is not None
    answer = browser.post(action[1], fields_of(page) | {"number-1": "R-2"})
    assert answer.status_code == 302
    assert set(Person.objects.values_list("number", flat=True)) == {"R-1", "R-2"}


def test_a_row_that_cannot_be_kept_whole_is_not_entered_half(desk_of: Doors, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    Team.objects.filter(code="medical").update(code="nobody")
    answer = browser.post(PATH, sheet(camp, {"number": "S-1"}, {"number": "S-2", "health": "sick"}))
    assert "A team that must read this has no key yet" in answer.content.decode()
    assert set(Person.objects.values_list("number", flat=True)) == {"S-1"}


def test_two_persons_on_one_sheet_never_have_one_number(desk_of: Doors, camp: Camp) -> None:
    answer = desk_of(Role.REGISTRAR).post(PATH, sheet(camp, {"number": "C-1"}, {"number": "c-1", "surname": "Інший"}))
    assert "stands twice on the sheet" in answer.content.decode()
    assert Person.objects.count() == 1


def test_a_sheet_sent_again_enters_nobody_and_writes_nothing_twice(desk_of: Doors, camp: Camp) -> None:
    browser, said = desk_of(Role.REGISTRAR), sheet(camp, ROW | {"number": "D-1", "minor": "yes"}, {"number": "D-2"})
    for _again in range(3):
        assert browser.post(PATH, said).status_code == 302
    assert (Person.objects.count(), Sheet.objects.count()) == (2, 1)
    assert Event.objects.count() == 6  # the camp, two registered and arrived, one who may be a minor
    assert Sealed.objects.filter(team="custody").count() == 3  # two identities and one state of health


def test_the_same_number_on_another_sheet_is_another_person_and_refused(desk_of: Doors, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(PATH, sheet(camp, {"number": "E-1"}))
    answer = browser.post(PATH, sheet(camp, {"number": "E-1"}, ticket="cd" * 16))
    assert answer.status_code == 400
    assert "Another person has this number" in answer.content.decode()
    assert Sheet.objects.count() == 1


def test_an_older_page_does_not_blank_what_a_colleague_has_written(desk_of: Doors, house: House, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    first = sheet(camp, {"number": "F-1"})
    browser.post(PATH, first)
    path, opened = f"/arrivals/{Sheet.objects.get().pk}/", shown(browser)
    browser.post(path, opened | {"surname-0": "Перший"})
    browser.post(PATH, first)  # the browser's own "send again"
    answer = browser.post(path, opened | {"surname-0": "Другий"})
    assert "A colleague has written this" in answer.content.decode()
    assert 'value="Другий"' in answer.content.decode()
    assert known(house, "F-1").surname == "Перший"


def test_what_the_sheet_does_not_show_stays_when_a_row_is_written_anew(
    desk_of: Doors, house: House, camp: Camp
) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(PATH, sheet(camp, ROW | {"number": "G-1"}, power="Росія"))
    seen = inputs_of(browser.get("/persons/G-1/details/").content.decode())["seen"]
    browser.post("/persons/G-1/details/", ROW | {"power": "Росія", "birth_place": "Тюмень", "seen": seen})
    browser.post(f"/arrivals/{Sheet.objects.get().pk}/", shown(browser) | {"surname-0": "Мельников"})
    told = known(house, "G-1")
    assert (told.surname, told.birth_place, told.power) == ("Мельников", "Тюмень", "Росія")


@pytest.mark.parametrize("wrong", [{"camp": ""}, {"day": ""}, {"day": "2999-01-01"}, {"camp": "99999"}])
def test_a_sheet_without_a_camp_or_a_possible_day_enters_nobody_and_loses_nothing(
    desk_of: Doors, camp: Camp, wrong: dict[str, str]
) -> None:
    answer = desk_of(Role.REGISTRAR).post(PATH, sheet(camp, ROW | {"number": "H-1"}, numbers="H-2") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="H-1"' in page
    assert 'value="H-2"' in page
    assert 'value="Мельник"' in page
    assert not Person.objects.exists()
    assert not Sheet.objects.exists()


def test_more_numbers_than_rows_stay_in_the_box(desk_of: Doors, camp: Camp) -> None:
    numbers = "\n".join(f"K-{place:02}" for place in range(45))
    page = desk_of(Role.REGISTRAR).post(PATH, sheet(camp, numbers=numbers)).content.decode()
    assert Person.objects.count() == 40
    assert "K-40\nK-41\nK-42\nK-43\nK-44</textarea>" in page


def test_forty_full_rows_are_not_too_much_for_one_post(desk_of: Doors, camp: Camp) -> None:
    most = {
        "surname": "최" * 200,
        "first_names": "민" * 200,
        "rank": "병" * 60,
        "birth": "일" * 80,
        "service_number": "군" * 60,
    }
    rows = [most | {"number": f"L-{place:02}", "minor": "yes", "language": "ko-KP"} for place in range(40)]
    assert desk_of(Role.REGISTRAR).post(PATH, sheet(camp, *rows)).status_code == 302
    assert Person.objects.count() == 40


@pytest.mark.rule("R13")
def test_one_tick_on_the_sheet_brings_a_review_of_the_age(desk_of: Doors, camp: Camp) -> None:
    desk_of(Role.REGISTRAR).post(PATH, sheet(camp, {"number": "M-1", "minor": "yes"}, {"number": "M-2"}))
    (owed,) = Owed.objects.filter(duty="minor")
    assert owed.person is not None
    assert (owed.person.number, owed.due) == ("M-1", ARRIVAL + timedelta(days=1))


def test_a_sheet_shows_what_a_date_and_a_rank_mean(desk_of: Doors, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(
        PATH,
        sheet(camp, ROW | {"number": "N-1", "birth": "주체 93년 4월 2일"}, ROW | {"number": "N-2", "birth": "31.02"}),
    )
    page = browser.get(f"/arrivals/{Sheet.objects.get().pk}/").content.decode()
    assert "2 April 2004 (Juche calendar)" in page
    assert "No calendar here has such a date" in page
    assert "OR-2, other ranks" in page


@pytest.mark.rule("R20", "T6")
@pytest.mark.parametrize(
    "role", [Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.BUREAU, Role.COUNSEL, Role.MONITOR]
)
def test_a_sheet_is_the_registrars_alone(desk_of: Doors, camp: Camp, role: Role) -> None:
    desk_of(Role.REGISTRAR).post(PATH, sheet(camp, {"number": "P-1"}))
    browser = desk_of(role)
    assert browser.get(PATH).status_code == browser.get(f"/arrivals/{Sheet.objects.get().pk}/").status_code == 404
    assert browser.post(PATH, sheet(camp, {"number": "P-2"}, ticket="cd" * 16)).status_code == 404
    assert Person.objects.count() == 1


@pytest.mark.rule("R20")
def test_what_was_typed_on_a_sheet_lies_nowhere_in_clear(desk_of: Doors, camp: Camp) -> None:
    desk_of(Role.REGISTRAR).post(PATH, sheet(camp, ROW | {"number": "Q-1"}))
    assert Sheet.objects.get().day == date(2026, 10, 1)
    bodies = [bytes(row.body) for row in Sealed.objects.all()]
    assert not any(word.encode() in body for body in bodies for word in ("Мельник", "sick", "ефрейтор"))
    assert {row.team for row in Sealed.objects.filter(kind="arrival")} == {"custody", "medical"}


def test_the_only_camp_is_chosen_already_and_of_two_none(desk_of: Doors, registrar: Operator, camp: Camp) -> None:
    browser = desk_of(Role.REGISTRAR)
    for path in (PATH, "/register/"):
        assert "<option" in (only := camps_of(browser.get(path).content.decode()))
        assert '<option value=""' not in only
    acts.open_camp(registrar, "Another", CampKind.TRANSIT, {}, When(ARRIVAL))
    for path in (PATH, "/register/"):
        assert '<option value=""' in camps_of(browser.get(path).content.decode())


def camps_of(page: str) -> str:
    return page.partition('<select id="camp"')[2].partition("</select>")[0]
