# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each thing that article 122 names becomes a package in the transaction in which it happened."""

from datetime import timedelta

import msgspec
import pytest
from django.db import transaction
from tests.custody.bureau.conftest import TheBureau
from tests.custody.conftest import ARRIVAL, SOMEBODY
from tests.desk.conftest import House

from safeconduct.desk.custody import acts, numbering, rooms
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau import making
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Event, Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.bureau import TOLD
from safeconduct.vocabulary.custody import PersonEvent

NAMED = sorted(TOLD - {PersonEvent.REGISTERED}, key=lambda event: event.value)


def keyring(house: House) -> Keyring:
    """A registrar's, with an open desk."""
    registrar = house.person(Role.REGISTRAR)
    return Keyring(registrar.operator, house.opened(registrar))


def after(days: int) -> When:
    return When(ARRIVAL + timedelta(days=days))


@pytest.mark.rule("R26")
def test_a_registration_is_told_with_article_122s_fields_and_nothing_of_how_they_came(
    the_bureau: TheBureau, person: Person
) -> None:
    told = the_bureau.opened(Package.objects.get())
    assert (told.number, told.kind, told.prisoner, told.day) == (1, "registered", person.number, ARRIVAL)
    assert told.about is not None
    assert (told.about.surname, told.about.rank, told.about.birth) == (SOMEBODY.surname, SOMEBODY.rank, SOMEBODY.birth)
    assert "in_power_since" not in msgspec.json.encode(told).decode()


@pytest.mark.rule("R27")
@pytest.mark.parametrize("event", NAMED)
def test_each_event_that_article_122_names_is_told(
    the_bureau: TheBureau,
    registrar: Operator,
    person: Person,
    event: PersonEvent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "require_open", lambda *_: None)  # what other rooms ask for first is theirs to test
    acts.happen(registrar, person, event, after(3), camp=person.camp)
    told = the_bureau.opened(Package.objects.get(number=2))
    assert (told.kind, told.day, told.camp, told.about) == (event.value, ARRIVAL + timedelta(days=3), "Stanytsia", None)


def test_what_article_122_does_not_name_is_not_told(registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.FEAR_STATED, after(1))
    assert not Package.objects.exclude(number=1).exists()


