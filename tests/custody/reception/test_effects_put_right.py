# SPDX-License-Identifier: AGPL-3.0-or-later
"""Effects go by the receipts that a page showed, and what was entered of them by mistake has a way back (art. 18; R23)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, inputs_of

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.custody.reception.models import Receipt
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent

Doors = Callable[[Role], Client]
KNIFE = {"kind-0": "equipment", "what-0": "ніж", "reason-0": "зброя"}
RADIO = {"kind-0": "equipment", "what-0": "рація", "reason-0": "зв'язок"}
PATH = "/persons/UA-0001/effects/"
DAY = {"day": ARRIVAL.isoformat()}
FREED = ARRIVAL + timedelta(days=30)


WORDS = {
    "effects.returned": "effects given back",
    "effects.receipted": "receipt for effects given",
    "effects.sent_on": "effects sent to the Bureau",
}


def form(browser: Client, action: str = "") -> dict[str, str]:
    """What one form of the page of effects holds."""
    page = browser.get(PATH).content.decode()
    forms = re.findall(r'<form method="post"([^>]*)>(.*?)</form>', page, re.DOTALL)
    return inputs_of(next(body for head, body in forms if ("action" not in head if not action else action in head)))


def take(browser: Client, article: dict[str, str] = KNIFE) -> None:
    assert browser.post(PATH, form(browser) | article | DAY).status_code == 302


def back(browser: Client, shown: dict[str, str]) -> int:
    return browser.post(PATH + "back/", shown | {"day": FREED.isoformat()}).status_code


def address(browser: Client, kind: str) -> str:
    """Where the row of the person's page sends its correction."""
    page = browser.get("/persons/UA-0001/").content.decode()
    words = WORDS[kind]
    row = next(one for one in page.split("<li>") if f"<strong>{words}" in one)
    found = re.search(r'action="([^"]+)"', row)
    assert found is not None
    return found[1]


def correct(browser: Client, kind: str, said: dict[str, str]) -> int:
    return browser.post(address(browser, kind), said).status_code


def kept() -> list[int]:
    return list(Receipt.objects.filter(back=None, taken__stands=True).values_list("number", flat=True))


