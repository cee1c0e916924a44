# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sealed to a team of custody comes along to the team's new key, whichever table it lies in."""

import secrets

import pytest
from tests.custody.conftest import ARRIVAL
from tests.desk.conftest import House

from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.models import Person, Sealed
from safeconduct.desk.custody.wishes import list_sealing
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.models import TeamKey
from safeconduct.desk.operators.rewrapping import Pass, Rewrapper
from safeconduct.sealing.keys import PrivateKey, open_with
from safeconduct.vocabulary.wishes import Listing


def second_key() -> PrivateKey:
    """The registrars', from now on."""
    key, first = PrivateKey.generate(), TeamKey.objects.get(team__code="custody")
    TeamKey.objects.create(team=first.team, version=2, public=key.public.raw, demonstration=True)
    return key


def walk(rewrapper: Rewrapper, house: House, new: PrivateKey, *, destroys_old: bool = True) -> int:
    """How many rows no key opened."""
    way = Pass("custody", (house.keys["custody"],), new.public, destroys_old=destroys_old)
    return rewrapper.step(way, 0, 50).closed


@pytest.mark.rule("T3")
def test_pages_are_sealed_anew_and_those_of_other_teams_are_let_be(house: House, person: Person) -> None:
    (rewrapper,), new = sealed.REWRAPPERS, second_key()
    assert walk(rewrapper, house, new) == 0
    versions = dict(Sealed.objects.filter(kind="identity").values_list("team", "key_version"))
    assert versions == {"custody": 2, "bureau": 1}
    row = Sealed.objects.get(kind="identity", team="custody")
    assert open_with(new, bytes(row.body), purpose=b"custody/identity/" + bytes(person.token))


def test_an_exchange_list_is_sealed_anew(house: House) -> None:
    row = ExchangeList(token=secrets.token_bytes(16), day=ARRIVAL, count=0)
    list_sealing.close(row, Listing(entries=(), struck="", salt=""))
    row.save()
    (rewrapper,), new = list_sealing.REWRAPPERS, second_key()
    assert (rewrapper.count("custody"), rewrapper.count("medical")) == (1, 0)
    assert walk(rewrapper, house, new) == 0
    row.refresh_from_db()
    assert row.key_version == 2
    assert open_with(new, bytes(row.body), purpose=b"custody/list/" + bytes(row.token))


def test_nothing_is_replaced_while_somebody_lacks_the_new_key(house: House, person: Person) -> None:
    (rewrapper,) = sealed.REWRAPPERS
    walk(rewrapper, house, second_key(), destroys_old=False)
    assert set(Sealed.objects.values_list("key_version", flat=True)) == {1}
