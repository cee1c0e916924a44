# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page and a chat tell the same, and what a chat tells follows from nothing but what it was asked."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.conversation import begin, proceed
from safeconduct.dialogue.scripts import SCRIPT_NAMES, Promise, load, msgids, sentences
from safeconduct.dialogue.speaking import speak
from safeconduct.dialogue.texts import AVAILABLE, placeholders, texts
from safeconduct.dialogue.turns import Ask, Hear, Offer, Pressed, Promised, Said, Say
from safeconduct.dialogue.words import global_act
from safeconduct.edge.board import View
from safeconduct.edge.web.pages import Pages

XHTML = "{http://www.w3.org/1999/xhtml}"
WHEN = "Protection starts from the moment of a clear act of surrender"
# The beginnings of the words for surrender, captivity, war, army and soldier.
TELLING = {
    "en": "surrender captiv prisoner war army soldier",
    "uk": "здат здає здав полон війн військ армі солдат",
    "ru": "сдат сдаё сдаю сдав плен войн воен армі арми солдат",
    "ko-KP": "투항 포로 전쟁 군대 군인",
    "zh-Hans": "投降 俘 战 军 士兵",
    "ne": "आत्मसमर्पण बन्दी कैद युद्ध सेना सैनिक",
    "hi": "आत्मसमर्पण बंदी कैद युद्ध सेना सैनिक फ़ौज",
    "es": "rendi rinde entreg prision cautiv guerra ejército soldad militar",
    "ar": "استسلام تستسلم أسر أسير حرب جيش جند",
    "fr": "rendre rendez reddition prison captiv guerre armée soldat militaire",
    "sw": "jisalimish mfungwa mateka vita jeshi",
    "uz-Latn": "taslim asir urush armiya harbiy askar",
    "tg": "таслим асир ҷанг артиш ҳарбӣ низом сарбоз аскар",
    "ky": "багын туткун согуш армия аскер",
    "kk": "беріл тұтқын соғыс армия әскер",
}


def page(name: str, tag: str) -> Element:
    tree: Element = html5lib.parse(Pages(View(), (tag,), demonstration=True).render(name, tag))
    return tree


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def section(tree: Element, name: str) -> Element:
    return next(one for one in tree.iter(f"{XHTML}section") if one.get("aria-labelledby") == name)


def on_page(part: Element) -> Iterator[tuple[str, str, str]]:
    """Of each promise: id, sentence, article."""
    for item in part.iter(f"{XHTML}li"):
        sentence, article = item.find(f"{XHTML}p"), item.find(f"{XHTML}cite")
        assert sentence is not None
        assert article is not None
        yield item.get("id", "").removeprefix("promise-"), words(sentence), words(article)


def told_by(said: str, tag: str) -> list[str]:
    return [word for word in TELLING[tag].split() if word in said.lower()]


def in_chat(promise: Promise, tag: str) -> tuple[str, str, str]:
    (message,) = speak([Promised(promise)], tag, buttons=True)
    said = " ".join(texts(tag).say(promise.text).split())
    return promise.id, said, message.text.removesuffix(")").rpartition("(")[2]


@pytest.mark.rule("R11")
@pytest.mark.parametrize("tag", AVAILABLE)
def test_a_page_and_a_chat_promise_the_same_by_the_same_articles(tag: str) -> None:
    tree = page("treatment", tag)
    for step in load("treatment").steps.values():
        if step.promises:
            assert list(on_page(section(tree, step.name))) == [in_chat(promise, tag) for promise in step.promises]
            assert words(section(tree, step.name)).startswith(texts(tag).say(step.title))
    for sentence in load("treatment").steps["overview"].say:
        assert " ".join(texts(tag).say(sentence).split()) in words(tree)


@pytest.mark.rule("R1", "R11")
@pytest.mark.parametrize("tag", AVAILABLE)
def test_a_page_and_a_chat_tell_the_same_way_to_do_it(tag: str) -> None:
    tree = page("how", tag)
    for step in load("instructions").steps.values():
        part = tree if step.name == "whom" else section(tree, step.name)
        sentences = [" ".join(texts(tag).say(sentence).split()) for sentence in step.say]
        assert [sentence for sentence in sentences if sentence not in words(part)] == []
        if step.name != "whom":
            told = [words(one) for one in part.iter(f"{XHTML}p")]
            assert told == sentences


