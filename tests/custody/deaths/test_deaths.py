# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Convention asks for when somebody has died, and who may see what."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY, inputs_of

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.deaths.access import Known
from safeconduct.desk.custody.deaths.errors import NotDead
from safeconduct.desk.custody.deaths.paper import record_on_paper
from safeconduct.desk.custody.models import Camp, Event, Owed, Person, Sealed
from safeconduct.desk.custody.row_names import Table, name
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold, Manner

Doors = Callable[[Role], Client]
DIED = ARRIVAL + timedelta(days=20)
READERS = {Role.REGISTRAR, Role.MEDICAL, Role.BUREAU, Role.COUNSEL, Role.MONITOR}


def after(days: int) -> str:
    return (DIED + timedelta(days=days)).isoformat()


def at(person: Person, more: str = "") -> str:
    return f"/deaths/{person.number}/{more}"


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def written(browser: Client, person: Person, said: dict[str, str]) -> HttpResponse:
    """The page as it stands, opened and sent."""
    seen = inputs_of(text(browser, at(person)))["seen"]
    return browser.post(at(person, "write/"), {"seen": seen} | said)  # type: ignore[return-value]  # the test client's own class


def found(manner: str = "violent", day: int = 1) -> dict[str, str]:
    return {"day": after(day), "manner": manner, "cause": "a blow to the temple", "examined_by": "Dr. Hnatiuk"}


def owed(person: Person) -> set[str]:
    return set(Owed.objects.filter(person=person).values_list("duty", flat=True))


@pytest.fixture
def registry(desk_of: Doors) -> Client:
    return desk_of(Role.REGISTRAR)


@pytest.fixture
def dead(registry: Client, person: Person) -> Person:
    said = {"died": after(0), "place": "the camp's ward, 04:10", "account": "a comrade held his hand"}
    assert written(registry, person, said).status_code == 302
    return person


@pytest.mark.rule("R36", "R27")
def test_a_death_starts_every_duty_that_follows_from_it(dead: Person) -> None:
    assert {"death-examined", "death-certified", "burial", "bureau"} <= owed(dead)
    assert "inspection" not in owed(dead)
    assert Person.objects.get(pk=dead.pk).camp is None


@pytest.mark.rule("R36")
def test_one_page_takes_what_is_known_now_and_the_rest_later(registry: Client, dead: Person) -> None:
    said = {"died": after(0), "death.certified": after(1), "death.buried": after(2)}
    told = {"burial_place": "Town cemetery, row 7", "grave": "cross with his number", "will_received": after(3)}
    assert written(registry, dead, said | told).status_code == 302
    assert not {"death-certified", "burial"} & owed(dead)
    page = text(registry, at(dead))
    assert "Town cemetery, row 7" in page
    assert f'value="{after(3)}"' in page


@pytest.mark.rule("R36")
@pytest.mark.parametrize("manner", ["violent", "unknown"])
def test_a_violent_or_unknown_cause_opens_an_inquiry_by_itself(desk_of: Doors, dead: Person, manner: str) -> None:
    assert desk_of(Role.MEDICAL).post(at(dead, "examine/"), found(manner)).status_code == 302
    assert "inquiry" in owed(dead)
    assert Alert.objects.filter(kind="deaths.unexplained", is_over=False).exists()
    assert "no inquiry yet" in text(desk_of(Role.MONITOR), "/deaths/")


@pytest.mark.rule("R36")
def test_a_natural_death_opens_none(desk_of: Doors, dead: Person) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found("natural"))
    assert not {"inquiry", "death-examined"} & owed(dead)
    assert not Alert.objects.filter(kind="deaths.unexplained").exists()


@pytest.mark.rule("R36")
def test_an_older_page_does_not_blank_what_a_colleague_has_written_of_a_death(registry: Client, dead: Person) -> None:
    opened = inputs_of(text(registry, at(dead)))
    assert written(registry, dead, {"died": after(0), "grave": "cross with his number"}).status_code == 302
    answer = registry.post(at(dead, "write/"), opened | {"place": "the road"})
    assert answer.status_code == 400
    assert "A colleague has written this" in answer.content.decode()
    assert "cross with his number" in text(registry, at(dead))


@pytest.mark.rule("R36")
def test_no_second_opinion_takes_an_inquiry_back(desk_of: Doors, dead: Person) -> None:
    medic = desk_of(Role.MEDICAL)
    medic.post(at(dead, "examine/"), found("violent"))
    medic.post(at(dead, "examine/"), found("natural"))
    assert "inquiry" in owed(dead)
    told = Event.objects.get(kind="death.unexplained", stands=True)
    medic.post(f"/persons/{dead.number}/correct/{name(Table.EVENTS, told.pk)}/", {"wrong": "yes"})
    assert "inquiry" in owed(dead)


@pytest.mark.rule("R36")
def test_an_inquiry_that_was_opened_ends_the_alarm(registry: Client, desk_of: Doors, dead: Person) -> None:
    said = {"died": after(0), "death.inquiry": after(1), "inquiry_by": "the prosecutor's office"}
    assert written(registry, dead, said).status_code == 400  # there is nothing to inquire into
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found())
    assert written(registry, dead, said).status_code == 302
    assert "inquiry" not in owed(dead)
    assert not Alert.objects.filter(kind="deaths.unexplained", is_over=False).exists()