@pytest.mark.rule("R26")
def test_numbers_have_no_gap_even_when_an_act_fails(registrar: Operator, person: Person) -> None:
    with transaction.atomic():
        acts.enter(registrar, person, PersonEvent.ESCAPED, after(1))
        transaction.set_rollback(True)
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(2))
    acts.enter(registrar, person, PersonEvent.DIED, after(4))
    assert list(Package.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.rule("R27")
def test_a_correction_is_told_and_names_the_package_that_it_puts_right(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    died = acts.enter(registrar, person, PersonEvent.DIED, after(4))
    acts.correct(registrar, person, died.pk, after(5))
    again = Event.objects.get(corrects=died)
    acts.correct(registrar, person, again.pk, None)
    moved, struck = (the_bureau.opened(row) for row in Package.objects.filter(number__gt=2))
    assert (moved.corrects, moved.stands, moved.day) == (2, True, ARRIVAL + timedelta(days=5))
    assert (struck.corrects, struck.stands) == (3, False)


@pytest.mark.rule("R27")
def test_who_escaped_and_is_held_again_is_told_once_and_taken_back_with_the_arrival(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(3))
    came = acts.enter(registrar, person, PersonEvent.ARRIVED, after(5), camp=person.camp)
    acts.correct(registrar, person, came.pk, None)
    _, again, struck = (the_bureau.opened(row) for row in Package.objects.filter(number__gt=1))
    assert (again.kind, again.day, again.camp, again.stands) == (
        "held.again",
        ARRIVAL + timedelta(days=5),
        "Stanytsia",
        True,
    )
    assert (struck.kind, struck.corrects, struck.stands) == ("held.again", 3, False)


@pytest.mark.rule("R27")
def test_papers_of_an_arrival_from_before_the_escape_tell_of_nobody_held_again(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(5))
    acts.enter(registrar, person, PersonEvent.ARRIVED, after(3), camp=person.camp)
    assert [row.kind for row in Package.objects.all()] == ["registered", "escaped"]
    assert the_bureau.opened(Package.objects.get(number=2)).kind == "escaped"


@pytest.mark.rule("R27")
def test_an_escape_whose_papers_come_after_those_of_the_return_is_told_with_the_return(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    acts.enter(registrar, person, PersonEvent.ARRIVED, after(5), camp=person.camp)
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(3))
    told = [the_bureau.opened(row) for row in Package.objects.filter(number__gt=1)]
    assert [(one.kind, one.day) for one in told] == [
        ("escaped", ARRIVAL + timedelta(days=3)),
        ("held.again", ARRIVAL + timedelta(days=5)),
    ]


def test_details_that_are_written_anew_are_told(the_bureau: TheBureau, registrar: Operator, person: Person) -> None:
    acts.describe(registrar, person, msgspec.structs.replace(SOMEBODY, surname="Чхвэ"), SOMEBODY)
    told = the_bureau.opened(Package.objects.get(number=2))
    assert (told.kind, told.corrects) == ("details", 1)
    assert told.about is not None
    assert told.about.surname == "Чхвэ"


@pytest.mark.rule("R26")
def test_a_number_that_is_put_right_is_told_and_names_the_package_with_the_old_one(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    numbering.renumber(registrar, person, "UA-0021")
    told = the_bureau.opened(Package.objects.get(number=2))
    assert (told.kind, told.prisoner, told.corrects, told.stands) == ("number.corrected", "UA-0021", 1, True)
    numbering.renumber(registrar, person, "UA-0022")
    assert the_bureau.opened(Package.objects.get(number=3)).corrects == 2


@pytest.mark.rule("R26")
def test_all_packages_have_one_size(the_bureau: TheBureau, registrar: Operator, person: Person) -> None:
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(2))
    assert len({len(bytes(row.body)) for row in Package.objects.all()}) == 1


@pytest.mark.rule("R27")
def test_who_is_seriously_ill_is_told_at_once_and_every_week_until_they_are_better(
    the_bureau: TheBureau, house: House, person: Person
) -> None:
    medical = house.person(Role.MEDICAL).operator
    acts.enter(medical, person, PersonEvent.SERIOUSLY_ILL, after(1))
    Package.objects.update(made=ARRIVAL + timedelta(days=1))
    assert making.still_ill(ARRIVAL + timedelta(days=6)) == 0
    assert making.still_ill(ARRIVAL + timedelta(days=7)) == 1
    assert the_bureau.opened(Package.objects.get(number=3)).kind == "illness.lasts"
    acts.enter(medical, person, PersonEvent.NO_LONGER_SERIOUSLY_ILL, after(9))
    Package.objects.update(made=ARRIVAL)
    assert making.still_ill(ARRIVAL + timedelta(days=30)) == 0


def test_a_package_that_no_key_seals_is_numbered_and_sealed_when_there_is_one(
    keyless: TheBureau, house: House, person: Person
) -> None:
    assert bytes(Package.objects.get().body) == b""
    keyless.give_key()
    assert making.make_anew(keyring(house)) == 1
    told = keyless.opened(Package.objects.get())
    assert told.about is not None
    assert told.about.surname == SOMEBODY.surname


def test_another_key_of_the_bureaus_gets_what_was_not_acknowledged_anew(
    the_bureau: TheBureau, house: House, registrar: Operator, person: Person
) -> None:
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(2))
    tokens = list(Package.objects.values_list("token", flat=True))
    the_bureau.opening = type(the_bureau.opening).generate()
    the_bureau.give_key()
    assert making.make_anew(keyring(house)) == 2
    assert [the_bureau.opened(row).number for row in Package.objects.all()] == [1, 2]
    assert list(Package.objects.values_list("token", flat=True)) == tokens
    assert making.make_anew(keyring(house)) == 0


@pytest.mark.rule("R26")
def test_after_a_restore_no_number_is_given_that_the_bureau_has(registrar: Operator, person: Person) -> None:
    assert making.go_on_after(120) == 120
    assert making.go_on_after(7) == 120  # a series never goes back
    acts.enter(registrar, person, PersonEvent.ESCAPED, after(1))
    assert list(Package.objects.values_list("number", flat=True)) == [1, 121]
