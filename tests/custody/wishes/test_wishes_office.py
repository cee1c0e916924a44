# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who changes their wish when the exchange office has the list stands at its top until the office was told, for every registrar."""

import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.wishes.conftest import wish

from safeconduct.desk.audit.models import Entry
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import access, acts, clearing, listing, office
from safeconduct.desk.custody.wishes.errors import ListSettled
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import WayHome, WishKind

pytestmark = pytest.mark.rule("R40")


def now(row: ExchangeList) -> ExchangeList:
    return ExchangeList.objects.get(pk=row.pk)


def test_every_registrar_sees_among_the_lists_of_whom_the_office_is_to_be_told(
    keys: Keyring, second_browser: Client, handed: ExchangeList, comrade: Person
) -> None:
    words = "tell the exchange office of 1 person"
    assert words not in second_browser.get("/exchange/").content.decode()
    acts.take(keys, comrade, wish(WishKind.STAY))
    assert words in second_browser.get("/exchange/").content.decode()
    second_browser.post(f"/exchange/{handed.pk}/told/", {"seen": comrade.number})
    assert words not in second_browser.get("/exchange/").content.decode()
    page = access.one_list(keys, now(handed))
    assert (page.withdrawn, page.told) == ([], [comrade.number])
    assert access.wishes(keys, comrade).handed == []


def test_who_changed_their_wish_after_the_page_was_opened_counts_as_told_of_by_nobody(
    keys: Keyring, handed: ExchangeList, person: Person, comrade: Person
) -> None:
    for one in (person, comrade):
        acts.take(keys, one, wish(WishKind.STAY))
    office.tell(keys, handed.pk, [person.number])
    assert office.untold(keys, now(handed)) == [comrade.number]
    assert listing.handed(keys, now(handed)) == []


def test_who_went_home_or_wishes_it_still_is_nothing_to_tell(
    keys: Keyring, handed: ExchangeList, person: Person
) -> None:
    clearing.clear_for_return(keys, person, WayHome.EXCHANGE)
    register.happen(keys.operator, person, PersonEvent.REPATRIATED, When(timezone.localdate()))
    assert office.untold(keys, now(handed)) == []


@pytest.mark.rule("R43")
def test_the_record_and_the_row_look_alike_whether_somebody_changed_their_wish_or_nobody(
    keys: Keyring, handed: ExchangeList, comrade: Person
) -> None:
    told = []
    for kind in (WishKind.EXCHANGE, WishKind.STAY):
        acts.take(keys, comrade, wish(kind))
        before, seen = Entry.objects.count(), office.untold(keys, now(handed))
        office.tell(keys, handed.pk, seen)
        told.append((len(now(handed).body), Entry.objects.count() - before))
    assert told[0] == told[1]


def test_of_a_list_that_nobody_handed_over_the_office_knows_nothing(keys: Keyring, both: ExchangeList) -> None:
    with pytest.raises(ListSettled):
        office.tell(keys, both.pk, ())
    assert office.untold(keys, both) == []
