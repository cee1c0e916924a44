# SPDX-License-Identifier: AGPL-3.0-or-later
"""A team's change to a new key: nothing is lost on the way, and whoever left opens nothing afterwards."""

import os
import signal
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.conftest import Person as Member

from safeconduct.desk.cases import keys, rewrapping
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.desk.cases.opening import rejoin
from safeconduct.desk.operators import acts, rotation, rotation_acts
from safeconduct.desk.operators.errors import NotAllowed
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import KeyRotation, Membership, Operator, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.operators.rotation import LATE_ARRIVALS, State
from safeconduct.desk.operators.rotation_acts import ROWS
from safeconduct.sealing.envelope import open_envelope
from safeconduct.sealing.errors import NotForThisKey
from safeconduct.sealing.keys import PrivateKey

PEOPLE = 70  # more than one piece of the work


@pytest.fixture
def crowd(line: Line) -> list[Person]:
    people = [line.apply_new("дуже страшно") for _ in range(PEOPLE)]
    line.collect()
    return people


@pytest.fixture
def keyring(house: House) -> Callable[[Role], Keyring]:
    """A request's: what was held when it began."""

    def of(role: Role) -> Keyring:
        person = house.person(role)
        return Keyring(person.operator, house.opened(person))

    return of


@pytest.fixture
def second(house: House) -> Member:
    welcome = acts.add_operator("second", Role.OPERATOR)
    acts.let_in(acts.team_key("intake"), house.keys["intake"], welcome.operator)
    return house.newcomer(welcome)


def opens(line: Line, key: PrivateKey) -> int:
    count = 0
    for row in StoredEnvelope.objects.select_related("case"):
        erasure = line.keys.erasure.get(row.case.conversation_id)
        assert erasure is not None
        try:
            open_envelope(rejoin(row, erasure), key)
        except NotForThisKey:
            continue
        count += 1
    return count


def work(keyring: Callable[[Role], Keyring], role: Role = Role.OPERATOR, *, day: date | None = None) -> None:
    rotation_acts.work(keyring(role), "intake", seconds=60, today=lambda: day or rotation.today())


def publish() -> date:
    """The board names the newest key. Returns the day from which on nothing late can come."""
    newest = TeamKey.objects.filter(team__code="intake").latest("version")
    rotation_acts.note_published({"intake": (newest.version, bytes(newest.public))})
    return rotation.today() + LATE_ARRIVALS


def test_who_leaves_is_out_at_their_next_request_and_leaves_a_new_key_due(
    house: House, second: Member, administrator: Client
) -> None:
    assert second.sign_in().status_code == 303
    administrator.post(f"/people/{second.operator.pk}/deactivate/")
    poll = second.browser.get("/queue/rows/", headers={"HX-Request": "true"})
    assert poll.headers["HX-Redirect"].startswith("/sign-in/")
    assert KeyRotation.objects.get().state == "due"
    page = house.signed_in(Role.SUPERVISOR).get("/keys/").content.decode()
    assert "A new key is due." in page
    assert "Your team needs a new key" in house.signed_in(Role.OPERATOR).get("/help/").content.decode()
    assert "Your team needs a new key" not in house.signed_in(Role.PLANNER).get("/help/").content.decode()


def test_who_was_never_let_in_leaves_nothing_due(house: House, administrator: Client) -> None:
    welcome = acts.add_operator("second", Role.OPERATOR)
    administrator.post(f"/people/{welcome.operator.pk}/deactivate/")
    assert not KeyRotation.objects.exists()


