# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worst day and its drill (R51): one person locks, two open again, two destroy."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person, line, person
from tests.desk.conftest import House
from tests.desk.project.test_every_address import ADDRESSES, visit

from safeconduct.desk.approvals import acts as approvals
from safeconduct.desk.approvals.errors import ContentChanged, NotOpen
from safeconduct.desk.audit import access as record
from safeconduct.desk.audit import appender
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.desk.emergency import acts, kinds
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators import destroying, lockdown, roles, rotation
from safeconduct.desk.operators.destroying import Destroyer
from safeconduct.desk.operators.models import Drill, IndexKey, Lockdown, Membership, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.backup_keys import Ring

__all__ = ["line", "person"]
pytestmark = pytest.mark.rule("R51")

PAGE = "/keys/emergency/"
Two = tuple[Client, Client]


@pytest.fixture
def two(house: House) -> Two:
    """A supervisor and an administrator, signed in."""
    return house.signed_in(Role.SUPERVISOR), house.signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def recorded(house: House) -> Callable[[], set[str]]:
    """What the record tells the monitor."""

    def read() -> set[str]:
        appender.chain_once()
        lines = record.page([house.keys["monitor"]], before=None).lines
        return {line.told.act for line in lines if line.told}

    return read


def locked(house: House, two: Two) -> None:
    assert two[0].post(f"{PAGE}lock/").status_code == 302


def open_again(house: House, first: Role, second: Role) -> Any:
    """Both sign in anew; one proposes, the other agrees."""
    house.signed_in(first).post(f"{PAGE}lift/")
    browser = house.signed_in(second)
    page = browser.get(PAGE)
    waiting = page.context["state"].lift
    return browser.post(f"{PAGE}lift/{waiting.proposal.pk}/")


def test_one_person_locks_everybody_at_once(house: House, two: Two) -> None:
    operator = house.signed_in(Role.OPERATOR)
    locked(house, two)
    for browser in (operator, *two):
        assert browser.get("/people/").headers["Location"].startswith("/unlock/")
    poll = operator.get("/queue/rows/", headers={"HX-Request": "true"})
    assert poll.headers["HX-Redirect"].startswith("/unlock/")


@pytest.mark.parametrize("role", sorted(roles.here() - {Role.SUPERVISOR, Role.ADMINISTRATOR}, key=str))
def test_nobody_else_signs_in_or_unlocks_while_it_is_locked(house: House, two: Two, role: Role) -> None:
    someone = house.person(role)
    assert someone.sign_in().status_code == 303
    locked(house, two)
    said = {key: value for key, value in someone.said().items() if key != "name"}
    assert someone.browser.post("/unlock/", said).status_code == 403
    assert someone.sign_in().status_code == 403
    assert someone.browser.get("/people/").headers["Location"].startswith("/sign-in/")


