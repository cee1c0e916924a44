# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exchange lists: confirmed wishes and names alone, two people, and a last look before each step."""

import os
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from tests.custody.conftest import ARRIVAL, wait_for_a_lock
from tests.custody.wishes.conftest import confirm, wish

from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import numbering
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Altered, Person
from safeconduct.desk.custody.wishes import access, acts, clearing, dropping, list_sealing, listing, returning
from safeconduct.desk.custody.wishes.counting import Unlisted
from safeconduct.desk.custody.wishes.errors import ListSettled, NobodyListed, NotApprovable
from safeconduct.desk.custody.wishes.models import ExchangeList
from safeconduct.desk.operators.destroying import all_of_them
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import CampKind, PersonEvent
from safeconduct.vocabulary.wishes import Decision, Outcome, WayHome, WishKind

Confirmed = Callable[[Person], Person]


def numbers(keys: Keyring, row: ExchangeList) -> list[str]:
    kept = list_sealing.opened(keys, ExchangeList.objects.get(pk=row.pk))
    return [one.entry.number for one in listing.kept(kept) if one.why is None]


@pytest.mark.rule("R40")
def test_only_a_confirmed_wish_for_exchange_comes_on_a_list(
    keys: Keyring, person: Person, comrade: Person, confirmed: Confirmed
) -> None:
    acts.take(keys, comrade, wish(hours_ago=1))
    row, left_out = listing.build(keys, [confirmed(person), comrade])
    assert numbers(keys, row) == [person.number]
    assert left_out == {comrade.number: Unlisted.UNCONFIRMED}


@pytest.mark.rule("R38", "R40")
def test_who_was_never_asked_is_on_no_list(keys: Keyring, person: Person) -> None:
    with pytest.raises(NobodyListed):
        listing.build(keys, [person])
    assert not ExchangeList.objects.exists()


@pytest.mark.rule("R40")
def test_nobody_stands_on_two_lists_that_are_not_handed_over_or_dropped(
    keys: Keyring, second: Keyring, both: ExchangeList, person: Person, comrade: Person
) -> None:
    acts.take(keys, comrade, wish(name="Цой Мин"))  # taken off the first list, and free for another
    row, left_out = listing.build(second, [person, comrade])
    assert (numbers(keys, row), left_out) == ([comrade.number], {person.number: Unlisted.LISTED})
    listing.approve(second, both.pk)
    with pytest.raises(NobodyListed):
        listing.build(keys, [numbering.renumber(keys.operator, person, "UA-0021")])
    dropping.drop(keys.operator, both.pk)
    assert numbers(keys, listing.build(keys, [person])[0]) == ["UA-0021"]


@pytest.mark.rule("R40", "T6")
def test_who_built_a_list_cannot_approve_it(keys: Keyring, second: Keyring, both: ExchangeList) -> None:
    with pytest.raises(NotApprovable):
        listing.approve(keys, both.pk)
    assert listing.approve(second, both.pk) == []
    assert ExchangeList.objects.get().state == "approved"


@pytest.mark.rule("R40")
def test_what_changed_before_the_approval_takes_the_person_off_and_needs_another_approval(
    keys: Keyring, second: Keyring, both: ExchangeList, comrade: Person
) -> None:
    acts.take(keys, comrade, wish(WishKind.STAY))
    (gone,) = listing.approve(second, both.pk)
    assert (gone.entry.number, gone.why) == (comrade.number, Unlisted.STRUCK)
    assert ExchangeList.objects.get().state == "built"
    with pytest.raises(NotApprovable):  # whoever took them off proposed it anew
        listing.approve(second, both.pk)
    assert listing.approve(keys, both.pk) == []
    assert numbers(keys, both) == ["UA-0001"]


