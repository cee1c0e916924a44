# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations in a chat: how they arrive, where an answer to them goes, and what is heard of it."""

import pytest
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import acts, outgoing
from safeconduct.desk.cases.errors import Crossed, NoMailbox
from safeconduct.desk.cases.models import Case, Outgoing, Quarantine, StoredEnvelope
from safeconduct.desk.cases.opening import rejoin
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import open_envelope, parse, serialise, without_label
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.records import (
    CallForPerson,
    DeliveryOutcome,
    DeliveryReport,
    FileSent,
    PersonText,
    Record,
    ReplyText,
    decode,
)


def in_clear(case: Case) -> set[object]:
    return {case.channel, case.language, case.kind, case.urgency, case.waiting_since, case.opened_at}


def test_who_only_came_to_a_chat_waits_for_nothing(line: Line) -> None:
    someone = line.greet(line.new_person())
    line.collect()
    case = line.case(someone)
    assert (case.state, in_clear(case)) == ("silent", {"", None})
    line.write(someone, "я всё-таки напишу")
    line.collect()
    assert (line.case(someone).state, line.case(someone).kind) == ("new", "message")


def test_a_chat_without_an_application_is_read_answered_noted_and_closed(
    line: Line, writer: Person, hand: Hand
) -> None:
    number = line.case(writer).number
    _, opened = acts.read(hand, number)
    assert (opened.facts, opened.channel, opened.mailbox) == (None, "telegram", writer.mailbox.public.raw)
    acts.reply(hand, number, line.writing("да"))
    acts.note(hand, number, line.writing("ночью"))
    acts.close(hand, number, seen=opened.last_seen)
    acts.put_back(hand, number)
    case = line.case(writer)
    assert (case.channel, case.language, case.urgency) == ("telegram", "ru", Urgency.SOON.value)


@pytest.mark.parametrize(
    "record", [CallForPerson(), FileSent(bytes(16), bytes(32), 7, "image/jpeg"), DeliveryReport(bytes(16), "refused")]
)
def test_every_record_of_a_chat_opens(line: Line, writer: Person, record: Record) -> None:
    line.put(writer, line.seal(writer, record, Kind.MESSAGE))
    line.collect()
    assert line.opened(writer).items[-1].record == record


@pytest.mark.rule("T13")
def test_a_forged_contact_with_another_mailbox_turns_no_reply(line: Line, writer: Person, hand: Hand) -> None:
    line.move(writer, "telegram", mailbox=line.new_person().mailbox.public.raw)
    line.collect()
    number = line.case(writer).number
    _, opened = acts.read(hand, number)
    assert opened.is_disputed
    with pytest.raises(NoMailbox):
        acts.reply(hand, number, line.writing("где вы?"))
    assert not Outgoing.objects.exists()


@pytest.mark.rule("T13")
def test_a_contact_cannot_take_an_applications_mailbox_over(line: Line, person: Person, hand: Hand) -> None:
    line.move(person, "telegram")
    line.collect()
    number = line.case(person).number
    assert acts.read(hand, number)[1].mailbox == person.mailbox.public.raw
    line.move(person, "telegram", mailbox=line.new_person().mailbox.public.raw)
    line.collect()
    with pytest.raises(NoMailbox):
        acts.reply(hand, number, line.writing("где вы?"))


@pytest.mark.rule("T13")
def test_a_report_that_the_edge_did_not_sign_is_kept_apart(line: Line, answered: Person) -> None:
    line.forged_by_someone().report(answered, "delivered")
    taken = line.collect()
    assert (taken.stored, taken.refused) == (0, 1)
    assert Quarantine.objects.get().reason == "UnknownSigner"


@pytest.mark.django_db(transaction=True)
def test_an_answer_lies_in_the_mailbox_and_goes_into_the_chat_each_for_its_own_key(
    line: Line, answered: Person
) -> None:
    line.deliver()
    (mailed,) = line.run(line.spool.replies(answered.conversation))
    (errand,) = line.errands()
    copies = {answered.mailbox.public.key_id: mailed, line.telegram.public.key_id: errand.body}
    for key_id, sealed in copies.items():
        assert [wrap.recipient for wrap in parse(sealed).wraps] == [key_id]
    said = decode(open_envelope(parse(errand.body), line.telegram))
    assert isinstance(said, ReplyText)
    assert said.text == "мы здесь"
    assert line.inbox(answered) == ["мы здесь"]


@pytest.mark.django_db(transaction=True)
def test_the_errand_waits_in_a_queue_of_its_own_and_after_the_bots_answers(line: Line, answered: Person) -> None:
    (leaving,) = outgoing.due(line.keys, 10)
    (errand,) = leaving.errands
    assert (errand.channel, errand.queue, errand.priority, errand.replaceable) == ("telegram", "reply", 1, False)
    line.deliver()
    assert [one.queue for one in line.errands()] == ["reply"]


