# SPDX-License-Identifier: AGPL-3.0-or-later
"""The inbox: what opens it, what it shows, what it never tells apart, and its end."""

from xml.etree.ElementTree import Element

import pytest
from tests.edge.conftest import Clock, Line
from tests.edge.person import HTML, Page, Person

from safeconduct.dialogue import duress
from safeconduct.sealing import receipts
from safeconduct.sealing.envelope import Purpose
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.receipts import Receipt
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.identifiers import DedupKey
from safeconduct.vocabulary.records import ApplicationFacts, NoteText, PersonText, ReplyText


async def applied(person: Person) -> tuple[str, Page]:
    receipt = (await person.apply()).receipt
    return receipt, await person.open(receipt)


@pytest.mark.rule("T5")
async def test_unknown_erased_and_expired_codes_give_the_same_bytes(person: Person, clock: Clock, line: Line) -> None:
    erased, inbox = await applied(person)
    await person.erase(inbox)
    expired = (await person.apply()).receipt
    clock.now += 200 * 24 * 3600
    await line.publish_teams()
    await line.publish_line()
    answers = [await person.open(receipt) for receipt in (Receipt.generate().digits, erased, expired)]
    assert {page.status for page in answers} == {400}
    assert len({page.answer.content for page in answers}) == 1
    assert len({tuple(sorted(page.answer.headers.items())) for page in answers}) == 1


def _fields(form: Element) -> dict[str, str]:
    """What a browser sends of it."""
    hidden = {e.get("name", ""): e.get("value", "") for e in form.iter(HTML + "input")}
    # A line break is sent as two characters, whatever the page had; the first one after the tag is the parser's.
    shown = {e.get("name", ""): (e.text or "").replace("\n", "\r\n") for e in form.iter(HTML + "textarea")}
    return hidden | shown


async def test_a_slip_is_named_at_once_and_what_was_typed_stays(person: Person) -> None:
    receipt, _ = await applied(person)
    mistyped = receipt[:4] + str((int(receipt[4]) + 1) % 10) + receipt[5:]
    page = await person.open(mistyped)
    assert page.status == 400
    assert "typing mistake" in page.text
    assert page.by_id("receipt").text == mistyped


@pytest.mark.parametrize("typed", ["", "1234", "x" * 24, "one two three", "1" * 10_000, "\x00", "\u202e123"])
async def test_what_is_no_code_is_refused_kindly(person: Person, typed: str) -> None:
    page = await person.open(typed)
    assert page.status == 400
    assert "24 digits" in page.text


async def test_an_empty_inbox_says_what_happens_now_and_the_usual_wait(person: Person) -> None:
    _, inbox = await applied(person)
    assert "There is no answer yet" in inbox.text
    assert "usually comes within a day" in inbox.text
    assert "If no answer has come, look again" in inbox.text


async def test_looking_again_shows_what_came_meanwhile(person: Person, line: Line) -> None:
    _, inbox = await applied(person)
    ((envelope, facts),) = await line.arrived()
    await line.answer(envelope, facts, "First <answer>\n\u202eturned")
    await line.answer(envelope, facts, "Second")
    assert (await person.act(inbox, "look")).replies == ["First <answer>\n\u202eturned", "Second"]


@pytest.mark.rule("T13")
async def test_only_what_the_desk_signed_is_shown(person: Person, line: Line) -> None:
    receipt, _ = await applied(person)
    ((envelope, facts),) = await line.arrived()
    await line.answer(envelope, facts, "true")
    await line.answer(envelope, facts, "forged by a stranger", signer=SigningKey.generate())
    await line.answer(envelope, facts, "forged by this door", signer=line.credentials.signing_key)
    page = await person.open(receipt)
    assert page.replies == ["true"]
    assert "could not be checked" in page.text