@pytest.mark.rule("R40")
@pytest.mark.parametrize("event", [PersonEvent.DIED, PersonEvent.TRANSFERRED, PersonEvent.ESCAPED])
def test_who_is_no_longer_where_they_were_is_off_the_list(
    keys: Keyring, second: Keyring, both: ExchangeList, comrade: Person, event: PersonEvent
) -> None:
    other = register.open_camp(keys.operator, "Dalni", CampKind.HOSPITAL, {}, When(ARRIVAL))
    register.happen(keys.operator, comrade, event, When(timezone.localdate()), camp=other)
    (gone,) = listing.approve(second, both.pk)
    assert (gone.entry.number, gone.why) == (comrade.number, Unlisted.MOVED)


@pytest.mark.rule("R40", "R43")
def test_a_wish_withdrawn_after_the_approval_strikes_that_person_and_no_other(
    keys: Keyring, second: Keyring, both: ExchangeList, person: Person
) -> None:
    listing.approve(second, both.pk)
    acts.take(keys, person, wish(WishKind.NO_EXCHANGE))
    acts.take(keys, person, wish())  # struck stays struck: they are asked anew for another list
    assert [one.entry.number for one in listing.hand_over(keys, both.pk)] == ["UA-0001"]
    assert [one.number for one in listing.handed(keys, ExchangeList.objects.get())] == ["UA-0002"]


@pytest.mark.rule("R40")
def test_nothing_is_handed_over_that_nobody_approved(keys: Keyring, second: Keyring, both: ExchangeList) -> None:
    with pytest.raises(ListSettled):
        listing.hand_over(keys, both.pk)
    listing.approve(second, both.pk)
    Proposal.objects.update(state="withdrawn")
    with pytest.raises(NotApprovable):
        listing.hand_over(keys, both.pk)
    assert ExchangeList.objects.get().state == "approved"


@pytest.mark.rule("R40")
def test_an_entry_that_was_put_into_an_approved_list_voids_it(
    keys: Keyring, second: Keyring, both: ExchangeList, make_person: Callable[[], Person]
) -> None:
    listing.approve(second, both.pk)
    row = ExchangeList.objects.get()
    kept = list_sealing.opened(keys, row)
    forged = type(kept)(entries=(kept.entries[0],), struck="0", salt=kept.salt)
    list_sealing.close(row, forged)
    row.save()
    with pytest.raises(NotApprovable):
        listing.hand_over(keys, both.pk)


@pytest.mark.rule("R43", "T11")
def test_in_clear_a_list_is_the_same_whether_somebody_was_struck_or_said_it_again(
    keys: Keyring, both: ExchangeList, person: Person
) -> None:
    def clear() -> tuple[object, ...]:
        row = ExchangeList.objects.get()
        return row.day, row.count, row.state, len(row.body), Proposal.objects.get().state

    before, body, entries = clear(), bytes(ExchangeList.objects.get().body), Entry.objects.count()
    acts.take(keys, person, wish())
    again, said_again, one_more = clear(), bytes(ExchangeList.objects.get().body), Entry.objects.count()
    acts.take(keys, person, wish(WishKind.STAY))
    assert before == again == clear()
    assert len({body, said_again, bytes(ExchangeList.objects.get().body)}) == 3
    assert Entry.objects.count() - one_more == one_more - entries


@pytest.mark.rule("R51")
def test_destroying_the_keys_leaves_no_list_that_shares_could_open(both: ExchangeList) -> None:
    (lists,) = [one for one in all_of_them() if one.code == "wishes.lists"]
    assert lists.count() == lists.destroy() == 1
    assert not bytes(ExchangeList.objects.get().body)


@pytest.mark.rule("R40")
def test_an_old_confirmation_does_not_hold_for_the_approval(
    keys: Keyring, second: Keyring, person: Person, comrade: Person, confirmed: Confirmed
) -> None:
    for hours in (99, 71.9):
        acts.take(keys, comrade, wish(hours_ago=hours))
    row, _ = listing.build(keys, [confirmed(person), comrade])
    kept = list_sealing.opened(keys, row)
    later = listing.look(keys, kept, timezone.now() + timedelta(hours=1))
    assert [one.why for one in later] == [None, Unlisted.UNCONFIRMED]
    assert [one.why for one in listing.look(keys, kept, None)] == [None, None]  # a list that was approved in time


