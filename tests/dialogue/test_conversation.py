# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dialogue.test_engine import asked, inputs, offered, positions, told

from safeconduct.dialogue.conversation import Has, begin, choose_language, proceed
from safeconduct.dialogue.scripts import load
from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.dialogue.turns import (
    Act,
    Ask,
    Finish,
    Hear,
    Human,
    Input,
    Offer,
    Position,
    Pressed,
    Promised,
    Refuse,
    Said,
    Say,
    Told,
    Turn,
    Ways,
)
from safeconduct.dialogue.words import global_act

MENU = [choice.value for choice in load("welcome").steps["menu"].choices]
STORED = "Your message has been stored. An operator will read it."
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def chat(*said: str | Input, language: str = "en", channel: str = "telegram") -> Turn:
    turn = begin(language, channel)
    for one in said:
        turn = proceed(turn.position, Said(one) if isinstance(one, str) else one)
    return turn


@pytest.mark.rule("R1")
def test_the_menu_leads_to_the_instructions_and_to_the_check_before_anything_is_asked() -> None:
    turn = begin("uk", "signal")
    assert turn.position == Position("welcome", "menu", None, "uk", {}, "signal")
    assert offered(turn)[:2] == ["safely", "check"]
    assert asked(turn) is None


@pytest.mark.rule("R1")
def test_the_instructions_come_in_two_messages_and_ask_for_nothing() -> None:
    turn = chat("1", "1")
    assert turn.position.script == "instructions"
    assert told(turn)[0] == "Take the magazine out of your weapon."
    assert asked(turn) is None


@pytest.mark.parametrize(
    ("choice", "script"),
    [
        ("safely", "instructions"),
        ("check", "check"),
        ("treatment", "treatment"),
        ("apply", "apply"),
        ("receipt", "inbox"),
        ("relative", "relative"),
        ("erase_all", "erase"),
    ],
)
def test_a_choice_opens_a_script_in_the_same_language_and_back_leads_to_the_menu(choice: str, script: str) -> None:
    opened = chat(Pressed(choice), language="ar")
    assert (opened.position.script, opened.position.language, opened.position.channel) == (script, "ar", "telegram")
    assert proceed(opened.position, Said("back")).position == begin("ar", "telegram").position


def test_the_language_of_the_chat_is_chosen_by_its_own_name() -> None:
    turn = choose_language("sms")
    assert asked(turn) == "chat_language"
    menu = proceed(turn.position, Said("Українська"))
    assert menu.position == Position("welcome", "menu", None, "uk", {}, "sms")


def test_the_language_of_the_answers_does_not_change_the_language_of_the_chat() -> None:
    assert chat("apply", "individual", "home", "fr").position.language == "en"


@pytest.mark.parametrize("word", ["0", "/start", "меню", "menu!"])
def test_the_menu_is_one_word_away(word: str) -> None:
    assert chat("apply", "unit", "12", word).position == begin("en", "telegram").position


def test_where_a_time_is_asked_nought_is_midnight() -> None:
    turn = chat("apply", "individual", "home", "en", "voice", "0")
    assert turn.position.closed["contact_from"] == "00:00"


@pytest.mark.rule("R48")
def test_a_word_leads_to_erasing_and_nothing_is_erased_before_a_second_word() -> None:
    turn = chat("apply", "unit", "delete everything")
    assert (turn.position.script, turn.position.closed) == ("erase", {})
    assert not any(isinstance(effect, Act) for effect in turn.effects)
    assert proceed(turn.position, Pressed("erase_now")).effects[0] == Act("erase")


@pytest.mark.rule("R48")
def test_in_an_opened_mailbox_the_word_erases_that_mailbox_and_not_the_chat() -> None:
    opened = chat("I have a code", "1234", Told("opened"))
    for word in ("erase", "delete everything", "стереть"):
        turn = proceed(opened.position, Said(word))
        assert (turn.position.script, turn.position.step) == ("inbox", "erase")


def test_words_at_a_menu_are_a_message_and_the_menu_is_not_told_again() -> None:
    turn = chat("I am afraid. What shall I do?")
    assert turn.effects[:2] == (Hear("message", "I am afraid. What shall I do?"), Say(STORED))
    assert isinstance(turn.effects[2], Offer)
    assert len(turn.effects) == 3


@pytest.mark.parametrize(
    "been",
    [
        ["apply", "conscript", "home", "en", "web", "skip", "skip", "send", Told("stored_in_chat")],
        ["apply", "conscript", "home", "en", "web", "skip", "skip", "send", Told("stored_in_chat"), "later"],
        ["receipt", "1234", Told("opened")],
    ],
)
def test_who_has_applied_or_opened_a_mailbox_and_simply_writes_is_told_that_it_is_stored(
    been: list[str | Input],
) -> None:
    turn = chat(*been, "I am afraid. What shall I do?")
    assert turn.effects[:2] == (Hear("message", "I am afraid. What shall I do?"), Say(STORED))
    assert not any(isinstance(effect, Refuse) for effect in turn.effects)


def test_words_that_answer_no_question_are_handed_out_before_it_is_asked_again() -> None:
    turn = chat("apply", "unit", "about twenty, some wounded")
    assert turn.effects[0] == Hear("message", "about twenty, some wounded")
    assert isinstance(turn.effects[1], Refuse)
    assert asked(turn) == "head_count"


