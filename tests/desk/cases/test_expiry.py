# SPDX-License-Identifier: AGPL-3.0-or-later
"""R3 and R7: what is destroyed when, what never is, and that an alarm rings before anything unread goes."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.cases import acts, cell, expiry, standing
from safeconduct.desk.cases.errors import CaseGone
from safeconduct.desk.cases.expiry import Destroyed
from safeconduct.desk.cases.models import Case, Erased, Sort, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.project import periodic
from safeconduct.desk.project.backup_keys import Ring
from safeconduct.desk.project.errors import BackupKeyGone
from safeconduct.desk.project.rewriting import Rewriter
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.records import PersonText

NOTHING = Destroyed(0, 0, 0)


def after(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


def run(line: Line, days: float) -> Destroyed:
    """The clock's two acts on that day."""
    expiry.alarm(after(days))
    return expiry.destroy(after(days), line.keys)


def texts(line: Line, person: Person) -> list[str]:
    return [item.record.text for item in line.opened(person).items if isinstance(item.record, PersonText)]


def aged(person: Person, line: Line, days: int) -> None:
    """As if all of it had happened so many days ago."""
    case = line.case(person)
    case.last_day -= timedelta(days=days)
    case.save()
    for row in case.envelopes.all():
        row.day -= timedelta(days=days)
        row.opened_day = row.opened_day and row.opened_day - timedelta(days=days)
        row.save()


@pytest.fixture
def number(line: Line, person: Person, hand: Hand) -> str:
    """Read today, answered and noted."""
    number = str(line.case(person).number)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("мы здесь"))
    acts.note(hand, number, line.writing("заметка"))
    return number


@pytest.mark.rule("R3")
def test_words_go_30_days_after_the_last_contact_and_the_rest_stays(line: Line, person: Person, number: str) -> None:
    assert run(line, 29) == NOTHING
    assert texts(line, person) == ["хочу жить"]
    assert run(line, 30) == Destroyed(1, 0, 0)
    assert texts(line, person) == []
    shapes = {item.shape for item in line.opened(person).items}
    assert shapes == {"facts", "reply", "note", "act"}


@pytest.mark.rule("R3")
def test_a_further_contact_puts_it_off(line: Line, person: Person, hand: Hand, number: str) -> None:
    aged(person, line, 29)
    line.write(person, "я ещё жив")
    line.collect()
    acts.read(hand, number)
    assert run(line, 2) == NOTHING
    assert len(texts(line, person)) == 2


@pytest.mark.rule("R3")
def test_nothing_goes_before_its_first_reading_nor_in_the_week_after_it(line: Line, person: Person, hand: Hand) -> None:
    assert run(line, 100) == NOTHING
    assert texts(line, person) == ["хочу жить"]
    aged(person, line, 100)
    acts.read(hand, line.case(person).number)
    assert run(line, 6) == NOTHING
    assert run(line, 7).words == 1


@pytest.mark.rule("R3")
def test_what_nobody_reads_rings_from_the_third_day_until_it_is_read(line: Line, person: Person, hand: Hand) -> None:
    run(line, 2)
    assert not Alert.objects.exists()
    for day in (3, 4):
        run(line, day)
        assert Alert.objects.get().kind == expiry.UNREAD_ALERT
    acts.read(hand, line.case(person).number)
    run(line, 5)
    alert = Alert.objects.first()
    assert alert is None or alert.is_over


@pytest.mark.rule("R3")
def test_nothing_unread_goes_without_a_week_of_alarm_first_however_long_the_desk_stood_still(
    line: Line, person: Person
) -> None:
    assert expiry.destroy(after(400), line.keys) == NOTHING  # the alarm was never rung
    expiry.alarm(after(400))
    assert expiry.destroy(after(406), line.keys) == NOTHING
    assert texts(line, person) == ["хочу жить"]
    assert expiry.destroy(after(407), line.keys).unread == 2