@pytest.mark.rule("R43")
def test_a_name_that_was_confirmed_anew_is_not_listed_under_the_old_one(
    keys: Keyring, second: Keyring, both: ExchangeList, person: Person
) -> None:
    acts.take(keys, person, wish(name="Цой Мин"))
    (gone,) = listing.approve(second, both.pk)
    assert gone.entry.number == person.number
    (again,) = list_sealing.opened(keys, listing.build(keys, [person])[0]).entries
    assert again.name == "Цой Мин"


@pytest.mark.rule("R40")
def test_a_list_that_does_not_open_keeps_no_wish_from_being_entered(
    keys: Keyring, both: ExchangeList, person: Person
) -> None:
    ExchangeList.objects.update(body=b"")
    acts.take(keys, person, wish(WishKind.STAY))
    assert returning.standing_of(keys, person).kind is WishKind.STAY
    assert not bytes(ExchangeList.objects.get(pk=both.pk).body)


@pytest.mark.rule("R40", "R41")
def test_who_fears_to_return_is_on_no_list_and_off_an_approved_one(
    keys: Keyring, second: Keyring, counsel: Keyring, both: ExchangeList, comrade: Person
) -> None:
    listing.approve(second, both.pk)
    register.enter(counsel.operator, comrade, PersonEvent.FEAR_STATED, When(timezone.localdate()))
    with pytest.raises(NobodyListed) as refused:
        listing.build(keys, [comrade])
    assert refused.value.left_out == {comrade.number: Unlisted.FEAR}
    assert [one.entry.number for one in listing.hand_over(keys, both.pk)] == [comrade.number]
    assert [one.number for one in listing.handed(keys, ExchangeList.objects.get(pk=both.pk))] == ["UA-0001"]


@pytest.mark.rule("R40", "R41")
def test_who_is_not_to_be_returned_is_on_no_list_until_it_is_decided_anew(
    keys: Keyring, second: Keyring, person: Person, confirmed: Confirmed
) -> None:
    confirmed(person)
    for outcome in (Outcome.NOT_RETURNED, Outcome.MAY_RETURN):
        decision = Decision(outcome=outcome, grounds="Named.", decided_by=("A. Bondar", "O. Hnat"))
        returning.propose(keys, person, decision)
        confirm(second, person)
        if outcome is Outcome.NOT_RETURNED:
            with pytest.raises(NobodyListed):
                listing.build(keys, [person])
    assert numbers(keys, listing.build(keys, [person])[0]) == [person.number]


@pytest.mark.rule("R40", "T6")
def test_a_list_that_was_altered_is_set_aside_by_the_monitor_and_dropped(
    desk_of: Callable[[Role], Client], keys: Keyring, second: Keyring, both: ExchangeList, person: Person
) -> None:
    listing.approve(second, both.pk)
    ExchangeList.objects.update(body=b"another")
    registrar, monitor, path = desk_of(Role.REGISTRAR), desk_of(Role.MONITOR), f"/exchange/{both.pk}/"
    assert registrar.get(path).status_code == 409
    assert f"/altered/{Altered.objects.get().pk}/set-aside/" in monitor.get("/altered/").content.decode()
    assert monitor.post(f"/altered/{Altered.objects.get().pk}/set-aside/").status_code == 302
    assert (ExchangeList.objects.get().state, Proposal.objects.get().state) == ("dropped", "superseded")
    assert "the monitor has set it aside" in registrar.get(path).content.decode()
    assert numbers(keys, listing.build(keys, [person])[0]) == [person.number]


@pytest.mark.rule("R40")
def test_who_withdraws_after_the_handing_over_is_on_the_list_no_more(
    keys: Keyring, handed: ExchangeList, comrade: Person
) -> None:
    acts.take(keys, comrade, wish(WishKind.NO_EXCHANGE))
    assert [one.why for one in access.one_list(keys, handed).looked] == [None, Unlisted.NO_WISH]
    assert [one.number for one in listing.handed(keys, handed)] == ["UA-0001"]


