# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of wishes, lists, returns and counsel, through the browser of each office."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.wishes.conftest import to_be_sent_home, wish
from tests.desk.conftest import House

from safeconduct.desk.custody import numbering
from safeconduct.desk.custody.models import Event, Person, Sealed
from safeconduct.desk.custody.wishes import acts, listing, sheets
from safeconduct.desk.custody.wishes.models import Clearance, ExchangeList
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.wishes import WishKind

Doors = Callable[[Role], Client]
Confirmed = Callable[[Person], Person]
R, N = Role.REGISTRAR, Role.COUNSEL
EVERY_OFFICE = roles.ACTS["custody.to_counsel"]
READ = {
    "/persons/UA-0001/wish/": {R, N},
    "/persons/UA-0001/wish/record/": {R},
    "/wishes/sheet/uk/": {R, N},
    "/persons/UA-0001/return/": {R, N},
    "/persons/UA-0001/counsel/": EVERY_OFFICE,
    "/persons/UA-0001/counsel/words/": {N},
    "/counsel/": {N},
    "/exchange/": {R},
    "/exchange/{pk}/": {R},
    "/exchange/{pk}/paper/": {R},
}
WRITTEN = [
    "/persons/UA-0001/wish/", "/persons/UA-0001/return/check/", "/persons/UA-0001/return/propose/",
    "/persons/UA-0001/return/confirm/", "/exchange/", "/exchange/{pk}/approve/", "/exchange/{pk}/hand-over/", "/exchange/{pk}/told/",
    "/exchange/{pk}/drop/",
]  # fmt: skip


def form(**changed: str) -> dict[str, str]:
    said = {
        "wish": "exchange", "day": timezone.localdate().isoformat(), "time": "", "name": "Чхве Мин", "language": "ko-KP",
        "sheet": "1", "interpreter": "Kim", "witness": "Anna Weber", "witness_office": "red_cross", "words": "",
    }  # fmt: skip
    return said | {"is_signed": "yes", "copy_given": "yes"} | changed


@pytest.fixture
def row(keys: Keyring, person: Person, confirmed: Confirmed) -> ExchangeList:
    return listing.build(keys, [confirmed(person)])[0]


