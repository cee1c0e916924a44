# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever arrives by hand, in a hospital or recaptured, brings their language to the camp as those on a list do (R32)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY

from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.movements.models import LanguageToSee
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

Doors = Callable[[Role], Client]
TODAY = ARRIVAL + timedelta(days=1)


@pytest.fixture
def hospital(registrar: Operator) -> Camp:
    return acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, When(ARRIVAL))


def present(camp: Camp) -> list[tuple[str, str]]:
    rows = Event.objects.filter(camp=camp, person=None, kind=CampEvent.LANGUAGE_PRESENT.value, stands=True)
    return [(one.of, one.happened.isoformat()) for one in rows]


@pytest.mark.rule("R32")
def test_a_registrar_who_enters_an_arrival_enters_its_language(desk_of: Doors, person: Person, hospital: Camp) -> None:
    said = {"event": PersonEvent.ARRIVED.value, "camp": str(hospital.pk), "day": TODAY.isoformat()}
    assert desk_of(Role.REGISTRAR).post(f"/persons/{person.number}/enter/", said).status_code == 302
    assert present(hospital) == [(SOMEBODY.language, TODAY.isoformat())]
    assert Owed.objects.filter(camp=hospital, duty="convention", of=SOMEBODY.language).exists()
    assert not LanguageToSee.objects.exists()


@pytest.mark.rule("R32")
def test_an_arrival_that_another_enters_waits_until_a_registrar_opens_the_board(
    desk_of: Doors, registrar: Operator, person: Person, hospital: Camp
) -> None:
    acts.happen(registrar, person, PersonEvent.ARRIVED, When(TODAY), camp=hospital)
    desk_of(Role.CAMP_COMMANDER).get("/duties/")
    assert present(hospital) == []
    assert LanguageToSee.objects.filter(person=person, camp=hospital).exists()
    desk_of(Role.REGISTRAR).get("/duties/")
    assert present(hospital) == [(SOMEBODY.language, TODAY.isoformat())]


@pytest.mark.rule("R32")
def test_whoever_is_recaptured_brings_their_language(
    desk_of: Doors, registrar: Operator, person: Person, hospital: Camp
) -> None:
    acts.happen(registrar, person, PersonEvent.ESCAPED, When(ARRIVAL))
    acts.happen(registrar, person, PersonEvent.ARRIVED, When(TODAY), camp=hospital)
    desk_of(Role.REGISTRAR).get("/duties/")
    assert [tag for tag, _ in present(hospital)] == [SOMEBODY.language]


def test_who_left_again_leaves_no_language(desk_of: Doors, registrar: Operator, person: Person, hospital: Camp) -> None:
    acts.happen(registrar, person, PersonEvent.ARRIVED, When(TODAY), camp=hospital)
    acts.happen(registrar, person, PersonEvent.ESCAPED, When(TODAY))
    desk_of(Role.REGISTRAR).get("/duties/")
    assert present(hospital) == []
    assert not LanguageToSee.objects.exists()