@pytest.mark.rule("R36")
def test_an_inquiry_that_is_older_than_the_examination_is_one(registry: Client, desk_of: Doors, dead: Person) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found(day=3))
    said = {"died": after(0), "death.inquiry": after(1), "inquiry_by": "the prosecutor's office"}
    assert written(registry, dead, said).status_code == 302
    assert "inquiry" not in owed(dead)


@pytest.mark.rule("R36")
def test_a_death_on_an_earlier_day_is_unexplained_from_that_day(registry: Client, desk_of: Doors, dead: Person) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found())
    said = {"died": after(-4), "death.inquiry": after(-3), "inquiry_by": "the prosecutor's office"}
    assert written(registry, dead, said).status_code == 302
    assert "inquiry" not in owed(dead)
    assert not Alert.objects.filter(kind="deaths.unexplained", is_over=False).exists()


@pytest.mark.rule("R36")
def test_a_death_that_never_was_leaves_no_inquiry(
    registrar: Operator, desk_of: Doors, dead: Person, camp: Camp
) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found())
    acts.correct(registrar, dead, Event.objects.get(person=dead, kind="died", stands=True).pk, None)
    assert not Event.objects.filter(person=dead, kind__startswith="death", stands=True).exists()
    assert "inquiry" not in owed(dead)
    assert Person.objects.get(pk=dead.pk).camp == camp
    assert not Alert.objects.filter(kind="deaths.unexplained", is_over=False).exists()


def test_nothing_of_a_death_lies_before_it(registry: Client, desk_of: Doors, dead: Person) -> None:
    assert written(registry, dead, {"died": after(0), "death.buried": after(-1)}).status_code == 400
    assert desk_of(Role.MEDICAL).post(at(dead, "examine/"), found(day=-1)).status_code == 400
    assert not Event.objects.filter(kind__in=["death.buried", "death.examined"]).exists()
    assert not Sealed.objects.filter(kind="death-cause").exists()


def test_nobody_is_buried_who_has_not_died(registrar: Operator, person: Person) -> None:
    with pytest.raises(NotDead):
        acts.enter(registrar, person, PersonEvent.BURIED, When(DIED))


@pytest.mark.rule("R36")
def test_a_day_that_was_wrong_is_corrected_by_an_event_of_its_own(registry: Client, dead: Person) -> None:
    written(registry, dead, {"died": after(-2)})
    standing = Event.objects.get(person=dead, kind="died", stands=True)
    assert standing.happened == date.fromisoformat(after(-2))
    assert standing.corrects is not None


@pytest.mark.rule("R36")
def test_each_office_reads_its_part_and_no_more(desk_of: Doors, dead: Person) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found())
    reads = {role: text(desk_of(role), at(dead)) for role in READERS}
    assert {role for role, page in reads.items() if "a blow to the temple" in page} == {
        Role.REGISTRAR, Role.MEDICAL, Role.BUREAU,
    }  # fmt: skip
    assert {role for role, page in reads.items() if "a comrade held his hand" in page} == {Role.REGISTRAR, Role.BUREAU}


@pytest.mark.rule("R36", "T6")
@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_every_address_opens_for_its_offices_alone(desk_of: Doors, dead: Person, role: Role) -> None:
    browser = desk_of(role)
    for path in ("/deaths/", at(dead)):
        assert (browser.get(path).status_code == 200) == (role in READERS)
    assert (browser.post(at(dead, "write/"), {}).status_code != 404) == (role is Role.REGISTRAR)
    assert (browser.post(at(dead, "examine/"), {}).status_code != 404) == (role is Role.MEDICAL)
    assert (browser.get(at(dead, "print/")).status_code == 200) == (role in {Role.REGISTRAR, Role.BUREAU})


@pytest.mark.rule("R36", "T3")
def test_what_was_written_is_sealed(desk_of: Doors, dead: Person) -> None:
    desk_of(Role.MEDICAL).post(at(dead, "examine/"), found())
    pages = Sealed.objects.filter(person=dead, kind__startswith="death")
    assert {(row.kind, row.team) for row in pages} == {
        ("death", "custody"), ("death", "bureau"),
        ("death-cause", "medical"), ("death-cause", "custody"), ("death-cause", "bureau"),
    }  # fmt: skip
    assert not any(b"temple" in bytes(row.body) or b"comrade" in bytes(row.body) for row in pages)


@pytest.mark.rule("R36")
def test_the_record_says_what_is_known_and_leaves_the_rest_to_be_written_by_hand(dead: Person) -> None:
    known = Known(DeathTold(place="the ward"), CauseOfDeath(manner=Manner.VIOLENT, cause="a blow"))
    paper = record_on_paper(dead, SOMEBODY, known)
    assert (paper.surname, paper.camp, paper.cause) == (SOMEBODY.surname, "Stanytsia", "a blow")
    assert paper.died == f"{DIED.isoformat()}, the ward"
    assert paper.burial_place == paper.examined == ""


def test_a_page_of_somebody_who_lives_is_the_registrars_alone(desk_of: Doors, person: Person) -> None:
    link, page = f'href="{at(person)}"', f"/persons/{person.number}/"
    assert link in desk_of(Role.REGISTRAR).get(page).content.decode()
    assert link not in desk_of(Role.MEDICAL).get(page).content.decode()
    assert desk_of(Role.REGISTRAR).get(at(person)).status_code == 200
    assert desk_of(Role.MEDICAL).get(at(person)).status_code == 404
    assert desk_of(Role.BUREAU).get(at(person, "print/")).status_code == 404
