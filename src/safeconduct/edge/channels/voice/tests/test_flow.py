# SPDX-License-Identifier: AGPL-3.0-or-later
"""The flow of a call, over every place that can be reached by any key, silence or report."""

from collections import deque
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.scripts import hotline, load
from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.channels.voice import screens
from safeconduct.edge.channels.voice.flow import SILENCES_MOST, TYPED, advance, asked, begin, once_more
from safeconduct.edge.channels.voice.places import (
    Act,
    Input,
    Key,
    Pause,
    Place,
    Report,
    Said,
    Silence,
    State,
    Step,
    Words,
)
from safeconduct.speech.espeak import Espeak
from safeconduct.speech.wording import required

KEYS = tuple(map(Key, "0123456789*#"))
INPUTS: tuple[Input, ...] = (*KEYS, Silence(), *Report)

PROTECTION = load("instructions").steps["whom"].say[1]
HOW = (Place.ALONE, Place.GROUP, Place.DRONE, Place.WOUNDED)
BEGINNINGS = (
    begin(("uk", "ru"), dials=True, has_number=True),
    begin(AVAILABLE[:2]),
    begin(("uk",), dials=True),
    begin(("uk", "ru"), is_full=True),
    begin(("uk",), is_full=True),
)
inputs = st.lists(st.sampled_from(INPUTS), max_size=25)


@cache
def reached(number: int = 0) -> frozenset[State]:
    """Every state of a call that begins so."""
    first = BEGINNINGS[number]
    seen, waiting = {first.state}, deque([first.state])
    while waiting:
        here = waiting.popleft()
        for said in INPUTS:
            after = advance(here, said).state
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    return frozenset(seen)


def sentences(step: Step) -> list[str]:
    return [said.msgid for said in step.says if isinstance(said, Words)]


def in_silence(step: Step, most: int = 200) -> list[Step]:
    """Somebody who presses nothing, says nothing, and finds nobody."""
    steps = [step]
    answers = {
        Act.QUEUE: Report.NOBODY, Act.RECORD: Report.EMPTY, Act.OPEN: Report.NO_MORE, Act.ASK_NUMBER: Report.NO_MORE,
        Act.DELIVER: Report.DELIVERED, Act.SHOW_CODE: Report.CODE,
    }  # fmt: skip
    while steps[-1].act is not Act.HANG_UP and len(steps) < most:
        act = steps[-1].act
        steps.append(advance(steps[-1].state, Silence() if act is None else answers[act]))
    return steps


@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_every_input_at_every_place_says_something_or_does_something(number: int) -> None:
    for here in reached(number):
        for said in INPUTS:
            step = advance(here, said)
            assert step.says or step.act is not None
            assert all(isinstance(word, Said) for word in step.says)


@pytest.mark.rule("R1")
@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_who_presses_nothing_hears_the_instructions_and_is_asked_nothing_before(number: int) -> None:
    steps = in_silence(BEGINNINGS[number])
    told = next(index for index, step in enumerate(steps) if step.state.place is Place.WHOM)
    assert {step.state.place for step in steps[:told]} <= {Place.LANGUAGES, Place.OPENING, Place.FULL}
    assert all(step.act is None for step in steps[: told + 1])
    assert [step.state.place for step in steps[told + 1 : told + 5]] == list(HOW)


@pytest.mark.rule("R1")
@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_from_everywhere_silence_leads_to_the_instructions_before_the_call_ends(number: int) -> None:
    for here in reached(number):
        if here.place in {Place.BYE, Place.END} or here.is_protection_told:
            continue
        places = [step.state.place for step in in_silence(Step(here, (), screens.ACTS.get(here.place)))]
        assert Place.WHOM in places, here


@pytest.mark.rule("R1")
@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_from_everywhere_stars_lead_to_the_menu_and_one_key_to_the_instructions(number: int) -> None:
    for here in reached(number):
        at = here
        for _ in range(6):
            at = advance(at, Key("*")).state
        if at.place is Place.LANGUAGES:
            at = advance(advance(at, Silence()).state, Key("*")).state
        assert at.place in {Place.MENU, Place.FULL, Place.BYE, Place.END}
        if at.place in {Place.MENU, Place.FULL}:
            assert PROTECTION in sentences(advance(at, Key("1")))


@pytest.mark.rule("R11")
@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_nobody_hears_how_before_they_heard_when_protection_starts(number: int) -> None:
    for here in reached(number):
        for said in INPUTS:
            step = advance(here, said)
            if step.state.place in HOW:
                assert here.is_protection_told
            if step.state.place is Place.WHOM and step.says:
                assert PROTECTION in sentences(step)


