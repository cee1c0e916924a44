# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page that this register did not write, or wrote elsewhere, is never shown: whoever holds the database holds no key to sign."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House
from typer.testing import CliRunner

from safeconduct.cli import custody_state
from safeconduct.cli.custody import app
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, checks, first_signing, sealed, signing
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Altered, Camp, Person, Sealed
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.models import Operator, TeamKey
from safeconduct.desk.operators.rewrapping import Pass
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey, seal_to
from safeconduct.sealing.padding import pad

pytestmark = pytest.mark.rule("T6")
Doors = Callable[[Role], Client]
NOT_SHOWN = "This entry was altered outside the program"
TO_THE_BUREAU = "custody_bureau_package"  # packages are signed envelopes


def details(person: Person) -> str:
    return f"/persons/{person.number}/details/"


def identity(team: str = "custody") -> Sealed:
    return Sealed.objects.filter(kind="identity", team=team).latest("pk")


def forge(person: Person) -> None:
    """As whoever writes into the database could: the team's public key stands there."""
    lie = pad(msgspec.json.encode(msgspec.structs.replace(SOMEBODY, surname="Інша")))
    body = seal_to(team_key("custody").key, lie, purpose=b"custody/identity/" + bytes(person.token))
    Sealed.objects.filter(pk=identity().pk).update(body=body)


def shown(browser: Client, path: str) -> tuple[int, str]:
    answer = browser.get(path)
    return answer.status_code, answer.content.decode()


def test_a_forged_page_is_not_shown_and_says_whom_to_tell(desk_of: Doors, person: Person) -> None:
    browser = desk_of(Role.REGISTRAR)
    assert shown(browser, details(person))[0] == 200
    forge(person)
    status, page = shown(browser, details(person))
    assert (status, NOT_SHOWN in page, "Tell the monitor" in page) == (409, True, True)
    assert "Інша" not in page


def test_the_monitor_alone_hears_of_it_once_for_each_row(desk_of: Doors, person: Person) -> None:
    browsers = {role: desk_of(role) for role in (Role.REGISTRAR, Role.ADMINISTRATOR, Role.MONITOR)}
    forge(person)
    for _ in range(3):
        browsers[Role.REGISTRAR].get(details(person))
    assert Alert.objects.get(kind="custody.altered").count == 1
    told = {role: "altered outside the program" in shown(one, "/alerts/")[1] for role, one in browsers.items()}
    assert told == {Role.REGISTRAR: False, Role.ADMINISTRATOR: False, Role.MONITOR: True}
    Sealed.objects.filter(pk=identity().pk).update(body=b"altered once more")
    browsers[Role.REGISTRAR].get(details(person))
    assert Alert.objects.get(kind="custody.altered").count == 2


def test_a_mark_laid_into_the_database_keeps_no_alarm_from_ringing(desk_of: Doors, person: Person) -> None:
    forge(person)
    Altered.objects.create(table="custody.pages", row=identity().pk, found=bytes(64), noticed=ARRIVAL, mark=bytes(64))
    assert shown(desk_of(Role.REGISTRAR), details(person))[0] == 409
    assert Alert.objects.filter(kind="custody.altered").exists()


MOVES: dict[str, dict[str, Any]] = {
    "day": {"entered": date(2026, 1, 1)},
    "version": {"key_version": 2},
    "no signature": {"signature": b""},
    "body": {"body": b""},
}


@pytest.mark.parametrize("move", MOVES)
def test_a_page_is_believed_as_it_was_written_and_not_otherwise(desk_of: Doors, person: Person, move: str) -> None:
    acts.register(acts_of(), "UA-2", acts.camp_of(person.camp_id or 0), SOMEBODY, When(ARRIVAL))
    row = Sealed.objects.get(person__number="UA-2", kind="identity", team="custody")
    Sealed.objects.filter(pk=row.pk).update(**MOVES[move])
    row.refresh_from_db()
    assert not signing.is_true(sealed.TABLE, row)
    assert shown(desk_of(Role.REGISTRAR), "/persons/UA-2/details/")[0] == 409


def acts_of() -> Operator:
    return Operator.objects.get(role=Role.REGISTRAR.value)


