# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody loses a team's key by taking it from the one person who can open it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from tests.desk.conftest import House

from safeconduct.desk.operators import acts
from safeconduct.desk.operators.errors import LastHolder
from safeconduct.desk.operators.models import Membership, Operator, TeamKey
from safeconduct.desk.operators.roles import Role

ACTS = pytest.mark.parametrize("act", ["renew", "deactivate"])


@pytest.fixture
def alone(house: House) -> Operator:
    """The only person who holds the monitor's key."""
    return house.person(Role.MONITOR).operator


def holds(operator: Operator) -> bool:
    return Membership.objects.filter(operator=operator, wrapped__isnull=False).exists()


def shared(code: str) -> None:
    TeamKey.objects.filter(team__code=code).update(shares="2/3")


@ACTS
def test_without_shares_the_last_holder_keeps_their_key_and_the_page_says_what_to_do(
    administrator: Client, alone: Operator, act: str
) -> None:
    address = f"/people/{alone.pk}/{act}/"
    for answer in (administrator.get(address), administrator.post(address, {"known": "yes"})):
        page = answer.content.decode()
        assert "lost for ever. It is not done." in page
        assert "What to do instead" in page
        assert "<button" not in page.split("What to do instead")[1]
    assert answer.status_code == 409
    assert holds(alone)


@ACTS
def test_with_shares_it_is_done_once_somebody_has_said_that_they_know(
    administrator: Client, alone: Operator, act: str
) -> None:
    shared("monitor")
    address = f"/people/{alone.pk}/{act}/"
    refused = administrator.post(address)
    assert (refused.status_code, holds(alone)) == (409, True)
    assert "until enough keepers (2/3) bring their recovery shares" in refused.content.decode()
    assert administrator.post(address, {"known": "yes"}).status_code in {200, 302}
    assert not holds(alone)


@ACTS
def test_while_a_colleague_holds_it_too_nothing_is_asked(
    administrator: Client, house: House, alone: Operator, act: str
) -> None:
    second = acts.add_operator("monitor two", Role.MONITOR).operator
    acts.let_in(acts.team_key("monitor"), house.keys["monitor"], second)
    page = administrator.get(f"/people/{alone.pk}/{act}/").content.decode()
    assert "What to do instead" not in page
    assert administrator.post(f"/people/{alone.pk}/{act}/").status_code in {200, 302}
    assert not holds(alone)


@ACTS
def test_a_colleague_who_has_left_or_only_waits_does_not_count(
    administrator: Client, house: House, alone: Operator, act: str
) -> None:
    acts.add_operator("monitor two", Role.MONITOR)
    left = acts.add_operator("monitor three", Role.MONITOR).operator
    acts.let_in(acts.team_key("monitor"), house.keys["monitor"], left)
    Operator.objects.filter(pk=left.pk).update(active=False)
    assert administrator.post(f"/people/{alone.pk}/{act}/").status_code == 409
    assert holds(alone)


def test_the_first_of_two_may_go_and_the_second_may_not(house: House) -> None:
    administrator = house.person(Role.ADMINISTRATOR).operator
    acts.deactivate(house.person(Role.SUPERVISOR).operator, actor=administrator)
    with pytest.raises(LastHolder, match="intake"):
        acts.deactivate(house.person(Role.OPERATOR).operator, actor=administrator)


def test_who_only_holds_an_older_version_that_is_in_use_is_its_last_holder(house: House) -> None:
    older = acts.team_key("intake")
    newer = acts.found_team("intake", house.keys["handover"].public, demonstration=True)
    acts.let_in(newer, house.keys["handover"], house.person(Role.SUPERVISOR).operator)
    Membership.objects.filter(key=older, operator=house.person(Role.SUPERVISOR).operator).update(wrapped=None)
    with pytest.raises(LastHolder):
        acts.renew(house.person(Role.OPERATOR).operator)


def test_the_page_of_a_new_passphrase_promises_only_what_is_true(administrator: Client, house: House) -> None:
    said = "Nothing that is sealed to their team is lost"
    for role, is_said in ((Role.OPERATOR, True), (Role.MONITOR, False), (Role.RECEIVING_UNIT, False)):
        page = administrator.get(f"/people/{house.person(role).operator.pk}/renew/").content.decode()
        assert (said in page) is is_said


def test_at_the_server_the_same_is_refused(alone: Operator) -> None:
    with pytest.raises(CommandError, match="Nobody else holds the key of monitor"):
        call_command("renew_operator", "monitor one", "--known", stdout=StringIO())
    shared("monitor")
    call_command("renew_operator", "monitor one", "--known", stdout=StringIO())
    assert not holds(alone)
