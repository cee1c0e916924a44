# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation page by page: what each shows, what counts as read, and who did what."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.desk.cases.conftest import Line, Person

from safeconduct.desk.cases import acts, reading, standing, tongues, writing
from safeconduct.desk.cases.models import Outgoing, Sort, today
from safeconduct.desk.cases.reading import PAGE
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing import envelope
from safeconduct.sealing.envelope import Purpose, open_envelope, parse
from safeconduct.vocabulary.applications import Kind
from safeconduct.vocabulary.records import PersonText, ReplyText, decode

MANY = 2 * PAGE + 10


@pytest.fixture
def number(line: Line, person: Person) -> str:
    return str(line.case(person).number)


@pytest.fixture
def long_one(line: Line, person: Person, number: str) -> str:
    """Facts and a first text, and then more than two pages of messages."""
    line.put(person, *(line.seal(person, PersonText(f"сообщение {n}"), Kind.MESSAGE) for n in range(MANY)))
    line.collect()
    return number


def texts(read: reading.Read) -> list[str]:
    on_page = [item for item in read.opened.items if item.stored.pk in read.span.pks]
    return [item.record.text for item in on_page if isinstance(item.record, PersonText)]


def test_the_newest_page_comes_first_and_each_older_one_by_its_link(long_one: str, hand: Hand) -> None:
    newest = reading.read(hand, long_one)
    assert texts(newest)[-1] == f"сообщение {MANY - 1}"
    older = reading.read(hand, long_one, before=newest.span.older)
    oldest = reading.read(hand, long_one, before=older.span.older)
    assert oldest.span.older == 0
    assert texts(reading.read(hand, long_one, before=oldest.span.later)) == texts(older)
    said = texts(oldest) + texts(older) + texts(newest)
    assert said == ["хочу жить", *(f"сообщение {n}" for n in range(MANY))]


def test_the_facts_are_known_on_every_page(long_one: str, hand: Hand, person: Person) -> None:
    newest = reading.read(hand, long_one)
    older = reading.read(hand, long_one, before=newest.span.older)
    assert newest.opened.facts == older.opened.facts == person.facts()