def test_a_page_moved_to_another_person_kind_or_team_is_refused(
    desk_of: Doors, registrar: Operator, person: Person, camp: Camp
) -> None:
    other = acts.register(registrar, "UA-2", camp, SOMEBODY, When(ARRIVAL))
    row = Sealed.objects.get(person=other, kind="identity", team="custody")
    for place in ({"person": person}, {"kind": "arrival"}, {"team": "bureau"}):
        moved = Sealed.objects.get(pk=row.pk)
        for name, value in place.items():
            setattr(moved, name, value)
        assert not signing.is_true(sealed.TABLE, moved), place
    Sealed.objects.filter(pk=row.pk).update(person=person)
    assert shown(desk_of(Role.REGISTRAR), details(person))[0] == 409


def test_an_older_page_put_back_as_the_newest_is_refused(desk_of: Doors, registrar: Operator, person: Person) -> None:
    old = identity()
    sealed.keep(person, sealed.IDENTITY, msgspec.structs.replace(SOMEBODY, surname="Ли"), entered=old.entered)
    assert "Ли" in shown(desk_of(Role.REGISTRAR), details(person))[1]
    old.pk = None
    old.save()
    assert shown(desk_of(Role.REGISTRAR), details(person))[0] == 409


def test_the_search_goes_on_without_whom_the_page_was_altered_of(
    desk_of: Doors, registrar: Operator, person: Person, camp: Camp
) -> None:
    acts.register(registrar, "UA-2", camp, SOMEBODY, When(ARRIVAL))
    Sealed.objects.filter(person=person, kind="identity", team="custody").update(signature=bytes(64))
    page = desk_of(Role.REGISTRAR).post("/names/", {"surname": "Чхве Мин"}).content.decode()
    assert ("UA-2" in page, person.number in page) == (True, False)
    assert Alert.objects.filter(kind="custody.altered").exists()


@pytest.mark.rule("T3")
def test_a_new_key_makes_no_altered_page_true(house: House, person: Person) -> None:
    forge(person)
    new = PrivateKey.generate()
    TeamKey.objects.create(team=team_key("custody").team, version=2, public=new.public.raw, demonstration=True)
    (rewrapper,) = sealed.REWRAPPERS
    step = rewrapper.step(Pass("custody", (house.keys["custody"],), new.public, destroys_old=True), 0, 50)
    assert (step.closed, identity().key_version) == (1, 1)
    assert not signing.is_true(sealed.TABLE, identity())


def test_a_page_sealed_anew_is_signed_anew(house: House, person: Person) -> None:
    new = PrivateKey.generate()
    TeamKey.objects.create(team=team_key("custody").team, version=2, public=new.public.raw, demonstration=True)
    (rewrapper,) = sealed.REWRAPPERS
    rewrapper.step(Pass("custody", (house.keys["custody"],), new.public, destroys_old=True), 0, 50)
    assert identity().key_version == 2
    assert signing.altered() == (2, [])


def test_every_room_signs_what_it_keeps_sealed(db: None) -> None:
    """A room that brings a table of sealed pages and does not sign them fails here."""
    keeping = {model for model in apps.get_models() if _keeps_pages(model)}
    assert keeping == {table.model for table in signing.tables()}
    assert len(keeping) >= 5


def _keeps_pages(model: type[models.Model]) -> bool:
    has_body = any(field.name == "body" and isinstance(field, models.BinaryField) for field in model._meta.fields)
    return has_body and model._meta.app_label.startswith("custody") and model._meta.db_table != TO_THE_BUREAU


def test_the_doctor_names_what_was_altered_and_needs_nobodys_key(person: Person) -> None:
    told = dict(custody_state.of_a_ready_house())
    assert told["every sealed page is what was written"] == ""
    Sealed.objects.filter(pk=identity("bureau").pk).update(team="nobody")
    told = dict(custody_state.of_a_ready_house())
    assert f"custody.pages {identity('nobody').pk}" in told["sealed pages that were altered outside the program: 1"]


def test_the_clock_finds_it_before_anybody_looks(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "BATCH", 1)
    forge(person)
    clock = signing.Round()
    for _ in range(8):
        signing.watch(clock)
    assert Altered.objects.get().row == identity().pk
    assert Alert.objects.get(kind="custody.altered").count == 1


