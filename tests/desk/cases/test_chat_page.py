# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator sees of a chat."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import acts, reaching, telling
from safeconduct.desk.cases.models import StoredEnvelope
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import CallForPerson, DeliveryOutcome, FileSent

NIGHT = SafeContactRule("telegram", "22:00", "05:30", "Europe/Moscow")
TEN_AT_NIGHT = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)  # in Moscow
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def shown(line: Line, person: Person, operator: Client) -> str:
    page = operator.get(f"/cases/{line.case(person).number}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def answer(line: Line, person: Person, hand: Hand, text: str = "мы здесь") -> StoredEnvelope:
    number = line.case(person).number
    acts.read(hand, number)
    acts.reply(hand, number, line.writing(text))
    return line.case(person).envelopes.filter(purpose=Purpose.TO_PERSON.value).latest("pk")


def test_a_chat_without_an_application_can_be_answered_from_its_page(
    line: Line, writer: Person, operator: Client
) -> None:
    page = shown(line, writer, operator)
    for words in ("writes by Telegram", "Writes by Telegram", "No application yet", "They write in Russian"):
        assert words in page
    assert "Send to the person" in page


def test_the_language_is_the_one_they_write_in_now_and_not_the_one_they_began_in(
    line: Line, hand: Hand, operator: Client
) -> None:
    someone = line.greet(line.new_person(language="en"))
    someone.language = "ar"  # the first question of the chat
    line.write(someone, "هل هناك أحد؟")
    line.collect()
    assert "They write in Arabic" in shown(line, someone, operator)
    answer(line, someone, hand)
    page = shown(line, someone, operator)
    assert "They find it in their inbox" in page  # the label has left the clear: nothing is said that may be untrue
    assert "They write in" not in page


def test_no_language_is_named_that_nobody_could_read(line: Line, writer: Person, operator: Client) -> None:
    case = line.case(writer)
    case.language = "und"  # as after a damaged label
    case.save()
    page = shown(line, writer, operator)
    assert "They find it in their inbox" in page
    assert "Not known" not in page


def test_the_queue_shows_the_chat_by_its_brand(line: Line, writer: Person, operator: Client) -> None:
    assert '<td class="by">Telegram</td>' in operator.get("/queue/").content.decode()
    assert telling.channel("whatsapp") == "WhatsApp"
    assert telling.channel("terminal") == "Terminal (demonstration)"


def test_who_said_nothing_is_on_no_list_and_is_not_written_to(line: Line, operator: Client) -> None:
    someone = line.greet(line.new_person())
    line.collect()
    for address in ("/queue/", "/queue/answered/", "/queue/closed/"):
        assert line.case(someone).number not in operator.get(address).content.decode()
    page = shown(line, someone, operator)
    assert "has said nothing yet" in page
    assert "Send to the person" not in page


def test_what_happens_in_a_chat_is_told_in_its_place(line: Line, writer: Person, operator: Client) -> None:
    photo = FileSent(bytes(16), bytes(32), 204_800, "image/\u202ejpeg", "me.jpg")
    for record in (photo, CallForPerson()):
        line.put(writer, line.seal(writer, record, Kind.MESSAGE))
    line.move(writer, "telegram")
    line.move(writer, "sms")
    line.collect()
    page = shown(line, writer, operator)
    happened = [
        "Writes by Telegram",
        "A file, 200.0\xa0KB · image/ ⟦RLO⟧ jpeg".replace("\xa0", " "),
        "Asked to talk to a person",
        "Came back with the code from another chat by Telegram",
        "Went on by text message",
    ]
    assert [one for one in happened if one not in page] == []
    assert sorted(happened, key=page.index) == happened
    assert "me.jpg" not in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([], "in the person's inbox"),
        (["waiting"], "told by Telegram that a message waits"),
        (["waiting", "delivered"], "delivered by Telegram"),
        (["refused"], "could not be delivered by Telegram"),
        (["uncertain", "delivered"], "nobody knows whether it arrived by Telegram; it is not sent again"),
    ],
)
def test_beside_a_reply_stands_what_became_of_it(
    line: Line, answered: Person, operator: Client, outcomes: list[DeliveryOutcome], words: str
) -> None:
    line.deliver()
    for outcome in outcomes:
        line.report(answered, outcome)
    line.collect()
    page = operator.get(f"/cases/{line.case(answered).number}/").content.decode()
    footer = page.split('<li class="bubble ours">')[1].split("</footer>")[0]
    assert words in footer.replace("&#x27;", "'")


