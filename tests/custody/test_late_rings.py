# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is late rings at those who may know of it, and at nobody else."""

from datetime import timedelta

import pytest
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.alerts import registry
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import watching
from safeconduct.desk.custody.audited import LATE, LATE_APART, LATE_COUNSEL
from safeconduct.desk.custody.models import Owed, Person
from safeconduct.desk.operators.roles import Role

FEW = {Role.REGISTRAR, Role.COUNSEL, Role.MONITOR}
LATER = ARRIVAL + timedelta(days=60)


def rings(kind: str) -> bool:
    return Alert.objects.filter(kind=kind, is_over=False).exists()


@pytest.mark.rule("R43")
@pytest.mark.parametrize("code", ["fear", "home-sick", "inquiry"])
def test_what_few_may_know_rings_at_them_alone_and_is_in_no_sum(person: Person, code: str) -> None:
    Owed.objects.all().delete()
    Owed.objects.create(duty=code, person=person, camp=person.camp, since=ARRIVAL, due=ARRIVAL)
    watching.ring(LATER)
    assert rings(LATE_APART)
    assert not rings(LATE)
    assert watching.figures(LATER) == (0, 0)
    assert {role for role in Role if LATE_APART not in registry.hidden_from(role)} == FEW
    Owed.objects.all().delete()
    watching.ring(LATER)
    assert not rings(LATE_APART)


@pytest.mark.rule("R42")
def test_that_counsel_has_not_come_rings_at_counsel_and_the_monitor_until_they_have(person: Person) -> None:
    Owed.objects.all().delete()
    Owed.objects.create(duty="counsel", person=person, camp=person.camp, since=ARRIVAL, due=ARRIVAL)
    watching.ring(LATER)
    assert (rings(LATE_COUNSEL), rings(LATE_APART), rings(LATE)) == (True, False, False)
    assert {role for role in Role if LATE_COUNSEL not in registry.hidden_from(role)} == {Role.COUNSEL, Role.MONITOR}
    Owed.objects.all().delete()
    watching.ring(LATER)
    assert not rings(LATE_COUNSEL)


def test_what_a_camp_owes_rings_at_everybody(person: Person) -> None:
    watching.ring(LATER)
    assert rings(LATE)
    assert not rings(LATE_APART)