@pytest.mark.rule("R43", "T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_address_opens_for_its_offices_alone(house: House, row: ExchangeList, role: Role) -> None:
    ExchangeList.objects.update(state="handed-over")
    browser = house.signed_in(role)
    for path, allowed in READ.items():
        assert browser.get(path.format(pk=row.pk)).status_code == (200 if role in allowed else 404), path
    if role is not R:
        assert {browser.post(path.format(pk=row.pk)).status_code for path in WRITTEN} == {404}


@pytest.mark.rule("R38", "R39", "R40")
def test_a_registrar_enters_a_wish_and_sees_what_counts_and_what_is_missing(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(R), f"/persons/{person.number}/wish/"
    assert "undecided" in browser.get(path).content.decode()
    assert browser.post(path, form(wish="stay")).status_code == 302
    page = browser.get(path).content.decode()
    assert "What counts: <strong>to stay in this country</strong>" in page
    later = form(wish="exchange", witness="Registrar one", time="00:01")
    assert browser.post(path, later).status_code == 302
    page = browser.get(path).content.decode()
    assert "What counts: <strong>to stay in this country</strong>" in page
    assert "a witness who is neither the interpreter nor the registrar" in page
    assert "counts for nothing" in page


@pytest.mark.rule("R39")
def test_a_first_record_that_is_incomplete_is_not_said_to_come_later_than_anything(
    desk_of: Doors, keys: Keyring, person: Person
) -> None:
    browser, path = desk_of(R), f"/persons/{person.number}/wish/"
    acts.take(keys, person, wish(hours_ago=3, is_signed=False))
    page = browser.get(path).content.decode()
    assert ("What was said is in a record that is incomplete" in page, "said later" in page) == (True, False)
    acts.take(keys, person, wish(hours_ago=2))
    acts.take(keys, person, wish(WishKind.STAY, 1, is_signed=False))
    assert "Something was said later, in a record that is incomplete" in browser.get(path).content.decode()


@pytest.mark.parametrize("changed", [{"day": ""}, {"day": "2999-01-01"}, {"time": "25:99"}])
def test_a_moment_that_cannot_be_keeps_what_was_typed(desk_of: Doors, person: Person, changed: dict[str, str]) -> None:
    answer = desk_of(R).post(f"/persons/{person.number}/wish/", form(**changed))
    assert answer.status_code == 400
    assert 'value="Anna Weber"' in answer.content.decode()
    assert not Sealed.objects.filter(kind="wish").exists()


@pytest.mark.rule("R40", "R43")
def test_a_list_goes_from_one_registrar_to_another_and_onto_paper(
    desk_of: Doors, second_browser: Client, person: Person, keys: Keyring, confirmed: Confirmed
) -> None:
    confirmed(person)
    first = desk_of(R)
    assert "Чхве Мин" in first.post("/exchange/", {"numbers": f"{person.number.lower()}\n"}).content.decode()
    (row,) = ExchangeList.objects.all()
    path = f"/exchange/{row.pk}/"
    assert first.post(path + "approve/").status_code == 409
    assert first.get(path + "paper/").status_code == 404
    assert second_browser.post(path + "approve/").status_code == 302
    assert first.post(path + "hand-over/").status_code == 302
    assert first.get(path + "paper/").content.startswith(b"%PDF-")


@pytest.mark.rule("R40")
def test_a_wish_withdrawn_after_the_approval_is_seen_on_the_list(
    desk_of: Doors, second: Keyring, keys: Keyring, person: Person, row: ExchangeList
) -> None:
    listing.approve(second, row.pk)
    acts.take(keys, person, wish(WishKind.NO_EXCHANGE))
    browser, path = desk_of(R), f"/exchange/{row.pk}/"
    assert "1 person on it cannot stay on it now" in browser.get(path).content.decode()
    browser.post(path + "hand-over/")
    assert ExchangeList.objects.get().state == "dropped"
    assert browser.get(path + "paper/").status_code == 404


@pytest.mark.rule("R40")
def test_a_list_that_the_approval_empties_is_said_to_be_dropped_and_waits_for_nobody(
    second_browser: Client, keys: Keyring, person: Person, row: ExchangeList
) -> None:
    acts.take(keys, person, wish(WishKind.STAY))
    page = second_browser.post(f"/exchange/{row.pk}/approve/").content.decode()
    assert "the list was dropped:" in page
    assert f"<li>{person.number}: taken off</li>" in page
    assert "approval again" not in page


@pytest.mark.rule("R40", "R41")
def test_whoever_enters_another_wish_hears_that_the_exchange_office_has_their_name(
    desk_of: Doors, second: Keyring, keys: Keyring, person: Person, row: ExchangeList
) -> None:
    listing.approve(second, row.pk)
    listing.hand_over(keys, row.pk)
    browser, path, told = desk_of(R), f"/exchange/{row.pk}/", "the exchange office has a list with their name on it"
    assert told not in browser.get("/persons/UA-0001/wish/").content.decode()
    answer = browser.post("/persons/UA-0001/wish/", form(wish="stay"), follow=True).content.decode()
    assert told in answer
    assert f'href="{path}"' in answer
    page = browser.get(path).content.decode()
    assert "can no longer be exchanged" in page
    assert "Print for the exchange office" not in page
    assert browser.get(path + "paper/").status_code == 409


@pytest.mark.rule("R40")
@pytest.mark.parametrize("numbers", ["", "UA-9999", "UA-0001 UA-9999", "UA-0001"])
def test_numbers_that_can_make_no_list_are_refused(desk_of: Doors, person: Person, numbers: str) -> None:
    answer = desk_of(R).post("/exchange/", {"numbers": numbers})
    assert answer.status_code == 400
    assert numbers in answer.content.decode()
    assert not ExchangeList.objects.exists()


def test_a_refusal_names_each_number_that_nobody_has_and_keeps_what_was_typed(desk_of: Doors, person: Person) -> None:
    answer = desk_of(R).post("/exchange/", {"numbers": f"{person.number}, n-7 n-8"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Nobody has or had: N-7, N-8." in page
    assert f"{person.number}, n-7 n-8" in page


@pytest.mark.rule("R40")
def test_a_list_of_nobody_says_of_each_why(desk_of: Doors, person: Person) -> None:
    page = desk_of(R).post("/exchange/", {"numbers": person.number}).content.decode()
    assert f"<li>{person.number}: no valid record says that they wish to be exchanged</li>" in page


@pytest.mark.rule("R40")
def test_a_list_that_is_sent_twice_from_one_page_is_built_once_and_from_another_names_the_first(
    desk_of: Doors, person: Person, confirmed: Confirmed
) -> None:
    confirmed(person)
    browser, said = desk_of(R), {"numbers": person.number}
    (ticket,) = re.findall(r'name="ticket" value="([0-9a-f]+)"', browser.get("/exchange/").content.decode())
    assert browser.post("/exchange/", said | {"ticket": ticket}).status_code == 200
    again = browser.post("/exchange/", said | {"ticket": ticket})
    assert (again.status_code, again["Location"]) == (302, "/exchange/")
    answer = browser.post("/exchange/", said)
    assert answer.status_code == 400
    assert f"<li>{person.number}: already on a list" in answer.content.decode()
    assert ExchangeList.objects.count() == 1


def test_a_number_that_was_put_right_still_brings_somebody_on_a_list(
    desk_of: Doors, registrar: Operator, person: Person, confirmed: Confirmed
) -> None:
    confirmed(numbering.renumber(registrar, person, "UA-0021"))
    page = desk_of(R).post("/exchange/", {"numbers": "ua-0001 ua-0021"}).content.decode()
    assert page.count('<th scope="row" class="one-word">UA-0021</th>') == 1


@pytest.mark.rule("R41")
def test_a_return_that_was_not_checked_is_refused_with_what_to_do(
    desk_of: Doors, keys: Keyring, person: Person
) -> None:
    to_be_sent_home(keys.operator, person)
    browser, path = desk_of(R), f"/persons/{person.number}/"
    gone = {"event": "repatriated", "day": timezone.localdate().isoformat()}
    answer = browser.post(path + "enter/", gone)
    assert answer.status_code == 400
    assert "Check it on their page, under Return" in answer.content.decode()
    assert browser.post(path + "return/check/", {"way": "exchange"}).status_code == 409
    assert browser.post(path + "return/check/", {"way": "sick"}).status_code == 302
    assert Clearance.objects.filter(person=person).exists()
    assert browser.post(path + "enter/", gone).status_code == 302


@pytest.mark.rule("R41")
def test_a_decision_is_proposed_by_one_registrar_and_confirmed_by_another(
    desk_of: Doors, second_browser: Client, person: Person
) -> None:
    browser, path = desk_of(R), f"/persons/{person.number}/return/"
    said = {"outcome": "not_returned", "grounds": "Threatened.", "decided_by": "A. Bondar"}
    assert browser.post(path + "propose/", said).status_code == 400
    assert browser.post(path + "propose/", said | {"decided_by": "A. Bondar\nO. Hnat"}).status_code == 302
    assert browser.post(path + "confirm/").status_code == 409
    page = second_browser.get(path).content.decode()
    (read,) = re.findall(r'name="read" value="([^"]+)"', page)
    browser.post(path + "propose/", said | {"decided_by": "A. Bondar\nO. Hnat", "outcome": "may_return"})
    answer = second_browser.post(path + "confirm/", {"read": read})
    assert (answer.status_code, "Another decision was proposed" in answer.content.decode()) == (409, True)
    (read,) = re.findall(r'name="read" value="([^"]+)"', answer.content.decode())
    assert second_browser.post(path + "confirm/", {"read": read}).status_code == 302
    assert Event.objects.filter(person=person, kind="return.decided").count() == 1
    assert "Threatened." in desk_of(N).get(path).content.decode()


@pytest.mark.rule("R39")
@pytest.mark.parametrize("tag", sheets.languages())
def test_the_sheet_is_shown_in_its_language_and_direction(desk_of: Doors, tag: str) -> None:
    page = desk_of(R).get(f"/wishes/sheet/{tag}/").content.decode()
    assert f'<article class="card" lang="{tag}" dir="' in page


def test_there_is_no_sheet_in_a_language_nobody_speaks_here(desk_of: Doors) -> None:
    assert desk_of(R).get("/wishes/sheet/xx/").status_code == 404


@pytest.mark.rule("R42")
def test_counsel_sees_who_waits_and_that_words_came(desk_of: Doors, keys: Keyring, person: Person) -> None:
    acts.tell_counsel(keys.operator, person, "words")
    browser = desk_of(N)
    assert "not yet" in browser.get("/counsel/").content.decode()
    seen = {"event": "counsel.saw", "day": timezone.localdate().isoformat()}
    assert browser.post(f"/persons/{person.number}/enter/", seen).status_code == 302
    assert "not yet" not in browser.get("/counsel/").content.decode()


@pytest.mark.rule("R40")
def test_of_two_papers_of_one_day_without_times_the_page_shows_the_later_entry(desk_of: Doors, person: Person) -> None:
    browser, path = desk_of(R), f"/persons/{person.number}/wish/"
    for kind in ("exchange", "stay"):
        assert browser.post(path, form(wish=kind)).status_code == 302
    page = browser.get(path).content.decode()
    assert "What counts: <strong>to stay in this country</strong>" in page
    assert (page.count("no time told"), "00:00" in page) == (2, False)


@pytest.mark.rule("R40")
def test_the_hours_between_two_records_are_told_before_anybody_acts(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    wish = browser.get(f"/persons/{person.number}/wish/").content.decode()
    assert wish.index("at least 12 hours apart") < wish.index('id="wish"')
    assert "not older than 72 hours" in wish
    lists = browser.get("/exchange/").content.decode()
    assert "at least 12 hours after the first time" in lists
    assert lists.index("at least 12 hours") < lists.index('id="numbers"')
