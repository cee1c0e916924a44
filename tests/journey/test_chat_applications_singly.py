# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is expected of one invented application of a messenger, or of a few that belong together."""

import pytest
from tests.journey.chat_line import BUREAU, WAYS
from tests.journey.chat_lives import ENTRIES, RELATIVES, SOUGHT, Lives
from tests.journey.chat_person import QUESTIONS, Lived, Shown

from safeconduct.dialogue.scripts import load, sentences
from safeconduct.edge.channels.sms.alphabets import is_narrow, parts
from safeconduct.edge.chat.answering import AGENCY
from safeconduct.vocabulary.records import ApplicationFacts, PersonText

pytestmark = [pytest.mark.slow]

POSITIVE_ACT = load("instructions").steps["whom"].say[1]
PROMISES = {one.id: one for step in load("treatment").steps.values() for one in step.promises}
LISTED = load("welcome").steps["menu"].say[0]
LISTENED = load("welcome").steps["menu"].listens or ""


def texts_of(lived: Lived) -> list[str]:
    return [record.text for record in lived.records if isinstance(record, PersonText)]


def answers(lived: Lived) -> list[tuple[str, tuple[str, ...]]]:
    """All that was said to the person on the first day."""
    return [(one.text, tuple(one.options)) for one in lived.shown[: lived.first_day]]


def is_read(lived: Lived, msgid: str, **params: str | int) -> bool:
    return any(lived.person.says(msgid, **params) in one.text for one in lived.person.pages)


@pytest.mark.rule("R1", "R2")
@pytest.mark.parametrize("name", ["A001", "A045"])
def test_a_burst_of_messages_gets_one_coherent_answer(lives: Lives, name: str) -> None:
    lived = lives[name]
    assert lived.person.shown_at_first == 1
    assert lived.shown[0] is lived.person.menu
    seconds = ENTRIES[name]["sent_after_s"]
    assert lived.shown[0].at - lived.start == sum(seconds) + 12


@pytest.mark.rule("T4")
@pytest.mark.parametrize("name", ["A001", "A032", "A040", "A043", "A057"])
def test_who_asks_whether_it_is_real_is_told_how_to_check(lives: Lives, name: str) -> None:
    lived, said = lives[name], load("check").steps["check"].say
    assert all(is_read(lived, msgid) for msgid in said)
    assert all(way.address in lived.person.pages[-1].text for way in WAYS)


@pytest.mark.rule("R5")
def test_with_the_duress_word_the_person_sees_the_same_at_the_same_moments_as_without(lives: Lives) -> None:
    spoken, unspoken = lives["A004"], lives["A004 without the word"]
    assert texts_of(spoken)[:4] != texts_of(unspoken)
    assert spoken.transcript()[: spoken.first_day] == unspoken.transcript()
    assert len(spoken.person.answers_to_words) >= 1


@pytest.mark.rule("R5")
def test_words_that_contain_the_duress_word_are_not_it(lives: Lives) -> None:
    records = lives["A056"].records
    assert [record.duress_word_set for record in records if isinstance(record, ApplicationFacts)] == [True]
    assert [record.text for record in records if isinstance(record, PersonText) and record.duress] == []
    assert lives["A056"].person.says(QUESTIONS["duress_word"].hint or "") in _shown_text(lives["A056"])


@pytest.mark.rule("R6", "R45")
@pytest.mark.parametrize("name", RELATIVES)
def test_a_relative_is_answered_as_somebody_who_asks_about_nobody(lives: Lives, name: str) -> None:
    asking, control = lives[name], lives[f"{name} about nobody"]
    assert texts_of(asking)[:2] != texts_of(control)[:2]
    assert asking.transcript()[: asking.first_day] == control.transcript()


@pytest.mark.rule("R6", "R45", "R43")
@pytest.mark.parametrize("name", SOUGHT)
def test_a_relative_is_answered_the_same_when_the_person_sought_has_written(lives: Lives, name: str) -> None:
    asking, after = lives[name], lives[f"{name} after {SOUGHT[name]}"]
    assert after.transcript() == asking.transcript()[: asking.first_day]


@pytest.mark.rule("R45")
def test_two_relatives_get_the_same_words_after_the_same_time(lives: Lives) -> None:
    one, other = lives["A006"], lives["A007"]
    assert answers(one) == answers(other)
    assert one.person.delays == other.person.delays == [12]


@pytest.mark.rule("R45")
@pytest.mark.parametrize("name", RELATIVES)
def test_a_relative_is_told_of_the_bureau_and_the_agency(lives: Lives, name: str) -> None:
    (page,) = [one for one in lives[name].person.pages if BUREAU in one.text]
    assert AGENCY in page.text
    assert lives[name].person.says(load("relative").steps["search"].say[0]) in page.text