@pytest.mark.rule("R3")
def test_a_case_of_which_nothing_was_ever_read_goes_whole(line: Line, person: Person) -> None:
    run(line, 3)
    assert run(line, 180) == Destroyed(0, 2, 1)
    assert not Case.objects.exists()
    assert line.keys.erasure.get(person.conversation) is None


@pytest.mark.rule("R7")
def test_a_conscripts_case_goes_whole_180_days_after_the_last_contact(line: Line, hand: Hand) -> None:
    someone = line.apply(line.new_person(), "мне 19", type=ApplicationType.CONSCRIPT)
    line.collect()
    number = line.case(someone).number
    acts.read(hand, number)
    run(line, 40)
    assert run(line, 179) == NOTHING
    assert run(line, 180).cases == 1
    assert line.keys.erasure.get(someone.conversation) is None
    with pytest.raises(CaseGone):
        acts.read(hand, number)


@pytest.mark.rule("R7")
@pytest.mark.parametrize("whose", ["offered", "cell"])
def test_a_case_of_the_cell_whose_person_is_still_at_home_goes_too(
    line: Line, hand: Hand, planner: Hand, *, whose: str
) -> None:
    someone = line.apply_new("хочу сдаться")
    line.collect()
    number = str(line.case(someone).number)
    acts.read(hand, number)
    cell.offer(hand, number, handover=planner.team.public)
    if whose == "cell":
        cell.accept(planner, number)
    still_at_home = someone.facts(type=ApplicationType.CONSCRIPT)
    line.put(
        someone,
        line.seal(
            someone, still_at_home, Kind.APPLICATION, recipients=[(planner if whose == "cell" else hand).team.public]
        ),
    )
    line.collect()
    acts.read(planner if whose == "cell" else hand, number)
    run(line, 40)
    assert run(line, 179) == NOTHING
    assert run(line, 180).cases == 1


@pytest.mark.rule("R7")
def test_who_came_to_a_chat_and_said_nothing_is_forgotten_after_180_days(line: Line) -> None:
    line.greet(line.new_person())
    line.collect()
    assert run(line, 179) == NOTHING
    assert run(line, 180).cases == 1


@pytest.mark.rule("R7")
def test_a_soldiers_application_is_kept_for_later(line: Line, person: Person, number: str) -> None:
    run(line, 1000)
    assert line.opened(person).facts == person.facts()


@pytest.mark.rule("R5", "R13")
@pytest.mark.parametrize("stop", [standing.freeze, standing.suspect_minor])
def test_a_case_that_is_stopped_is_left_alone_and_rings(
    line: Line, person: Person, hand: Hand, number: str, stop: object
) -> None:
    stop(hand, number, "голос")  # type: ignore[operator]  # one of two acts of the same shape
    assert run(line, 300) == NOTHING
    assert texts(line, person) == ["хочу жить"]
    assert Alert.objects.filter(kind=expiry.STOPPED_ALERT).exists()


@pytest.mark.rule("R5", "R7")
def test_not_even_a_dormant_case_goes_while_it_is_frozen(line: Line, hand: Hand) -> None:
    someone = line.apply(line.new_person(), "мне 19", type=ApplicationType.CONSCRIPT)
    line.collect()
    acts.read(hand, line.case(someone).number)
    standing.freeze(hand, line.case(someone).number, "голос")
    assert run(line, 300) == NOTHING


@pytest.mark.rule("R5")
def test_unread_words_of_a_frozen_case_are_left_alone_too(line: Line, person: Person, hand: Hand) -> None:
    standing.freeze(hand, line.case(person).number, "голос")
    run(line, 3)
    assert run(line, 300) == NOTHING


@pytest.mark.rule("R3", "T9")
def test_whoever_writes_after_their_case_expired_is_heard(line: Line, hand: Hand) -> None:
    someone = line.apply(line.new_person(), "мне 19", type=ApplicationType.CONSCRIPT)
    line.collect()
    acts.read(hand, line.case(someone).number)
    run(line, 180)
    assert not Erased.objects.exists()
    line.write(someone, "меня забрали")
    assert line.collect().stored == 1
    assert texts(line, someone) == ["меня забрали"]