@given(inputs)
def test_no_sentence_waits_for_a_value_that_nobody_gives(pressed: list[Input]) -> None:
    step = BEGINNINGS[0]
    for said in pressed:
        step = advance(step.state, said)
        for word in step.says:
            if isinstance(word, Words):
                assert word.msgid.count("{") == len(word.params)


@given(inputs)
def test_zero_says_again_what_belongs_to_the_place(pressed: list[Input]) -> None:
    step = BEGINNINGS[0]
    for said in pressed:
        step = advance(step.state, said)
    if step.state.place in TYPED:  # there it is a digit of a code or a number
        assert advance(step.state, Key("0")).act is not None
        return
    again, third = advance(step.state, Key("0")), advance(advance(step.state, Key("0")).state, Key("0"))
    assert (again.says, again.act, again.state.place) == (third.says, third.act, step.state.place)
    assert step.says[-len(again.says) :] == again.says or not step.says or not again.says


@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_a_call_of_somebody_who_presses_nothing_ends(number: int) -> None:
    steps = in_silence(BEGINNINGS[number])
    assert (steps[-1].state.place, steps[-1].act) == (Place.BYE, Act.HANG_UP)
    assert sum(step.state.place is Place.WHOM for step in steps) in {1, SILENCES_MOST}


def test_the_languages_stand_in_the_order_of_the_settings_three_on_the_first_page_and_eight_on_the_others() -> None:
    first = begin(("uk", "ru", *AVAILABLE[3:]))
    heard = [word.language for word in first.says if isinstance(word, Words)]
    assert heard == ["uk", "ru", AVAILABLE[3], AVAILABLE[4]]  # the last says that there are more
    following = advance(first.state, Key("9"))
    assert advance(following.state, Key("8")).state.language == first.state.languages[10]
    assert advance(advance(following.state, Key("9")).state, Key("9")).state.page == 0
    assert [word.language for word in begin(AVAILABLE[:4]).says if isinstance(word, Words)] == list(AVAILABLE[:4])


def test_who_chooses_no_language_hears_what_to_do_in_the_likely_one_and_who_comes_from_the_menu_goes_back_there() -> (
    None
):
    for first, language in (
        (begin(("uk", "ru")), "uk"),
        (begin(("uk", "ru"), "ru"), "ru"),
        (begin(("uk", "ru"), "en"), "uk"),
    ):
        told = advance(first.state, Silence())
        assert (told.state.place, told.state.language) == (Place.WHOM, language)
        assert advance(advance(told.state, Key("9")).state, Key("2")).state.language == "ru"
    menu = advance(begin(("uk", "ru")).state, Key("1"))
    assert advance(advance(menu.state, Key("9")).state, Silence()).state.place is Place.MENU


@pytest.mark.rule("R1")
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(
    "languages",
    [
        ("uk",), ("uk", "ru", "en"), ("ru", "uk", "en", "ko-KP"), ("uk", "ko-KP", "ru", "ky", "en"),
        ("ko-KP", "ky", "kk", "tg"), ("uk", "tg", "ar", "ko-KP"),
    ],
)  # fmt: skip
def test_who_presses_nothing_hears_what_to_do_within_twenty_seconds_of_the_machines_voice(
    languages: tuple[str, ...], *, is_full: bool
) -> None:
    first, voice = begin(languages, is_full=is_full), Espeak()
    assert advance(first.state, Silence()).state.place is Place.WHOM
    seconds = first.patience
    for said in first.says:
        if isinstance(said, Words):
            spoken = texts(said.language or languages[0]).say(said.msgid, **said.params)
            seconds += len(voice.say(spoken, said.language or languages[0], rate=8000) or b"") / 16000
        elif isinstance(said, Pause):
            seconds += said.seconds
    assert 5 < seconds <= 20


@pytest.mark.rule("R1")
@pytest.mark.parametrize("keys", ["2", "3", "4", "6", "*"])
def test_nothing_is_taken_from_anybody_before_the_first_words_were_said_once(keys: str) -> None:
    step = advance(begin(("uk",), dials=True).state, Key(keys))
    assert sentences(step)[0] == hotline()["hello"]
    assert hotline()["hello"] not in sentences(once_more(step.state))


