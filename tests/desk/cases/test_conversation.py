# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import contextlib
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import acts, outgoing
from safeconduct.desk.cases.collector import Collector, collect_forever
from safeconduct.desk.cases.errors import Crossed, NoMailbox, TransitionRefused
from safeconduct.desk.cases.models import Case, Delivery, Outgoing, Quarantine, StoredEnvelope
from safeconduct.desk.cases.opening import protect_wraps
from safeconduct.desk.cases.writing import Hand, open_draft
from safeconduct.sealing.envelope import Purpose, parse
from safeconduct.sealing.erasure import recover
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import ErasureWish, NoteText, PersonText, ReplyText
from safeconduct.vocabulary.secrets import Sealed


def number_of(line: Line, person: Person) -> str:
    return str(line.case(person).number)


def test_what_was_said_is_read_letter_by_letter(line: Line, hand: Hand) -> None:
    text = "= 1+1 <b>\x00\u202eтекст\u200b 🙏\n\tконец"
    someone = line.apply_new(text)
    line.collect()
    _, opened = acts.read(hand, number_of(line, someone))
    assert opened.facts == someone.facts()
    assert opened.items[1].record == PersonText(text)


@pytest.mark.rule("R3")
def test_the_first_reading_is_remembered_by_its_day(line: Line, person: Person, hand: Hand) -> None:
    rows = line.case(person).envelopes
    assert set(rows.values_list("opened_day", flat=True)) == {None}
    acts.read(hand, number_of(line, person))
    assert set(rows.values_list("opened_day", flat=True)) == {datetime.now(UTC).date()}