@pytest.mark.rule("R3", "R7")
@pytest.mark.parametrize("days", [-4000, 4000])
def test_an_edge_whose_clock_is_wrong_ends_and_stretches_no_term(line: Line, hand: Hand, days: int) -> None:
    someone, day = line.new_person(), timezone.now().date() + timedelta(days=days)
    facts = someone.facts(type=ApplicationType.CONSCRIPT)
    line.put(someone, line.seal(someone, facts, Kind.APPLICATION, day=day), opens=True)
    line.collect()
    run(line, 0)
    assert run(line, 8) == NOTHING
    acts.read(hand, line.case(someone).number)
    assert run(line, 172) == NOTHING
    assert run(line, 180).cases == 1


@pytest.mark.rule("R3", "R7")
def test_the_clock_destroys_nothing_while_it_is_in_doubt_but_goes_on_ringing() -> None:
    held = {act.name: act.sends_or_destroys for act in periodic.TABLE}
    assert (held["cases.destroy"], held["cases.alarm"]) == (True, False)


@pytest.mark.rule("R3", "R7")
def test_a_second_run_finds_nothing_more_to_do(line: Line, person: Person, number: str) -> None:
    assert run(line, 30) != NOTHING
    assert run(line, 30) == NOTHING


@pytest.mark.rule("R49")
def test_a_case_erased_between_the_look_and_the_act_stops_nothing(
    line: Line, person: Person, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = expiry._destroy_of

    def erased_first(pk: int, due: QuerySet[StoredEnvelope]) -> int:
        Case.objects.filter(pk=pk).delete()
        return act(pk, due)

    monkeypatch.setattr(expiry, "_destroy_of", erased_first)
    assert run(line, 31) == NOTHING


def test_each_destruction_has_its_entry(line: Line, person: Person, number: str) -> None:
    before = Entry.objects.count()
    run(line, 30)
    assert Entry.objects.count() == before + 1


@pytest.mark.rule("T3")
def test_destroying_needs_no_opened_key(
    line: Line, person: Person, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an envelope was opened")

    monkeypatch.setattr("safeconduct.sealing.envelope.open_envelope", refuse)
    monkeypatch.setattr("safeconduct.desk.cases.keys.read_signing_key", refuse)
    assert run(line, 30).words == 1


@pytest.mark.rule("R3", "T3")
@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_desk_holds_destroyed_words(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, line.case(person).number)
    row = line.case(person).envelopes.get(sort=Sort.WORDS)
    planted = [bytes(row.core[-80:]), bytes(row.core[200:280]), bytes(row.wraps[-80:]), bytes(row.envelope)]
    assert line.database_files_with(*planted) != set()
    assert run(line, 30).words == 1
    Rewriter().run(timezone.now())
    assert line.database_files_with(*planted) == set()


@pytest.mark.rule("R3", "T3")
@pytest.mark.django_db(transaction=True)
def test_no_file_holds_any_of_many_destroyed_words(line: Line, hand: Hand) -> None:
    """Many rows of many cases, so that SQLite's trees are balanced while they go, and PostgreSQL's pages are full."""
    people = [line.apply_new(f"слово {n}" * (n % 7 + 1)) for n in range(60)]
    line.collect()
    for one in people:
        acts.read(hand, line.case(one).number)
    rows = StoredEnvelope.objects.filter(sort=Sort.WORDS)
    planted = [part for row in rows for part in (bytes(row.wraps[-64:]), bytes(row.core[-64:]))]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the server does so whenever it likes, and keeps samples of what it saw
    assert run(line, 30).words == 60
    Rewriter().run(timezone.now())
    assert line.database_files_with(*planted) == set()


@pytest.mark.rule("R3", "T3")
def test_a_backup_of_the_words_dies_with_its_day(tmp_path: Path) -> None:
    ring, made = Ring(tmp_path / "keys"), date(2026, 3, 1)
    assert ring.of(made)
    assert ring.forget(made + timedelta(days=7)) == [made]
    with pytest.raises(BackupKeyGone):
        ring.kept(made)
