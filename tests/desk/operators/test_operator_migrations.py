# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each migration, with rows that were there before it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

Models = Callable[[str], Any]


def migrated(name: str) -> Models:
    """The tables as they are after that migration."""
    MigrationExecutor(connection).migrate([("operators", name)])
    apps = MigrationExecutor(connection).loader.project_state([("operators", name)]).apps
    return lambda model: apps.get_model("operators", model).objects


@pytest.fixture(autouse=True)
def _all_rooms_again() -> Iterator[None]:
    """Other rooms' tables depend on this one's: going back takes them away as well."""
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_operators_who_were_there_before_duty_stay_and_nobody_is_on_duty() -> None:
    before = migrated("0001_people_and_keys")
    before("Operator").create(name="olena", role="operator", public=b"p", vault=b"v", added="2026-11-21")
    after = migrated("0002_duty")
    assert [one.name for one in after("Operator").all()] == ["olena"]
    assert not after("Shift").exists()
    assert not after("DutyCard").exists()


def test_keys_from_before_rotation_are_in_use_and_nobody_has_vouched_for_their_holders() -> None:
    before = migrated("0004_capacity")
    person = before("Operator").create(name="olena", role="operator", public=b"p", vault=b"v", added="2026-11-21")
    team = before("Team").create(code="intake")
    key = before("TeamKey").create(team=team, version=1, public=b"k", demonstration=False)
    before("Membership").create(key=key, operator=person, wrapped=b"w")
    after = migrated("0005_rotation")
    kept = after("TeamKey").get()
    assert (bytes(kept.public), kept.retired, kept.published, kept.shares) == (b"k", False, None, "")
    place = after("Membership").get()
    assert (bytes(place.wrapped), place.vouched) == (b"w", None)
    assert not after("KeyRotation").exists()


def test_a_release_from_before_rotation_adds_rows_that_fit_the_new_tables() -> None:
    before = migrated("0004_capacity")
    team = before("Team").create(code="intake")
    migrated("0005_rotation")
    before("TeamKey").create(team=team, version=1, public=b"k", demonstration=False)
    assert migrated("0006_security_keys")("TeamKey").get().retired is False


def test_a_duty_card_from_before_there_was_a_capacity_takes_five_cases_at_a_time() -> None:
    before = migrated("0003_index_key")
    person = before("Operator").create(name="olena", role="operator", public=b"p", vault=b"v", added="2026-11-21")
    before("DutyCard").create(operator=person, languages="uk", hours=8)
    after = migrated("0004_capacity")
    assert after("DutyCard").get().capacity == 5
    after("DutyCard").all().delete()
    before("DutyCard").create(operator=person, languages="uk", hours=8)  # by a release that runs meanwhile
    assert after("DutyCard").get().capacity == 5
