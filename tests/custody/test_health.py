# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody's administrator and its doctor see: the machinery, and nobody who is held."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safeconduct.cli import custody_doctor, custody_state
from safeconduct.cli.places import DEMONSTRATION_MARK, Places
from safeconduct.desk.alerts import clock
from safeconduct.desk.alerts.models import PeriodicAct
from safeconduct.desk.custody import acts, watching
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import custody_clock
from safeconduct.desk.project.backup_keys import Ring

Doors = Callable[[Role], Client]


def mends() -> dict[str, str]:
    return dict(custody_state.of_a_ready_house())


def test_the_administrator_sees_the_night_the_clock_and_the_keys_and_nobody(desk_of: Doors, person: Person) -> None:
    watching.work_out(acts.today())
    page = desk_of(Role.ADMINISTRATOR).get("/health/").content.decode()
    assert acts.today().isoformat() in page
    assert "Work out all that the Convention asks for" in page
    assert "counsel" in page
    assert person.number not in page


@pytest.mark.rule("T6")
@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MONITOR, Role.CAMP_COMMANDER])
def test_health_is_the_administrators_alone(desk_of: Doors, role: Role) -> None:
    assert desk_of(role).get("/health/").status_code == 404


@pytest.mark.rule("T9")
def test_health_and_doctor_say_that_the_wall_clock_went_back(desk_of: Doors, person: Person) -> None:
    clock.confirm_time(datetime.now(UTC) + timedelta(days=3))
    assert "wall clock cannot be believed" in desk_of(Role.ADMINISTRATOR).get("/health/").content.decode()
    assert "confirm-time" in mends()["the wall clock can be believed"]
    clock.confirm_time(datetime.now(UTC))
    assert not mends()["the wall clock can be believed"]


def test_the_doctor_names_a_clock_that_stands_and_a_night_that_was_not_worked_out(person: Person) -> None:
    before = datetime.now(UTC) - timedelta(days=2)
    PeriodicAct.objects.bulk_create(PeriodicAct(name=act.name, known_since=before) for act in custody_clock.TABLE)
    told = mends()
    assert "custody clock" in told["the night was worked out"]
    assert "never done" in told["on time: Work out all that the Convention asks for"]
    watching.work_out(acts.today())
    assert not mends()[f"the night was worked out, last for {acts.today()}"]


def test_the_doctor_counts_who_holds_each_key(person: Person) -> None:
    told = mends()
    assert not told["every team has a key"]
    assert not told["no team owes a new key"]


def test_health_and_doctor_agree_of_a_demonstration_that_it_lacks_people_alerts_and_backups(
    desk_of: Doors, person: Person, tmp_path: Path
) -> None:
    TeamKey.objects.update(demonstration=True)
    page, told = desk_of(Role.ADMINISTRATOR).get("/health/").content.decode(), mends()
    assert "too few" in page
    assert "counsel" in told["two people at least hold each"]
    assert "none is set up" in page
    assert "no transport is set up" in told["alert messages go out"]
    (tmp_path / "credentials" / "custody").mkdir(parents=True)
    (tmp_path / "credentials" / "custody" / DEMONSTRATION_MARK).touch()
    backup = custody_doctor.backed_up(Places(tmp_path, tmp_path / "credentials"), acts.today())
    assert "custody backup" in backup.mend


def test_health_names_a_backup_that_was_not_made(desk_of: Doors, settings: Any, tmp_path: Path) -> None:
    settings.DESK = replace(settings.DESK, backup_keys=tmp_path, database_url="")
    browser, today = desk_of(Role.ADMINISTRATOR), datetime.now(UTC).date()
    assert '<dt>Last backup</dt><dd><span class="badge now">never' in browser.get("/health/").content.decode()
    Ring(tmp_path).of(today - timedelta(days=3))
    assert "late</span>" in browser.get("/health/").content.decode().split("Last backup")[1].split("</dd>")[0]
    Ring(tmp_path).of(today)
    assert "late</span>" not in browser.get("/health/").content.decode().split("Last backup")[1].split("</dd>")[0]