@given(positions, WORDS)
def test_nothing_that_a_person_writes_is_lost(position: Position, text: str) -> None:
    turn = proceed(position, Said(text))
    if text.strip() and global_act(text) is None and any(isinstance(effect, Refuse) for effect in turn.effects):
        heard = [effect.text for effect in turn.effects if isinstance(effect, Hear)]
        is_late = any(
            effect.msgid.startswith("We need an answer") for effect in turn.effects if isinstance(effect, Refuse)
        )
        assert heard == [text] or is_late


@pytest.mark.parametrize("said", [Said(""), Said(" \n"), Pressed("gone"), Said("\ud800")])
def test_an_empty_message_and_an_old_button_are_no_message(said: Input) -> None:
    turn = chat(said)
    assert not any(isinstance(effect, Hear) for effect in turn.effects)
    assert any(isinstance(effect, Refuse) for effect in turn.effects)


def test_after_calling_a_person_only_the_choices_follow() -> None:
    for said in ("talk", "оператор"):
        turn = chat(said)
        assert isinstance(turn.effects[0], Human)
        assert len(told(turn)) == 1
        assert offered(turn)[: len(MENU)] == MENU


@pytest.mark.rule("R4")
def test_a_chat_s_own_channel_is_how_the_person_is_reached_unless_they_say_otherwise() -> None:
    asked_for = chat("apply", "individual", "home", "en", "skip")
    assert asked(asked_for) == "contact_from"
    for one in ("18", "21", "Europe/Kyiv", "yes", "skip", "skip", "send"):
        asked_for = proceed(asked_for.position, Said(one))
    answers = next(effect.answers for effect in asked_for.effects if isinstance(effect, Finish))
    assert answers["contact"] == "telegram"
    assert asked(chat("apply", "individual", "home", "en", "skip", channel="web")) == "text"


@pytest.mark.rule("R4")
def test_another_way_or_none_may_be_chosen_in_a_chat() -> None:
    assert asked(chat("apply", "individual", "home", "en", "web")) == "text"
    assert asked(chat("apply", "individual", "home", "en", "never")) == "text"


def test_the_code_is_shown_when_it_is_asked_for_and_the_door_has_it() -> None:
    wanted = chat("code")
    assert wanted.effects[0] == Act("show_code")
    shown = proceed(wanted.position, Told("shown", {"code": "1234"}))
    assert shown.effects[0] == Say(
        "Your code: {code}. Whoever has it can read our answers and erase everything.", {"code": "1234"}
    )
    assert offered(shown)[: len(MENU)] == MENU


@pytest.mark.parametrize("wish", [["code"], ["apply", "conscript", "home", "en", "web", "skip", "skip", "send"]])
def test_who_asks_too_late_for_the_code_is_told_so_and_not_that_one_will_come(wish: list[str]) -> None:
    turn = chat(*wish)
    if wish != ["code"]:
        turn = proceed(proceed(turn.position, Told("stored_in_chat")).position, Said("Show me my code"))
    assert Act("show_code") in turn.effects
    late = proceed(turn.position, Told("none"))
    assert told(late) == [
        "We cannot show your code. We keep it for one day only. You can still write to us here without it."
    ]


def test_promises_come_with_their_articles_and_the_check_with_the_addresses() -> None:
    promised = [effect.promise for effect in chat("3", "1").effects if isinstance(effect, Promised)]
    assert (promised[0].law, promised[0].articles) == ("AP I", (41,))
    assert len(promised) == 7
    assert any(isinstance(effect, Ways) for effect in chat("2").effects)


@pytest.mark.parametrize("tag", AVAILABLE)
def test_a_script_that_is_not_known_any_more_becomes_the_menu(tag: str) -> None:
    turn = proceed(Position("gone", "x", "y", tag, {"z": "1"}, "sms"), Said(""))
    assert turn.position == Position("welcome", "menu", None, tag, {}, "sms")
    assert not any(isinstance(effect, Ask) for effect in turn.effects)


LINE = Has(channels=frozenset({"telegram", "sms"}), languages=frozenset({"en", "uk"}))


def options(turn: Turn) -> tuple[str, ...]:
    return next(effect.field.values for effect in turn.effects if isinstance(effect, Ask))


@pytest.mark.rule("R4")
def test_a_chat_offers_only_the_channels_that_the_line_has() -> None:
    here = chat("apply", "individual", "home")
    asked_for = proceed(here.position, Said("en"), has=LINE)
    assert options(asked_for) == ("web", "telegram", "sms", "never")
    assert asked(proceed(asked_for.position, Said("3"), has=LINE)) == "contact_from"
    refused = proceed(asked_for.position, Pressed("voice"), has=LINE)
    assert any(isinstance(effect, Refuse) for effect in refused.effects)


@pytest.mark.rule("R12")
def test_a_chat_offers_only_the_languages_that_may_be_spoken() -> None:
    assert options(choose_language("sms", has=LINE)) == ("en", "uk")
    here = chat("language")
    assert proceed(here.position, Said("uk"), has=LINE).position.language == "uk"
    assert proceed(here.position, Said("Русский"), has=LINE).position.language == "en"


@given(positions, inputs)
def test_whatever_the_line_has_every_input_is_answered(position: Position, said: Input) -> None:
    for has in (LINE, Has(frozenset(), frozenset())):
        assert isinstance(proceed(position, said, has=has).effects[-1], Offer)