@pytest.mark.rule("T3")
def test_the_whole_way_loses_nothing_and_ends_the_old_key(
    house: House, line: Line, crowd: list[Person], keyring: Callable[[Role], Keyring]
) -> None:
    old, before = house.keys["intake"], index_key(keyring(Role.OPERATOR))
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    assert (opens(line, old), opens(line, keyring(Role.OPERATOR).team_private("intake"))) == (2 * PEOPLE, 0)
    work(keyring)
    new = keyring(Role.SUPERVISOR).team_private("intake")
    assert (opens(line, old), opens(line, new)) == (0, 2 * PEOPLE)
    line.apply_new("той, хто прийшов пізно")  # the edge has not read the board yet
    line.collect()
    work(keyring, day=publish())  # to the last step
    work(keyring)
    assert (opens(line, old), opens(line, new)) == (0, 2 * PEOPLE + 2)
    assert KeyRotation.objects.get().state == State.DONE.value
    assert not Membership.objects.filter(key__version=1, key__team__code="intake").exists()
    assert index_key(keyring(Role.SUPERVISOR)) == before


def test_the_old_key_is_kept_until_nothing_late_can_come(
    house: House, crowd: list[Person], keyring: Callable[[Role], Keyring]
) -> None:
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    work(keyring)
    work(keyring, day=rotation.today() + timedelta(days=400))  # nobody has published it
    work(keyring, day=publish() - timedelta(days=1))
    assert KeyRotation.objects.get().state == State.WAITING.value
    assert len(keyring(Role.SUPERVISOR).team_privates("intake")) == 2
    assert "Step 3 of 4" in house.signed_in(Role.SUPERVISOR).get("/keys/").content.decode()


def test_a_key_that_somebody_else_put_on_the_board_counts_for_nothing(
    keyring: Callable[[Role], Keyring], house: House
) -> None:
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    rotation_acts.note_published({"intake": (2, PrivateKey.generate().public.raw), "unknown": (1, b"")})
    assert not TeamKey.objects.filter(published__isnull=False).exists()


