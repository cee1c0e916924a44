# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key of the search index: the team's members have it, and nobody else (T3)."""

import secrets
from collections.abc import Callable

import pytest
from tests.desk.conftest import House

from safeconduct.cli.errors import CliError
from safeconduct.cli.teams import published_teams
from safeconduct.desk.operators import acts
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.index_key import _made_once, index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import IndexKey, Membership, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.erasure import ErasureKey, protect
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, seal_to
from safeconduct.vocabulary.board import decode_teams


@pytest.fixture
def keyring(house: House) -> Callable[[Role], Keyring]:
    def of(role: Role) -> Keyring:
        person = house.person(role)
        return Keyring(person.operator, house.opened(person))

    return of


@pytest.mark.rule("T3")
def test_every_member_has_the_same_key_and_the_database_does_not(keyring: Callable[[Role], Keyring]) -> None:
    key = index_key(keyring(Role.OPERATOR))
    assert len(key) == 32
    assert index_key(keyring(Role.SUPERVISOR)) == key
    assert key not in bytes(IndexKey.objects.get().wrapped)


@pytest.mark.parametrize("role", [Role.PLANNER, Role.MONITOR, Role.ADMINISTRATOR])
def test_nobody_outside_of_the_team_has_it(keyring: Callable[[Role], Keyring], role: Role) -> None:
    with pytest.raises(NotAdmitted):
        index_key(keyring(role))


def test_a_desk_from_before_gets_its_key_once_from_the_first_member(keyring: Callable[[Role], Keyring]) -> None:
    IndexKey.objects.all().delete()
    first = index_key(keyring(Role.SUPERVISOR))
    assert index_key(keyring(Role.OPERATOR)) == first
    assert IndexKey.objects.count() == 1


def test_two_members_who_come_at_the_same_moment_get_the_same_key(keyring: Callable[[Role], Keyring]) -> None:
    IndexKey.objects.all().delete()
    slower = keyring(Role.SUPERVISOR)
    first = index_key(keyring(Role.OPERATOR))
    assert _made_once(slower, "intake", slower.held_keys("intake")) == first  # it had looked before the other was done


@pytest.mark.rule("T3")
def test_a_key_that_a_thief_laid_into_the_database_is_refused(house: House, keyring: Callable[[Role], Keyring]) -> None:
    theirs, public = secrets.token_bytes(32), house.keys["intake"].public
    for laid in (seal_to(public, theirs, purpose=b"index-key"), protect(ErasureKey(theirs), theirs, context=b"")):
        IndexKey.objects.update(wrapped=laid)
        with pytest.raises(SealingError):
            index_key(keyring(Role.OPERATOR))


def test_a_colleague_is_let_in_to_an_older_version_with_that_version(
    house: House, keyring: Callable[[Role], Keyring]
) -> None:
    newer = PrivateKey.generate()
    row = acts.found_team("intake", newer.public, demonstration=True)
    acts.let_in(row, newer, house.person(Role.OPERATOR).operator)
    late = house.newcomer(acts.add_operator("late", Role.OPERATOR))
    for place in Membership.objects.filter(operator=late.operator).order_by("key__version"):
        acts.admit(keyring(Role.OPERATOR), place, fingerprint=late.operator.fingerprint)
    held = Keyring(late.operator, house.opened(late)).team_privates("intake")
    assert [one.seed for one in held] == [newer.seed, house.keys["intake"].seed]


def test_the_board_names_the_cell_beside_intake(house: House) -> None:
    shown = decode_teams(published_teams()).teams
    assert {code: one.key for code, one in shown.items()} == {
        code: house.keys[code].public.raw for code in ("intake", "handover")
    }


def test_a_line_without_a_cell_still_publishes_intake(house: House) -> None:
    Membership.objects.filter(key__team__code="handover").delete()
    assert set(decode_teams(published_teams()).teams) == {"intake"}
    TeamKey.objects.filter(team__code="handover").delete()
    assert set(decode_teams(published_teams()).teams) == {"intake"}
    Membership.objects.filter(key__team__code="intake").delete()
    with pytest.raises(CliError, match="nobody could open"):
        published_teams()


def test_the_door_is_told_to_seal_to_what_the_board_names(house: House) -> None:
    newer = acts.found_team("handover", PrivateKey.generate().public, demonstration=True)
    assert acts.shown_key("handover") == newer  # nobody looked at the board yet
    TeamKey.objects.filter(team__code="handover", version=1).update(published="2026-11-22")
    assert acts.shown_key("handover").version == 1
    TeamKey.objects.filter(pk=newer.pk).update(published="2026-11-23")
    assert acts.shown_key("handover") == newer


def test_health_says_that_there_is_no_cell(house: House) -> None:
    administrator = house.signed_in(Role.ADMINISTRATOR)
    assert "No case can be handed over" not in administrator.get("/health/").content.decode()
    Membership.objects.filter(key__team__code="handover").delete()
    TeamKey.objects.filter(team__code="handover").delete()
    assert "No case can be handed over" in administrator.get("/health/").content.decode()