def test_a_report_shows_beside_its_own_reply_and_in_the_chat_where_it_happened(
    line: Line, writer: Person, hand: Hand, operator: Client
) -> None:
    first = answer(line, writer, hand, "раз")
    answer(line, writer, hand, "два")
    line.report(writer, "refused", of=first)
    line.move(writer, "sms")
    line.collect()
    page = operator.get(f"/cases/{line.case(writer).number}/").content.decode()
    one, two = page.split('<li class="bubble ours">')[1:]
    assert "could not be delivered by Telegram" in one
    assert "could not be delivered" not in two.split("</footer>")[0]
    assert '<li class="bubble event loud"><bdi>A reply could not be delivered by Telegram' in two


def test_a_report_of_a_reply_that_nobody_wrote_shows_nothing(line: Line, writer: Person, operator: Client) -> None:
    line.report(writer, "refused", of=line.last(writer))
    line.collect()
    assert "could not be delivered" not in shown(line, writer, operator)


@pytest.mark.rule("T13")
def test_two_mailboxes_are_told_and_leave_no_box_to_write_in(line: Line, writer: Person, operator: Client) -> None:
    line.move(writer, "telegram", mailbox=line.new_person().mailbox.public.raw)
    line.collect()
    page = shown(line, writer, operator)
    assert "names two different inboxes" in page
    assert "Send to the person" not in page


def test_an_open_page_hears_of_trouble_and_not_of_a_report(line: Line, answered: Person, operator: Client) -> None:
    asked = f"/cases/{line.case(answered).number}/news/?seen={line.last(answered).pk}"
    line.report(answered, "delivered")
    line.collect()
    assert operator.get(asked, headers={"HX-Request": "true"}).status_code == 204
    line.report(answered, "refused")
    line.collect()
    assert "A reply did not reach the person" in operator.get(asked, headers={"HX-Request": "true"}).content.decode()


def told(line: Line, person: Person, now: datetime = NOON) -> str:
    return reaching.told(line.opened(person), line.keys.delivery, now)


def apply_in_chat(line: Line, rule: SafeContactRule | None) -> Person:
    someone = line.greet(line.new_person())
    line.put(someone, line.seal(someone, someone.facts(channel="telegram", safe_contact=rule), Kind.APPLICATION))
    line.collect()
    return someone


@pytest.mark.rule("R4")
def test_the_reply_box_says_what_happens_inside_and_outside_the_hours(line: Line) -> None:
    someone = apply_in_chat(line, NIGHT)
    inside, outside = told(line, someone, TEN_AT_NIGHT), told(line, someone, NOON)
    assert "Otherwise they first get a neutral note" in inside
    assert "It is 12:00 there now, outside the agreed hours" in outside
    assert "nothing is sent by Telegram before 22:00, even if they are writing now" in outside


@pytest.mark.rule("R4")
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (None, "asked never to be written to: nothing is sent there"),
        (SafeContactRule("web", "00:00", "00:00", "Europe/Moscow"), "asked not to be written to there"),
        (SafeContactRule("sms", "22:00", "05:30", "Europe/Moscow"), "asked not to be written to there"),
        (SafeContactRule("telegram", "22:00", "05:30", "Mars/Base"), "nobody knows the time zone"),
    ],
)
def test_the_reply_box_says_when_nothing_is_sent(line: Line, rule: SafeContactRule | None, words: str) -> None:
    assert words in told(line, apply_in_chat(line, rule))


@pytest.mark.rule("R4")
@pytest.mark.parametrize("rule", [None, NIGHT])
def test_hours_that_were_told_for_another_chat_stay_there(line: Line, rule: SafeContactRule | None) -> None:
    someone = apply_in_chat(line, rule)
    line.move(someone, "telegram")
    line.collect()
    assert "no hours were agreed for it" in told(line, someone, TEN_AT_NIGHT)


@pytest.mark.rule("R4")
def test_hours_that_were_named_on_the_page_hold_in_their_messenger_and_in_no_chat_after_it(line: Line) -> None:
    someone = line.apply_new("?", channel="web")
    line.put(someone, line.seal(someone, someone.facts(channel="web", safe_contact=NIGHT), Kind.APPLICATION))
    line.move(someone, "telegram")
    line.collect()
    assert "before 22:00, even if they are writing now" in told(line, someone)
    line.move(someone, "telegram")
    line.collect()
    assert "no hours were agreed for it" in told(line, someone)


def test_the_reply_box_says_when_the_desk_has_no_key_for_the_chat(line: Line) -> None:
    someone = line.greet(line.new_person(), "?", channel="signal")
    line.collect()
    assert "this desk has no key for it" in told(line, someone)


def test_the_web_has_no_chat_to_tell_of(line: Line, person: Person) -> None:
    assert told(line, person) == ""


@pytest.mark.rule("R4")
@pytest.mark.parametrize(("clock", "inside"), [("21:59", False), ("22:00", True), ("05:30", True), ("05:31", False)])
def test_the_desk_counts_hours_as_the_edge_does(clock: str, *, inside: bool) -> None:
    assert NIGHT.holds(clock) is inside
