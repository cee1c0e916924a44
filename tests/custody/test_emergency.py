# SPDX-License-Identifier: AGPL-3.0-or-later
"""R51 in custody: one person locks the whole register, page by page; two destroy its keys, and what the Convention asks goes on."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from tests.custody.conftest import ARRIVAL
from tests.custody.two_worlds.walking import paths
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, owing
from safeconduct.desk.custody.models import Camp, Owed, Person, Sealed
from safeconduct.desk.custody.wishes import acts as wishes
from safeconduct.desk.operators import destroying, lockdown, roles
from safeconduct.desk.operators.models import Membership, Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.backup_keys import FIVE_WEEKS, Ring

pytestmark = pytest.mark.rule("R51")
PAGE = "/keys/emergency/"
OPEN_WHILE_LOCKED = ("/help/", "/awake/", "/sign-in/", "/unlock/", PAGE)
TO_THE_BUREAU = "custody_bureau_package"  # sealed to a key that this house never had
Two = tuple[Client, Client]


@pytest.fixture
def two(house: House) -> Two:
    return house.signed_in(Role.REGISTRAR), house.signed_in(Role.ADMINISTRATOR)


def destroy(two: Two) -> str:
    """Both mean it."""
    said = {"meant": "yes"}
    two[0].post(f"{PAGE}destroy/", said)
    waiting = two[1].get(PAGE).context["state"].destruction
    return str(two[1].post(f"{PAGE}destroy/{waiting.proposal.pk}/", said).content.decode())


@pytest.mark.parametrize("role", sorted(roles.here(), key=str))
def test_no_page_of_the_register_opens_while_it_is_locked(house: House, person: Person, two: Two, role: Role) -> None:
    browser = house.signed_in(role)
    assert two[0].post(f"{PAGE}lock/").status_code == 302
    values = {"number": [person.number], "int": ["1"], "pk": ["1"], "code": ["card"], "any": ["x"]}
    for path in paths(values):
        answer = browser.get(path)
        assert path.startswith(OPEN_WHILE_LOCKED) or answer.status_code != 200, path
        assert person.number not in answer.content.decode(), path


def test_two_people_open_it_again_and_nobody_alone(house: House, person: Person, two: Two) -> None:
    two[0].post(f"{PAGE}lock/")
    registrar = house.signed_in(Role.REGISTRAR)
    assert registrar.get("/persons/").headers["Location"] == PAGE
    registrar.post(f"{PAGE}lift/")
    proposal = registrar.get(PAGE).context["state"].lift.proposal
    assert registrar.post(f"{PAGE}lift/{proposal.pk}/").status_code == 400
    assert house.signed_in(Role.ADMINISTRATOR).post(f"{PAGE}lift/{proposal.pk}/").status_code == 302
    assert lockdown.now() is None
    assert house.signed_in(Role.REGISTRAR).get("/persons/").status_code == 200


def test_two_people_destroy_the_keys_and_nothing_sealed_opens(
    house: House, person: Person, two: Two, settings: Any
) -> None:
    ring = Ring(settings.DESK.backup_keys, kept_for=FIVE_WEEKS)
    ring.of(date(2026, 11, 1))
    told = destroy(two)
    assert "The keys are destroyed" in told
    assert "not possible" not in told
    assert not Membership.objects.filter(wrapped__isnull=False).exists()
    assert set(Sealed.objects.values_list("body", flat=True)) == {b""}
    assert ring.count() == 0


@pytest.mark.rule("R30", "R42")
def test_a_drill_counts_no_page_that_is_sealed_to_counsel(registrar: Operator, person: Person, two: Two) -> None:
    before = [one.count() for one in destroying.all_of_them()]
    wishes.tell_counsel(registrar, person, "…")
    assert [one.count() for one in destroying.all_of_them()] == before
    assert "The keys are destroyed" in destroy(two)


def test_every_rooms_sealed_pages_go_with_the_keys(person: Person, two: Two) -> None:
    """A team's key may come back from shares. A room that keeps pages of its own and forgets to destroy them fails here."""
    keeping: list[Any] = [model for model in apps.get_models() if _keeps_pages(model)]
    for model in keeping:
        planted(model, person)
    destroy(two)
    left = {model._meta.db_table for model in keeping if any(map(bytes, model.objects.values_list("body", flat=True)))}
    assert left == set()
    assert len(keeping) >= 4


def test_the_register_in_clear_and_what_is_owed_outlive_the_keys(person: Person, camp: Camp, two: Two) -> None:
    destroy(two)
    owing.work_out()
    assert Person.objects.get().number == person.number
    assert Owed.objects.filter(person=person, duty="card").get().since == ARRIVAL
    assert acts.camp_of(camp.pk).name == camp.name


def _keeps_pages(model: type[models.Model]) -> bool:
    has_body = any(field.name == "body" and isinstance(field, models.BinaryField) for field in model._meta.fields)
    return has_body and model._meta.app_label.startswith("custody") and model._meta.db_table != TO_THE_BUREAU


def planted(model: Any, person: Person) -> Any:
    """A row of it, with the plainest thing in each column."""
    known: dict[type[models.Model], models.Model | None] = {Person: person, Camp: person.camp}
    said: dict[str, Any] = {}
    for field in model._meta.fields:
        if field.primary_key or field.null or field.has_default():
            continue
        if isinstance(field, models.ForeignKey):
            target: Any = field.related_model
            said[field.name] = known.get(target) or target.objects.first() or planted(target, person)
        elif isinstance(field, models.DateField):
            said[field.name] = ARRIVAL
        elif isinstance(field, models.BinaryField):
            said[field.name] = b"sealed"
        else:
            said[field.name] = 1 if isinstance(field, models.IntegerField | models.BooleanField) else "x"
    return model.objects.create(**said)
