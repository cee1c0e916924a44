# SPDX-License-Identifier: AGPL-3.0-or-later
"""Out, back, and again: nothing is lost, whoever is silent, and nobody's keys are needed."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.custody.bureau.conftest import TheBureau
from tests.custody.conftest import ARRIVAL

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.custody import acts
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.bureau import sending
from safeconduct.desk.custody.bureau.errors import AcknowledgementRefused
from safeconduct.desk.custody.bureau.models import Package
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.custody import PersonEvent


def out() -> list[str]:
    return sorted(path.name for path in (settings.DESK.bureau / "out").iterdir())


def the_package() -> Package:
    return Package.objects.get()


def rings(kind: str) -> bool:
    return Alert.objects.filter(kind=kind, is_over=False).exists()


def owed(person: Person) -> set[str]:
    return set(Owed.objects.filter(person=person).values_list("duty", flat=True))


@pytest.mark.rule("R26")
def test_an_acknowledgement_marks_the_bureau_as_notified_and_frees_the_bytes(
    the_bureau: TheBureau, person: Person
) -> None:
    assert "bureau" in owed(person)
    taken = sending.take(the_bureau.acknowledges(the_package(), day=acts.today()))
    assert (taken.now, taken.before, taken.unknown) == (1, 0, 0)
    assert "bureau" not in owed(person)
    assert bytes(the_package().body) == b""
    assert Event.objects.filter(person=person, kind=PersonEvent.BUREAU_NOTIFIED.value, stands=True).count() == 1


def test_the_same_acknowledgement_again_changes_nothing(the_bureau: TheBureau, person: Person) -> None:
    raw = the_bureau.acknowledges(the_package(), day=acts.today())
    sending.take(raw)
    assert sending.take(raw) == sending.Taken(now=0, before=1, unknown=0)
    assert Event.objects.filter(kind=PersonEvent.BUREAU_NOTIFIED.value).count() == 1


@pytest.mark.rule("R26")
def test_what_is_not_acknowledged_is_offered_again_every_day_with_nobody_signed_in(
    the_bureau: TheBureau, person: Person
) -> None:
    today = acts.today()
    assert sending.send_due(today) == 1
    assert out() == ["package-0000000001.sce"]
    (settings.DESK.bureau / "out" / out()[0]).unlink()  # a transport took it, and lost it
    assert sending.send_due(today) == 0
    assert sending.send_due(today + timedelta(days=1)) == 1
    assert out() == ["package-0000000001.sce"]
    sending.take(the_bureau.acknowledges(the_package(), day=today))
    assert sending.send_due(today + timedelta(days=9)) == 0


def test_what_is_written_is_what_was_sealed(the_bureau: TheBureau, person: Person, tmp_path: Path) -> None:
    sealed = bytes(the_package().body)
    sending.send(tmp_path / "stick", sending.unacknowledged(), acts.today())
    assert (tmp_path / "stick" / "package-0000000001.sce").read_bytes() == sealed


@pytest.mark.rule("R27")
def test_a_bureau_that_is_silent_for_a_week_rings_until_it_speaks(the_bureau: TheBureau, person: Person) -> None:
    made = the_package().made
    sending.exchange(made + timedelta(days=6))
    assert not rings("custody.bureau_silent")
    sending.exchange(made + timedelta(days=7))
    assert rings("custody.bureau_silent")
    into = settings.DESK.bureau / "in"
    (into / "one.sca").write_bytes(the_bureau.acknowledges(the_package(), day=acts.today()))
    sending.exchange(made + timedelta(days=7))
    assert not rings("custody.bureau_silent")
    assert list(into.iterdir()) == []


def test_a_file_that_is_no_acknowledgement_is_set_aside_and_rings_and_the_others_are_read(
    the_bureau: TheBureau, person: Person
) -> None:
    into = settings.DESK.bureau / "in"
    into.mkdir(parents=True)
    good = the_bureau.acknowledges(the_package(), day=acts.today())
    (into / "a.sca").write_bytes(good[:-1])
    (into / "b.sca").write_bytes(good)
    assert sending.take_in() == 1
    assert [path.name for path in into.iterdir()] == ["a.refused"]
    assert rings("custody.bureau_refused")


@pytest.mark.rule("R26")
def test_what_is_no_file_stops_no_exchange(the_bureau: TheBureau, person: Person) -> None:
    into = settings.DESK.bureau / "in"
    into.mkdir(parents=True)
    (into / "a.sca").mkdir()
    os.mkfifo(into / "b.sca")
    (into / "c.sca").symlink_to("/dev/zero")
    (into / "d.sca").mkdir()
    (into / "d.refused").write_bytes(b"")  # so that it cannot be set aside
    (into / "e.sca").write_bytes(the_bureau.acknowledges(the_package(), day=acts.today()))
    sending.exchange(acts.today())
    assert rings("custody.bureau_refused")
    assert "bureau" not in owed(person)
    assert sorted(path.name for path in into.glob("*.sca")) == ["d.sca"]


@pytest.mark.rule("R26", "R27")
def test_when_nothing_can_be_taken_in_it_is_sent_and_watched_all_the_same(
    the_bureau: TheBureau, person: Person
) -> None:
    settings.DESK.bureau.mkdir(parents=True, exist_ok=True)
    (settings.DESK.bureau / "in").write_bytes(b"")  # no folder
    with pytest.raises(FileExistsError):
        sending.exchange(the_package().made + timedelta(days=7))
    assert out() == ["package-0000000001.sce"]
    assert rings("custody.bureau_silent")


@pytest.mark.parametrize("how", ["another bureau", "altered", "cut short"])
def test_an_acknowledgement_that_is_not_the_bureaus_marks_nothing(
    the_bureau: TheBureau, person: Person, how: str
) -> None:
    good = the_bureau.acknowledges(the_package(), day=acts.today())
    if how == "another bureau":
        the_bureau.signing = SigningKey.generate()
        good = the_bureau.acknowledges(the_package(), day=acts.today())
    raw = {"altered": good[:30] + b"\xff" + good[31:], "cut short": good[:-9]}.get(how, good)
    with pytest.raises(AcknowledgementRefused):
        sending.take(raw)
    assert the_package().acknowledged is None


def test_an_entry_with_another_token_or_number_is_left_out(the_bureau: TheBureau, person: Person) -> None:
    row = the_package()
    row.token = bytes(16)
    assert sending.take(the_bureau.acknowledges(row, day=acts.today())).unknown == 1
    row.number, row.token = 9, the_package().token
    assert sending.take(the_bureau.acknowledges(row, day=acts.today())).unknown == 1


@pytest.mark.rule("R27")
def test_the_word_on_who_is_seriously_ill_counts_for_its_own_duty(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    acts.happen(registrar, person, PersonEvent.SERIOUSLY_ILL, When(ARRIVAL + timedelta(days=1)))
    before = Owed.objects.get(person=person, duty="seriously-ill").due
    sending.take(the_bureau.acknowledges(Package.objects.get(number=2), day=acts.today()))
    assert Owed.objects.get(person=person, duty="seriously-ill").due > before
    assert "bureau" in owed(person)  # the registration is another matter


@pytest.mark.rule("R27")
def test_what_was_told_and_did_not_happen_answers_for_nothing_else(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    died = acts.enter(registrar, person, PersonEvent.DIED, When(ARRIVAL + timedelta(days=2)))
    sending.take(the_bureau.acknowledges(*Package.objects.all(), day=acts.today()))
    acts.correct(registrar, person, died.pk, None)
    acts.enter(registrar, person, PersonEvent.ESCAPED, When(ARRIVAL + timedelta(days=4)))
    assert "bureau" in owed(person)
    sending.take(the_bureau.acknowledges(*Package.objects.filter(acknowledged=None), day=acts.today()))
    assert "bureau" not in owed(person)
    assert Event.objects.filter(kind=PersonEvent.BUREAU_NOTIFIED.value, stands=True).count() == 2


def test_an_acknowledgement_that_comes_after_the_correction_answers_for_nothing(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    died = acts.enter(registrar, person, PersonEvent.DIED, When(ARRIVAL + timedelta(days=2)))
    acts.correct(registrar, person, died.pk, None)
    sending.take(the_bureau.acknowledges(*Package.objects.exclude(number=1), day=acts.today()))
    assert "bureau" in owed(person)  # that of the registration
    assert not Event.objects.filter(kind=PersonEvent.BUREAU_NOTIFIED.value).exists()


def test_a_bureau_whose_clock_is_wrong_is_believed_no_day_that_cannot_be(the_bureau: TheBureau, person: Person) -> None:
    sending.take(the_bureau.acknowledges(the_package(), day=date(2040, 1, 1)))
    assert the_package().acknowledged == acts.today()
    assert Event.objects.get(kind=PersonEvent.BUREAU_NOTIFIED.value).happened == acts.today()


@pytest.mark.rule("R26")
def test_what_the_bureau_does_not_know_yet_is_owed_by_its_own_day(
    the_bureau: TheBureau, registrar: Operator, person: Person
) -> None:
    for days in (20, 21):
        acts.happen(registrar, person, PersonEvent.TAKEN_TO_HOSPITAL, When(ARRIVAL + timedelta(days=days)))
    registered, first, second = Package.objects.all()
    for known, day in ((second, 0), (registered, 20), (first, None)):
        sending.take(the_bureau.acknowledges(known, day=acts.today()))
        waits = Owed.objects.filter(person=person, duty="bureau").first()
        assert (waits and waits.since) == (None if day is None else ARRIVAL + timedelta(days=day))
