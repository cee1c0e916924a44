# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call, from the first word to the end, as its caller hears it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from safeconduct.dialogue.scripts import hotline, load
from safeconduct.dialogue.texts import texts
from safeconduct.edge.channels.voice import session
from safeconduct.edge.channels.voice.recording import Recording
from safeconduct.edge.channels.voice.tests.conftest import CODE, Hotline, opened, says
from safeconduct.edge.channels.voice.tests.memory import SPEECH

PROTECTION = load("instructions").steps["whom"].say[1]
DIGITS = CODE.replace(" ", "")


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what it waits for is another object's, and has no event
            await asyncio.sleep(0.01)


async def test_a_caller_who_presses_nothing_hears_the_languages_what_to_do_and_then_the_menu(line: Hotline) -> None:
    call = line.ring(None)
    await call.until("For this language, press 1.", PROTECTION, "Take the magazine", says("hello"), says("menu_now"))
    assert call.is_answered
    assert line.taken == []


async def test_who_chooses_no_language_hears_the_one_of_the_country_where_their_number_is_from(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1", texts("uk").say(PROTECTION))


async def test_a_language_is_chosen_by_its_key_and_all_that_follows_is_in_it(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("2")
    await call.until(says("hello", "uk"))
    call.press("1")
    await call.until(texts("uk").say(PROTECTION))
    assert {language for language, _ in call.heard} <= {"uk"}


async def test_a_key_cuts_short_what_is_being_said(line: Hotline) -> None:
    call = line.ring(is_slow=True)
    await call.until("press 1")
    call.press("2")
    await call.until(says("menu_again", "uk"))  # queued at once; nothing has been heard to its end
    assert call.let.is_set()


async def test_a_message_is_stored_when_hash_is_pressed_as_it_was_spoken(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.until(says("message_careful"), says("message_speak"), "(tone)")
    await call.speak(bytes(16000) + SPEECH + bytes(16000))
    call.press("#")
    await call.until(says("message_stored"), says("code_offer"))
    (wav,) = line.files
    assert (wav[:4], wav[8:12]) == (b"RIFF", b"WAVE")
    assert SPEECH in wav
    assert len(wav) < len(SPEECH) + 2 * 6000  # what was silent before and after is gone
    assert str(line.taken[0].address).startswith("call:")


@pytest.mark.rule("T9")
async def test_a_message_is_kept_when_the_call_breaks_off(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    line.fails = 2
    call.end(lost=True)
    await until(lambda: line.taken)
    assert SPEECH in line.files[-1]


async def test_a_message_in_which_nothing_is_heard_is_not_stored(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak(bytes(32000))
    call.press("#")
    await call.until(says("message_empty"), says("menu_now"))
    assert line.taken == []


async def test_a_message_that_is_too_long_ends_by_itself_and_is_stored(fast: None, tmp_path: Path) -> None:
    async with opened(tmp_path, message_seconds=10) as line:
        call = line.ring()
        await call.until("press 1")
        call.press("13")
        await call.speak(SPEECH * 10)
        await call.until(says("message_full"))
        assert len(line.files[0]) == 44 + 10 * 16000


@pytest.mark.rule("T14")
async def test_a_message_of_which_nothing_arrives_any_more_ends_by_itself(
    line: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LATE_SECONDS", 0.2 - 180)  # less than the longest message, for the test
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()  # and then the other side puts the line on hold
    await call.until(says("message_stored"))
    assert len(line.files) == 1


@pytest.mark.rule("T9")
async def test_a_message_that_is_being_stored_when_the_process_is_told_to_stop_is_kept(
    fast: None, tmp_path: Path
) -> None:
    async with opened(tmp_path) as line:
        call = line.ring()
        await call.until("press 1")
        call.press("13")
        await call.speak()
        line.fails = 5
        call.press("#")
        await until(lambda: line.fails < 5)
        line.engine.cancels = True
    assert SPEECH in line.files[-1]


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.rule("T9")
async def test_what_cannot_be_stored_is_said_not_to_be(line: Hotline, is_full: bool) -> None:  # noqa: FBT001
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    if is_full:
        line.fails = 100
    else:
        line.reads_files = False  # the line has no room for files, and says so only in words
    call.press("#")
    await call.until(says("message_failed"), says("menu_now"))
    line.fails = 0


@pytest.mark.rule("T3")
async def test_nothing_of_a_message_stays_in_memory_or_is_shown(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    call.press("#")
    await call.until(says("message_stored"))
    assert line.voice._held._wavs == {}
    shown = repr(line.voice) + repr(line.voice._sessions) + repr(line.taken)
    assert "380671234567" not in shown


async def test_after_a_message_the_code_is_said_digit_by_digit_and_again(line: Hotline) -> None:
    line.answers["code"] = f"Your code: {CODE}. Whoever has it can read our answers."
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    call.press("#")
    await call.until(says("code_offer"))
    call.press("1")
    await call.until(says("code_is"))
    await call.until(says("go_back"))
    call.press("0")
    await call.until(says("code_is"))
    digits = [text for _, text in call.heard if text.isdecimal()]
    assert "".join(digits[:24]) == DIGITS


async def test_a_code_that_the_line_does_not_have_is_not_promised(line: Hotline) -> None:
    line.answers["code"] = load("welcome").steps["menu"].outcomes["none"].say or ""
    call = line.ring()
    await call.until("press 1")
    call.press("13")
    await call.speak()
    call.press("#")
    await call.until(says("code_offer"))
    call.press("1")
    await call.until("We cannot show your code.", says("menu_now"))


async def test_a_code_is_typed_and_the_answers_under_it_are_heard_and_heard_again(line: Hotline) -> None:
    greeting = "The telephone company can read what is written here, and keeps it. And more."
    line.answers[DIGITS] = (
        f"{greeting}\n\nAnswer of 1 December 2026:\n\nWe wait for you.\n\nWrite the number of your choice."
    )
    call = line.ring()
    await call.until("press 1")
    call.press("14")
    await call.until(says("code_ask"))
    call.press(DIGITS + "#")
    await call.until("Answer of 1 December", "We wait for you.", says("menu_again"))
    call.press("0")
    await call.until("We wait for you.")
    assert "telephone company" not in " ".join(line.speaks.spoken)
    assert "Write the number" not in " ".join(line.speaks.spoken)


async def test_answers_that_no_voice_can_say_leave_the_caller_in_the_menus(line: Hotline) -> None:
    line.answers[DIGITS] = "Words that are no prompt."
    line.speaks.mute.add("en")
    call = line.ring()
    await call.until("press 1")
    call.press("14")
    await call.until(says("code_ask"))
    call.press(DIGITS + "#")
    await call.until("We cannot show your messages at this moment.", says("go_back"))
    call.press("*1")
    await call.until(PROTECTION)


async def test_digits_that_are_typed_while_they_are_asked_for_are_not_lost(line: Hotline) -> None:
    line.answers[DIGITS] = "Write the number of your choice."
    call = line.ring(is_slow=True)
    call.press("14" + DIGITS + "#")
    await call.until("There is no answer yet.")
    assert line.said == [DIGITS]


@pytest.mark.parametrize(
    ("typed", "told"),
    [("1234", "This is not a whole code."), (DIGITS, "There is nothing under this code."), ("9" * 25, "not a whole")],
)
async def test_a_wrong_code_is_told_as_the_line_tells_it_and_asked_again(line: Hotline, typed: str, told: str) -> None:
    line.answers[DIGITS] = f"Hello.\n\n{load('inbox').steps['open'].outcomes['unknown'].say}"
    call = line.ring()
    await call.until("press 1")
    call.press("14")
    await call.until(says("code_ask"))
    call.press(typed + "#")
    await call.until(told, says("code_ask"))


@pytest.mark.rule("T7")
@pytest.mark.rule("R4", "R5")
async def test_a_number_that_is_typed_anew_behind_a_star_is_no_word_and_leaves_the_edge_nowhere(line: Hotline) -> None:
    call = line.ring(None)
    await call.until("press 1")
    call.press("16")
    await call.until(says("call_back_only"))
    call.press("2")
    await call.until(says("number_ask"))
    call.press("3806799*380671234567#")
    await call.until(says("number_is"))
    assert line.said == []


@pytest.mark.rule("R5")
async def test_a_code_that_is_typed_anew_behind_a_star_opens_and_a_short_word_between_is_heard(line: Hotline) -> None:
    line.answers[DIGITS] = "We wait for you."
    call = line.ring(None)
    await call.until("press 1")
    call.press("14")
    await call.until(says("code_ask"))
    call.press("12345*4711#6")
    await until(lambda: "4711" in line.said)
    call.press(f"*{DIGITS}#")
    await call.until("We wait for you.")
    assert line.said == ["4711", DIGITS, "4711"]  # the word goes to the conversation of the code, too


async def test_a_call_has_five_tries_for_a_code(line: Hotline) -> None:
    line.answers[DIGITS] = load("inbox").steps["open"].outcomes["unknown"].say or ""
    call = line.ring()
    await call.until("press 1")
    call.press("14")
    for _ in range(5):
        await call.until(says("code_ask"))
        call.press(DIGITS + "#")
    await call.until(says("code_ask"))
    call.press(DIGITS + "#")
    await call.until(says("menu_now"))
    assert line.said == [DIGITS] * 5


@pytest.mark.rule("T9")
async def test_when_the_line_is_away_menu_and_instructions_go_on(line: Hotline) -> None:
    line.fails = 1000
    call = line.ring()
    await call.until("press 1")
    call.press("14")
    await call.until(says("code_ask"))
    call.press(DIGITS + "#")
    await call.until("We cannot show your messages at this moment.")
    call.press("*1")
    await call.until(PROTECTION)
    line.fails = 0


@pytest.mark.rule("R5")
@pytest.mark.parametrize("place", ["", "1", "11", "15", "13"])
async def test_a_word_by_keys_is_handed_over_at_any_place_and_the_place_is_said_again(
    line: Hotline, place: str
) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press(place + "*4711#")
    await call.until("(sound)")
    assert line.said == ["4711"]
    assert not call.ended.is_set()


@pytest.mark.rule("R5")
async def test_a_word_that_cannot_be_stored_now_is_stored_later_even_after_the_call(line: Hotline) -> None:
    line.fails = 3
    call = line.ring()
    await call.until("press 1")
    call.press("*4711#")
    await asyncio.sleep(0.01)
    call.end()
    await until(lambda: line.taken)
    assert line.said == ["4711"]


@pytest.mark.rule("R5")
async def test_a_word_that_was_typed_before_the_code_is_said_to_the_conversation_of_the_code_too(line: Hotline) -> None:
    line.answers[DIGITS] = "Write the number of your choice."
    call = line.ring()
    await call.until("press 1")
    call.press("*4711#14")
    await call.until(says("code_ask"))
    call.press(DIGITS + "#")
    await call.until("There is no answer yet.")
    await until(lambda: line.said == ["4711", DIGITS, "4711"])


@pytest.mark.rule("R5")
async def test_a_word_reaches_the_conversation_of_the_code_also_when_the_line_is_away_in_between(line: Hotline) -> None:
    line.answers[DIGITS] = "Write the number of your choice."
    call = line.ring()
    await call.until("press 1")
    call.press("*4711#14")
    await call.until(says("code_ask"))
    line.fails_after = 1
    call.press(DIGITS + "#")
    await call.until("There is no answer yet.")
    call.end()
    await until(lambda: line.said == ["4711", DIGITS, "4711"])


@pytest.mark.rule("R5")
async def test_a_word_that_was_never_stored_is_never_acknowledged(line: Hotline) -> None:
    acknowledged: list[str] = []
    call = line.ring(on_word=lambda: acknowledged.append("4711"))
    await call.until("press 1")
    line.fails = 1000
    call.press("*4711#")
    await until(lambda: line.fails < 1000 - 20)  # all tries
    await call.until(says("menu_now", "uk"))
    assert acknowledged == []


async def test_a_star_and_a_digit_without_a_hash_are_the_keys_that_they_are(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("1")
    await call.until(says("menu_now"))
    call.press("5")
    await call.until("Whoever has surrendered is a prisoner of war.")
    call.press("*1")
    await call.until(PROTECTION)
    assert line.taken == []


@pytest.mark.rule("R12")
async def test_only_approved_languages_are_offered_and_with_none_nobody_is_answered(line: Hotline) -> None:
    line.inside.tags = ("uk",)
    call = line.ring()
    await call.until(says("hello", "uk"))
    assert all(hotline()["language_key"].split("{")[0] not in text for text in call.texts())
    line.inside.tags = ()
    refused = line.ring()
    await refused.until_over()
    assert (refused.is_answered, refused.refused) == (False, 503)


async def test_a_sentence_without_its_prompt_is_said_in_another_language_and_the_caller_is_told(line: Hotline) -> None:
    line.prompts.missing.add((texts("uk").say(PROTECTION), "uk"))
    call = line.ring()
    await call.until("press 1")
    call.press("2")
    await call.until(says("hello", "uk"))
    call.press("1")
    await call.until(says("other_language", "uk"), says("other_language", "en"), PROTECTION)
    assert (texts("uk").say("Take the magazine out of your weapon."), "uk") not in call.heard


async def test_another_language_that_the_caller_chose_comes_before_those_of_the_settings(
    fast: None, tmp_path: Path
) -> None:
    async with opened(tmp_path, languages=["en", "uk", "ru"]) as line:
        line.inside.tags = ("en", "uk", "ru")
        line.prompts.missing.add((texts("ru").say(PROTECTION), "ru"))
        call = line.ring()
        await call.until("press 1")
        call.press("2")
        await call.until(says("hello", "uk"))
        call.press("93")
        await call.until(says("hello", "ru"))
        call.press("1")
        await call.until(says("other_language", "uk"), texts("uk").say(PROTECTION))


async def test_with_no_prompt_at_all_nobody_hears_silence(line: Hotline) -> None:
    line.prompts.silent |= {"en", "uk"}
    call = line.ring()
    await call.until("(engaged)")
    await call.until_over()


async def test_a_prompt_that_is_made_while_the_line_runs_is_heard_from_then_on(line: Hotline) -> None:
    line.prompts.silent.add("uk")
    first = line.ring()
    await first.until("press 1")
    first.press("2")
    await first.until(says("hello", "en"))
    line.prompts.silent.clear()
    second = line.ring()
    await second.until("press 1")
    second.press("2")
    await second.until(says("hello", "uk"))


@pytest.mark.rule("T14")
async def test_a_telephone_in_a_pocket_fills_nothing(line: Hotline) -> None:
    acknowledged: list[str] = []
    call = line.ring(on_word=lambda: acknowledged.append("4711"))
    await call.until("press 1")
    call.press("*4711#" * 30 + "15")
    await call.until("Whoever has surrendered is a prisoner of war.")
    assert line.said == acknowledged == ["4711"] * 20


async def test_a_recording_knows_its_length_and_forgets() -> None:
    recording = Recording(8000, seconds=1)
    recording.take(SPEECH[:15_000])
    assert not recording.full.is_set()
    recording.take(SPEECH[:15_000])
    wav = recording.wav()
    assert wav is not None
    assert (recording.full.is_set(), len(wav)) == (True, 44 + 16_000)
    recording.forget()
    assert recording.wav() is None
    assert "Recording(…)" in repr(recording)


@pytest.mark.parametrize(
    ("hum", "voice", "is_message"), [(8, 60, True), (35, 60, False), (60, 60, False), (60, 400, True), (8, 8, False)]
)
async def test_a_whisper_is_a_message_and_the_hum_of_a_line_is_none(hum: int, voice: int, *, is_message: bool) -> None:
    recording, random = Recording(8000, seconds=10), np.random.default_rng(1)
    for loudness in (hum, voice, hum, voice, hum):
        recording.take(random.normal(0, loudness, 8000).astype("<i2").tobytes())
    assert (recording.wav() is not None) == is_message