@pytest.mark.rule("R2")
def test_a_second_head_count_stays_in_the_persons_words(lives: Lives) -> None:
    (facts,) = [record for record in lives["A008"].records if isinstance(record, ApplicationFacts)]
    assert facts.head_count == 34
    assert ENTRIES["A008"]["messages"][4] in texts_of(lives["A008"])


@pytest.mark.rule("R2", "T9")
def test_words_that_answer_no_question_have_it_asked_again_and_not_skipped(lives: Lives) -> None:
    lived = lives["A033"]
    asked = [one for one in lived.shown if one.is_said(QUESTIONS["type"].ask, "hi") and one.has_buttons]
    refused = lived.person.says(sentences()["choose_one"])
    assert [refused in one.text for one in asked[:2]] == [False, True]
    assert lived.person.asked.count("type") == 1
    assert texts_of(lived)[2:5] == ["koi mujhe ghar bhej do", "ok", "ok sir"]


@pytest.mark.rule("R2", "T8")
def test_numbers_alone_make_an_application(lives: Lives) -> None:
    lived = lives["A035"]
    (facts,) = [record for record in lived.records if isinstance(record, ApplicationFacts)]
    assert facts.safe_contact is None
    assert not any(one.has_buttons for one in lived.shown)
    heard = f"{lived.person.says(LISTENED)}\n\n{lived.person.says(sentences()['choices_by_zero'])}"
    assert [one.text for one in lived.shown].count(heard) == 2  # "haan", which came twice, and "ok"


@pytest.mark.rule("T9")
def test_a_text_in_three_messages_that_came_in_another_order_is_all_there(lives: Lives) -> None:
    assert [text[:5] for text in texts_of(lives["A045"])[:3]] == ["(2/3)", "(1/3)", "(3/3)"]


@pytest.mark.rule("R1")
def test_a_greeting_in_plain_letters_needs_no_wide_alphabet_of_text_messages(lives: Lives) -> None:
    greeting = lives["A045"].shown[0].text
    assert lives["A045"].person.says(LISTED) in greeting
    assert is_narrow(greeting, "gsm0338")
    assert len(parts(greeting, "gsm0338")) <= 6


@pytest.mark.rule("R1", "R48")
def test_the_code_is_shown_in_fours_and_the_ways_in_to_who_has_only_text_messages(lives: Lives) -> None:
    person = lives["A057"].person
    assert person.code is not None
    assert [len(group) for group in person.code.split(" ")] == [4] * 6
    shown = next(one for one in lives["A057"].shown if person.code in one.text)
    assert person.says(sentences()["code_is_seen"]) in shown.text


@pytest.mark.rule("R1", "R11")
@pytest.mark.parametrize("name", ["A039", "A056", "A058", "A036"])
def test_what_the_clear_act_is_can_be_read_before_any_question(lives: Lives, name: str) -> None:
    lived = lives[name]
    page = next(one for one in lived.person.pages if one.is_said(POSITIVE_ACT, lived.person.tag))
    assert page.at < _first_question(lived).at


@pytest.mark.rule("R1", "R11")
@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("A019", "faith"), ("A047", "medical-care"), ("A022", "no-publicity"),
        ("A022", "no-manner-of-capture"), ("A047", "visits"),
    ],
)  # fmt: skip
def test_what_is_asked_about_treatment_stands_in_the_approved_text_with_its_article(
    lives: Lives, name: str, promise: str
) -> None:
    lived, found = lives[name], PROMISES[promise]
    assert is_read(lived, found.text)
    page = next(one for one in lived.person.pages if one.is_said(found.text, lived.person.tag))
    assert ", ".join(map(str, found.articles)) in page.text.partition(lived.person.says(found.text))[2][:80]


@pytest.mark.rule("R12")
@pytest.mark.parametrize(("name", "tag"), [("A002", "ru"), ("A035", "hi"), ("A040", "ar")])
def test_who_writes_in_other_letters_is_asked_for_a_language_and_not_answered_in_a_guessed_one(
    lives: Lives, name: str, tag: str
) -> None:
    first = lives[name].shown[0]
    assert {"Русский", "हिन्दी", "العربية"} <= set(first.options)
    assert lives[name].person.tag == tag


@pytest.mark.rule("R12")
@pytest.mark.parametrize(("name", "tag"), [("A033", "en"), ("A015", "ru"), ("A048", "ru")])
def test_a_message_in_no_clear_language_is_answered_in_that_of_the_phone(lives: Lives, name: str, tag: str) -> None:
    assert lives[name].shown[0].is_said(sentences()["greeting_reads"], tag)


def _first_question(lived: Lived) -> Shown:
    return next(one for one in lived.shown if one.is_said(QUESTIONS["type"].ask, lived.person.tag))


def _shown_text(lived: Lived) -> str:
    return "\n".join(one.text for one in lived.shown)
