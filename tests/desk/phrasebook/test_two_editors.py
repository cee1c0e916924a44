# SPDX-License-Identifier: AGPL-3.0-or-later
"""No sentence is offered before two people have read it (R12)."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.desk.conftest import House, Person

from safeconduct.desk.approvals import acts as approvals
from safeconduct.desk.approvals.errors import ContentChanged
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.operators import acts as operators
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.phrasebook import access, acts, book
from safeconduct.desk.phrasebook.errors import NotApproved
from safeconduct.desk.phrasebook.models import Approved, Draft

OTHER = "Вітаємо. Це читає людина, а не машина."


@pytest.fixture
def editors(house: House) -> tuple[Person, Person]:
    """Two people with the same role."""
    return house.person(Role.EDITOR), house.newcomer(operators.add_operator("editor two", Role.EDITOR))


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)


@pytest.fixture(autouse=True)
def production(settings: Any) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=False)


def browser_of(person: Person) -> Client:
    person.sign_in()
    return person.browser


def approved(editors: tuple[Person, Person], tag: str, phrase: str, *forms: str) -> None:
    one, two = (person.operator for person in editors)
    draft = acts.propose(one, tag, phrase, forms or book.shipped(phrase, tag))
    acts.approve(two, draft.subject, acts.digest_of(bytes(draft.content)))


@pytest.mark.rule("R12")
def test_production_offers_nothing_that_nobody_approved(house: House, operator: Client) -> None:
    page = operator.get("/phrasebook/?to=uk").content.decode()
    assert "No sentence can be sent in this language yet" in page
    with pytest.raises(NotApproved):
        access.rendered("hello", "uk", {})


@pytest.mark.rule("R12")
def test_a_demonstration_shows_what_nobody_approved_with_a_mark(
    house: House, operator: Client, demonstration: None
) -> None:
    page = operator.get("/phrasebook/?to=uk").content.decode()
    assert page.count("not reviewed") == len(book.phrases())
    assert access.rendered("hello", "uk", {}) == book.shipped("hello", "uk")[0]


@pytest.mark.rule("R12")
def test_what_two_editors_approved_is_offered_and_nothing_else(
    editors: tuple[Person, Person], operator: Client
) -> None:
    approved(editors, "uk", "hello", OTHER)
    assert access.rendered("hello", "uk", {}) == OTHER
    page = operator.get("/phrasebook/?to=uk").content.decode()
    assert OTHER in page
    assert page.count('<li id="p-') == 1


@pytest.mark.rule("R12")
def test_one_editor_alone_approves_nothing(editors: tuple[Person, Person]) -> None:
    one, _two = editors
    browser = browser_of(one)
    answer = browser.post("/wordings/uk/hello/", {"form": OTHER}, follow=True)
    assert "Another editor reads it here" in answer.content.decode()
    seen = acts.digest_of(bytes(Draft.objects.get().content))
    answer = browser.post("/wordings/drafts/uk/hello/approve/", {"seen": seen})
    assert answer.status_code == 409
    assert "You proposed this yourself" in answer.content.decode()
    assert not Approved.objects.exists()


@pytest.mark.rule("R12")
def test_another_editor_approves_on_the_page_what_stands_there(editors: tuple[Person, Person]) -> None:
    one, two = (browser_of(person) for person in editors)
    one.post("/wordings/uk/hello/", {"form": OTHER})
    page = two.get("/wordings/drafts/uk/hello/").content.decode()
    assert OTHER in page
    answer = two.post("/wordings/drafts/uk/hello/approve/", {"seen": page.split('name="seen" value="')[1][:64]})
    assert answer.status_code == 303
    assert access.wording("hello", "uk").is_approved
    assert two.get("/wordings/drafts/uk/hello/").status_code == 404


@pytest.mark.rule("R12")
def test_nobody_approves_what_changed_after_they_read_it(editors: tuple[Person, Person]) -> None:
    one, two = (person.operator for person in editors)
    first = acts.propose(one, "uk", "hello", (OTHER,))
    seen = acts.digest_of(bytes(first.content))
    acts.propose(one, "uk", "hello", ("Добрий вечір.",))
    with pytest.raises(ContentChanged):
        acts.approve(two, "uk/hello", seen)


def test_a_whole_language_is_proposed_and_approved_at_once(editors: tuple[Person, Person]) -> None:
    one, two = (browser_of(person) for person in editors)
    assert one.post("/wordings/sw/all/").status_code == 302
    assert one.post("/wordings/sw/all/").status_code == 302  # the same again is the same
    page = two.get("/wordings/drafts/sw/").content.decode()
    two.post("/wordings/drafts/sw/approve/", {"seen": page.split('name="seen" value="')[1][:64]})
    assert all(wording.is_approved for wording in access.wordings("sw").values())
    assert "all</span>" in two.get("/wordings/").content.decode()
    assert two.post("/wordings/sw/all/").status_code == 404


@pytest.mark.rule("R12")
def test_a_language_approved_late_leaves_what_two_people_approved_since(editors: tuple[Person, Person]) -> None:
    draft = acts.propose_language(editors[0].operator, "uk")
    approved(editors, "uk", "hello", OTHER)
    browser = browser_of(editors[1])
    page = browser.get("/wordings/drafts/uk/").content.decode()
    assert book.shipped("hello", "uk")[0] not in page
    acts.approve(editors[1].operator, "uk", acts.digest_of(bytes(draft.content)))
    assert access.wording("hello", "uk").forms == (OTHER,)
    assert all(wording.is_approved for wording in access.wordings("uk").values())


@pytest.mark.parametrize("end", ["withdraw", "refuse", "lapse"])
def test_only_what_can_still_be_approved_is_listed(editors: tuple[Person, Person], end: str) -> None:
    one, two = (person.operator for person in editors)
    acts.propose(one, "uk", "hello", (OTHER,))
    browser, link = browser_of(editors[1]), 'href="/wordings/drafts/uk/hello/"'
    pages = ("/wordings/", "/wordings/uk/")
    assert all(link in browser.get(page).content.decode() for page in pages)
    proposal = acts.waiting("uk/hello")[1]
    if end == "withdraw":
        approvals.withdraw(one, proposal.pk)
    elif end == "refuse":
        approvals.refuse(two, proposal.pk)
    else:
        Proposal.objects.update(proposed_day=proposal.proposed_day - timedelta(days=400))
    assert not any(link in browser.get(page).content.decode() for page in pages)


@pytest.mark.rule("R12")
def test_a_new_sense_makes_an_approved_wording_unread_again(
    editors: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(editors, "uk", "hello")
    monkeypatch.setattr(book, "sense", lambda _phrase: ("Something else.",))
    assert not access.wording("hello", "uk").is_approved


@pytest.mark.rule("R12")
def test_a_proposal_of_an_editor_who_has_left_cannot_be_approved(editors: tuple[Person, Person], house: House) -> None:
    one, two = editors
    acts.propose(one.operator, "uk", "hello", (OTHER,))
    operators.deactivate(one.operator, actor=house.person(Role.ADMINISTRATOR).operator)
    assert browser_of(two).get("/wordings/drafts/uk/hello/").status_code == 404
    approved_again = acts.propose(two.operator, "uk", "hello", (OTHER,))
    assert acts.waiting(approved_again.subject)[1].proposed_by == two.operator


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"form": "Ми гарантуємо."}, "promises what nobody can keep"),
        ({"form": "Привіт\u202e."}, "nobody sees"),
        ({"form": "Мене звати {name}."}, "and no others"),
        ({"form": ""}, "must not be empty"),
        ({"form": ["a", "b"]}, "for every plural form"),
    ],
)
def test_a_wording_that_breaks_a_rule_is_not_even_proposed(
    editors: tuple[Person, Person], said: dict[str, Any], problem: str
) -> None:
    answer = browser_of(editors[0]).post("/wordings/uk/hello/", said)
    assert answer.status_code == 400
    assert problem in answer.content.decode()
    assert not Draft.objects.exists()


def test_the_lines_own_sentences_are_proposed_as_they_stand_whatever_is_posted(editors: tuple[Person, Person]) -> None:
    answer = browser_of(editors[0]).post("/wordings/uk/alone/", {"form": "Щось інше."})
    assert answer.status_code == 302
    assert acts.read(Draft.objects.get()).wordings["alone"][0] == book.shipped("alone", "uk")
