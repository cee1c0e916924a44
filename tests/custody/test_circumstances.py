# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of how somebody came the register can say one phrase: "fell into the power of … on DATE" (R21)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, printing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.roles import Role
from safeconduct.paper.content import FORMS, DeathRecord, Form, Reception
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.reception import Received

Doors = Callable[[Role], Client]
Written = Callable[[str], tuple[int, str]]
FORM = {"number": "UA-0009", "day": ARRIVAL.isoformat(), "surname": "Kim"}


@pytest.fixture
def written(desk_of: Doors, camp: Camp) -> Written:
    """What a registrar reads of somebody for whom that was typed as the day on which they fell into a Power's hands, or is refused."""

    def register(typed: str) -> tuple[int, str]:
        browser = desk_of(Role.REGISTRAR)
        answer = browser.post("/register/", FORM | {"camp": str(camp.pk), "in_power_since": typed})
        if answer.status_code == 302:
            answer = browser.get("/persons/UA-0009/details/")
        return answer.status_code, answer.content.decode()

    return register


@pytest.mark.rule("R21")
def test_the_day_is_kept_beside_the_fixed_phrase(written: Written) -> None:
    status, page = written("2026-09-28")
    assert status == 200
    assert "Fell into the power of the detaining Power on" in page
    assert 'value="2026-09-28"' in page


@pytest.mark.rule("R21")
@pytest.mark.parametrize("typed", ["came over by himself on 2026-09-28", "2026-09-28, surrendered", "surrendered"])
def test_no_other_words_about_it_are_kept_or_shown(written: Written, typed: str) -> None:
    status, page = written(typed)
    assert (status, Person.objects.exists()) == (400, False)
    assert re.search(r'name="in_power_since"[^>]*value=""[^>]*aria-invalid="true"', page)
    assert "surrendered" not in page
    assert "came over" not in page
    assert "2026-09-28" not in page


@pytest.mark.rule("R21")
def test_a_record_and_every_paper_have_room_for_a_power_and_a_day_and_nothing_else() -> None:
    about = ("power", "captur", "surrender", "circumstance", "manner", "taken", "came", "coming")
    held = {"power", "in_power_since"}
    assert {one.name for one in msgspec.structs.fields(Received) if any(word in one.name for word in about)} == held
    for form in FORMS:
        told = {one.name for one in msgspec.structs.fields(form) if any(word in one.name for word in about)}
        allowed = {
            "power",
            "fell_into_power_of",
            "fell_into_power_on",
            "taken_on",
            "coming_from",
        }  # 10 of the card's fields
        assert told <= allowed, form
    assert {"fell_into_power_of", "fell_into_power_on"} <= set(Reception.__struct_fields__) & set(
        DeathRecord.__struct_fields__
    )


@pytest.mark.rule("R21")
def test_forms_name_the_detaining_power_where_it_is_set_and_invent_none(
    desk_of: Doors, house: House, settings: Any, monkeypatch: pytest.MonkeyPatch, person: Person
) -> None:
    made: list[Form] = []

    def printed(form: Form, _languages: list[str]) -> bytes:
        made.append(form)
        return b"%PDF-"

    monkeypatch.setattr(printing, "printed", printed)
    acts.happen(house.person(Role.REGISTRAR).operator, person, PersonEvent.DIED, When(ARRIVAL))
    registrar = desk_of(Role.REGISTRAR)
    for power in ("", "Україна"):
        settings.DESK = replace(settings.DESK, detaining_power=power)
        for path in ("/forms/reception/ar/", "/forms/death_record/uk/", f"/deaths/{person.number}/print/"):
            assert registrar.get(path).status_code == 200
    assert [getattr(form, "fell_into_power_of", None) for form in made] == [""] * 3 + ["Україна"] * 3
    assert made[0] == Reception()
