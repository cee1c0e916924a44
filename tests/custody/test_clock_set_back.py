# SPDX-License-Identifier: AGPL-3.0-or-later
"""T9: a wall clock that was set back turns nobody away, settles nothing that is late, and destroys nothing. It alarms."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.custody.conftest import SOMEBODY

from safeconduct.desk.alerts import clock
from safeconduct.desk.alerts.audited import DOUBTFUL
from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Clock
from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts, days
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.audited import LATE
from safeconduct.desk.custody.camplife import visits
from safeconduct.desk.custody.camplife.models import Refusal
from safeconduct.desk.custody.errors import DayRefused
from safeconduct.desk.custody.models import Camp, Event, Kept, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import custody_clock
from safeconduct.vocabulary.camplife import Body

pytestmark = [pytest.mark.rule("T9"), pytest.mark.django_db]
BACK = timedelta(days=40)


@pytest.fixture
def known() -> date:
    """The day that it is, as the clock process knows; the wall shows forty days less."""
    moment = datetime.now(UTC) + BACK
    clock.confirm_time(moment)
    return moment.date()


def tick() -> list[str]:
    nobody = Courier(lambda *_said, **_more: True, lambda *_said, **_more: True)
    runs = dict(custody_clock.runs(nobody))
    del runs["desk.rewrite"]  # PostgreSQL does that in no transaction, and a test is one
    table = [act for act in custody_clock.TABLE if act.name in runs]
    return Clock(table, runs, holder="a", now=lambda: datetime.now(UTC)).tick()


def test_who_arrives_is_registered_for_the_true_day(registrar: Operator, camp: Camp, known: date) -> None:
    person = acts.register(registrar, "UA-0002", camp, SOMEBODY, When(known))
    assert {(row.happened, row.entered) for row in Event.objects.filter(person=person)} == {(known, known)}


def test_no_day_ahead_of_the_latest_that_was_seen_is_entered(registrar: Operator, camp: Camp, known: date) -> None:
    with pytest.raises(DayRefused):
        acts.register(registrar, "UA-0002", camp, SOMEBODY, When(known + timedelta(days=2)))


def test_a_page_offers_the_day_that_it_is(desk_of: Callable[[Role], Client], person: Person) -> None:
    clock.confirm_time(datetime.now(UTC) + BACK)
    page = desk_of(Role.REGISTRAR).get(f"/deaths/{person.number}/").content.decode()
    assert f'max="{days.here()}"' in page


def test_a_refusal_that_has_ended_is_over(registrar: Operator, camp: Camp, known: date) -> None:
    visit = visits.ask(registrar, camp, Body.RED_CROSS, known)
    until = known - timedelta(days=2)
    refusal = Refusal.objects.create(visit=visit, until=until, refused=until, approved_by=registrar)
    tick()
    refusal.refresh_from_db()
    assert refusal.is_over


def test_what_was_late_stays_late_and_rings(registrar: Operator, camp: Camp) -> None:
    today = datetime.now(UTC).date()
    acts.register(registrar, "UA-0002", camp, SOMEBODY, When(today))
    clock.confirm_time(datetime.now(UTC) + BACK)
    tick()
    assert Alert.objects.filter(kind=LATE).exists()
    assert Kept.objects.get(duty="card").late == 1


def test_nothing_is_destroyed_and_somebody_is_told(registrar: Operator, known: date) -> None:
    done = tick()
    assert "duties.work_out" in done
    assert not {"backups.forget", "tickets.forget"} & set(done)
    assert Alert.objects.filter(kind=DOUBTFUL).exists()
