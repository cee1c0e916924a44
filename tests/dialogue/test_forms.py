# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.forms import Misunderstood, Understood, read_back, understand
from safeconduct.dialogue.record import facts_from, text_from
from safeconduct.dialogue.scripts import load
from safeconduct.vocabulary.applications import ApplicationType, Stage
from safeconduct.vocabulary.contact import SafeContactRule
from safeconduct.vocabulary.records import ApplicationFacts, PersonText

STEP = load("apply").steps["application"]
LEAST = {"type": "individual", "stage": "front"}
HOURS = {"contact_from": "21:00", "contact_to": "02:30", "contact_zone": "Asia/Omsk"}


def answers(**given_answers: str) -> dict[str, str]:
    understood = understand(STEP, LEAST | given_answers)
    assert isinstance(understood, Understood), understood
    return dict(understood.answers)


def problem_of(name: str, **given_answers: str) -> str:
    misunderstood = understand(STEP, LEAST | given_answers)
    assert isinstance(misunderstood, Misunderstood), misunderstood
    assert set(misunderstood.problems) == {name}
    return misunderstood.problems[name].msgid


@pytest.mark.rule("R2")
def test_two_choices_on_the_page_are_an_application() -> None:
    understood = understand(STEP, LEAST, language="uk")
    assert isinstance(understood, Understood)
    assert facts_from(understood.answers, channel="web", mailbox=b"key") == ApplicationFacts(
        type=ApplicationType.INDIVIDUAL,
        language="uk",
        stage=Stage.FRONT,
        head_count=1,
        channel="web",
        safe_contact=SafeContactRule("web", "00:00", "23:59", "Etc/UTC", neutral_text=True),
        duress_word_set=False,
        mailbox=b"key",
    )
    assert text_from(understood.answers) is None


def test_every_answer_of_the_page_stands_in_the_record() -> None:
    read = answers(
        type="unit", head_count="12", language="ko-KP", contact="sms", neutral_text="no", duress_word="진달래", **HOURS
    )
    facts = facts_from(read, channel="web", mailbox=b"key")
    assert (facts.type, facts.head_count, facts.language) == (ApplicationType.UNIT, 12, "ko-KP")
    assert facts.safe_contact == SafeContactRule("sms", "21:00", "02:30", "Asia/Omsk", neutral_text=False)
    assert facts.duress_word_set is True


@pytest.mark.rule("R4")
def test_never_contact_leaves_no_rule_at_all() -> None:
    assert facts_from(answers(contact="never", **HOURS), channel="web", mailbox=b"").safe_contact is None


def test_hours_given_for_the_web_are_kept() -> None:
    facts = facts_from(answers(contact="web", **HOURS), channel="web", mailbox=b"")
    assert facts.safe_contact == SafeContactRule("web", "21:00", "02:30", "Asia/Omsk")


@pytest.mark.rule("R4")
@pytest.mark.parametrize("name", ["contact_from", "contact_to", "contact_zone"])
def test_a_channel_that_may_write_needs_its_hours(name: str) -> None:
    without = {key: value for key, value in HOURS.items() if key != name}
    assert answers(contact="voice", **HOURS)["contact"] == "voice"
    assert problem_of(name, contact="voice", **without)


@pytest.mark.parametrize("name", ["type", "stage"])
def test_a_missing_choice_is_named_beside_its_question(name: str) -> None:
    assert problem_of(name, **{name: " "}) == "Please choose one of the answers."
    assert problem_of(name, **{name: "general"}) == "Please choose one of the answers."


@pytest.mark.parametrize("written", ["7", " 007 ", "٧", "७", "７"])
def test_a_head_count_may_be_written_in_the_digits_of_any_script(written: str) -> None:
    assert answers(type="unit", head_count=written)["head_count"] == "7"


@pytest.mark.parametrize("written", ["", "0", "-1", "100000", "9" * 9999, "1e3", "seven", "3.5", "²", "½"])
def test_a_head_count_that_is_none_is_asked_again(written: str) -> None:
    assert (
        problem_of("head_count", type="unit", head_count=written) == "Please write a number from 1 to {max}, in digits."
    )


