# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many lines on one page: nothing is lost, and nothing is entered twice."""

import re

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.custody.post.conftest import Enter

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.operators.models import Operator


def pieces() -> list[tuple[str, str, str]]:
    return [(one.person.number, one.kind, one.way) for one in Piece.objects.order_by("person__number", "pk")]


def field(page: str) -> str:
    found = re.search(r'<textarea id="lines"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.rule("R29")
def test_a_sack_is_entered_line_by_line_with_kind_and_count(enter: Enter, person: Person, camp: Camp) -> None:
    page = enter("ua-0001\n\nUA-0001 card 2\nUA-0001;p\n")
    assert "<strong>3 were entered.</strong>" in page
    assert [kind for _, kind, _ in pieces()] == ["letter", "card", "card", "parcel"]
    assert Event.objects.filter(person=person, kind="mail.received", happened=ARRIVAL).count() == 3
    assert Event.objects.filter(person=person, kind="parcel.received").count() == 1


@pytest.mark.rule("R29")
def test_what_cannot_be_entered_comes_back_with_its_reason_and_in_its_order(enter: Enter, person: Person) -> None:
    page = enter("UA-9\nUA-0001\nUA-0001 telegram\nUA-0001 0\nUA-0001 card")
    assert field(page) == "UA-9\nUA-0001 telegram\nUA-0001 0"
    assert "Nobody has this number." in page
    assert "Write a number, then letter, card or parcel" in page
    assert [kind for _, kind, _ in pieces()] == ["letter", "card"]


def test_each_line_that_failed_is_named_by_its_place_and_leads_to_the_box(enter: Enter, person: Person) -> None:
    page = enter("UA-0001\n\nUA-9\nUA-0001 telegram")
    told = re.findall(r'<li><a href="#lines">(Line \d)</a>: <strong dir="auto">([^<]*)</strong>', page)
    assert told == [("Line 3", "UA-9"), ("Line 4", "UA-0001 telegram")]
    assert "What was not entered is still here" in page


@pytest.mark.parametrize(
    ("sheet", "line", "told"),
    [
        ("handed-in", "UA-0001 parcel", "enter its line again under"),
        ("forms", "UA-0001 card", "the number alone on the line"),
    ],
)
def test_a_line_that_its_sheet_does_not_take_says_what_to_do(
    enter: Enter, person: Person, sheet: str, line: str, told: str
) -> None:
    page = enter(line, sheet=sheet)
    assert told in page
    assert field(page) == line
    assert not pieces()


@pytest.mark.rule("R29")
def test_a_page_that_is_sent_again_enters_nothing_twice(enter: Enter, person: Person) -> None:
    for _ in range(2):
        page = enter("UA-0001\nUA-9\nUA-0001")
        assert field(page) == "UA-9"
    assert len(pieces()) == Event.objects.filter(kind="mail.received").count() == 2


@pytest.mark.rule("R29")
def test_neither_a_long_line_nor_many_lines_keep_the_others_from_being_entered(enter: Enter, person: Person) -> None:
    long, spaced = "U" * 66_000, f"UA-0001{' ' * 66_000}card"
    assert field(enter(f"{long}\nUA-0001\n{spaced}")) == f"{long}\n{spaced}"
    many = [*(f"UA-{turn}{' ' * 150}card" for turn in range(500)), *(f"UA-{turn}" for turn in range(4_500))]
    assert field(enter("\n".join(["UA-0001 card", *many]))).splitlines() == many
    assert [kind for _, kind, _ in pieces()] == ["letter", "card"]


@pytest.mark.rule("R25")
def test_a_number_that_nobody_could_have_keeps_no_card_from_being_entered(office: Client, person: Person) -> None:
    said = {"number": [person.number, "U" * 66_000], "day": ARRIVAL.isoformat()}
    assert office.post("/post/cards/", said).status_code == 200
    assert Event.objects.filter(person=person, kind="card.sent").exists()


def test_what_came_back_and_was_mended_is_a_piece_of_its_own(enter: Enter, person: Person) -> None:
    page = enter("UA-0001\nUA-9")
    ticket = re.search(r'name="ticket" value="([0-9a-f]{32})"', page)
    assert ticket
    enter("UA-0001", ticket=ticket.group(1))
    assert len(pieces()) == 2


def test_more_lines_than_are_entered_at_once_stay_on_the_page(enter: Enter, person: Person) -> None:
    page = enter("x\n" * 500 + "UA-0001")
    assert field(page).endswith("\nUA-0001")
    assert "Send the rest now" in page
    assert pieces() == []


@pytest.mark.parametrize("said", [{"day": ""}, {"day": "2999-01-01"}, {"camp": ""}])
def test_without_a_day_that_can_be_or_a_camp_all_lines_stay(
    office: Client, camp: Camp, person: Person, said: dict[str, str]
) -> None:
    usual = {"sheet": "handed-in", "kind": "letter", "camp": camp.pk, "day": ARRIVAL.isoformat(), "ticket": "ab" * 16}
    page = office.post("/post/sheet/", usual | {"lines": "UA-0001"} | said).content.decode()
    assert field(page) == "UA-0001"
    assert pieces() == []


@pytest.mark.rule("R29")
def test_forms_are_offered_to_many_and_once_a_day(
    enter: Enter, person: Person, registrar: Operator, camp: Camp
) -> None:
    acts.register(registrar, "UA-0002", camp, SOMEBODY, When(ARRIVAL))
    page = enter("UA-0001\nUA-0002\nUA-0002", sheet="forms")
    assert "<strong>2 were entered.</strong>" in page
    assert field(page) == "UA-0002"
    assert Event.objects.filter(kind="mail.offered").count() == 2


@pytest.mark.rule("R34")
def test_mail_for_who_was_transferred_is_named_to_be_sent_after_them(
    enter: Enter, person: Person, camp: Camp, other: Camp, registrar: Operator
) -> None:
    page = enter("UA-0001", camp=other.pk)
    assert "Send their mail after them" in page
    assert "UA-0001</a>: Stanytsia" in page
