# SPDX-License-Identifier: AGPL-3.0-or-later
"""A wish is kept as it was said, sealed, and shows in clear only that somebody was asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.custody.wishes.conftest import wish
from tests.desk.conftest import House

from safeconduct.desk.alerts import clock
from safeconduct.desk.audit import access as record
from safeconduct.desk.custody import sealed
from safeconduct.desk.custody.errors import DayRefused
from safeconduct.desk.custody.models import Event, Person, Sealed
from safeconduct.desk.custody.wishes import acts, records, returning, sheets
from safeconduct.desk.custody.wishes.models import Clearance, ExchangeList
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.wishes import WishKind

Doors = Callable[[Role], Client]


@pytest.mark.rule("R39")
def test_an_incomplete_record_is_kept_as_it_was_said_and_counts_for_nothing(keys: Keyring, person: Person) -> None:
    acts.take(keys, person, wish(WishKind.STAY, 5))
    acts.take(keys, person, wish(WishKind.EXCHANGE, 1, is_signed=False))
    assert returning.standing_of(keys, person).kind is WishKind.STAY
    assert len(sealed.every(keys, person, records.WISH)) == 2


@pytest.mark.rule("R40")
def test_a_wish_is_revised_at_any_time_without_a_reason_and_the_earlier_one_stays(
    keys: Keyring, person: Person
) -> None:
    for hours, kind in ((9, WishKind.EXCHANGE), (8, WishKind.STAY), (7, WishKind.UNDECIDED)):
        acts.take(keys, person, wish(kind, hours))
    assert returning.standing_of(keys, person).kind is WishKind.UNDECIDED
    assert sealed.every(keys, person, records.WISH)[0].record.kind is WishKind.EXCHANGE


@pytest.mark.rule("R40")
def test_papers_that_come_late_do_not_count_over_what_was_said_after_them(keys: Keyring, person: Person) -> None:
    acts.take(keys, person, wish(WishKind.STAY, 2))
    acts.take(keys, person, wish(WishKind.EXCHANGE, 50))
    assert returning.standing_of(keys, person).kind is WishKind.STAY


@pytest.mark.rule("R38", "R43", "T3")
def test_in_clear_all_six_wishes_look_alike(keys: Keyring, make_person: Callable[[], Person]) -> None:
    traces = set()
    for kind in WishKind:
        person = make_person()
        acts.take(keys, person, wish(kind))
        rows = tuple(Event.objects.filter(person=person).values_list("kind", "of", "happened", "stands"))
        pages = Sealed.objects.filter(person=person).order_by("team")
        traces.add((rows, tuple((page.kind, page.team, len(page.body)) for page in pages)))
    assert len(traces) == 1
    assert "wish.taken" in str(traces)


@pytest.mark.rule("R43")
def test_nobody_but_registrars_and_counsel_reads_a_wish(
    keys: Keyring, counsel: Keyring, house: House, person: Person
) -> None:
    acts.take(keys, person, wish(WishKind.STAY))
    assert returning.standing_of(counsel, person).kind is WishKind.STAY
    for role in (Role.BUREAU, Role.MEDICAL, Role.MAIL_OFFICE, Role.MONITOR, Role.CAMP_COMMANDER):
        somebody = house.person(role)
        with pytest.raises(NotAdmitted):
            sealed.every(Keyring(somebody.operator, house.opened(somebody)), person, records.WISH)


@pytest.mark.rule("R43", "R49", "T6")
def test_the_record_says_who_asked_and_not_what_was_answered(keys: Keyring, house: House, person: Person) -> None:
    acts.take(keys, person, wish(WishKind.THIRD_COUNTRY, words="my brother lives there"))
    told = [line.told for line in record.page([house.keys["monitor"]], before=None).lines if line.told]
    assert ("custody.wish", person.number) in {(one.act, one.subject) for one in told}
    assert not any(word in str(told) for word in ("third", "brother"))


@pytest.mark.rule("R43")
def test_the_day_of_a_wish_cannot_lie_ahead(keys: Keyring, person: Person) -> None:
    with pytest.raises(DayRefused):
        acts.take(keys, person, wish(hours_ago=-1))
    assert not Sealed.objects.filter(kind="wish").exists()


@pytest.mark.rule("R41")
def test_a_fear_that_was_said_with_a_wish_is_entered_once_however_incomplete_the_paper(
    keys: Keyring, person: Person
) -> None:
    for hours in (3, 2):
        acts.take(keys, person, wish(WishKind.UNDECIDED, hours, fears_return=True, witness=""))
    assert Event.objects.filter(person=person, kind="return.feared").count() == 1


@pytest.mark.rule("R43")
def test_no_row_of_this_room_has_a_place_for_what_is_wished() -> None:
    fields = {field.name for model in (ExchangeList, Clearance) for field in model._meta.get_fields()}
    assert fields == {"id", "token", "day", "count", "state", "key_version", "body", "signature", "person", "lapses"}


@pytest.mark.rule("R39")
@pytest.mark.parametrize("tag", sheets.languages())
def test_the_information_sheet_says_in_each_of_its_languages_what_risks_remain(tag: str) -> None:
    found, english = sheets.sheet(tag), sheets.sheet("en")
    assert found is not None
    assert english is not None
    assert len(found.paragraphs) == len(english.paragraphs)
    assert "72" in " ".join(found.paragraphs)
    assert {"en", "uk", "ru", "ko-KP"} <= set(sheets.languages())


@pytest.mark.rule("T9")
def test_a_clock_that_was_set_back_keeps_no_wish_from_being_entered(keys: Keyring, person: Person) -> None:
    clock.confirm_time(timezone.now() + timedelta(days=2))
    acts.take(keys, person, wish(hours_ago=-47))
    with pytest.raises(DayRefused):
        acts.take(keys, person, wish(hours_ago=-49))