def test_a_page_opens_no_more_than_itself_and_the_frame(
    long_one: str, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    open_one = envelope.open_envelope

    def counted(*given: Any) -> Any:
        opened.append(given)
        return open_one(*given)

    monkeypatch.setattr(envelope, "open_envelope", counted)
    newest = reading.read(hand, long_one)
    assert len(opened) <= PAGE + 2
    opened.clear()
    reading.read(hand, long_one, before=newest.span.older)
    assert len(opened) <= PAGE + 2


@pytest.mark.rule("R3", "R5")
def test_only_what_stood_on_a_page_counts_as_read(long_one: str, line: Line, person: Person, hand: Hand) -> None:
    newest = reading.read(hand, long_one)
    assert newest.span.unread == MANY + 1 - PAGE
    assert standing.unread(line.case(person)) == newest.span.unread
    first = reading.read(hand, long_one, before=newest.span.unread_at)
    assert texts(first)[0] == "хочу жить"
    assert first.span.unread == newest.span.unread - PAGE


@pytest.mark.rule("R3", "T3")
def test_a_row_tells_what_it_is_only_once_it_was_opened(line: Line, person: Person, number: str, hand: Hand) -> None:
    line.write(person, "ещё слово")
    line.collect()
    assert line.last(person).sort == ""
    acts.read(hand, number)
    assert set(line.case(person).envelopes.values_list("sort", flat=True)) == {Sort.WORDS, Sort.FRAME, ""}
    words = line.case(person).envelopes.filter(sort=Sort.WORDS)
    assert words.count() == 2


def test_an_answer_far_below_the_facts_is_sealed_to_the_person(
    long_one: str, line: Line, person: Person, hand: Hand
) -> None:
    acts.read(hand, long_one)
    acts.reply(hand, long_one, line.writing("мы здесь"))
    sealed = writing.sealed_for_person(line.keys, Outgoing.objects.select_related("envelope__case").get())
    assert decode(open_envelope(parse(sealed), person.mailbox)) == ReplyText("мы здесь", today().isoformat())


def test_a_move_to_another_chat_in_a_flood_is_not_missed(line: Line, writer: Person, hand: Hand) -> None:
    number = line.case(writer).number
    acts.read(hand, number)
    line.move(writer, "sms")
    line.put(writer, *(line.seal(writer, PersonText(str(n)), Kind.MESSAGE) for n in range(MANY)))
    line.collect()
    assert reading.read(hand, number).opened.channel == "sms"


def test_who_opened_a_case_stands_in_it_once_a_day(line: Line, person: Person, number: str, hand: Hand) -> None:
    for _ in range(3):
        acts.read(hand, number)
    ours = [item for item in line.opened(person).items if item.stored.purpose == Purpose.NOTE.value]
    assert [item.shape for item in ours] == ["act"]
    assert ours[0].stored.author == hand.operator


def test_the_page_tells_who_opened_and_who_moved_it(operator: Client, colleague: Client, number: str) -> None:
    page = operator.get(f"/cases/{number}/").content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    colleague.get(f"/cases/{number}/")
    operator.post(f"/cases/{number}/status/", {"move": "settle", "seen": seen[1]})
    page = operator.get(f"/cases/{number}/").content.decode()
    assert "Opened by operator one, operator two" in page
    assert "operator one: needs no answer" in page


def test_an_older_page_offers_no_answer_but_the_way_to_the_newest(long_one: str, operator: Client) -> None:
    newest = operator.get(f"/cases/{long_one}/").content.decode()
    link = re.search(r'rel="prev" href="([^"]+)"', newest)
    assert link
    older = operator.get(link[1]).content.decode()
    assert 'name="text"' in newest
    assert 'name="text"' not in older
    assert "To the newest messages" in older


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣"])
def test_an_address_that_names_no_row_shows_the_newest_page(number: str, operator: Client, before: str) -> None:
    page = operator.get(f"/cases/{number}/", {"before": before})
    assert page.status_code == 200
    assert 'name="text"' in page.content.decode()


@pytest.mark.parametrize(
    ("text", "chosen", "lang", "direction"),
    [
        ("Хочу жить, помогите", "ru", "ru", "ltr"),
        ("Хочу жити, допоможіть", "ru", "uk", "ltr"),
        ("Мен тірі қалғым келеді", "ru", "kk", "ltr"),
        ("أريد أن أعيش", "ru", "ar", "rtl"),
        ("OK أريد أن أعيش", "en", "ar", "rtl"),
        ("나는 살고싶다", "en", "ko-KP", "ltr"),
        ("我想活下去", "ru", "zh-Hans", "ltr"),
        ("म बाँच्न चाहन्छु", "ne", "ne", "ltr"),
        ("मैं जीना चाहता हूँ", "ru", "hi", "ltr"),
        ("Quiero vivir, señor", "ru", "es", "ltr"),
        ("Nataka kuishi", "sw", "sw", "ltr"),
        ("1234 !", "ar", "ar", "rtl"),
        ("…", "", "", "ltr"),
    ],
)
def test_a_message_says_its_language_and_which_way_it_runs(text: str, chosen: str, lang: str, direction: str) -> None:
    tongue = tongues.of(text, chosen)
    assert (tongue.lang, tongue.direction) == (lang, direction)


def test_one_message_in_two_directions_is_known_as_such() -> None:
    assert tongues.of("Помогите\nأريد أن أعيش", "ru").is_mixed
    assert not tongues.of("أريد أن أعيش\n123", "ru").is_mixed


def test_six_languages_in_one_conversation_are_each_marked(line: Line, operator: Client) -> None:
    said = ["Помогите, мы живы", "Допоможіть, ми є", "أريد أن أعيش", "나는 살고싶다", "我想活下去", "Help us"]
    someone = line.greet(line.new_person(), *said)
    line.collect()
    page = operator.get(f"/cases/{line.case(someone).number}/").content.decode()
    found = re.findall(r'<bdi class="said" lang="([^"]+)" dir="([^"]+)"', page)
    assert found == [("ru", "ltr"), ("uk", "ltr"), ("ar", "rtl"), ("ko-KP", "ltr"), ("zh-Hans", "ltr"), ("en", "ltr")]