def owed() -> set[str]:
    return set(Owed.objects.filter(duty__startswith="effects").values_list("duty", flat=True))


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("what", ["entered", "struck"])
def test_all_given_back_is_of_the_receipts_that_the_page_showed(
    desk_of: Doors, second_registrar: Client, what: str
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    take(browser, RADIO)
    shown = form(browser, "/back/")
    if what == "entered":
        take(second_registrar, KNIFE)
    else:
        second_registrar.post(PATH + "2/strike/")
    before = kept()
    answer = browser.post(PATH + "back/", shown | {"day": FREED.isoformat()})
    assert answer.status_code == 409
    assert "compare" in answer.content.decode()
    assert kept() == before
    assert back(browser, form(browser, "/back/")) == 302
    assert kept() == []


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("path", ["back/", "1/copy/"])
def test_nothing_is_signed_for_or_given_back_before_it_was_taken(desk_of: Doors, path: str) -> None:
    browser, day_after = desk_of(Role.REGISTRAR), (ARRIVAL + timedelta(days=1)).isoformat()
    assert browser.post(PATH, form(browser) | KNIFE | {"day": day_after}).status_code == 302
    shown = form(browser, "/back/") if path == "back/" else {}
    answer = browser.post(PATH + path, shown | DAY)
    assert answer.status_code in {400, 409}
    assert "had not been taken yet" in answer.content.decode()
    assert browser.post(PATH + path, shown | {"day": day_after}).status_code == 302


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
def test_two_who_enter_one_paper_see_each_others_receipt(desk_of: Doors, second_registrar: Client) -> None:
    browser = desk_of(Role.REGISTRAR)
    shown = form(browser) | KNIFE | DAY
    take(second_registrar)
    answer = browser.post(PATH, shown)
    assert answer.status_code == 409
    assert "Receipt 1" in answer.content.decode()
    assert 'value="ніж"' in answer.content.decode()
    assert kept() == [1]


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
def test_a_page_of_effects_that_is_sent_twice_enters_once(desk_of: Doors) -> None:
    browser = desk_of(Role.REGISTRAR)
    taken = form(browser) | KNIFE | DAY
    assert [browser.post(PATH, taken).status_code for _twice in range(2)] == [302, 302]
    signed = form(browser, "/1/copy/") | DAY
    assert [browser.post(PATH + "1/copy/", signed).status_code for _twice in range(2)] == [302, 302]
    shown = form(browser, "/back/")
    assert [back(browser, shown) for _twice in range(2)] == [302, 302]
    assert Event.objects.filter(kind__startswith="effects.").count() == 3


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
def test_a_page_that_was_sent_and_says_another_thing_now_is_not_taken_for_the_same(desk_of: Doors) -> None:
    browser = desk_of(Role.REGISTRAR)
    shown = form(browser)
    browser.post(PATH, shown | KNIFE | DAY)
    assert browser.post(PATH, shown | RADIO | DAY).status_code == 409


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
def test_effects_that_were_not_given_back_are_kept_again(desk_of: Doors) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    back(browser, form(browser, "/back/"))
    later = {"day": (FREED + timedelta(days=1)).isoformat()}
    assert correct(browser, "effects.returned", later) == 302
    assert "given back on 1 November 2026" in browser.get(PATH).content.decode()
    assert correct(browser, "effects.returned", {"wrong": "yes"}) == 302
    assert kept() == [1]
    assert back(browser, form(browser, "/back/")) == 302


@pytest.mark.rule("R23")
@pytest.mark.usefixtures("person")
def test_a_receipt_that_was_not_signed_is_owed_again_and_can_be_struck(desk_of: Doors) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    browser.post(PATH + "1/copy/", form(browser, "/1/copy/") | DAY)
    assert owed() == set()
    assert correct(browser, "effects.receipted", {"wrong": "yes"}) == 302
    assert owed() == {"effects"}
    assert browser.post(PATH + "1/strike/").status_code == 302
    assert owed() == set()


@pytest.mark.rule("R23")
@pytest.mark.parametrize("kind", [PersonEvent.EFFECTS_RETURNED, PersonEvent.EFFECTS_RECEIPTED])
def test_nobody_but_a_registrar_corrects_what_was_entered_of_effects(
    desk_of: Doors, registrar: Operator, person: Person, kind: PersonEvent
) -> None:
    take(desk_of(Role.REGISTRAR))
    row = acts.happen(registrar, person, kind, When(FREED))
    there = address(desk_of(Role.REGISTRAR), kind.value)
    for role in (Role.CAMP_COMMANDER, Role.MEDICAL, Role.MONITOR):
        assert desk_of(role).post(there, {"wrong": "yes"}).status_code == 404
    assert desk_of(Role.REGISTRAR).post(there, {"wrong": "yes"}).status_code == 302
    assert not Event.objects.get(pk=row.pk).stands


@pytest.mark.rule("R23")
def test_what_was_given_back_by_mistake_before_a_release_is_owed_after_it(
    desk_of: Doors, registrar: Operator, person: Person
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    browser.post(PATH + "1/copy/", form(browser, "/1/copy/") | DAY)
    back(browser, form(browser, "/back/"))
    acts.enter(registrar, person, PersonEvent.RELEASED, When(FREED))
    assert owed() == set()
    assert correct(browser, "effects.returned", {"wrong": "yes"}) == 302
    assert owed() == {"effects-back"}
    assert back(browser, form(browser, "/back/")) == 302
    assert owed() == set()


@pytest.mark.rule("R23")
def test_a_receipt_whose_paper_comes_after_the_release_is_owed_back(
    desk_of: Doors, registrar: Operator, person: Person
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    acts.enter(registrar, person, PersonEvent.RELEASED, When(FREED))
    back(browser, form(browser, "/back/"))
    take(browser, RADIO)
    assert owed() == {"effects", "effects-back"}
    assert browser.post(PATH + "2/strike/").status_code == 302
    assert "effects-back" not in owed()


@pytest.mark.rule("R23")
def test_what_was_given_back_before_the_release_is_not_owed_when_the_day_is_put_right(
    desk_of: Doors, registrar: Operator, person: Person
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    acts.enter(registrar, person, PersonEvent.RELEASED, When(FREED))
    back(browser, form(browser, "/back/"))
    for days in (-1, 1):
        assert correct(browser, "effects.returned", {"day": (FREED + timedelta(days=days)).isoformat()}) == 302
        assert "effects-back" not in owed()


@pytest.mark.rule("R23", "R36")
def test_what_was_taken_from_who_died_is_owed_to_the_bureau_until_it_was_sent(
    desk_of: Doors, registrar: Operator, person: Person
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    browser.post(PATH + "1/copy/", form(browser, "/1/copy/") | DAY)
    acts.enter(registrar, person, PersonEvent.DIED, When(FREED))
    assert owed() == {"effects-on"}
    early = form(browser, "/sent/") | {"day": ARRIVAL.isoformat()}
    assert browser.post(PATH + "sent/", early).status_code == 400
    sent = form(browser, "/sent/") | {"day": FREED.isoformat()}
    assert [browser.post(PATH + "sent/", sent).status_code for _twice in range(2)] == [302, 302]
    assert owed() == set()
    assert "sent to the Bureau on 31 October 2026" in browser.get(PATH).content.decode()
    assert correct(browser, "effects.sent_on", {"wrong": "yes"}) == 302
    assert owed() == {"effects-on"}


@pytest.mark.rule("R23", "R36")
def test_a_death_that_was_none_makes_nothing_due_and_who_lives_has_nothing_sent_away(
    desk_of: Doors, registrar: Operator, person: Person
) -> None:
    browser = desk_of(Role.REGISTRAR)
    take(browser)
    browser.post(PATH + "1/copy/", form(browser, "/1/copy/") | DAY)
    died = acts.enter(registrar, person, PersonEvent.DIED, When(FREED))
    acts.correct(registrar, person, died.pk, None)
    assert owed() == set()
    answer = browser.post(PATH + "sent/", {"seen": "1", "day": FREED.isoformat()})
    assert answer.status_code == 400
    assert "All sent to the Bureau" not in answer.content.decode()
    assert kept() == [1]


@pytest.mark.rule("R23")
def test_who_was_taken_again_is_owed_nothing_back(desk_of: Doors, registrar: Operator, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    acts.enter(registrar, person, PersonEvent.RELEASED, When(ARRIVAL + timedelta(days=5)))
    again = ARRIVAL + timedelta(days=9)
    acts.enter(registrar, person, PersonEvent.ARRIVED, When(again), camp=person.camp)
    take(browser)
    assert owed() == {"effects"}