@pytest.mark.rule("T13")
async def test_an_envelope_of_another_kind_or_conversation_is_not_shown(person: Person, line: Line) -> None:
    receipt, _ = await applied(person)
    await person.apply()
    (envelope, facts), (other, _) = await line.arrived()
    assert isinstance(facts, ApplicationFacts)
    mailbox = PublicKey.parse(facts.mailbox)
    wrong = (
        line.reply(envelope, mailbox, NoteText("a note")),
        line.reply(envelope, mailbox, ReplyText("for the team", "2026-12-01"), purpose=Purpose.TO_TEAM),
        line.reply(other, mailbox, ReplyText("for somebody else", "2026-12-01")),
        line.reply(envelope, mailbox, ReplyText("no day", "yesterday")),
    )
    await line.spool.deliver(envelope.header.conversation, wrong, key=DedupKey(b"k" * 32))
    assert (await person.open(receipt)).replies == []


async def test_the_ticket_closes_after_15_minutes(person: Person, clock: Clock) -> None:
    _, inbox = await applied(person)
    clock.now += 15 * 60 - 1
    assert (await person.act(inbox, "look")).status == 200
    clock.now += 1
    page = await person.act(inbox, "look")
    assert page.status == 400
    assert "15 minutes" in page.text


@pytest.mark.rule("T9")
@pytest.mark.parametrize("letter", ["Нас троє.\nІ собака.", "<b>&\x00\u202e", "я" * 10_000])
async def test_a_letter_that_took_too_long_is_there_again_behind_the_code(
    person: Person, clock: Clock, line: Line, letter: str
) -> None:
    receipt, inbox = await applied(person)
    clock.now += 15 * 60
    door = await person.write(inbox, letter)
    assert "Your message is not lost" in door.text
    mistyped = await person.post("inbox", {**door.hidden, "receipt": "1234"})
    assert "Your message is not lost" in mistyped.text
    assert len(await line.arrived()) == 1
    inbox = await person.post("inbox", {**mistyped.hidden, "receipt": receipt})
    await person.post("inbox", _fields(inbox.all("form")[-2]))
    assert (await line.arrived())[-1][1] == PersonText(letter)


async def test_who_wrote_nothing_is_told_of_no_message(person: Person, clock: Clock) -> None:
    _, inbox = await applied(person)
    clock.now += 15 * 60
    for page in (await person.act(inbox, "look"), await person.open("1234"), await person.get("inbox")):
        assert "not lost" not in page.text


@pytest.mark.rule("T1")
async def test_a_window_that_is_opened_again_later_does_not_open_the_inbox(person: Person, clock: Clock) -> None:
    receipt, _ = await applied(person)
    door = await person.get("inbox")
    posted = {**door.hidden, "receipt": receipt}
    clock.now += 15 * 60
    assert (await person.post("inbox", posted)).status == 200
    clock.now += 15 * 60
    again = await person.post("inbox", posted)
    assert again.status == 400
    assert again.by_id("receipt").text in {None, ""}


@pytest.mark.rule("T1")
async def test_no_page_of_the_inbox_carries_the_digits(person: Person, line: Line) -> None:
    receipt, inbox = await applied(person)
    ((envelope, facts),) = await line.arrived()
    await line.answer(envelope, facts, "hello")
    for page in (inbox, await person.act(inbox, "look"), await person.act(inbox, "erase")):
        assert receipt not in page.answer.text
        assert not any(receipt in value for value in page.hidden.values())


async def test_a_message_sent_twice_is_stored_once(person: Person, line: Line) -> None:
    _, inbox = await applied(person)
    assert [(await person.write(inbox, "once")).status for _ in range(2)] == [200, 200]
    assert [record for _, record in await line.arrived()][1:] == [PersonText("once")]


async def test_the_same_words_from_a_new_page_are_a_new_message(person: Person, line: Line) -> None:
    _, inbox = await applied(person)
    after = await person.write(inbox, "again")
    await person.write(after, "again")
    assert [record for _, record in await line.arrived()][1:] == [PersonText("again"), PersonText("again")]


@pytest.mark.parametrize("text", ["", "  \r\n ", "я" * 10_001])
async def test_an_empty_or_too_long_message_is_refused_and_kept_on_the_page(
    person: Person, line: Line, text: str
) -> None:
    _, inbox = await applied(person)
    page = await person.write(inbox, text)
    assert page.status == 400
    assert (page.by_id("text").text or "").strip() == text.strip()
    assert page.by_id("text").get("aria-invalid") == "true"
    assert len(await line.arrived()) == 1