@pytest.mark.rule("R11")
def test_who_is_told_how_was_told_before_when_protection_starts() -> None:
    script = load("instructions")
    assert any(sentence.startswith(WHEN) for sentence in script.steps[script.first].say)
    opened = [choice.script for step in load("welcome").steps.values() for choice in step.choices]
    assert "instructions" in opened  # a script is opened at its first step, never past it


@pytest.mark.rule("R1", "R3")
@pytest.mark.parametrize("name", ["instructions", "check", "treatment", "relative"])
def test_what_is_only_told_asks_nothing_and_needs_no_act_of_the_door(name: str) -> None:
    for step in load(name).steps.values():
        assert step.fields == ()
        assert {choice.act for choice in step.choices} <= {None, "human"}


@pytest.mark.rule("R6", "R45")
@given(st.text(min_size=1, max_size=40), st.sampled_from(AVAILABLE))
def test_whoever_is_looked_for_the_answer_is_the_same(name: str, tag: str) -> None:
    asked = proceed(begin(tag, "telegram").position, Pressed("relative"))
    if not name.strip() or global_act(name) is not None or any("\ud800" <= char <= "\udfff" for char in name):
        return
    turns = [proceed(asked.position, Said(f"Where is {one}?")) for one in (name, "Ivan")]
    answers = [[effect for effect in turn.effects if not isinstance(effect, Hear)] for turn in turns]
    assert answers[0] == answers[1]
    assert turns[0].position == turns[1].position
    assert isinstance(answers[0][0], Say)
    assert answers[0][0].msgid.endswith("We tell nobody whether a person has written to us or is with us.")


@pytest.mark.rule("R6", "R45")
def test_what_a_relative_is_told_depends_on_nothing_but_the_bureau_s_address() -> None:
    script = load("relative")
    assert all(not step.outcomes and step.act is None and not step.shows for step in script.steps.values())
    assert set().union(*(placeholders(msgid) for msgid in msgids(script))) == {"bureau", "agency"}


@pytest.mark.rule("R5")
def test_who_chooses_a_word_is_advised_to_take_one_that_stands_in_no_other_message() -> None:
    field = load("apply").steps["application"].field("duress_word")
    assert field is not None
    assert not field.required
    assert field.hint is not None
    for advice in (
        "a long word",
        "would not otherwise write",
        "in exactly this form",
        "Nothing on your side will show it",
    ):
        assert advice in field.hint


@pytest.mark.rule("R42")
def test_the_chat_has_no_choice_about_serving_anywhere() -> None:
    offered = [choice for name in SCRIPT_NAMES for step in load(name).steps.values() for choice in step.choices]
    assert not any(word in choice.label.lower() for choice in offered for word in ("serve", "join", "fight", "force"))


@pytest.mark.rule("R4")
@pytest.mark.parametrize("tag", AVAILABLE)
def test_the_first_words_do_not_tell_what_the_line_is_for(tag: str) -> None:
    (greeting,) = speak(begin(tag, "telegram").effects, tag, buttons=True)
    first = greeting.text.split("\n")[0]
    assert first == texts(tag).say(
        "Hello. You can write here at any hour, in your own words or with a number from the list."
    )
    assert told_by(first, tag) == []
    assert not any(isinstance(effect, Ask) for effect in begin(tag, "telegram").effects)
    assert isinstance(begin(tag, "telegram").effects[-1], Offer)


@pytest.mark.rule("R4")
@pytest.mark.parametrize("tag", AVAILABLE)
def test_no_button_of_the_menu_or_the_instructions_and_no_knock_tells_what_the_line_is_for(tag: str) -> None:
    steps = [step for name in ("welcome", "instructions") for step in load(name).steps.values()]
    labels = [choice.label for step in steps for choice in step.choices]
    telling = [told_by(texts(tag).say(label), tag) for label in [*labels, sentences()["knock"]]]
    assert telling == [[]] * len(telling)


@pytest.mark.parametrize("tag", AVAILABLE)
def test_every_telling_word_stands_in_what_its_language_says_elsewhere(tag: str) -> None:
    told = " ".join(texts(tag).say(one) for name in SCRIPT_NAMES for one in msgids(load(name)) if not placeholders(one))
    assert len(told_by(told, tag)) >= 2
