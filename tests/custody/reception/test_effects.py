# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is taken from a person, the receipt for it, and giving it back (art. 18)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Event, Owed, Person, Sealed
from safeconduct.desk.custody.reception.never_taken import is_never_taken
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.effects import ArticleKind

Doors = Callable[[Role], Client]
MONEY = {
    "kind-0": "money",
    "what-0": "рублі",
    "amount-0": "4 500",
    "ordered_by": "кап. Іваненко",
    "register_entry": "17",
}
KNIFE = {"kind-1": "equipment", "what-1": "ніж", "reason-1": "зброя"}
DAY = {"day": ARRIVAL.isoformat()}


def path(person: Person) -> str:
    return f"/persons/{person.number}/effects/"


def owed(person: Person) -> set[str]:
    return set(Owed.objects.filter(person=person, duty__startswith="effects").values_list("duty", flat=True))


@pytest.mark.rule("R23")
def test_what_was_taken_is_owed_a_receipt_until_a_signed_copy_was_given(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    assert browser.post(path(person), MONEY | KNIFE | DAY).status_code == 302
    assert owed(person) == {"effects"}
    paper = browser.get(path(person) + "1/paper/")
    assert paper.content.startswith(b"%PDF-")
    assert browser.post(path(person) + "1/copy/", DAY).status_code == 302
    assert owed(person) == set()
    assert "рублі · 4 500" in browser.get(path(person)).content.decode()


@pytest.mark.rule("R23")
@pytest.mark.parametrize("missing", ["ordered_by", "register_entry", "amount-0", "what-0", "kind-0"])
def test_money_is_taken_by_an_officers_order_and_a_registers_entry_or_not_at_all(
    desk_of: Doors, person: Person, missing: str
) -> None:
    answer = desk_of(Role.REGISTRAR).post(path(person), MONEY | KNIFE | DAY | {missing: ""})
    assert answer.status_code == 400
    assert 'value="ніж"' in answer.content.decode()
    assert not Event.objects.filter(kind="effects.taken").exists()


@pytest.mark.rule("R23")
@pytest.mark.parametrize(
    "what",
    ["Паспорт громадянина РФ", "военный билет", "жетон", "passport", "ID card", "공민증", "려권", "身份证", "राहदानी", "هوية", "орден", "погони", "gas mask"],
)  # fmt: skip
def test_an_identity_document_can_never_be_entered_as_taken(desk_of: Doors, person: Person, what: str) -> None:
    answer = desk_of(Role.REGISTRAR).post(path(person), MONEY | DAY | {"kind-2": "equipment", "what-2": what})
    assert answer.status_code == 400
    assert "they stay with the person" in answer.content.decode()
    assert not Sealed.objects.filter(kind="effects").exists()


@pytest.mark.rule("R23")
def test_no_kind_of_article_names_an_identity_document() -> None:
    assert {kind.value for kind in ArticleKind} == {"equipment", "money", "valuable"}
    assert not any(is_never_taken(what) for what in ("ніж", "карта", "4 500 рублів", "годинник", "рація", "medicine"))


@pytest.mark.rule("R23")
def test_no_hand_enters_effects_without_a_receipt(desk_of: Doors, person: Person) -> None:
    for event in ("effects.taken", "effects.receipted", "effects.returned"):
        said = DAY | {"event": event}
        assert desk_of(Role.REGISTRAR).post(f"/persons/{person.number}/enter/", said).status_code == 400


@pytest.mark.rule("R23")
def test_each_receipt_is_owed_by_itself(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    for seen in ("", "1"):
        browser.post(path(person), KNIFE | DAY | {"seen": seen})
    browser.post(path(person) + "1/copy/", DAY)
    assert owed(person) == {"effects"}
    browser.post(path(person) + "2/copy/", DAY)
    assert owed(person) == set()


@pytest.mark.rule("R23")
def test_who_goes_free_is_owed_what_was_taken(desk_of: Doors, registrar: Operator, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(path(person), MONEY | DAY)
    browser.post(path(person) + "1/copy/", DAY)
    later = ARRIVAL + timedelta(days=30)
    released = acts.enter(registrar, person, PersonEvent.RELEASED, When(later))
    assert owed(person) == {"effects-back"}
    browser.post(path(person) + "back/", {"day": later.isoformat(), "seen": "1"})
    assert owed(person) == set()
    assert "given back on 31 October 2026" in browser.get(path(person)).content.decode()
    acts.correct(registrar, person, released.pk, None)
    assert not Event.objects.filter(kind="effects.due_back", stands=True).exists()


def test_who_had_nothing_taken_is_owed_nothing_back(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.RELEASED, When(date(2026, 11, 1)))
    assert owed(person) == set()


def test_an_entry_by_mistake_is_struck_and_stays_to_be_seen(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(path(person), KNIFE | DAY)
    browser.post(path(person) + "1/strike/")
    assert owed(person) == set()
    assert "struck" in browser.get(path(person)).content.decode()
    assert browser.get(path(person) + "1/paper/").status_code == 404
    assert browser.post(path(person) + "1/copy/", DAY).status_code == 409
    assert browser.post(path(person) + "2/copy/", DAY).status_code == 404


@pytest.mark.rule("R23")
def test_a_receipt_that_was_handed_over_is_not_struck(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    browser.post(path(person), KNIFE | DAY)
    browser.post(path(person) + "1/copy/", DAY)
    assert browser.post(path(person) + "1/strike/").status_code == 400
    assert Event.objects.filter(kind="effects.taken", stands=True).exists()


@pytest.mark.rule("R20")
def test_what_was_taken_is_sealed_to_the_registrars(desk_of: Doors, person: Person) -> None:
    desk_of(Role.REGISTRAR).post(path(person), MONEY | DAY)
    (page,) = Sealed.objects.filter(kind="effects")
    assert page.team == "custody"
    assert "рублі".encode() not in bytes(page.body)
    for role in (Role.MEDICAL, Role.BUREAU, Role.CAMP_COMMANDER, Role.MONITOR):
        assert desk_of(role).get(path(person)).status_code == 404