@pytest.mark.rule("R48")
async def test_erasing_asks_once_more_and_then_says_what_it_did(person: Person, line: Line) -> None:
    receipt, inbox = await applied(person)
    asked = await person.act(inbox, "erase")
    assert (await person.open(receipt)).status == 200
    erased = await person.act(asked, "erase", sure="yes")
    assert "Deleted here now, everywhere within 7 days." in erased.text
    assert (await person.open(receipt)).status == 400
    assert (await person.act(inbox, "look")).status == 400
    assert (await person.write(inbox, "too late")).status == 400
    assert len(await line.arrived()) == 1


@pytest.mark.rule("R48")
async def test_erasing_twice_is_the_same_and_queues_one_notice(person: Person, line: Line) -> None:
    _, inbox = await applied(person)
    await person.erase(inbox)
    assert (await person.act(inbox, "erase", sure="yes")).status == 400
    assert len(await line.arrived()) == 1


@pytest.mark.rule("R48")
async def test_a_board_that_ran_out_delays_no_erasure(person: Person, line: Line, clock: Clock) -> None:
    receipt, _ = await applied(person)
    clock.now += 31 * 24 * 3600
    assert (await person.get("apply")).status == 503
    inbox = await person.open(receipt)
    assert "cannot say at the moment how long" in inbox.text
    assert (await person.erase(inbox)).status == 200


@pytest.mark.rule("T9")
async def test_what_is_changed_after_going_back_is_stored_too_and_what_is_sent_twice_once(
    person: Person, line: Line
) -> None:
    _, inbox = await applied(person)
    for text in ("first words", "first words", "first words, and more", "first words"):
        assert (await person.write(inbox, text)).status == 200
    said = [record.text for _, record in await line.arrived() if isinstance(record, PersonText)]
    assert said == ["first words", "first words, and more"]


@pytest.mark.parametrize("act", ["", "open", "__init__", "x" * 5_000])
async def test_an_act_that_there_is_not_is_refused(person: Person, act: str) -> None:
    _, inbox = await applied(person)
    assert (await person.act(inbox, act)).status == 400


async def test_a_person_at_the_front_who_writes_again_is_as_urgent_as_before(person: Person, line: Line) -> None:
    receipt = (await person.apply(stage="front", language="ko-KP")).receipt
    page = await person.open(receipt)
    await person.post("inbox", {**page.hidden, "act": "write", "nonce": "once", "text": "again"})
    *_, (message, _) = await line.arrived()
    assert message.label is not None
    assert (message.label.urgency, message.label.language) == (Urgency.NOW, "ko-KP")


async def test_without_its_reminder_a_message_still_arrives(person: Person, line: Line) -> None:
    receipt = (await person.apply(stage="front", language="ko-KP")).receipt
    page = await person.open(receipt)
    (first, _), *_ = await line.arrived()
    await line.spool.forget("reminder", first.header.conversation)
    await person.post("inbox", {**page.hidden, "act": "write", "nonce": "once", "text": "again"})
    *_, (message, _) = await line.arrived()
    assert message.label is not None
    assert (message.label.urgency, message.label.language) == (Urgency.SOON, "en")


@pytest.mark.rule("R5", "T3")
async def test_the_kept_mark_of_a_word_tells_nothing_without_the_code(person: Person, line: Line) -> None:
    with_word = (await person.apply(duress_word="sunflower")).receipt
    without = (await person.apply()).receipt
    rows = [
        await line.spool.find(receipts.derive(Receipt(one), line.credentials.receipt_key).lookup)
        for one in (with_word, without)
    ]
    assert [len(row.duress or b"") for row in rows if row] == [duress.MARK_BYTES * duress.MARKS] * 2
    (found, _) = rows
    assert found is not None
    assert not duress.spoken(line.credentials.duress_key, found.conversation, "sunflower", found.duress)
    page = await person.open(with_word)
    await person.post("inbox", {**page.hidden, "act": "write", "nonce": "n", "text": "the sunflower is yellow"})
    *_, (_, message) = await line.arrived()
    assert isinstance(message, PersonText)
    assert message.duress
