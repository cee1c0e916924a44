# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk refuses to start rather than to run in a way that nobody meant."""

import dataclasses
from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings
from tests.desk.conftest import House

from safeconduct.desk.audit.models import MonitorKey
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.project import serve
from safeconduct.desk.project.errors import NotReady


@pytest.fixture(autouse=True)
def _real_line(house: House, settings: Settings) -> None:
    """All is well: a key for Django, teams of a real line."""
    settings.DESK = dataclasses.replace(settings.DESK, django_key="ab" * 32)
    TeamKey.objects.update(demonstration=False)


def found() -> set[str]:
    problems = [problem for problem in run_checks(databases=["default"]) if "safeconduct" in str(problem.id)]
    assert all(problem.hint for problem in problems)
    return {str(problem.id) for problem in problems}


def test_a_house_in_order_may_start() -> None:
    assert found() == set()
    serve.refuse_unready()


def test_no_django_key_no_desk(settings: Settings) -> None:
    settings.DESK = dataclasses.replace(settings.DESK, django_key="")
    assert found() == {"safeconduct.E001"}


def test_no_signing_key_no_desk(settings: Settings) -> None:
    (settings.DESK.credentials / "desk" / "signing.key").write_bytes(b"short")
    assert found() == {"safeconduct.E002"}


def test_a_demonstrations_credentials_are_refused_unless_told(settings: Settings) -> None:
    (settings.DESK.credentials / "DEMONSTRATION").touch()
    assert found() == {"safeconduct.E003"}
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)
    assert found() == set()


@pytest.mark.rule("T3")
def test_a_database_that_others_may_read_is_refused(settings: Settings) -> None:
    path: Path = settings.DESK.home / "desk" / "desk.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    assert found() == {"safeconduct.E004"}


@pytest.mark.rule("R49")
def test_no_monitor_no_desk() -> None:
    MonitorKey.objects.all().delete()
    assert found() == {"safeconduct.E005"}
    with pytest.raises(NotReady, match="monitor"):
        serve.refuse_unready()


def test_a_demonstrations_team_key_is_refused_unless_told(settings: Settings) -> None:
    TeamKey.objects.update(demonstration=True)
    assert found() == {"safeconduct.E006"}
    settings.DESK = dataclasses.replace(settings.DESK, demonstration=True)
    assert found() == set()


def test_unknown_doors_no_desk(settings: Settings) -> None:
    (settings.DESK.credentials / "doors.json").write_text('{"edge": "00", "desk": 7}')
    assert found() == {"safeconduct.E007"}


@pytest.mark.parametrize("content", ['{"telegram": "00"}', '{"../x": "00"}', '["telegram"]', "{"])
def test_a_key_of_a_channel_that_cannot_be_read_stops_the_desk(settings: Settings, content: str) -> None:
    (settings.DESK.credentials / "delivery.json").write_text(content)
    assert found() == {"safeconduct.E008"}