@pytest.mark.rule("T9")
@pytest.mark.parametrize("at", [0, 1, 60, 139])
def test_killed_half_way_it_goes_on_from_there(
    line: Line, crowd: list[Person], keyring: Callable[[Role], Keyring], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    old = keyring(Role.OPERATOR).team_private("intake")
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    whole, seen = rewrapping.rewrapped, []

    def dies(*said: object) -> object:
        seen.append(said)
        if len(seen) > at:
            raise KeyboardInterrupt
        return whole(*said)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(rewrapping, "rewrapped", dies)
        with pytest.raises(KeyboardInterrupt):
            work(keyring)
    assert opens(line, old) == 2 * PEOPLE
    work(keyring, Role.SUPERVISOR)  # a colleague's page
    assert opens(line, keyring(Role.OPERATOR).team_private("intake")) == 2 * PEOPLE
    assert opens(line, old) == 0


@pytest.mark.rule("T9")
@pytest.mark.skipif(os.environ.get("SAFECONDUCT_TEST_POSTGRES") == "1", reason="a pool's threads do not survive a fork")
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_in_the_middle_of_a_piece_leaves_whole_rows(
    line: Line, crowd: list[Person], keyring: Callable[[Role], Keyring], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = keyring(Role.OPERATOR).team_private("intake")
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    whole, seen = rewrapping.rewrapped, []

    def killed(*said: object) -> object:
        seen.append(said)
        if len(seen) > ROWS + 20:  # one piece is done, and another half-way
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*said)  # type: ignore[arg-type]

    mine = keyring(Role.OPERATOR)
    child = os.fork()
    if not child:  # the process that dies: with a connection and an erasure store of its own
        connection.connection = None
        keys._loaded.cache_clear()
        monkeypatch.setattr(rewrapping, "rewrapped", killed)
        rotation_acts.work(mine, "intake", seconds=60)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert KeyRotation.objects.get().parts.get(code="cases.envelopes").looked == ROWS
    assert opens(line, old) == 2 * PEOPLE
    work(keyring, Role.SUPERVISOR)
    newest = keyring(Role.OPERATOR).team_private("intake")
    assert (opens(line, newest), opens(line, old)) == (2 * PEOPLE, 0)


@pytest.mark.rule("T6")
def test_a_public_key_that_was_laid_into_the_database_gets_no_new_key(
    house: House, second: Member, keyring: Callable[[Role], Keyring]
) -> None:
    thief = PrivateKey.generate()
    Operator.objects.filter(pk=second.operator.pk).update(public=thief.public.raw)
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    assert Membership.objects.get(operator=second.operator, key__version=2).wrapped is None
    assert Membership.objects.get(operator__role="supervisor", key__version=2).wrapped is not None


def test_who_waits_to_be_let_in_is_let_in_to_both_versions_at_once(
    house: House, second: Member, keyring: Callable[[Role], Keyring]
) -> None:
    Membership.objects.filter(operator=second.operator).update(wrapped=None, vouched=None)
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    browser = house.signed_in(Role.OPERATOR)
    assert browser.get("/people/").content.decode().count("Let in to intake") == 1
    place = Membership.objects.get(operator=second.operator, key__version=2)
    said = {"heard": "yes", "fingerprint": second.operator.fingerprint}
    assert browser.post(f"/people/places/{place.pk}/admit/", said).status_code == 302
    assert len(Keyring(second.operator, house.opened(second)).team_privates("intake")) == 2


def test_nothing_old_is_destroyed_while_one_person_alone_holds_the_new_key(
    house: House, line: Line, crowd: list[Person], keyring: Callable[[Role], Keyring]
) -> None:
    Membership.objects.filter(operator__role="supervisor").update(vouched=None)  # of a release before
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    work(keyring)
    assert opens(line, house.keys["intake"]) == 2 * PEOPLE
    assert "Only one person holds the new key" in house.signed_in(Role.OPERATOR).get("/keys/").content.decode()


def test_who_leaves_during_a_rotation_is_followed_by_another_that_takes_over(
    house: House, line: Line, crowd: list[Person], second: Member, keyring: Callable[[Role], Keyring]
) -> None:
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    theirs = Keyring(second.operator, house.opened(second)).team_privates("intake")
    acts.deactivate(second.operator, actor=house.person(Role.ADMINISTRATOR).operator)
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    work(keyring)
    assert [opens(line, key) for key in theirs] == [0, 0]
    assert opens(line, keyring(Role.SUPERVISOR).team_private("intake")) == 2 * PEOPLE
    assert sorted(KeyRotation.objects.values_list("state", flat=True)) == ["superseded", "waiting"]


@pytest.mark.rule("T6")
def test_who_holds_only_the_new_key_cannot_drive_the_work(
    house: House, second: Member, keyring: Callable[[Role], Keyring]
) -> None:
    rotation_acts.begin(keyring(Role.OPERATOR), "intake")
    Membership.objects.filter(operator=second.operator, key__version=1).delete()
    with pytest.raises(NotAllowed):
        rotation_acts.work(Keyring(second.operator, house.opened(second)), "intake", seconds=1)


def test_an_administrator_sees_the_keys_and_cannot_make_one(administrator: Client) -> None:
    assert "Who holds what" in administrator.get("/keys/").content.decode()
    assert administrator.post("/keys/rotate/").status_code == 404


def test_the_page_works_without_scripts_and_shows_how_far_it_is(
    house: House, line: Line, crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.signed_in(Role.OPERATOR)
    assert browser.post("/keys/rotate/").status_code == 302
    monkeypatch.setattr(rotation_acts, "SECONDS", 0)
    browser.post("/keys/rotate/on/")
    page = browser.get("/keys/").content.decode()
    assert "Step 1 of 4" in page
    assert 'value="35"' in page  # 50 of 140


def test_the_monitors_older_records_stay_readable_with_the_older_key(
    house: House, keyring: Callable[[Role], Keyring]
) -> None:
    rotation_acts.begin(keyring(Role.MONITOR), "monitor")
    assert KeyRotation.objects.get().state == State.DONE.value
    assert len(keyring(Role.MONITOR).team_privates("monitor")) == 2
    assert house.signed_in(Role.MONITOR).get("/audit/").status_code == 200