@pytest.mark.rule("R41")
def test_who_fears_to_return_after_the_handing_over_is_on_the_list_no_more(
    keys: Keyring, counsel: Keyring, handed: ExchangeList, comrade: Person
) -> None:
    register.enter(counsel.operator, comrade, PersonEvent.FEAR_STATED, When(timezone.localdate()))
    assert access.one_list(keys, handed).withdrawn == [comrade.number]
    assert [one.number for one in listing.handed(keys, handed)] == ["UA-0001"]
    assert access.coming_return(keys, comrade).handed == [handed.pk]


@pytest.mark.rule("T6")
def test_a_list_that_was_handed_over_stays_so_when_it_is_set_aside(
    desk_of: Callable[[Role], Client], handed: ExchangeList
) -> None:
    ExchangeList.objects.update(body=b"another")
    desk_of(Role.REGISTRAR).get(f"/exchange/{handed.pk}/")
    desk_of(Role.MONITOR).post(f"/altered/{Altered.objects.get().pk}/set-aside/")
    assert ExchangeList.objects.get().state == "handed-over"
    assert desk_of(Role.REGISTRAR).get(f"/exchange/{handed.pk}/").status_code == 200
    assert desk_of(Role.REGISTRAR).get(f"/exchange/{handed.pk}/paper/").status_code == 409


@pytest.mark.rule("R40")
def test_who_went_home_by_a_list_or_waits_in_another_camp_stays_on_it(
    keys: Keyring, handed: ExchangeList, person: Person, comrade: Person
) -> None:
    today, other = (
        When(timezone.localdate()),
        register.open_camp(keys.operator, "Dalni", CampKind.HOSPITAL, {}, When(ARRIVAL)),
    )
    register.happen(keys.operator, person, PersonEvent.ARRIVED, today, camp=other)
    clearing.clear_for_return(keys, comrade, WayHome.EXCHANGE)
    register.happen(keys.operator, comrade, PersonEvent.REPATRIATED, today)
    assert [one.why for one in access.one_list(keys, handed).looked] == [None, None]
    acts.take(keys, person, wish(WishKind.STAY))
    assert access.one_list(keys, handed).withdrawn == [person.number]


@pytest.mark.rule("R40")
@pytest.mark.skipif(os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1", reason="SQLite has one writer anyway")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_list_one_person_at_one_moment_the_second_hears_of_the_first(
    keys: Keyring, second: Keyring, person: Person, confirmed: Confirmed
) -> None:
    left: list[Unlisted] = []
    confirmed(person)

    def build() -> None:
        try:
            listing.build(second, [person])
        except NobodyListed as refused:
            left.extend(refused.left_out.values())
        finally:
            connection.close()

    other = Thread(target=build)
    with transaction.atomic():
        listing.build(keys, [person])
        other.start()
        wait_for_a_lock(other)
    other.join()
    assert left == [Unlisted.LISTED]
    assert ExchangeList.objects.count() == 1


@pytest.mark.rule("R40")
@pytest.mark.skipif(os.environ.get("SAFECONDUCT_TEST_POSTGRES") != "1", reason="SQLite has one writer anyway")
@pytest.mark.django_db(transaction=True)
def test_a_wish_that_is_being_entered_is_seen_by_the_last_look(
    keys: Keyring, second: Keyring, both: ExchangeList, comrade: Person
) -> None:
    gone: list[str] = []

    def hand_over() -> None:
        try:
            gone.extend(one.entry.number for one in listing.hand_over(second, both.pk))
        finally:
            connection.close()

    listing.approve(second, both.pk)
    other = Thread(target=hand_over)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=comrade.pk)
        other.start()
        wait_for_a_lock(other)
        acts.take(keys, comrade, wish(WishKind.NO_EXCHANGE))
    other.join()
    assert gone == [comrade.number]
