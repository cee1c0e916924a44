# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing the record: in the act's own transaction, sealed to the monitor, chained by one appender."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from tests.desk.conftest import House

from safeconduct.desk.audit import access, acts, appender, chain
from safeconduct.desk.audit.errors import NoMonitorKey, NoSigningKey, NotInTransaction, UnknownAct
from safeconduct.desk.audit.models import Checkpoint, Entry, MonitorKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey

DESK = SigningKey.from_seed(bytes(range(32))).verify_key  # of the credentials that conftest writes


def do(subject: str = "26-0001", act: str = "operators.signed_in") -> None:
    with transaction.atomic():
        acts.record(None, act, subject)


def report() -> chain.Report:
    head = access.head()
    signed = [*access.signed(), *([head] if head else [])]
    return chain.verify(access.links(), signed, chain.Trust(DESK))


@pytest.mark.rule("R49")
def test_an_act_and_its_entry_are_kept_together_or_not_at_all(house: House) -> None:
    before = Entry.objects.count()

    def fail_half_way() -> None:
        with transaction.atomic():
            acts.record(None, "operators.signed_in")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_half_way()
    assert Entry.objects.count() == before


@pytest.mark.rule("R49")
@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction):
        acts.record(None, "operators.signed_in")


@pytest.mark.rule("R49")
def test_an_act_that_is_not_registered_is_refused(house: House) -> None:
    with pytest.raises(UnknownAct), transaction.atomic():
        acts.record(None, "cases.made_up")


@pytest.mark.rule("R49")
def test_nothing_is_done_that_nobody_could_read_later(house: House) -> None:
    MonitorKey.objects.all().delete()
    with pytest.raises(NoMonitorKey):
        house.person(Role.OPERATOR).sign_in()


@pytest.mark.rule("R49", "T3")
def test_actor_act_and_subject_can_be_read_with_the_monitors_key_alone(house: House) -> None:
    do("26-4711")
    sealed = b"".join(bytes(row.sealed) for row in Entry.objects.all())
    assert b"26-4711" not in sealed
    assert b"operators" not in sealed
    (line, *_) = access.page([house.keys["monitor"]]).lines
    assert line.told is not None
    assert (line.told.actor, line.told.act, line.told.subject) == (acts.THE_DESK, "operators.signed_in", "26-4711")
    assert access.page([PrivateKey.generate()]).lines[0].told is None


@pytest.mark.rule("T3")
def test_entries_of_usual_acts_have_one_size(house: House) -> None:
    for act, subject in (
        ("audit.read", ""),
        ("operators.admitted", "operator one intake 1"),
        ("operators.locked", "x"),
    ):
        do(subject, act)
    sizes = {len(row.sealed) for row in Entry.objects.order_by("-id")[:3]}
    assert len(sizes) <= 2


@pytest.mark.rule("R49")
def test_the_appender_numbers_and_links_what_was_committed(house: House) -> None:
    for _ in range(5):
        do()
    waiting = access.unchained()
    assert appender.chain_once() == waiting
    assert (access.unchained(), appender.chain_once()) == (0, 0)
    found = report()
    assert (found.entries, found.signed_to, found.problems) == (waiting, waiting, [])


def test_a_checkpoint_stands_at_every_256th_entry_and_wherever_a_day_ends(house: House) -> None:
    for _ in range(300 - access.unchained()):
        do()
    Entry.objects.filter(pk__in=list(Entry.objects.values_list("pk", flat=True)[:100])).update(day="2026-01-01")
    assert appender.chain_once() == 300
    assert list(Checkpoint.objects.values_list("number", flat=True)) == [100, 256]
    assert report().problems == []


def test_a_checkpoint_can_be_made_at_any_time_and_twice_is_once(house: House) -> None:
    do()
    appender.chain_once()
    assert appender.checkpoint_now() == appender.checkpoint_now() == Entry.objects.count()
    assert Checkpoint.objects.count() == 1


def test_the_appender_stops_without_the_desks_key(house: House, settings: object) -> None:
    (settings.DESK.credentials / "desk" / "signing.key").unlink()  # type: ignore[attr-defined]
    do()
    with pytest.raises(NoSigningKey):
        appender.chain_once()


@pytest.mark.rule("R49")
@pytest.mark.django_db(transaction=True)
def test_two_appenders_at_once_make_one_chain(found_teams: Callable[[], dict[str, PrivateKey]]) -> None:
    found_teams()
    for _ in range(40):
        do()
    chained: list[int] = []

    def append() -> None:
        chained.append(appender.chain_once())
        connection.close()

    workers = [threading.Thread(target=append) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(chained) == Entry.objects.count()
    assert report().problems == []
