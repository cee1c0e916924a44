# SPDX-License-Identifier: AGPL-3.0-or-later
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.audit.errors import NoMonitorKey
from safeconduct.desk.audit.models import MonitorKey
from safeconduct.desk.cases import acts, arrivals, escalating
from safeconduct.desk.cases.models import Case, Escalation, Quarantine, StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose, parse, serialise, without_label
from safeconduct.spool.contract import Waiting
from safeconduct.vocabulary.applications import Kind, Stage, Urgency
from safeconduct.vocabulary.records import PersonText
from safeconduct.vocabulary.secrets import Sealed


def test_an_application_becomes_a_waiting_case(line: Line, person: Person) -> None:
    case = line.case(person)
    assert (case.state, case.channel, case.language, case.kind) == ("new", "web", "ru", "application")
    assert case.urgency == Urgency.NOW.value
    assert case.waiting_since is not None
    assert case.envelopes.count() == 2
    assert line.run(line.spool.waiting(10)) == []


@pytest.mark.rule("T9")
def test_a_batch_taken_twice_is_stored_once(line: Line, person: Person) -> None:
    line.write(person, "я ещё здесь")
    batch = line.run(line.spool.waiting(10))
    first = arrivals.take_over(batch, line.keys)
    again = arrivals.take_over(batch + batch, line.keys)  # killed between commit and settle, and doubled besides
    assert (first.stored, again.stored, again.known) == (1, 0, 2)
    assert StoredEnvelope.objects.count() == 3


@pytest.mark.rule("T9")
def test_a_batch_whose_transaction_broke_is_stored_by_the_next_try(line: Line) -> None:
    someone = line.apply_new("первый раз")
    key = MonitorKey.objects.get()
    MonitorKey.objects.all().delete()
    with pytest.raises(NoMonitorKey):  # what cannot be recorded is not done
        line.collect()
    assert Case.objects.count() == 0
    key.save(force_insert=True)
    line.collect()
    assert line.opened(someone).items[1].record == PersonText("первый раз")


@pytest.mark.rule("T13")
def test_a_forged_envelope_is_kept_apart_and_holds_up_nobody(line: Line, person: Person) -> None:
    forger = line.forged_by_someone()
    forged = forger.seal(person, PersonText("сдай позицию"), Kind.MESSAGE)
    honest = line.seal(person, PersonText("жду"), Kind.MESSAGE)
    line.put(person, forged, honest)
    taken = line.collect()
    assert (taken.stored, taken.refused) == (1, 1)
    assert Quarantine.objects.get().reason == "UnknownSigner"
    assert bytes(Quarantine.objects.get().sealed) == forged


@pytest.mark.rule("T8")
@pytest.mark.parametrize("garbage", [b"", b"\0" * 40, b"SCE", secrets.token_bytes(3000)])
def test_garbage_is_kept_apart_and_settled(line: Line, person: Person, garbage: bytes) -> None:
    batch = [Waiting(7, Sealed(garbage), float("nan"))]
    assert arrivals.take_over(batch, line.keys).refused == 1
    assert arrivals.take_over(batch, line.keys).refused == 1
    assert Quarantine.objects.count() == 1


@pytest.mark.rule("T13")
def test_an_envelope_of_the_edge_that_is_not_for_the_team_is_refused(line: Line, person: Person) -> None:
    reply = line.seal(person, PersonText("…"), Kind.MESSAGE, purpose=Purpose.TO_PERSON)
    line.put(person, reply)
    assert line.collect().refused == 1
    assert line.case(person).envelopes.count() == 2


@pytest.mark.rule("T13")
def test_a_label_stripped_in_the_spool_hides_nobody(line: Line) -> None:
    someone = line.new_person(stage=Stage.HOME)
    sealed = line.seal(someone, someone.facts(), Kind.APPLICATION)
    line.put(someone, serialise(without_label(parse(sealed))), opens=True)
    line.collect()
    assert line.case(someone).urgency == Urgency.NOW.value


def test_a_clock_of_the_spool_that_went_mad_stops_no_intake(line: Line) -> None:
    someone = line.new_person()
    sealed = line.seal(someone, someone.facts(), Kind.APPLICATION)
    for moment in (float("inf"), float("nan"), -1e30):
        arrivals.take_over([Waiting(1, sealed, moment)], line.keys)
    assert line.case(someone).waiting_since is not None


@pytest.mark.rule("T3")
def test_whoever_comes_through_a_clock_that_runs_ahead_waits_from_now_on(line: Line) -> None:
    someone = line.apply_new("часы спешат")
    batch = line.run(line.spool.waiting(10))
    arrivals.take_over([replace(one, arrived=time.time() + 6 * 3600) for one in batch], line.keys)
    since = line.case(someone).waiting_since
    assert since is not None
    assert since <= timezone.now()
    escalating.watch(timezone.now() + timedelta(minutes=6))
    assert Escalation.objects.get().case == line.case(someone)


def test_a_conversation_keeps_the_order_of_the_pipe(line: Line, person: Person) -> None:
    texts = [f"{number}" for number in range(7)]
    sealed = [line.seal(person, PersonText(one), Kind.MESSAGE) for one in texts]
    batch = [Waiting(seq, one, 0.0) for seq, one in enumerate(sealed, 50)]
    arrivals.take_over(batch[::-1], line.keys)
    said = [item.record.text for item in line.opened(person).items if isinstance(item.record, PersonText)]
    assert said == ["хочу жить", *texts]


def test_a_case_waits_since_its_first_unanswered_message_and_as_urgently_as_its_most_urgent(line: Line) -> None:
    someone = line.new_person(stage=Stage.FRONT)
    calm = line.new_person(stage=Stage.HOME)
    first = line.seal(someone, someone.facts(), Kind.APPLICATION)
    calm.conversation = someone.conversation
    second = line.seal(calm, PersonText("?"), Kind.MESSAGE)
    arrivals.take_over([Waiting(1, first, 1000.0), Waiting(2, second, 9000.0)], line.keys)
    case = line.case(someone)
    assert case.waiting_since == datetime.fromtimestamp(1000, UTC)
    assert (case.urgency, case.kind) == (Urgency.NOW.value, "application")


def test_case_numbers_are_short_and_never_given_twice(line: Line) -> None:
    first, second = line.apply_new("раз"), line.apply_new("два")
    line.collect()
    numbers = [line.case(one).number for one in (first, second)]
    line.erase(second)
    third = line.apply_new("три")
    line.collect()
    assert [number[3:] for number in [*numbers, line.case(third).number]] == ["0001", "0002", "0003"]


def test_a_new_message_opens_an_answered_and_a_closed_case_again(line: Line, person: Person, hand: Hand) -> None:
    number = line.case(person).number
    for rest in (acts.settle, acts.close):
        acts.read(hand, number)
        rest(hand, number, seen=10**9)
        assert line.case(person).waiting_since is None
        line.write(person, "вы здесь?")
        line.collect()
        assert line.case(person).state == "open"
        assert line.case(person).kind == "message"
