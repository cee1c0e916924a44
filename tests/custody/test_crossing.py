# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two pages at one moment: neither is told that something broke, and nothing is entered twice or written over."""

import os
import secrets
from collections.abc import Callable
from threading import Thread
from types import FunctionType, ModuleType

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, DiskFull
from tests.custody.conftest import ARRIVAL, SOMEBODY, wait_for_a_lock
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, crossing, newest, numbering, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau import making, sending, worries
from safeconduct.desk.custody.camplife import days, elections, striking, visits
from safeconduct.desk.custody.complaints import acts as complaints
from safeconduct.desk.custody.deaths import acts as deaths
from safeconduct.desk.custody.errors import CampClosed, CustodyError, WrittenMeanwhile
from safeconduct.desk.custody.hostilities import acts as hostilities
from safeconduct.desk.custody.inquiries import acts as inquiries
from safeconduct.desk.custody.medical import acts as medical
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.post import acts as post
from safeconduct.desk.custody.post.kinds import Deed, Kind, Sheet
from safeconduct.desk.custody.post.models import Piece
from safeconduct.desk.custody.post.sheets import read
from safeconduct.desk.custody.reception import arrivals, effects, health
from safeconduct.desk.custody.reception.sheet import Typed
from safeconduct.desk.custody.wishes import acts as wishes
from safeconduct.desk.custody.wishes import listing, returning
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent

two_writers = pytest.mark.skipif(
    os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1", reason="SQLite has one writer anyway"
)
DAY = When(ARRIVAL)


class Beside:
    """What is done at the same moment, elsewhere."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.gave: list[object] = []
        self._do = do
        self._thread = Thread(target=self._run)

    def start(self) -> None:
        """Until it waits for what is held here."""
        self._thread.start()
        wait_for_a_lock(self._thread)

    def end(self) -> object:
        self._thread.join()
        (gave,) = self.gave
        return gave

    def _run(self) -> None:
        try:
            self.gave.append(self._do())
        finally:
            connection.close()


@pytest.fixture
def comrade(registrar: Operator, camp: Camp) -> Person:
    return acts.register(registrar, "UA-0002", camp, SOMEBODY, DAY)


def came(actor: Operator, person: Person, ticket: bytes = b"") -> post.Result:
    lines = read(person.number, Sheet.CAME, Kind.LETTER).lines
    assert person.camp
    return post.enter_sheet(actor, ticket or secrets.token_bytes(16), Sheet.CAME, lines, camp=person.camp, when=DAY)


def crossed(times: int, cause: Exception) -> tuple[Callable[[], int], list[int]]:
    tried: list[int] = []

    @crossing.act
    def do() -> int:
        tried.append(1)
        if len(tried) <= times:
            raise OperationalError from cause
        return len(tried)

    return do, tried


@pytest.mark.django_db(transaction=True)
def test_an_act_that_crossed_with_another_is_done_once_more() -> None:
    assert crossed(1, DeadlockDetected())[0]() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("times", "cause", "tries"), [(2, DeadlockDetected(), 2), (1, DiskFull(), 1)])
def test_what_does_not_pass_by_itself_is_told(times: int, cause: Exception, tries: int) -> None:
    do, tried = crossed(times, cause)
    with pytest.raises(OperationalError):
        do()
    assert len(tried) == tries


@pytest.mark.django_db(transaction=True)
def test_a_part_of_an_act_is_not_done_again_by_itself() -> None:
    do, tried = crossed(1, DeadlockDetected())
    with pytest.raises(OperationalError), transaction.atomic():
        do()
    assert len(tried) == 1


ROOMS = (
    deaths, inquiries, complaints, visits, days, striking, elections, worries, sending, making, numbering,
    hostilities, effects, health, medical, wishes, listing, returning,
)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_no_room_breaks_off_when_two_of_its_acts_cross(room: ModuleType) -> None:
    once = transaction.atomic(len).__code__  # what makes an act one transaction, and does not do it again
    own = [do for do in vars(room).values() if isinstance(do, FunctionType) and do.__module__ == room.__name__]
    assert [do.__name__ for do in own if do.__code__ is once] == []


@pytest.mark.rule("R29")
@two_writers
@pytest.mark.django_db(transaction=True)
def test_a_page_of_many_waits_for_all_of_them_before_it_holds_any(
    registrar: Operator, person: Person, comrade: Person
) -> None:
    for one in (comrade, person):  # the pieces lie in another order than the people
        came(registrar, one)
    pieces = list(Piece.objects.order_by("pk").values_list("pk", flat=True))
    # Within another act, so that it is not done again: it did not cross at all.
    beside = Beside(transaction.atomic(lambda: post.deal(registrar, pieces, Deed.DONE, DAY).entered))
    with transaction.atomic():
        acts.happen(registrar, person, PersonEvent.QUARTERED, DAY)
        beside.start()
        acts.happen(registrar, comrade, PersonEvent.QUARTERED, DAY)
    assert beside.end() == 2


@pytest.mark.rule("R29")
@two_writers
@pytest.mark.django_db(transaction=True)
def test_a_sheet_that_is_sent_twice_at_one_moment_is_entered_once(registrar: Operator, person: Person) -> None:
    ticket = secrets.token_bytes(16)
    beside = Beside(lambda: came(registrar, person, ticket).entered)
    with transaction.atomic():
        came(registrar, person, ticket)
        beside.start()
    assert beside.end() == 1
    assert Piece.objects.count() == Event.objects.filter(kind=PersonEvent.MAIL_RECEIVED.value).count() == 1


@pytest.mark.rule("R27")
@two_writers
@pytest.mark.django_db(transaction=True)
def test_nobody_arrives_in_a_camp_that_is_just_closing(registrar: Operator, person: Person) -> None:
    hospital = acts.open_camp(registrar, "Hospital", CampKind.HOSPITAL, {}, DAY)

    def arrive() -> object:
        try:
            return acts.happen(registrar, person, PersonEvent.ARRIVED, DAY, camp=hospital)
        except CustodyError as error:
            return error

    beside = Beside(arrive)
    with transaction.atomic():
        acts.enter_of_camp(registrar, hospital, CampEvent.CLOSED, DAY)
        beside.start()
    assert isinstance(beside.end(), CampClosed)
    assert not hospital.people.exists()


@pytest.mark.rule("R22")
@two_writers
@pytest.mark.django_db(transaction=True)
def test_a_sheet_of_arrivals_writes_over_nothing_that_a_colleague_is_writing(house: House, camp: Camp) -> None:
    somebody = house.person(Role.REGISTRAR)
    keys, ticket = Keyring(somebody.operator, house.opened(somebody)), secrets.token_bytes(16)

    def sheet(surname: str, seen: str = "") -> arrivals.Outcome:
        row = Typed("S-1", said={"surname": surname}, seen=seen)
        return arrivals.enter(keys, ticket, arrivals.Common(camp, ARRIVAL), [row])[0]

    person = sheet("A").person
    assert person
    seen = newest.seen(keys, person, sealed.IDENTITY)
    beside = Beside(lambda: sheet("B", seen).refused)
    with transaction.atomic():
        newest.require_seen(keys, person, sealed.IDENTITY, seen)
        beside.start()
        acts.describe(keys.operator, person, SOMEBODY, None)
    assert isinstance(beside.end(), WrittenMeanwhile)
    assert sealed.identity(keys, person) == SOMEBODY
