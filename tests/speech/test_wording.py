# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from safeconduct.dialogue.scripts import counted_hotline, hotline, load
from safeconduct.dialogue.texts import AVAILABLE, placeholders, texts
from safeconduct.speech import wording
from safeconduct.speech.prompts import hash_of, required

EVERY_LANGUAGE = pytest.mark.parametrize("tag", AVAILABLE)
FILLED = {"language_key", "queue_position"}


@EVERY_LANGUAGE
def test_every_sentence_of_the_hotline_has_a_prompt(tag: str) -> None:
    spoken = set(required(tag))
    for name, msgid in hotline().items():
        assert name in FILLED or texts(tag).say(msgid) in spoken, name
    for key in range(10):
        assert texts(tag).say(hotline()["language_key"], key=key) in spoken


@EVERY_LANGUAGE
@pytest.mark.rule("R1")
def test_every_instruction_and_every_promise_has_a_prompt(tag: str) -> None:
    spoken, voice = set(required(tag)), texts(tag)
    for name in ("instructions", "treatment"):
        for step in load(name).steps.values():
            assert {voice.say(text) for text in step.say} <= spoken
            assert {voice.say(promise.text) for promise in step.promises} <= spoken


@EVERY_LANGUAGE
def test_numbers_are_in_whole_sentences(tag: str) -> None:
    spoken, voice = set(required(tag)), texts(tag)
    for place in range(1, wording.LONGEST_QUEUE + 1):
        assert wording.queue_position(voice, place) in spoken
    for minutes in range(1, wording.LONGEST_WAIT + 1):
        assert wording.queue_wait(voice, minutes) in spoken
    assert set("0123456789") <= spoken


@pytest.mark.parametrize("beyond", [-1, 0, 31, 10_000])
def test_a_number_without_a_prompt_gives_no_sentence(beyond: int) -> None:
    assert wording.queue_position(texts("en"), beyond) is None
    assert wording.queue_wait(texts("en"), beyond) is None


@EVERY_LANGUAGE
def test_no_prompt_has_a_gap_a_bracket_or_a_twin(tag: str) -> None:
    spoken = required(tag)
    assert not [text for text in spoken if placeholders(text) or not text.strip()]
    assert len({hash_of(text) for text in spoken}) == len(spoken)
    for msgid in [*hotline().values(), *sum(counted_hotline().values(), ())]:
        said = texts(tag).say(msgid, **dict.fromkeys(placeholders(msgid), "1"))
        assert not set(said) & set("()（）[]/"), said


@pytest.mark.rule("R4")
def test_what_is_said_before_anyone_has_asked_tells_nothing() -> None:
    telling = {"surrender", "soldier", "army", "captiv", "prisoner", "weapon", "war"}
    early = {name: said for name, said in hotline().items() if name.startswith(("hello", "menu_", "call_", "good_bye"))}
    assert not [said for said in early.values() if any(word in said.lower() for word in telling)]
