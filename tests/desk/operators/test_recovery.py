# SPDX-License-Identifier: AGPL-3.0-or-later
"""A lost passphrase, when no colleague is left who could let anybody in."""

import re
from collections.abc import Callable, Iterator

import pytest
from tests.desk.conftest import House

from safeconduct.cli import shares
from safeconduct.cli.errors import CliError
from safeconduct.desk.operators import acts
from safeconduct.desk.operators.index_key import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Membership, Operator, TeamKey
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.shares import split

Ask = Callable[[str], str]


def answers(*said: str) -> Ask:
    """What is typed where something is asked for; Enter where a share is to be copied."""
    waiting: Iterator[str] = iter(said)
    return lambda what: "" if what.startswith("Its keeper") else next(waiting)


@pytest.fixture
def made(house: House, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Shares of intake's key as their keepers copied them."""
    person = house.person(Role.OPERATOR)
    shares.make("intake", need=2, of=3, member="Operator ONE", ask=answers(person.welcome.passphrase))
    shown = capsys.readouterr().out.split("share ")[1:]
    return [" ".join(re.findall(r"\d+ ([a-z]{3,})", one.split("\n", 1)[1].split("shares of")[0])) for one in shown]


@pytest.mark.rule("R51")
def test_enough_shares_let_a_new_person_in_when_nobody_can_open_the_key(
    house: House, made: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = index_key(Keyring(house.person(Role.OPERATOR).operator, house.opened(house.person(Role.OPERATOR))))
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        acts.renew(house.person(role).operator, is_known=True)
    shares.recover("intake", member="Late One", ask=answers(made[2], made[0]))
    passphrase = re.search(r"passphrase +(.+)", capsys.readouterr().out)
    assert passphrase
    late = house.newcomer(acts.Welcome(Operator.objects.get(name="late one"), passphrase[1], None))  # type: ignore[arg-type]
    assert late.sign_in().status_code == 303
    keyring = Keyring(late.operator, house.opened(late))
    assert keyring.team_private("intake").seed == house.keys["intake"].seed
    assert index_key(keyring) == before
    assert TeamKey.objects.get(team__code="intake").shares == "2/3"


def test_slips_are_said_and_asked_again(house: House, made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    other = split(PrivateKey.generate().seed, need=2, of=3)
    shares.recover(
        "intake", member="operator one", ask=answers(made[0], "bad words", made[0], other[1], made[1].upper())
    )
    told = capsys.readouterr().out
    assert ["mistyped" in told, "typed already" in told, "another set" in told] == [True, True, True]
    assert "passphrase" not in told  # who was there keeps theirs
    assert " ".join(made[0].split()[:3]) not in told  # one word of a share may be a word of any sentence


@pytest.mark.rule("T6")
def test_shares_let_nobody_of_another_team_in_and_nobody_who_has_left(house: House, made: list[str]) -> None:
    with pytest.raises(CliError, match="does not belong"):
        shares.recover("intake", member="monitor one", ask=answers(*made))
    acts.deactivate(house.person(Role.SUPERVISOR).operator, actor=house.person(Role.ADMINISTRATOR).operator)
    with pytest.raises(CliError, match="supervisor one"):
        shares.recover("intake", member="supervisor one", ask=answers(*made))


def test_shares_of_a_key_that_is_not_in_use_open_nothing(house: House, made: list[str]) -> None:
    with pytest.raises(CliError, match="no key of handover"):
        shares.recover("handover", member="planner one", ask=answers(*made))
    assert Membership.objects.filter(key__team__code="handover").count() == 2


def test_a_wrong_passphrase_makes_no_shares(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    for said, member in (("wrong", "operator one"), ("any", "nobody")):
        with pytest.raises(CliError):
            shares.make("intake", need=2, of=3, member=member, ask=answers(said))
    assert capsys.readouterr().out == ""
    assert TeamKey.objects.get(team__code="intake").shares == ""
