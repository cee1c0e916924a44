# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that enter something of many people at once: what is owed is worked out for all of them together, and comes to the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.custody import acts, owing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
Enter = Callable[[Client, list[Person]], None]
FEW, MANY = 2, 40
DAY = ARRIVAL + timedelta(days=30)


@pytest.fixture
def people(registrar: Operator, camp: Camp) -> list[Person]:
    numbers = [f"M-{at:02}" for at in range(FEW + MANY)]
    with transaction.atomic(), owing.together():
        return [acts.register(registrar, number, camp, Received(), When(ARRIVAL)) for number in numbers]


def told() -> set[tuple[object, ...]]:
    return set(Owed.objects.values_list("person", "camp", "duty", "of", "since", "due"))


def inspect(browser: Client, people: list[Person]) -> None:
    camp = people[0].camp_id
    said = {f"weight-{one.pk}": "80" for one in people} | {"day": DAY.isoformat()}
    assert browser.post(f"/medical/camps/{camp}/", said).status_code == 302
    found = Event.objects.filter(person__in=people, kind="medical.inspected", happened=DAY)
    assert found.count() == len(people)


def bring_mail(browser: Client, people: list[Person]) -> None:
    said = {"sheet": "came", "kind": "letter", "camp": people[0].camp_id, "day": DAY.isoformat(), "ticket": "ab" * 16}
    assert browser.post("/post/sheet/", said | {"lines": "\n".join(one.number for one in people)}).status_code == 200
    assert Event.objects.filter(person__in=people, kind=PersonEvent.MAIL_RECEIVED.value).count() == len(people)


def hand_out(browser: Client, people: list[Person]) -> None:
    bring_mail(browser, people)
    pieces = [piece.pk for piece in Piece.objects.filter(person__in=people)]
    assert browser.post("/post/", {"piece": pieces, "deed": "done", "day": DAY.isoformat()}).status_code < 400
    assert Event.objects.filter(person__in=people, kind=PersonEvent.MAIL_DELIVERED.value).count() == len(people)


def send_cards(browser: Client, people: list[Person]) -> None:
    said = {"number": [one.number for one in people], "day": DAY.isoformat()}
    assert browser.post("/post/cards/", said).status_code == 200
    assert Event.objects.filter(person__in=people, kind=PersonEvent.CARD_SENT.value).count() == len(people)


def receive(browser: Client, people: list[Person]) -> None:
    """As many new ones as there are people."""
    said = {"ticket": people[0].number.encode().hex().zfill(32), "camp": str(people[0].camp_id), "day": DAY.isoformat()}
    said |= {f"number-{at}": f"N{one.number}" for at, one in enumerate(people)}
    assert browser.post("/arrivals/", said).status_code == 302


def asked(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as said:
        act()
    return len(said)


@pytest.mark.parametrize(
    ("role", "enter", "each"),
    [
        (Role.MEDICAL, inspect, 0),
        (Role.MAIL_OFFICE, bring_mail, 19),
        (Role.MAIL_OFFICE, hand_out, 37),
        (Role.MAIL_OFFICE, send_cards, 17),
        (Role.REGISTRAR, receive, 66),  # one asks whether they had left before, and are held again
    ],
)
def test_a_page_for_many_does_not_work_out_what_is_owed_to_each_anew(
    desk_of: Doors, people: list[Person], role: Role, enter: Enter, each: int
) -> None:
    browser = desk_of(role)
    few = asked(lambda: enter(browser, people[:FEW]))
    many = asked(lambda: enter(browser, people[FEW:]))
    assert many <= few + each * (MANY - FEW)  # what its own line asks; every duty is asked once
    entered = told()
    owing.work_out()
    assert told() == entered


def test_events_of_many_are_entered_together(registrar: Operator, people: list[Person]) -> None:
    events = [PersonEvent.CLOTHED, PersonEvent.QUARTERED]
    few = asked(lambda: acts.happen_to_all(registrar, people[:FEW], events, When(DAY)))
    many = asked(lambda: acts.happen_to_all(registrar, people[FEW:], events, When(DAY)))
    assert few == many