@pytest.mark.rule("T9")
@pytest.mark.django_db(transaction=True)
def test_an_errand_cut_short_is_repeated_without_doubling(line: Line, answered: Person) -> None:
    (leaving,) = outgoing.due(line.keys, 10)
    assert leaving.sealed is not None
    line.run(line.spool.deliver(leaving.conversation, [leaving.sealed], key=leaving.key, errands=leaving.errands))
    assert line.deliver() == 1  # the desk was killed before it could note the first delivery
    assert len(line.errands()) == 1


@pytest.mark.rule("T3")
def test_the_desk_keeps_the_teams_wrap_alone_and_no_channel_in_clear(line: Line, answered: Person) -> None:
    envelope = rejoin(line.last(answered), line.erasure_key(answered))
    assert [wrap.recipient for wrap in envelope.wraps] == [line.team.public.key_id]
    row = Outgoing.objects.get()
    assert row.errand is not None
    assert b"telegram" not in bytes(row.errand) + bytes(row.sealed)
    assert in_clear(line.case(answered)) == {"", None}


@pytest.mark.django_db(transaction=True)
def test_without_a_key_for_the_channel_an_answer_lies_in_the_mailbox_alone(line: Line, hand: Hand) -> None:
    someone = line.greet(line.new_person(), "?", channel="signal")
    line.collect()
    number = line.case(someone).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("да"))
    line.deliver()
    assert (line.inbox(someone), line.errands("signal")) == (["да"], [])


@pytest.mark.django_db(transaction=True)
def test_an_answer_follows_the_person_to_where_they_write_now(line: Line, writer: Person, hand: Hand) -> None:
    line.move(writer, "signal")
    line.collect()
    number = line.case(writer).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("да"))
    line.deliver()
    assert line.errands() == []


@pytest.mark.rule("T3")
@pytest.mark.parametrize("outcome", ["delivered", "waiting"])
def test_a_report_makes_nobody_wait_and_its_label_leaves_the_clear_at_once(
    line: Line, answered: Person, outcome: DeliveryOutcome
) -> None:
    line.report(answered, outcome)
    line.collect()
    case = line.case(answered)
    assert (case.state, in_clear(case)) == ("answered", {"", None})
    row = line.last(answered)
    assert parse(row.core).label is None
    assert not row.has_clear_label
    assert line.opened(answered).items[-1].record is not None


@pytest.mark.rule("T3")
def test_a_reports_label_leaves_the_clear_while_the_case_waits(line: Line, writer: Person) -> None:
    line.move(writer, "telegram")
    line.collect()
    labels = [parse(bytes(core)).label for core in StoredEnvelope.objects.values_list("core", flat=True)]
    assert [label and label.kind for label in labels] == [None, Kind.MESSAGE, None]


@pytest.mark.parametrize("outcome", ["refused", "uncertain"])
def test_trouble_puts_an_answered_case_back_into_the_queue(
    line: Line, answered: Person, outcome: DeliveryOutcome
) -> None:
    line.report(answered, outcome)
    line.collect()
    case = line.case(answered)
    assert (case.state, case.kind, case.urgency) == ("open", "trouble", Urgency.NOW.value)
    line.write(answered, "алло?")
    line.collect()
    assert line.case(answered).kind == "message"


def test_trouble_does_not_hide_that_somebody_waits_for_an_answer(line: Line, answered: Person) -> None:
    line.write(answered, "алло?")
    line.report(answered, "refused")
    line.collect()
    assert line.case(answered).kind == "message"


def test_a_report_that_came_meanwhile_crosses_with_nothing(line: Line, answered: Person, hand: Hand) -> None:
    number = line.case(answered).number
    seen = line.last(answered).pk
    line.report(answered, "delivered")
    line.move(answered, "telegram")
    line.collect()
    acts.reply(hand, number, line.writing("и ещё", seen=seen))
    assert line.case(answered).state == "answered"
    acts.close(hand, number, seen=seen)


def test_trouble_that_came_meanwhile_is_to_be_seen_first(line: Line, answered: Person, hand: Hand) -> None:
    seen = line.last(answered).pk
    line.report(answered, "refused")
    line.collect()
    with pytest.raises(Crossed):
        acts.settle(hand, line.case(answered).number, seen=seen)


@pytest.mark.rule("T13")
def test_a_report_stripped_of_its_label_hides_nothing(line: Line, answered: Person) -> None:
    sealed = line.seal(answered, PersonText("на помощь"), Kind.REPORT)
    line.put(answered, serialise(without_label(parse(sealed))))
    line.collect()
    assert line.case(answered).state == "open"


@pytest.mark.rule("R48")
@pytest.mark.django_db(transaction=True)
def test_an_erasure_takes_the_errand_with_it(line: Line, answered: Person) -> None:
    line.deliver()
    line.erase(answered)
    line.collect()
    assert line.errands() == []
    assert not StoredEnvelope.objects.exists()
