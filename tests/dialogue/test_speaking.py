# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.test_engine import inputs, positions

from safeconduct.dialogue.choosing import chosen
from safeconduct.dialogue.conversation import begin, choose_language, proceed
from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.speaking import Spoken, speak, split
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.turns import Input, Position, Pressed, Said, Told, Turn

MENU = load("welcome").steps["menu"].choices
WAYS = [("web", "https://example.org"), ("telegram", "@example_bot"), ("Radio", "100.1")]


def turn(*said: Input, language: str = "en") -> Turn:
    here = begin(language, "sms")
    for one in said:
        here = proceed(here.position, one)
    return here


def spoken(*said: Input, language: str = "en", buttons: bool = False, **values: str) -> str:
    messages = speak(turn(*said, language=language).effects, language, buttons=buttons, ways=WAYS, values=values)
    return "\n---\n".join(message.text for message in messages)


def test_without_buttons_the_choices_are_numbered_lines_and_the_other_words_one_line() -> None:
    text = spoken()
    assert text.startswith("Hello. You can write here at any hour")
    assert "1. How to do it safely\n2. Check that this is the real line\n3. " in text
    assert text.endswith("Write the number of your choice.\n\nBack / Stop / Talk to a person")


def test_with_buttons_the_choices_are_options_and_stand_in_no_text() -> None:
    (message,) = speak(begin("uk").effects, "uk", buttons=True)
    assert [value for value, _ in message.options] == [*(choice.value for choice in MENU), "back", "stop", "human"]
    assert dict(message.options)["back"] == "Назад"
    assert "1." not in message.text


@pytest.mark.parametrize("tag", AVAILABLE)
def test_the_number_before_a_choice_chooses_it(tag: str) -> None:
    (message,) = speak(begin(tag).effects, tag, buttons=False)
    lines = dict(line.split(". ", 1) for line in message.text.split("\n") if line[:1].isdigit())
    for number, label in lines.items():
        assert texts(tag).say(next(c.label for c in MENU if c.value == chosen(MENU, number))) == label
    assert len(lines) == len(MENU)


def test_after_a_message_the_list_is_not_sent_again() -> None:
    said = Said("I am afraid.")
    assert spoken(said) == "Your message has been stored. An operator will read it.\n\nTo see the choices, write 0."
    (message,) = speak(turn(said).effects, "en", buttons=True)
    assert message.options[0] == ("safely", "How to do it safely")


def test_a_question_is_asked_with_its_hint_and_its_answers() -> None:
    text = spoken(Pressed("apply"), Pressed("unit"))
    assert text == "How many of you are there?\n\nA rough number is enough.\n\nBack / Stop / Talk to a person"
    languages = speak(choose_language().effects, "en", buttons=False)[0].text
    assert "1. English\n2. Українська\n" in languages


@pytest.mark.rule("R11")
def test_a_promise_stands_with_its_article() -> None:
    text = spoken(Pressed("treatment"), Pressed("first"))
    assert "do not flee. (Article 41 of Additional Protocol I)" in text
    assert "Violence, threats and insults are forbidden. (Article 13)" in text
    assert "as soon as possible. (Articles 19, 20)" in text


def test_the_addresses_follow_what_is_said_of_them() -> None:
    text = spoken(Pressed("check"))
    assert "Our addresses:\nWeb page: https://example.org\nTelegram: @example_bot\nRadio: 100.1" in text
    (message,) = speak(turn(Pressed("check")).effects, "en", buttons=False)
    assert "At the moment the list names no other address." in message.text


@pytest.mark.rule("R45")
def test_a_value_that_the_door_does_not_know_leaves_its_sentence_out() -> None:
    assert "Ask the National Information Bureau: 12345" in spoken(Pressed("relative"), bureau="12345", agency="9")
    text = spoken(Pressed("relative"), bureau="12345", agency="")
    assert "Central Tracing Agency" not in text
    assert "{" not in text


def test_in_arabic_what_runs_the_other_way_is_isolated() -> None:
    shown = Told("shown", {"code": "1234 5678"})
    assert "\u20681234 5678\u2069" in spoken(Pressed("code"), shown, language="ar")
    assert "\u2068https://example.org\u2069" in spoken(Pressed("check"), language="ar")
    assert "\u2068" not in spoken(Pressed("code"), shown, language="uk")


def test_the_answers_are_read_back_in_the_persons_words() -> None:
    said = [Pressed(one) for one in ("apply", "individual", "home", "en", "web", "skip", "skip")]
    assert "Who is writing? A soldier, for myself\nWhat is your own situation now? At home" in spoken(*said)


def test_nothing_is_offered_to_who_has_left_or_while_the_door_is_at_work() -> None:
    assert spoken(Said("stop")) == "We have stopped. No more questions. You can write again at any time."
    assert speak(turn(Pressed("code")).effects, "en", buttons=True) == ()


@given(position=positions, said=inputs, language=st.sampled_from([*AVAILABLE, "xx"]), buttons=st.booleans())
def test_every_turn_can_be_spoken_in_every_language(
    position: Position, said: Input, language: str, *, buttons: bool
) -> None:
    messages = speak(proceed(position, said).effects, language, buttons=buttons)
    assert all(isinstance(message, Spoken) and message.text for message in messages)
    assert len(messages) <= 1


def test_buttons_never_come_without_a_text_to_hang_on() -> None:
    (message,) = speak(turn(Told("gone")).effects, "en", buttons=True)
    assert message.text == "Write the number of your choice."
    assert message.options[0] == ("safely", "How to do it safely")


@given(st.text(alphabet="aя. \n।。e\u0301👩\u200d🚀🇺🇦", max_size=300), st.integers(-1, 40))
def test_a_long_text_is_cut_between_what_a_person_sees_as_characters(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= max(limit, 1) for piece in pieces)
    longest = max((len(one) for one in regex.findall(r"\X", text)), default=0)
    is_bare = regex.search("(^|\\s)[\u0301\u200d]", text)  # a mark on white space is lost from its ground with it
    if longest <= limit and not is_bare:
        assert [one for piece in pieces for one in regex.findall(r"\X", piece) if not one.isspace()] == [
            one for one in regex.findall(r"\X", text) if not one.isspace()
        ]


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("One. Two.\n\nThree. Four.", 20, ["One. Two.", "Three. Four."]),
        ("One two. Three four.", 12, ["One two.", "Three four."]),
        ("onetwo threefour", 10, ["onetwo", "threefour"]),
        ("一二三。四五六。", 5, ["一二三。", "四五六。"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("  ", 3, []),
    ],
)
def test_a_text_is_cut_at_paragraphs_then_sentences_then_words(text: str, limit: int, pieces: list[str]) -> None:
    assert split(text, limit) == pieces
