# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.dialogue.checking import complaints
from safeconduct.dialogue.scripts import SCRIPT_NAMES, load, parse
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.dialogue.texts import parse as catalogue

SOUND = """
script: welcome
first: menu
steps:
  - name: menu
    title: "Hello"
    choices:
      - { value: first, label: "Apply", go: form }
      - { value: code, label: "Show me my code", act: show_code }
    outcomes: { shown: { say: "Hello" } }
  - name: form
    title: "Hello"
    promises: [{ id: food, articles: [26], text: "You may receive parcels." }]
    fields: [{ name: why, kind: text, ask: "Who is writing?", max: 10 }]
    next: menu
"""


def said(script: str, *, limit: int = 1000) -> list[str]:
    return list(complaints({"welcome": parse(script.encode())}, [texts("en")], limits={"sms": limit}))


def test_a_sound_script_gives_no_complaint() -> None:
    assert said(SOUND) == []


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("script: welcome", "script: hello", "welcome.yaml: calls itself `hello`"),
        ("go: form", "go: menu", "welcome.yaml, step form: nothing leads here"),
        ("    next: menu\n", "", "step form: nothing follows the last answer"),
        ('    outcomes: { shown: { say: "Hello" } }\n', "", "step menu: the door acts here and has nothing to say"),
        ("act: show_code", "act: leave, go: form", "choice code: needs exactly one of"),
        ("go: form }", "script: gone }", "choice first: opens no script: gone"),
        ("value: code", "value: human", "choice human: this value is a word that works everywhere"),
        ("value: code", "value: first", "choice first: stands twice"),
        ("id: food", 'id: ""', "step form: a promise needs an `id`"),
        ("articles: [26]", "articles: []", "step form: a promise needs an `id` and its `articles`"),
        ('label: "Apply"', 'label: "Skip this question"', "the answer “Skip this question” is the word for `skip`"),
    ],
)
def test_each_mistake_is_told_with_its_file_and_its_step(was: str, becomes: str, complaint: str) -> None:
    assert any(complaint in line for line in said(SOUND.replace(was, becomes, 1)))


def test_a_promise_that_stands_twice_names_both_places() -> None:
    doubled = SOUND.replace("promises: [", 'promises: [{ id: food, articles: [1], text: "Hello" }, ')
    assert said(doubled) == ["welcome.yaml, step form: the promise food stands already in welcome.yaml, step form"]


def test_a_step_without_question_or_choices_is_a_dead_end() -> None:
    broken = SOUND.replace("next: menu", "next: end") + '  - name: end\n    title: "Hello"\n'
    assert said(broken) == ["welcome.yaml, step end: a dead end: it needs a question or choices"]


def test_a_sentence_that_a_channel_cannot_carry_is_told_with_the_language() -> None:
    assert "welcome.yaml: 24 characters in en, sms carries 20: You may receive parcels." in said(SOUND, limit=20)


FRENCH = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n > 1);\\n"
msgid "Skip this question"
msgstr "{skip}"
msgid "Apply"
msgstr "{apply}"
msgid "Show me my code"
msgstr "Voir"
"""


@pytest.mark.parametrize(
    ("skip", "apply", "complaint"),
    [
        ("Passer", "Demander", []),
        ("Plus tard", "Demander", ["words.yaml: the button “Plus tard” in fr must be one of the words for `skip`"]),
        ("Passer", "Voir !", ["welcome.yaml, step menu: in fr two answers are called “voir”"]),
    ],
)
def test_a_button_that_cannot_be_typed_is_told(skip: str, apply: str, complaint: list[str]) -> None:
    french = catalogue("fr", FRENCH.format(skip=skip, apply=apply))
    assert list(complaints({"welcome": parse(SOUND.encode())}, [french], limits={})) == complaint


def test_a_script_that_no_chat_opens_is_told() -> None:
    scripts = {"welcome": parse(SOUND.encode()), "extra": parse(SOUND.replace("welcome", "extra").encode())}
    lines = list(complaints(scripts, [], limits={}))
    assert "extra.yaml: no chat leads here; let a choice of welcome.yaml open it (`script: extra`)" in lines


@pytest.mark.rule("R12")
@pytest.mark.parametrize("tag", AVAILABLE)
def test_the_scripts_of_this_house_give_no_complaint(tag: str) -> None:
    assert list(complaints({name: load(name) for name in SCRIPT_NAMES}, [texts(tag)], limits={"sms": 670})) == []