def test_all_sentences_of_the_instructions_are_said_with_time_to_do_them() -> None:
    step, heard = begin(("uk",)), list[str]()
    for _ in range(6):
        step = advance(step.state, Silence())
        heard += sentences(step)
        pauses = sum(isinstance(said, Pause) for said in step.says)
        assert pauses >= len(load("instructions").steps[step.state.place].say) or step.state.place is Place.MENU
        if step.state.place is Place.WOUNDED:
            break
    assert {said for how in load("instructions").steps.values() for said in how.say} <= set(heard)


def test_all_promises_are_said_with_their_articles_in_groups_that_a_key_skips() -> None:
    step, heard = advance(begin(("uk",)).state, Key("5")), list[str]()
    while step.state.place is Place.TREATMENT:
        heard += sentences(step)
        step = advance(step.state, Key("#"))
    promises = [promise for part in load("treatment").steps.values() for promise in part.promises]
    assert {promise.text for promise in promises} <= set(heard)
    assert sum(said.startswith("Article") for said in heard) == len(promises)
    assert step.state.place is Place.MENU
    assert advance(advance(begin(("uk",)).state, Key("5")).state, Key("3")).state.part == 3


@pytest.mark.rule("R4")
def test_a_line_that_cannot_call_offers_no_call_and_a_clock_that_is_unknown_no_hours() -> None:
    menu = advance(begin(("uk",)).state, Key("*"))
    assert hotline()["menu_call_back"] not in sentences(menu)
    assert advance(menu.state, Key("6")).state.place is Place.MENU
    here = advance(begin(("uk",), dials=True).state, Key("6")).state
    window = advance(advance(advance(here, Key("2")).state, Report.ANY_HOUR).state, Key("1"))
    assert sentences(window)[:1] == [hotline()["window_any"]]
    assert hotline()["window_evening"] not in sentences(window)
    assert advance(window.state, Key("4")).act is None
    assert advance(window.state, Key("1")).act is Act.KEEP_ANY


@pytest.mark.rule("R4")
def test_a_number_is_read_back_before_hours_are_asked_and_nothing_is_kept_without_them() -> None:
    for here in reached():
        for said in INPUTS:
            step = advance(here, said)
            if step.act in {Act.KEEP_ANY, Act.KEEP_MORNING, Act.KEEP_AFTERNOON, Act.KEEP_EVENING}:
                assert here.place is Place.WINDOW
            if step.state.place is Place.WINDOW and here.place is not Place.WINDOW:
                assert here.place is Place.NUMBER_RIGHT


@pytest.mark.rule("R4")
def test_our_own_call_says_one_neutral_sentence_and_nothing_else_until_1_is_pressed() -> None:
    neutral = hotline()["call_asked"]
    step = asked(("uk", "ru"), "ru")
    for said in (Silence(), Silence(), Key("7"), Key("*"), Silence(), Silence(), Silence()):
        assert set(sentences(step)) <= {neutral, hotline()["wrong_key"]}
        step = advance(step.state, said)
    assert (step.says, step.act) == ((), Act.HANG_UP)
    assert advance(asked(("uk",), "uk").state, Key("1")).act is Act.DELIVER


@pytest.mark.rule("R1")
def test_a_full_line_with_languages_tells_what_to_do_first_and_once_that_it_is_full() -> None:
    steps = in_silence(begin(("uk", "ru"), is_full=True))
    assert [step.state.place for step in steps[:3]] == [Place.LANGUAGES, Place.WHOM, Place.ALONE]
    told = [line for step in steps[:7] for line in sentences(step)]
    assert told.count(hotline()["line_full"]) == 1
    assert told.index(PROTECTION) < told.index(hotline()["line_full"])
    chosen = advance(advance(begin(("uk", "ru"), is_full=True).state, Key("2")).state, Key("1"))
    assert hotline()["line_full"] not in sentences(chosen)


def test_a_full_line_tells_what_to_do_and_takes_a_message() -> None:
    steps = in_silence(begin(("uk",), is_full=True))
    assert sentences(steps[0])[-1] == hotline()["line_full"]
    assert [step.state.place for step in steps] == [Place.FULL, Place.WHOM, *HOW, Place.MESSAGE, Place.FULL, Place.BYE]


@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_whatever_a_call_says_is_among_the_prompts_that_are_made(number: int) -> None:
    made = frozenset(required("uk"))
    for here in reached(number):
        for word in (word for said in INPUTS for word in advance(here, said).says):
            if isinstance(word, Words):
                assert texts("uk").say(word.msgid, **word.params) in made