@pytest.mark.rule("R51")
def test_what_was_destroyed_with_the_keys_rings_nobody(desk_of: Doors, person: Person) -> None:
    (destroyer,) = sealed.DESTROYERS
    destroyer.destroy()
    assert signing.altered() == (2, [])
    assert "destroyed with the keys" in shown(desk_of(Role.REGISTRAR), details(person))[1]
    assert not Alert.objects.filter(kind="custody.altered").exists()


def test_a_page_emptied_by_somebody_else_is_altered(registrar: Operator, person: Person) -> None:
    row = identity("bureau")
    Sealed.objects.filter(pk=row.pk).update(body=b"", signature=b"")
    assert [(table.code, one.pk) for table, one in signing.altered()[1]] == [("custody.pages", row.pk)]


def test_the_monitor_sets_a_page_aside_and_the_older_one_counts_again(desk_of: Doors, person: Person) -> None:
    sealed.keep(person, sealed.IDENTITY, msgspec.structs.replace(SOMEBODY, surname="Ли"), entered=ARRIVAL)
    forge(person)
    registrar, monitor = desk_of(Role.REGISTRAR), desk_of(Role.MONITOR)
    assert shown(registrar, details(person))[0] == 409
    assert person.number in shown(monitor, "/altered/")[1]
    mark = f"/altered/{Altered.objects.get().pk}/set-aside/"
    assert registrar.post(mark).status_code == 404
    assert monitor.post(mark).status_code == 302
    status, page = shown(registrar, details(person))
    assert (status, SOMEBODY.surname in page, "Ли" in page) == (200, True, False)
    assert person.number not in shown(monitor, "/altered/")[1]


def test_who_has_a_page_set_aside_is_found_under_the_older_one(desk_of: Doors, registrar: Operator, camp: Camp) -> None:
    person = acts.register(registrar, "UA-3", camp, SOMEBODY, When(ARRIVAL))
    sealed.keep(person, sealed.IDENTITY, msgspec.structs.replace(SOMEBODY, surname="Ли"), entered=ARRIVAL)
    forge(person)
    desk, monitor = desk_of(Role.REGISTRAR), desk_of(Role.MONITOR)

    def found() -> bool:
        return person.number in desk.post("/names/", {"surname": "Чхве Мин"}).content.decode()

    assert not found()
    assert monitor.post(f"/altered/{Altered.objects.get().pk}/set-aside/").status_code == 302
    assert found()


def test_a_mark_serves_for_no_other_alteration(desk_of: Doors, person: Person) -> None:
    forge(person)
    registrar, monitor = desk_of(Role.REGISTRAR), desk_of(Role.MONITOR)
    registrar.get(details(person))
    monitor.post(f"/altered/{Altered.objects.get().pk}/set-aside/")
    forge(person)
    assert shown(registrar, details(person))[0] == 409
    assert Altered.objects.count() == 2


def test_a_row_that_was_put_right_is_altered_no_more(desk_of: Doors, person: Person) -> None:
    true = identity()
    forge(person)
    registrar, monitor = desk_of(Role.REGISTRAR), desk_of(Role.MONITOR)
    registrar.get(details(person))
    true.save()
    assert shown(registrar, details(person))[0] == 200
    assert "Every page that was looked at" in shown(monitor, "/altered/")[1]
    assert monitor.post(f"/altered/{Altered.objects.get().pk}/set-aside/").status_code == 404


def test_what_was_there_before_signatures_is_signed_once(person: Person) -> None:
    Sealed.objects.update(signature=b"")
    assert [found.id for found in checks.pages_are_signed(None, ["default"])] == ["safeconduct.E007"]
    assert first_signing.sign_all() == 2
    first_signing.mark().write_bytes(b"")
    assert signing.altered() == (2, [])
    assert checks.pages_are_signed(None, ["default"]) == []


def test_a_signature_that_was_taken_away_is_never_given_again(person: Person) -> None:
    """Whoever takes one away has a page that is refused, and none from before there were signatures."""
    Sealed.objects.update(signature=b"")
    told = CliRunner().invoke(app, ["sign-pages"])
    assert (told.exit_code, told.output) == (0, "signed; from now on a page without a signature is refused\n")
    Sealed.objects.filter(pk=identity().pk).update(signature=b"")
    assert CliRunner().invoke(app, ["sign-pages"]).exit_code == 1
    assert not signing.is_true(sealed.TABLE, identity())