@pytest.mark.django_db(transaction=True)
def test_an_answer_reaches_the_mailbox_and_opens_with_the_persons_key(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("Вас ждут.\nПишите сюда."))
    assert line.deliver() == 1
    assert line.inbox(person) == ["Вас ждут.\nПишите сюда."]
    assert line.case(person).envelopes.get(purpose=Purpose.TO_PERSON).delivery == Delivery.DELIVERED
    assert not Outgoing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_mailbox_holds_the_persons_wrap_alone_and_no_label(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.reply(hand, number_of(line, person), line.writing("ответ"))
    line.deliver()
    (sealed,) = line.run(line.spool.replies(person.conversation))
    envelope = parse(sealed)
    assert [wrap.recipient for wrap in envelope.wraps] == [person.mailbox.public.key_id]
    assert envelope.label is None
    assert envelope.signer == line.keys.doors.desk.key_id
    assert line.opened(person).items[-1].record == ReplyText("ответ", datetime.now(UTC).date().isoformat())


@pytest.mark.rule("T9")
@pytest.mark.django_db(transaction=True)
def test_a_delivery_cut_short_is_repeated_without_doubling(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.reply(hand, number_of(line, person), line.writing("один раз"))
    (leaving,) = outgoing.due(line.keys, 10)
    assert leaving.sealed is not None
    line.run(line.spool.deliver(leaving.conversation, [leaving.sealed], key=leaving.key))
    assert line.deliver() == 1  # the desk was killed before it could note the first delivery
    assert line.inbox(person) == ["один раз"]


@pytest.mark.django_db(transaction=True)
def test_replies_arrive_in_the_order_in_which_they_were_written(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    for text in "абв":
        acts.reply(hand, number_of(line, person), line.writing(text))
    line.deliver()
    assert line.inbox(person) == ["а", "б", "в"]


@pytest.mark.django_db(transaction=True)
def test_a_reply_without_a_mailbox_is_shown_as_undeliverable(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.reply(hand, number_of(line, person), line.writing("поздно"))
    line.erase(person)  # the notice has not been collected yet
    line.deliver()
    assert line.case(person).envelopes.get(purpose=Purpose.TO_PERSON).delivery == Delivery.UNDELIVERABLE


@pytest.mark.django_db(transaction=True)
def test_the_collector_carries_both_ways_until_it_is_told_to_stop(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.reply(hand, number_of(line, person), line.writing("да"))
    other = line.apply_new("мы здесь")

    async def until_both_are_there() -> None:
        stop = asyncio.Event()
        worker = asyncio.create_task(collect_forever(line.spool, line.keys, stop=stop, gate=contextlib.nullcontext))
        while await line.spool.waiting(1) or not await line.spool.replies(person.conversation):  # noqa: ASYNC110 -- a database sets no event
            await asyncio.sleep(0.01)
        stop.set()
        await worker

    line.run(asyncio.wait_for(until_both_are_there(), 10))
    assert line.inbox(person) == ["да"]
    assert line.case(other).state == "new"


@pytest.mark.django_db(transaction=True)
def test_a_spool_that_is_away_is_tried_again_later(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.reply(hand, number_of(line, person), line.writing("потом"))
    collector = Collector(line.closed_spool(), line.keys)
    with pytest.raises(SpoolUnavailable):
        line.run(collector.deliver())
    line.run(collector.close())
    assert line.deliver() == 1
    assert line.inbox(person) == ["потом"]


@pytest.mark.rule("T3")
def test_when_nothing_waits_no_label_and_no_time_is_in_clear(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("ответ"))
    case = Case.objects.values().get(number=number)
    in_clear = {case[name] for name in ("channel", "language", "kind", "urgency", "waiting_since", "opened_at")}
    assert in_clear == {"", None}
    cores = [parse(bytes(core)) for core in StoredEnvelope.objects.values_list("core", flat=True)]
    assert {core.label for core in cores} == {None}
    assert line.opened(person).facts == person.facts()  # withdrawn labels break no signature


@pytest.mark.rule("T3")
def test_the_database_refuses_labels_on_a_quiet_case(line: Line, person: Person) -> None:
    line.case(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(state="answered")


def test_a_note_is_read_by_the_team_and_never_leaves(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    acts.note(hand, number_of(line, person), line.writing("голос дрожит"))
    item = line.opened(person).items[-1]
    assert (item.record, item.stored.author) == (NoteText("голос дрожит"), hand.operator)
    assert not Outgoing.objects.exists()
    assert line.case(person).state == "open"


def test_the_same_form_posted_twice_writes_once(line: Line, person: Person, hand: Hand) -> None:
    acts.read(hand, number_of(line, person))
    for act in (acts.reply, acts.note):
        form = line.writing("один", form=f"form of {act.__name__}")
        act(hand, number_of(line, person), form)
        act(hand, number_of(line, person), form)
    written = [item.shape for item in line.opened(person).items if item.stored.purpose != Purpose.TO_TEAM.value]
    assert sorted(written) == ["act", "note", "reply"]  # the act: that it was read
    assert Outgoing.objects.count() == 1


def test_a_reply_that_crosses_with_a_message_leaves_that_message_waiting(
    line: Line, person: Person, hand: Hand
) -> None:
    number = number_of(line, person)
    _, opened = acts.read(hand, number)
    line.write(person, "стойте, всё изменилось")
    line.collect()
    acts.reply(hand, number, line.writing("приходите", seen=opened.last_seen))
    assert line.case(person).state == "open"
    assert line.case(person).waiting_since is not None
    with pytest.raises(Crossed):
        acts.close(hand, number, seen=opened.last_seen)


@pytest.mark.rule("R14")
def test_a_case_that_nobody_has_opened_is_neither_answered_nor_closed(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    with pytest.raises(TransitionRefused):
        acts.reply(hand, number, line.writing("не глядя"))
    with pytest.raises(TransitionRefused):
        acts.close(hand, number, seen=10**9)
    assert line.case(person).state == "new"


def test_a_case_put_back_waits_with_the_labels_of_its_facts(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    acts.read(hand, number)
    acts.close(hand, number, seen=10**9)
    acts.put_back(hand, number)
    case = line.case(person)
    assert (case.state, case.language, case.urgency, case.channel) == ("open", "ru", 3, "web")


def test_without_readable_facts_no_reply_is_pretended(line: Line, hand: Hand) -> None:
    someone = line.new_person()
    line.put(someone, line.seal(someone, PersonText("?"), Kind.MESSAGE), opens=True)
    line.collect()
    acts.read(hand, number_of(line, someone))
    with pytest.raises(NoMailbox):
        acts.reply(hand, number_of(line, someone), line.writing("куда?"))


@pytest.mark.rule("T8")
def test_a_row_that_was_altered_is_shown_as_such_and_hides_nothing_else(line: Line, person: Person, hand: Hand) -> None:
    text = line.last(person)
    text.core = text.core[:-70] + bytes(70)
    text.save()
    _, opened = acts.read(hand, number_of(line, person))
    assert [item.record for item in opened.items] == [person.facts(), None]


@pytest.mark.rule("T13")
def test_a_row_moved_to_another_persons_case_does_not_open_there(line: Line, person: Person, hand: Hand) -> None:
    other = line.apply_new("другое")
    line.collect()
    stolen = line.last(other)
    wraps = recover(line.erasure_key(other), stolen.wraps, context=b"wraps" + stolen.envelope)
    stolen.wraps = protect_wraps(line.erasure_key(person), stolen.envelope, wraps)  # by a thief of both files
    stolen.case = line.case(person)
    stolen.save()
    _, opened = acts.read(hand, number_of(line, person))
    assert opened.items[-1].record is None


@pytest.mark.rule("R5")
def test_the_duress_word_is_seen_on_opening_and_nowhere_before(line: Line, person: Person, hand: Hand) -> None:
    before = Case.objects.values().get()
    line.write(person, "всё хорошо, малина", duress=True)
    line.collect()
    assert Case.objects.values().get() == before
    _, opened = acts.read(hand, number_of(line, person))
    assert opened.is_under_duress


def test_a_draft_kept_at_the_lock_opens_with_the_operators_own_key(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    acts.read(hand, number)
    acts.keep_draft(hand.operator, number, line.writing("почти готово"), box="reply", keys=line.keys)
    draft = line.case(person).drafts.get()
    assert "почти".encode() not in bytes(draft.sealed)
    assert open_draft(hand, draft) == "почти готово"
    acts.reply(hand, number, line.writing("готово"))
    assert not line.case(person).drafts.exists()


@pytest.mark.rule("T9")
def test_a_corrected_text_from_the_same_form_is_not_taken_for_a_repetition(
    line: Line, person: Person, hand: Hand
) -> None:
    number = number_of(line, person)
    acts.read(hand, number)
    acts.reply(hand, number, line.writing("приходьте", form="one form"))
    acts.reply(hand, number, line.writing("НЕ приходьте", form="one form"))
    assert Outgoing.objects.count() == 2


@pytest.mark.rule("T13")
def test_facts_that_name_another_mailbox_turn_no_reply(line: Line, person: Person, hand: Hand) -> None:
    number = number_of(line, person)
    thief = line.new_person(conversation=person.conversation)
    line.put(person, line.seal(person, thief.facts(), Kind.APPLICATION))
    line.collect()
    acts.read(hand, number)
    with pytest.raises(NoMailbox):
        acts.reply(hand, number, line.writing("where are you"))
    assert Outgoing.objects.count() == 0


@pytest.mark.rule("R48")
def test_a_damaged_copy_in_quarantine_goes_with_its_conversation(line: Line, person: Person) -> None:
    sealed = bytearray(line.seal(person, PersonText("secret"), Kind.MESSAGE))
    sealed[-1] ^= 1
    line.put(person, Sealed(bytes(sealed)))
    line.collect()
    assert Quarantine.objects.count() == 1
    line.put(person, line.seal(person, ErasureWish(), Kind.ERASURE))
    line.collect()
    assert Quarantine.objects.count() == 0