def test_a_stranger_does_not_learn_that_it_is_locked(house: House, two: Two) -> None:
    before = Client().post("/sign-in/", {"name": "nobody", "passphrase": "x", "code": "1"}).content
    locked(house, two)
    after = Client().post("/sign-in/", {"name": "nobody", "passphrase": "x", "code": "1"}).content
    shown = [page.split(b"<main")[1].split(b"csrf")[0] for page in (before, after)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_who_may_lift_it_reaches_that_page_and_nothing_that_opens_a_case(house: House, two: Two, role: Role) -> None:
    locked(house, two)
    browser = house.signed_in(role)
    reached = {
        name
        for name in ADDRESSES
        if role in ADDRESSES[name].who and visit(browser, name).status_code in {200, 204, 400}
    }
    opened = {name for name in reached if not name.startswith(("emergency:", "approvals:"))}
    assert opened == {"operators:awake", "help"}
    assert browser.get("/people/").headers["Location"] == PAGE


def test_a_session_that_was_saved_in_the_moment_of_the_lock_opens_nothing(house: House) -> None:
    operator = house.signed_in(Role.OPERATOR)
    Lockdown.objects.create(pk=1, by=house.person(Role.SUPERVISOR).operator, nonce=bytes(16))
    for page in ("/queue/", "/people/", "/keys/", "/help/"):
        assert operator.get(page).status_code == 403


def test_two_people_open_it_again_and_everybody_signs_in_anew(house: House, two: Two) -> None:
    locked(house, two)
    assert open_again(house, Role.SUPERVISOR, Role.ADMINISTRATOR).status_code == 302
    assert lockdown.now() is None
    assert house.person(Role.OPERATOR).sign_in().status_code == 303
    assert two[1].get("/people/").status_code in {302, 303}


def test_one_person_alone_does_not_open_it(house: House, two: Two) -> None:
    locked(house, two)
    alone = house.signed_in(Role.SUPERVISOR)
    alone.post(f"{PAGE}lift/")
    proposal = alone.get(PAGE).context["state"].lift.proposal
    assert alone.post(f"{PAGE}lift/{proposal.pk}/").status_code == 400
    assert lockdown.now() is not None


def test_what_was_agreed_for_one_lock_opens_no_later_one(house: House, two: Two) -> None:
    locked(house, two)
    supervisor, administrator = (house.person(role).operator for role in (Role.SUPERVISOR, Role.ADMINISTRATOR))
    old = acts.propose_lift(supervisor)
    lockdown.end()
    lockdown.begin(supervisor)
    with pytest.raises(ContentChanged):
        acts.lift(administrator, old.pk)


def test_locking_twice_changes_nothing_and_an_open_desk_cannot_be_opened(house: House, two: Two) -> None:
    assert two[1].post(f"{PAGE}lift/").status_code == 400
    supervisor = house.person(Role.SUPERVISOR).operator
    acts.lock_everybody(supervisor)
    nonce = bytes(Lockdown.objects.get().nonce)
    acts.lock_everybody(house.person(Role.ADMINISTRATOR).operator)
    assert bytes(Lockdown.objects.get().nonce) == nonce


def test_a_drill_of_the_lock_locks_nobody_and_is_recorded(
    house: House, two: Two, recorded: Callable[[], set[str]]
) -> None:
    assert "never drilled" in two[0].get(PAGE).content.decode()
    assert "2 open desks would have been locked" in two[0].post(f"{PAGE}lock/", {"drill": "yes"}).content.decode()
    assert two[1].get("/people/").status_code == 200
    assert Drill.objects.get().what == "lock"
    assert "emergency.locked_drill" in recorded()


def test_people_are_still_heard_while_it_is_locked(house: House, line: Line, two: Two) -> None:
    locked(house, two)
    line.apply_new("чуєте?")
    assert line.collect().stored == 2


def destroy(two: Two, *, drill: bool = False, second: Client | None = None) -> Any:
    said = {"drill": "yes"} if drill else {"meant": "yes"}
    two[0].post(f"{PAGE}destroy/", said)
    state = two[1].get(PAGE).context["state"]
    waiting = state.drill if drill else state.destruction
    return (second or two[1]).post(f"{PAGE}destroy/{waiting.proposal.pk}/", said)


def test_two_people_destroy_the_keys_and_nothing_opens_any_more(
    house: House, line: Line, person: Person, two: Two, settings: Any
) -> None:
    ring = Ring(settings.DESK.backup_keys)
    ring.of(rotation.today())
    told = destroy(two).content.decode()
    assert "The keys are destroyed" in told
    assert "not possible" not in told
    assert not Membership.objects.filter(wrapped__isnull=False).exists()
    assert not IndexKey.objects.exists()
    assert ring.count() == 0
    assert line.keys.erasure.get(person.conversation) is None
    assert StoredEnvelope.objects.exists()  # sealed bytes that nobody opens
    assert lockdown.now() is not None


@pytest.mark.rule("T3")
def test_the_erasure_keys_are_in_no_file_of_the_desk(house: House, line: Line, person: Person, two: Two) -> None:
    key = line.erasure_key(person).raw
    assert line.files_with(key) == {"erasure.db"}
    destroy(two)
    assert line.files_with(key) == set()


def test_a_drill_does_everything_but_the_destruction(
    house: House, line: Line, person: Person, two: Two, recorded: Callable[[], set[str]]
) -> None:
    told = destroy(two, drill=True).content.decode()
    assert "nothing was destroyed" in told
    assert line.opened(person).items[0].record is not None
    assert (Membership.objects.filter(wrapped__isnull=False).count(), IndexKey.objects.count()) == (5, 1)
    assert line.keys.erasure.get(person.conversation) is not None
    assert lockdown.now() is None
    assert "emergency.destroyed_drill" in recorded()
    assert "emergency.destroyed" not in recorded()
    assert Drill.objects.get().what == "destroy"


def test_one_person_alone_destroys_nothing_nor_does_a_slip(house: House, two: Two) -> None:
    assert destroy(two, second=two[0]).status_code == 400
    assert two[0].post(f"{PAGE}destroy/").status_code == 400
    assert Membership.objects.filter(wrapped__isnull=False).count() == 5


def test_an_approved_drill_is_no_leave_to_destroy(house: House, two: Two) -> None:
    two[0].post(f"{PAGE}destroy/", {"drill": "yes"})
    pk = two[1].get(PAGE).context["state"].drill.proposal.pk
    assert two[1].post(f"{PAGE}destroy/{pk}/", {"meant": "yes"}).status_code == 400
    assert Membership.objects.filter(wrapped__isnull=False).count() == 5


def test_a_key_that_was_made_in_between_needs_a_new_yes(house: House, two: Two) -> None:
    supervisor, administrator = (house.person(role).operator for role in (Role.SUPERVISOR, Role.ADMINISTRATOR))
    old = acts.propose_destruction(supervisor, drill=False)
    people.found_team("intake", house.keys["monitor"].public, demonstration=True)
    with pytest.raises(ContentChanged):
        acts.destroy(administrator, old.pk)
    assert TeamKey.objects.filter(team__code="intake").count() == 2


def test_one_kind_that_cannot_be_destroyed_keeps_no_other_from_it(
    house: House, two: Two, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses() -> int:
        raise PermissionError("/a/path/that/must/not/be/logged")

    stuck = Destroyer("a.stuck", "Something", refuses, refuses)
    monkeypatch.setattr(destroying, "_known", {"a.stuck": stuck, **destroying._known})
    assert "not possible" in destroy(two).content.decode()
    assert not Membership.objects.filter(wrapped__isnull=False).exists()
    assert "a.stuck could not be destroyed: PermissionError" in caplog.text
    assert "/a/path" not in caplog.text


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> Any:
    raise Killed


@pytest.mark.parametrize("way", ["lift", "destroy", "drill"])
@pytest.mark.django_db(transaction=True)
def test_who_is_killed_between_the_yes_and_its_effect_can_say_it_again(
    house: House, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    supervisor, administrator = (house.person(role).operator for role in (Role.SUPERVISOR, Role.ADMINISTRATOR))
    acts.lock_everybody(supervisor)
    if way == "lift":
        asked, act = acts.propose_lift(supervisor), acts.lift
    else:
        asked = acts.propose_destruction(supervisor, drill=way == "drill")
        act = acts.drill_destruction if way == "drill" else acts.destroy  # type: ignore[assignment]
    with monkeypatch.context() as during:
        during.setattr(approvals, "spend", killed)
        with pytest.raises(Killed):
            act(administrator, asked.pk)
    asked.refresh_from_db()
    assert asked.is_open
    act(administrator, asked.pk)


def test_a_destruction_that_was_cut_short_is_finished_with_the_same_yes(
    house: House, two: Two, monkeypatch: pytest.MonkeyPatch, recorded: Callable[[], set[str]]
) -> None:
    with monkeypatch.context() as during:
        during.setattr(destroying, "_known", {"a.killed": Destroyer("a.killed", "It", killed, killed)})
        with pytest.raises(Killed):
            destroy(two)
    assert not {"emergency.destroyed"} & recorded()
    browser = house.signed_in(Role.SUPERVISOR)
    pk = browser.get(PAGE).context["state"].unfinished.pk
    assert "The keys are destroyed" in browser.post(f"{PAGE}destroy/{pk}/", {"meant": "yes"}).content.decode()
    assert not Membership.objects.filter(wrapped__isnull=False).exists()
    assert "emergency.destroyed" in recorded()
    assert house.signed_in(Role.ADMINISTRATOR).get(PAGE).context["state"].unfinished is None


def test_what_was_cut_short_is_not_finished_once_two_people_have_opened_the_desk(house: House, two: Two) -> None:
    supervisor, administrator = (house.person(role).operator for role in (Role.SUPERVISOR, Role.ADMINISTRATOR))
    cut = acts.propose_destruction(supervisor, drill=False)
    approvals.approve(administrator, cut.pk, acts._these_keys(kinds.DESTROY))
    approvals.spend(cut.pk, acts._these_keys(kinds.DESTROY))
    with pytest.raises(NotOpen):
        acts.destroy(administrator, cut.pk)
    assert Membership.objects.filter(wrapped__isnull=False).count() == 5


def test_the_kinds_lapse_within_a_day() -> None:
    assert {kind.days for kind in kinds.KINDS} == {1}
