# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of a page that was sent custody remembers so much that it enters nothing twice, and for so long as it could be sent again."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from tests.custody.conftest import ARRIVAL, inputs_of

from safeconduct.desk.alerts.carrying import Courier
from safeconduct.desk.alerts.clock import Clock
from safeconduct.desk.custody import days, tickets
from safeconduct.desk.custody.camplife.models import Visit
from safeconduct.desk.custody.inquiries.models import Inquiry, Words
from safeconduct.desk.custody.models import Camp, Person, Used
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project import custody_clock

TODAY = date(2026, 11, 23)


def kept() -> set[bytes]:
    return {bytes(row.ticket) for row in Used.objects.all()}


@pytest.mark.django_db
def test_a_ticket_is_kept_for_its_life_and_no_longer() -> None:
    for ticket, age in ((b"young", timedelta(0)), (b"last day", tickets.LIFE), (b"old", tickets.LIFE + timedelta(1))):
        Used.objects.create(ticket=ticket, day=TODAY - age)
    assert tickets.forget(TODAY) == 1
    assert kept() == {b"young", b"last day"}
    assert not tickets.use(b"last day")


@pytest.mark.django_db
def test_what_has_no_day_is_kept_for_a_life_from_now_on() -> None:
    Used.objects.create(ticket=b"before")
    for later, left in ((timedelta(0), 1), (tickets.LIFE, 1), (tickets.LIFE + timedelta(1), 0)):
        tickets.forget(TODAY + later)
        assert Used.objects.count() == left


def test_a_page_that_was_sent_is_dated_and_sent_again_enters_nothing(
    desk_of: Callable[[Role], Client], person: Person
) -> None:
    browser, path = desk_of(Role.MEDICAL), f"/persons/{person.number}/"
    said = inputs_of(browser.get(path).content.decode())
    said |= {"event": "sickness.began", "day": ARRIVAL.isoformat()}
    for _twice in range(2):
        assert browser.post(f"{path}enter/", said).status_code == 302
    assert person.events.filter(kind="sickness.began").count() == 1
    assert Used.objects.get().day == days.entered()


def test_a_visit_that_is_asked_for_twice_from_one_page_is_owed_once(
    desk_of: Callable[[Role], Client], camp: Camp
) -> None:
    browser, path = desk_of(Role.REGISTRAR), f"/camps/{camp.pk}/visits/"
    said = inputs_of(browser.get(path).content.decode()) | {"day": ARRIVAL.isoformat()}
    for body in ("ICRC", "ICRC", "PP"):
        assert browser.post(f"{path}ask/", said | {"body": body}).status_code == 302
    assert list(Visit.objects.order_by("pk").values_list("body", flat=True)) == ["ICRC", "PP"]


def test_an_inquiry_that_is_sent_twice_is_entered_once(desk_of: Callable[[Role], Client]) -> None:
    browser, path = desk_of(Role.BUREAU), "/inquiries/ask/"
    said = inputs_of(browser.get(path).content.decode())
    for name in ("Choe Min", "Choe Min", "Choe Ok"):
        assert browser.post(path, said | {"name": name}).status_code == 302
    assert Inquiry.objects.count() == 2


def test_an_answer_that_is_sent_twice_is_given_once(desk_of: Callable[[Role], Client]) -> None:
    browser = desk_of(Role.BUREAU)
    page = browser.post("/inquiries/ask/", {"name": "Choe Min"})["Location"]
    shown = inputs_of(browser.get(page).content.decode()) | {"words": "Жив."}
    for _twice in range(2):
        assert browser.post(f"{page}answer/", shown).status_code == 302
    assert Words.objects.filter(kind="answered").count() == 1


@pytest.mark.django_db
def test_the_clock_clears_them() -> None:
    Used.objects.create(ticket=b"old", day=datetime.now(UTC).date() - tickets.LIFE - timedelta(1))
    nobody = Courier(lambda *_said, **_more: True, lambda *_said, **_more: True)
    (act,) = (one for one in custody_clock.TABLE if one.name == "tickets.forget")
    runs = {act.name: custody_clock.runs(nobody)[act.name]}
    assert Clock([act], runs, holder="a", now=lambda: datetime.now(UTC)).tick() == ["tickets.forget"]
    assert kept() == set()


@pytest.fixture
def newest_again(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _at(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("custody", name)])
    return MigrationExecutor(connection).loader.project_state([("custody", name)]).apps


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("newest_again")
def test_tickets_of_before_have_no_day_and_count_all_the_same() -> None:
    _at("0006_struck_events").get_model("custody", "Used").objects.create(ticket=b"before")
    _at("0007_used_on_a_day").get_model("custody", "Used").objects.create(ticket=b"after", day=TODAY)
    assert set(Used.objects.values_list("day", flat=True)) == {None, TODAY}
    assert not tickets.use(b"before")
    assert tickets.forget(TODAY + tickets.LIFE + timedelta(1)) == 1
    assert kept() == {b"before"}
