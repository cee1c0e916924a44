# SPDX-License-Identifier: AGPL-3.0-or-later
"""Half an answer is another answer: what no field holds is refused beside it, shown again whole, and nothing is kept."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.custody.two_worlds.stillness import MOMENT
from tests.custody.two_worlds.walking import Form, Page
from tests.desk.conftest import House

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife.models import Visit
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.custody.reception.models import Sheet
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
LONG = "Ж" * 5_001  # more than any field of custody holds
# What is no number, or no count, has a refusal of its own, and a box of numbers names those that nobody has.
_OTHERWISE = re.compile(r"(number|right|other|count|voters|cast|height|weight|numbers|lines)(-\d+)?")
_NEXT_ROWS = re.compile(
    r"(surname|first_names|rank|birth|service_number)-[1-9]\d*"
)  # of a sheet: they are like the first
# Each form that takes words, by who fills it in: the page that it stands on. `made` below has made what these speak of.
PAGES = [
    (Role.REGISTRAR, "/register/"),
    (Role.REGISTRAR, "/persons/UA-0001/details/"),
    (Role.REGISTRAR, "/arrivals/"),
    (Role.REGISTRAR, "/persons/UA-0001/effects/"),
    (Role.REGISTRAR, "/camps/"),
    (Role.REGISTRAR, "/camps/{camp}/change/"),
    (Role.CAMP_COMMANDER, "/camps/{camp}/representatives/"),
    (Role.REGISTRAR, "/camps/{camp}/visits/{visit}/"),
    (Role.REGISTRAR, "/deaths/UA-0002/"),
    (Role.REGISTRAR, "/persons/UA-0001/wish/"),
    (Role.REGISTRAR, "/persons/UA-0001/return/"),
    (Role.REGISTRAR, "/persons/UA-0001/counsel/"),
    (Role.REGISTRAR, "/bureau/persons/UA-0001/"),
    (Role.REGISTRAR, "/names/"),
    (Role.REGISTRAR, "/complaint/"),
    (Role.COUNSEL, "/complaints/{complaint}/"),
    (Role.COUNSEL, "/bureau/persons/UA-0003/"),
    (Role.MEDICAL, "/deaths/UA-0002/"),
    (Role.MEDICAL, "/medical/camps/{camp}/?all=yes"),
    (Role.MEDICAL, "/medical/persons/UA-0003/"),
    (Role.BUREAU, "/inquiries/ask/"),
    (Role.BUREAU, "/inquiries/{inquiry}/"),
    (Role.MAIL_OFFICE, "/post/parcels/{parcel}/"),
]


def words_of(page: str) -> Iterator[tuple[Form, str]]:
    """Each field of the page that takes words, with the form that it stands in."""
    found = Page("", page).forms
    for form, html in zip(found, re.findall(r"<form\b.*?</form>", page, re.DOTALL), strict=True):
        taken = re.findall(r'<(?:textarea|input(?=[^>]* maxlength))[^>]*? name="([^"]+)"', html)
        yield from ((form, name) for name in taken if form.method == "post" and not _is_apart(name))


def _is_apart(name: str) -> bool:
    return bool(_OTHERWISE.fullmatch(name) or _NEXT_ROWS.fullmatch(name))


def kept() -> dict[str, int]:
    """How many rows there are of everything but the record of who read and typed."""
    theirs = [one for one in apps.get_models() if one.__module__.startswith("safeconduct.desk.custody")]
    return {one._meta.label: one._default_manager.count() for one in theirs}


def filled(form: Form, name: str) -> dict[str, str]:
    """The form with one answer too long and nothing else amiss; of a sheet of arrivals the first row alone."""
    day, is_sheet = MOMENT.date().isoformat(), "number-0" in form.said
    said = {key: ARRIVAL.isoformat() if value == day else value for key, value in form.said.items()}
    if is_sheet:
        said = {key: value for key, value in said.items() if not re.fullmatch(r"numbers|.*-[1-9]\d*", key)}
    right = {"number": "UA-9", "number-0": "UA-9", "time": "09:30", "height": "180"}
    return said | {key: value for key, value in right.items() if key in said} | {name: LONG}


@pytest.fixture
def made(desk_of: Doors, house: House, registrar: Operator, camp: Camp, person: Person) -> dict[str, int]:
    """A death, a visit, a worry, a complaint, an inquiry, a parcel, and somebody ill: the rows that pages are named by."""
    for number in ("UA-0002", "UA-0003"):
        acts.register(registrar, number, camp, SOMEBODY, When(ARRIVAL))
    browser, day = desk_of(Role.REGISTRAR), {"day": ARRIVAL.isoformat()}
    browser.post("/deaths/UA-0002/write/", {"died": ARRIVAL.isoformat()})
    browser.post(f"/camps/{camp.pk}/visits/ask/", day | {"body": "red-cross"})
    browser.post("/bureau/persons/UA-0003/worry/", {"words": "fear"})
    browser.post("/complaint/", {"words": "cold"})
    desk_of(Role.BUREAU).post("/inquiries/ask/", {"name": "Choe Min"})
    sheet = day | {"sheet": "came", "kind": "parcel", "camp": camp.pk, "ticket": "ab" * 16, "lines": person.number}
    desk_of(Role.MAIL_OFFICE).post("/post/sheet/", sheet)
    ill = Person.objects.get(number="UA-0003")
    acts.enter(house.person(Role.MEDICAL).operator, ill, PersonEvent.SERIOUSLY_ILL, When(ARRIVAL))
    Event.objects.create(
        person=ill, kind=PersonEvent.TRANSFER_PLANNED.value, happened=ARRIVAL, precision="day", entered=ARRIVAL
    )
    rows: dict[str, type[Model]] = {"visit": Visit, "complaint": Complaint, "inquiry": Inquiry, "parcel": Piece}
    return {"camp": camp.pk} | {name: kind._default_manager.get().pk for name, kind in rows.items()}


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_what_no_field_holds_is_refused_beside_it_and_shown_whole(
    desk_of: Doors, made: dict[str, int], role: Role, path: str
) -> None:
    browser, path = desk_of(role), path.format_map(made)
    fields = list(words_of(browser.get(path).content.decode()))
    assert fields
    for form, name in fields:
        before = kept()
        answer = browser.post(form.action or path, filled(form, name))
        page = unescape(answer.content.decode())
        assert answer.status_code in {400, 409}, name
        assert page.count(LONG) >= 1, name
        assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', page), name
        assert re.search(r"At most \d+ (lines|characters)", page), name
        assert kept() == before, name


BY_ROWS = {"/arrivals/", "/medical/camps/{camp}/?all=yes"}  # the head first; then each row by itself


@pytest.mark.parametrize(("role", "path"), [one for one in PAGES if one[1] not in BY_ROWS])
def test_of_several_answers_that_no_field_holds_all_are_marked(
    desk_of: Doors, made: dict[str, int], role: Role, path: str
) -> None:
    browser, path = desk_of(role), path.format_map(made)
    fields = list(words_of(browser.get(path).content.decode()))
    for form in {form.action: form for form, _ in fields}.values():
        names = {name for one, name in fields if one is form}
        long = LONG if len(names) < 20 else LONG[:300]  # a page takes only so much
        said = {key: value for name in names for key, value in filled(form, name).items()} | dict.fromkeys(names, long)
        page = browser.post(form.action or path, said).content.decode()
        marked = set(re.findall(r'name="([^"]+)"[^>]*aria-invalid="true"', page))
        assert names <= marked


DAYS = [
    ("/register/", "in_power_since"),
    ("/register/", "day"),
    ("/persons/UA-0001/details/", "in_power_since"),
    ("/arrivals/", "in_power_since"),
    ("/arrivals/", "day"),
    ("/complaint/", "day"),
    ("/deaths/UA-0002/", "will_sent"),
    ("/camps/{camp}/visits/{visit}/", "day"),
    ("/persons/UA-0001/wish/", "day"),
    ("/persons/UA-0001/return/", "day"),
]


@pytest.mark.parametrize(("path", "name"), DAYS)
def test_what_is_no_day_is_refused_beside_its_field_and_never_dropped(
    desk_of: Doors, made: dict[str, int], path: str, name: str
) -> None:
    browser, path = desk_of(Role.REGISTRAR), path.format_map(made)
    (form,) = [one for one in Page("", browser.get(path).content.decode()).forms if name in one.said]
    said = filled(form, name) | {name: "3.11.26"}
    before = kept()
    answer = browser.post(form.action or path, said | {"to": "1"})
    page = answer.content.decode()
    assert answer.status_code in {400, 409}
    assert re.search(rf'name="{name}"[^>]*value="3.11.26"[^>]*aria-invalid="true"', page)
    assert kept() == before


@pytest.mark.parametrize("path", ["/camps/", "/camps/{camp}/change/"])
def test_places_that_are_no_number_are_refused_beside_their_field(
    desk_of: Doors, made: dict[str, int], path: str
) -> None:
    browser, path = desk_of(Role.REGISTRAR), path.format_map(made)
    said = {
        "name": "Dalni",
        "kind": "permanent",
        "day": ARRIVAL.isoformat(),
        "places-officers": "4O",
        "places-women": "-3",
    }
    before = kept()
    page = browser.post(path, said).content.decode()
    assert set(re.findall(r'name="(places-\w+)"[^>]*aria-invalid="true"', page)) == {"places-officers", "places-women"}
    assert 'value="4O"' in page
    assert kept() == before


def test_a_field_of_a_death_that_was_emptied_stays_empty_when_another_is_refused(
    desk_of: Doors, made: dict[str, int]
) -> None:
    browser, path = desk_of(Role.REGISTRAR), "/deaths/UA-0002/"
    said = {"died": ARRIVAL.isoformat(), "place": "In the ward", "grave": "Row 4"}
    seen = re.findall(r'name="seen" value="([^"]*)"', browser.get(path).content.decode())[0]
    browser.post(path + "write/", said | {"seen": seen})
    assert "In the ward" in browser.get(path).content.decode()
    page = browser.post(path + "write/", said | {"place": "", "grave": LONG}).content.decode()
    assert re.search(r'name="place"[^>]*value=""', page)


def test_one_row_of_a_sheet_is_refused_and_holds_up_no_other(desk_of: Doors, camp: Camp) -> None:
    rows = {"number-0": "UA-1", "rank-0": "Ж" * 61, "number-1": "UA-2", "rank-1": "Ж" * 60}
    said = {"camp": str(camp.pk), "day": ARRIVAL.isoformat(), "ticket": "ab" * 16, **rows}
    browser = desk_of(Role.REGISTRAR)
    assert f'value="{"Ж" * 61}"' in browser.post("/arrivals/", said).content.decode()
    assert set(Person.objects.values_list("number", flat=True)) == {"UA-2"}
    sheet = Sheet.objects.get()
    answer = browser.post(f"/arrivals/{sheet.pk}/", {"number-0": "UA-1", "rank-0": "Ж" * 61})
    assert (answer.status_code, sheet.rows.count()) == (400, 1)
    assert f'value="{"Ж" * 61}"' in answer.content.decode()
