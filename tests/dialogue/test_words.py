# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.errors import ScriptRefused
from safeconduct.dialogue.words import GLOBAL_ACTS, global_act, parse, words


@pytest.mark.parametrize(
    ("message", "act"),
    [
        ("Назад!", "back"),
        ("  HELP ", "human"),
        ("/stop", "stop"),
        ("пропустить", "skip"),
        ("دعم", None),
        ("stop it", None),
        ("Адам", None),
        ("бас", None),
        ("acha", None),
    ],
)
def test_a_word_works_only_when_it_is_the_whole_message(message: str, act: str | None) -> None:
    assert global_act(message) == act


@given(st.text(st.characters()))
def test_any_message_is_a_word_or_is_not(message: str) -> None:
    assert global_act(message) in {None, *GLOBAL_ACTS}


def test_every_act_has_words() -> None:
    assert set(words().values()) == set(GLOBAL_ACTS)


@pytest.mark.parametrize(
    "broken", ['back: { en: ["x"] }\nstop: { uk: ["X!"] }', 'back: { en: ["?"] }', "fly: { en: [up] }", "["]
)
def test_words_that_contradict_each_other_are_refused(broken: str) -> None:
    assert parse(b'back: { en: ["x"] }') == {"x": "back"}
    with pytest.raises(ScriptRefused):
        parse(broken.encode())
