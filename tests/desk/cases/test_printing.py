# SPDX-License-Identifier: AGPL-3.0-or-later
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, saved_filters
from safeconduct.desk.cases.models import SavedFilter
from safeconduct.desk.cases.queue import Filters
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.applications import Urgency


def test_a_case_on_paper_names_no_colleague_and_no_note(
    line: Line, person: Person, hand: Hand, operator: Client
) -> None:
    number = line.case(person).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("мы здесь"))
    acts.note(hand, number, line.writing("между нами"))
    page = operator.get(f"/cases/{number}/print/").content.decode().split("<main")[1]
    assert "хочу жить" in page
    assert "мы здесь" in page
    assert "между нами" not in page
    assert "operator one" not in page


def test_printing_is_recorded_as_such(line: Line, person: Person, operator: Client) -> None:
    number = line.case(person).number
    before = Entry.objects.count()
    operator.get(f"/cases/{number}/print/")
    assert Entry.objects.count() == before + 2  # a reading, and a printing
    assert "Printed by operator one" in operator.get(f"/cases/{number}/").content.decode()


def test_the_cell_prints_nothing(house: House, line: Line, person: Person) -> None:
    planner = house.signed_in(Role.PLANNER)
    assert planner.get(f"/cases/{line.case(person).number}/print/").status_code == 404


def test_a_saved_filter_opens_with_its_operators_key_alone(house: House, hand: Hand) -> None:
    asked = Filters("uk", Urgency.NOW)
    assert saved_filters.save(hand.operator, "Мои люди", asked)
    assert "Мои".encode() not in SavedFilter.objects.get().sealed
    [found] = saved_filters.of(hand.operator, hand.private)
    assert (found.name, found.filters, found.asked) == ("Мои люди", asked, "language=uk&urgency=3")
    other = house.opened(house.person(Role.SUPERVISOR))
    assert saved_filters.of(hand.operator, other) == []


def test_saved_filters_stand_above_the_queue_and_can_be_dropped(operator: Client) -> None:
    operator.post("/queue/filters/keep/", {"name": "Ночь", "urgency": "3"})
    assert 'href="/queue/?urgency=3"><bdi>Ночь</bdi>' in operator.get("/queue/").content.decode()
    operator.post("/queue/filters/keep/", {"drop": str(SavedFilter.objects.get().pk)})
    assert not SavedFilter.objects.exists()


def test_only_as_many_filters_are_kept_as_fit(operator: Client) -> None:
    for _ in range(saved_filters.MOST):
        assert operator.post("/queue/filters/keep/", {"name": "x"}).status_code == 303
    assert operator.post("/queue/filters/keep/", {"name": "x"}).status_code == 409
    assert operator.post("/queue/filters/keep/", {"name": " "}).status_code == 400
