# SPDX-License-Identifier: AGPL-3.0-or-later
"""The invented applications of the messengers, through their channels: what each of them must find holds for all of them."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.journey.chat_line import BUREAU, WAYS
from tests.journey.chat_lives import CHECK, ENTRIES, LIVES, REPLY, SAFELY, Lives
from tests.journey.chat_person import QUESTIONS, Lived, Shown
from tests.journey.chat_words import strange, telling

from safeconduct.dialogue.scripts import load, sentences
from safeconduct.dialogue.texts import texts
from safeconduct.edge.chat.answering import AGENCY
from safeconduct.vocabulary.records import ApplicationFacts, DeliveryReport, PersonText

pytestmark = [pytest.mark.slow]

NAMES = tuple(name for name, entry in ENTRIES.items() if not entry["events"])
NEVER = tuple(name for name in NAMES if ENTRIES[name]["safe_contact"] is None)
REACHED = tuple(name for name in NAMES if name not in NEVER)
STORED = "Your message has been stored. An operator will read it."
PROTECTED = load("apply").steps["application"].say[1]
KNOWN = (REPLY, BUREAU, AGENCY, *(way.address for way in WAYS))
KNOCKS = {"A009": 2}  # whose hours never close: the reply waits for a day, and so for two knocks


def texts_of(lived: Lived) -> list[str]:
    return [record.text for record in lived.records if isinstance(record, PersonText)]


def after_applying(lived: Lived) -> list[Shown]:
    return lived.shown[lived.person.application_ends :]


def knock_of(lived: Lived) -> str:
    return lived.person.says(sentences()["knock"])


@pytest.mark.rule("T8", "T9")
@pytest.mark.parametrize("name", NAMES)
def test_every_message_arrives_once_in_order_and_letter_by_letter(lives: Lives, name: str) -> None:
    said = lives[name].person.said
    if name == "A035":  # a 3 and a 1 from the lists are choices, and no messages
        assert said[:3] == ["1", "3", "1"]
        said = [said[0], *said[3:]]
    assert texts_of(lives[name]) == said


@pytest.mark.rule("R2", "R7", "R12")
@pytest.mark.parametrize("name", NAMES)
def test_the_facts_that_reach_the_desk_are_what_the_person_answered(lives: Lives, name: str) -> None:
    entry, rule = ENTRIES[name], ENTRIES[name]["safe_contact"]
    (facts,) = [record for record in lives[name].records if isinstance(record, ApplicationFacts)]
    assert (facts.type.value, facts.stage.value, facts.language) == (entry["type"], entry["stage"], entry["language"])
    assert (facts.channel, facts.head_count) == (entry["channel"], entry["head_count"])
    assert facts.duress_word_set == (entry["duress_word"] is not None)
    assert (facts.safe_contact is None) == (rule is None)
    if facts.safe_contact is not None:
        kept = facts.safe_contact
        assert {"channel": kept.channel, "from": kept.from_, "to": kept.to, "timezone": kept.timezone} | {
            "neutral_text": kept.neutral_text
        } == rule


@pytest.mark.rule("R2", "R3")
@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_the_questions_of_the_application_is_asked_and_each_once(lives: Lives, name: str) -> None:
    entry = ENTRIES[name]
    left_out = set() if entry["type"] == "unit" else {"head_count"}
    if entry["safe_contact"] is None:
        left_out |= {"contact_from", "contact_to", "contact_zone", "neutral_text"}
    assert lives[name].person.asked == [one for one in QUESTIONS if one not in left_out]


@pytest.mark.rule("R1", "T4")
@pytest.mark.parametrize("name", NAMES)
def test_the_instructions_and_the_way_to_check_are_offered_before_anything_is_asked(lives: Lives, name: str) -> None:
    person = lives[name].person
    assert person.menu is not None
    assert {person.says(SAFELY), person.says(CHECK)} <= set(person.menu.options)
    before = lives[name].shown[: lives[name].shown.index(person.menu) + 1]
    assert not [one for one in before for question in QUESTIONS.values() if one.is_said(question.ask, person.tag)]


@pytest.mark.rule("R1", "T1")
@pytest.mark.parametrize("name", NAMES)
def test_the_first_answer_tells_who_can_read_it_and_what_is_deleted(lives: Lives, name: str) -> None:
    first, is_sms = lives[name].shown[0].text, ENTRIES[name]["channel"] == "sms"
    named = sentences()
    one_of = [named["greeting_telephone"], named["wipes_nothing"]] if is_sms else [named["greeting_reads"]]
    tags = [tag for tag in ("en", "ru", ENTRIES[name]["language"]) if texts(tag).say(one_of[0]) in first]
    assert tags
    assert all(texts(tags[0]).say(one) in first for one in [*one_of, named["greeting_phone_seen"]])


@pytest.mark.rule("R12", "R11", "R16", "T5")
@pytest.mark.parametrize("name", NAMES)
def test_only_approved_sentences_of_the_chosen_language_are_read_on_the_phone(lives: Lives, name: str) -> None:
    person = lives[name].person
    assert person.menu is not None
    known = KNOWN if person.code is None else (*KNOWN, person.code)
    since = lives[name].shown.index(person.menu)
    assert [left for one in lives[name].shown[since:] if (left := strange(one.text, person.tag, *known))] == []


@pytest.mark.rule("R4")
@pytest.mark.parametrize("name", [*REACHED, "A040 in summer"])
def test_after_the_application_nothing_comes_but_in_the_hours_by_the_persons_own_clock(lives: Lives, name: str) -> None:
    rule = ENTRIES[name[:4]]["safe_contact"]
    shown = after_applying(lives[name])
    clocks = [f"{datetime.fromtimestamp(one.at, ZoneInfo(rule['timezone'])):%H:%M}" for one in shown]
    assert clocks
    assert [clock for clock in clocks if not rule["from"] <= clock <= rule["to"]] == []


@pytest.mark.rule("R4")
@pytest.mark.parametrize("name", [*REACHED, "A040 in summer"])
def test_a_reply_waits_for_the_hours_then_knocks_without_a_word_of_it_and_comes_once(lives: Lives, name: str) -> None:
    lived = lives[name]
    assert (lived.outside, lived.later) == ([], [])
    assert [one.text for one in lived.inside] == [knock_of(lived)] * KNOCKS.get(name, 1)
    assert [one.text for one in lived.after_word].count(REPLY) == 1
    assert [record.outcome for record in lived.records if isinstance(record, DeliveryReport)] == [
        *["waiting"] * KNOCKS.get(name, 1),
        "delivered",
    ]


@pytest.mark.rule("R4")
@pytest.mark.parametrize("name", NEVER)
def test_who_wants_no_answer_is_sent_nothing_after_the_receipt(lives: Lives, name: str) -> None:
    assert texts_of(lives[name])[-1] == lives[name].person.said[-1]
    assert after_applying(lives[name]) == []


@pytest.mark.rule("R4", "R42")
@pytest.mark.parametrize("name", NAMES)
def test_what_comes_unasked_tells_a_stranger_nothing(lives: Lives, name: str) -> None:
    lived = lives[name]
    assert telling(lived.person.says(PROTECTED), lived.person.tag)  # the words that are looked for would be found
    unasked = [one.text for one in after_applying(lived) if one.text != REPLY]
    assert {text: found for text in unasked if (found := telling(text, lived.person.tag))} == {}


@pytest.mark.rule("R42", "R45", "T5")
@pytest.mark.parametrize("name", NAMES)
def test_words_after_the_application_get_one_answer_whatever_they_say_and_as_fast(lives: Lives, name: str) -> None:
    person = lives[name].person
    answers = {one.text for one in person.answers_to_words}
    assert answers <= set(_plain_answers(lives[name]))
    assert {delay for delay in person.delays if delay > 12 + 30} == set()
    by_itself = set(person.delays) if _writes_slowly(name) else set()
    assert by_itself <= {12}


def _plain_answers(lived: Lived) -> Iterator[str]:
    say = lived.person.says
    yield say(STORED)
    yield f"{say(STORED)}\n\n{say(sentences()['choices_by_zero'])}"


def _writes_slowly(name: str) -> bool:
    return all(seconds > 60 for seconds in ENTRIES[name]["sent_after_s"][1:])


@pytest.mark.rule("T1")
@pytest.mark.parametrize("name", [name for name in NAMES if ENTRIES[name]["channel"] == "telegram"])
def test_after_a_day_what_the_person_wrote_and_what_was_answered_is_out_of_the_chat(lives: Lives, name: str) -> None:
    own = {one.rpartition(":")[2] for one in ENTRIES[name]["provider_message_ids"]}
    assert own <= lives[name].deleted
    assert len(lives[name].deleted) > lives[name].first_day


@pytest.mark.rule("R5")
@pytest.mark.parametrize("name", [name for name in LIVES if len(name) == 4 or "word" in name])
def test_the_duress_word_is_flagged_where_it_stands_and_nowhere_else(lives: Lives, name: str) -> None:
    flagged = [record.text for record in lives[name].records if isinstance(record, PersonText) and record.duress]
    assert flagged == ([ENTRIES["A004"]["messages"][3]] if name == "A004" else [])
