# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each migration, with rows that were there before it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)


def test_operators_who_were_there_before_duty_stay_and_nobody_is_on_duty() -> None:
    MigrationExecutor(connection).migrate([("operators", "0001_people_and_keys")])
    state = MigrationExecutor(connection).loader.project_state([("operators", "0001_people_and_keys")])
    before = state.apps.get_model("operators", "Operator")
    before.objects.create(name="olena", role="operator", public=b"p", vault=b"v", added="2026-11-21")
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "operators"])
    after = MigrationExecutor(connection).loader.project_state([("operators", "0002_duty")]).apps
    assert [one.name for one in after.get_model("operators", "Operator").objects.all()] == ["olena"]
    assert not after.get_model("operators", "Shift").objects.exists()
    assert not after.get_model("operators", "DutyCard").objects.exists()