def test_the_head_count_of_one_person_is_not_looked_at() -> None:
    assert "head_count" not in answers(type="individual", head_count="a crowd")


@pytest.mark.parametrize(
    ("written", "read"),
    [("9", "09:00"), ("٢١:٣٠", "21:30"), ("18.05", "18:05"), ("24:00", "00:00"), ("07:15:00", "07:15")],
)
def test_a_time_may_be_written_as_people_write_it(written: str, read: str) -> None:
    assert answers(**(HOURS | {"contact_from": written}))["contact_from"] == read


@pytest.mark.parametrize("written", ["25:00", "12:60", "noon", "1:2:3:4", "99999", "-3"])
def test_a_time_that_is_none_is_asked_again(written: str) -> None:
    assert problem_of("contact_from", **(HOURS | {"contact_from": written})) == "Please write a time such as 18:00."


@pytest.mark.rule("T8")
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_free_text_is_kept_letter_by_letter(text: str) -> None:
    read = answers(text=text).get("text", "")
    assert read == (text.replace("\r\n", "\n") if text.strip() else "")


@pytest.mark.rule("T8")
def test_hidden_and_turning_characters_stay_in_the_text() -> None:
    hostile = "\u0000\u202e=cmd|' /C calc'!A0\u200b<script>alert(1)</script>\ufeff \r"
    assert text_from(answers(text=hostile)) == PersonText(hostile)


def test_line_ends_of_forms_become_plain_ones_before_they_are_counted() -> None:
    assert answers(text="да\r\n" * 3000)["text"] == "да\n" * 3000


@pytest.mark.rule("T8")
def test_a_text_that_is_too_long_is_refused_with_the_number_and_never_cut() -> None:
    assert len(answers(text="я" * 10_000)["text"]) == 10_000
    misunderstood = understand(STEP, LEAST | {"text": "я" * 10_001})
    assert isinstance(misunderstood, Misunderstood)
    assert misunderstood.problems["text"].params == {"max": 10_000}


@pytest.mark.rule("T8")
@pytest.mark.parametrize("name", ["type", "text", "duress_word", "contact_zone"])
def test_half_a_character_is_refused(name: str) -> None:
    assert problem_of(name, **{name: "a\ud800"}).startswith("Some of these characters arrived damaged.")


def test_unknown_names_on_the_page_are_ignored() -> None:
    assert answers(position="48.01, 37.80", __proto__="1") == answers()


@pytest.mark.rule("R5")
@pytest.mark.parametrize("word", ["калина", "белая калина цветёт", "진달래", "4821", "٤٨٢١", "п'ять"])
def test_a_word_or_a_short_phrase_or_a_number_can_be_chosen(word: str) -> None:
    assert answers(duress_word=f" {word} ")["duress_word"] == word


@pytest.mark.rule("R5")
@pytest.mark.parametrize("word", ["one two three four", "x" * 41, "!!!", "🌻", "牡丹", "ดอกไม้", "さくら"])
def test_a_phrase_that_could_not_be_found_again_is_refused(word: str) -> None:
    assert problem_of("duress_word", duress_word=word)


@pytest.mark.rule("T8")
@given(st.dictionaries(st.sampled_from([f.name for f in STEP.fields]), st.text(st.characters())), st.text())
def test_no_page_whatever_is_in_it_raises(raw: dict[str, str], language: str) -> None:
    understood = understand(STEP, raw, language=language)
    if isinstance(understood, Understood):
        assert facts_from(understood.answers, channel="web", mailbox=b"").type.value == raw["type"].strip()


def test_answers_are_read_back_with_their_labels_in_the_order_of_the_questions() -> None:
    read = list(read_back(STEP, answers(stage="home", text="hello")))
    assert [one.field.name for one in read] == [
        "type",
        "stage",
        "language",
        "contact",
        "text",
    ]  # neutral_text was not asked
    assert [one.label for one in read][:2] == ["A soldier, for myself", "At home"]
    assert (read[-1].value, read[-1].label) == ("hello", None)
