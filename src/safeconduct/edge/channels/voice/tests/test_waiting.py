# SPDX-License-Identifier: AGPL-3.0-or-later
"""Callers who wait for a person, the phones that ring for them, and what the person does with keys."""

import asyncio
import time
from collections.abc import Callable

import pytest

from safeconduct.dialogue.scripts import counted_hotline
from safeconduct.dialogue.texts import texts
from safeconduct.edge.channels.duty import Phone
from safeconduct.edge.channels.voice import queueing
from safeconduct.edge.channels.voice.tests.conftest import Hotline, says
from safeconduct.edge.channels.voice.tests.memory import Duty, PaperCall, PaperEngine
from safeconduct.edge.channels.voice.waiting import REST_SECONDS, Switchboard

OLENA, TARAS = Phone("sip:olena-11@desk", ("en", "uk"), (), "111"), Phone("sip:12@desk", ("en",), (), "112")
INTERPRETER, CHIEF = Phone("sip:20@desk", ("uk",), ("interpreter",), "120"), Phone("sip:30@desk", ("uk",), (), "130")


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what it waits for is another object's, and has no event
            await asyncio.sleep(0.01)


def switchboard(engine: PaperEngine, duty: Duty, clock: Callable[[], float] = time.monotonic) -> Switchboard:
    return Switchboard(engine, duty, clock)  # type: ignore[arg-type] # rooms of paper take calls of paper alone


async def wanting_a_person(line: Hotline) -> PaperCall:
    call = line.ring()
    await call.until("press 1")
    call.press("12")
    return call


async def connected(line: Hotline, *phones: Phone) -> tuple[PaperCall, PaperCall]:
    """A caller and the person who answered."""
    line.duty.who = list(phones or (OLENA,))
    operator = PaperCall()
    line.engine.answers.append(operator)
    call = await wanting_a_person(line)
    await until(lambda: operator.room is not None)
    call.heard.clear()
    return call, operator


async def test_a_caller_and_a_person_hear_each_other_and_the_menu_follows(line: Hotline) -> None:
    call, operator = await connected(line)
    (room,) = line.engine.rooms
    assert {*room.calls} == {call, operator}
    assert line.engine.headers == [{"X-Conversation": "c0ffee", "X-Language": "en", "X-Waited": "0"}]
    operator.end()
    await call.until(says("menu_now"))
    assert room.calls == []
    assert "human" in line.said


async def test_when_the_line_is_away_people_talk_all_the_same(line: Hotline) -> None:
    line.fails = 100
    call, operator = await connected(line)
    assert "X-Conversation" not in line.engine.headers[0]
    assert call.room is operator.room
    line.fails = 0


async def test_when_the_caller_hangs_up_the_persons_call_ends_too(line: Hotline) -> None:
    call, operator = await connected(line)
    call.end()
    await operator.until_over()


async def test_nobody_on_duty_is_said_at_once_and_a_message_is_taken(line: Hotline) -> None:
    call = await wanting_a_person(line)
    await call.until(says("nobody_on_duty"), says("message_speak"))
    assert line.engine.dialled == []


async def test_only_phones_of_the_callers_language_ring(line: Hotline) -> None:
    line.duty.who = [INTERPRETER]
    call = await wanting_a_person(line)
    await call.until(says("nobody_on_duty"))
    assert line.engine.dialled == []


async def test_who_does_not_answer_is_followed_by_the_next_and_a_busy_phone_too(line: Hotline) -> None:
    line.duty.who = [OLENA, TARAS]
    operator = PaperCall()
    line.engine.answers.extend(["silent", operator])
    call = await wanting_a_person(line)
    await until(lambda: operator.room is not None)
    assert line.engine.dialled == [OLENA.uri, TARAS.uri]
    assert call.room is operator.room


async def test_the_phone_that_was_idle_longest_rings_first() -> None:
    engine, now = PaperEngine(), [100.0]
    board = switchboard(engine, Duty([OLENA, TARAS]), lambda: now[0])
    for _ in range(3):
        now[0] += 10
        engine.answers.append(PaperCall())
        reached = await board.find(board.join("en", {}))
        assert reached is not None
        now[0] += 10
        board.free(reached.phone, talked=10)
    assert engine.dialled == [OLENA.uri, TARAS.uri, OLENA.uri]


async def test_who_is_trained_for_calls_rings_first_and_others_only_while_nobody_trained_is_free() -> None:
    trained = Phone("sip:40@desk", ("en",), ("telephone",))
    engine, now = PaperEngine(), [100.0]
    board = switchboard(engine, Duty([OLENA, trained, TARAS]), lambda: now[0])
    engine.answers.extend(["silent", PaperCall(), PaperCall()])
    assert (await board.find(board.join("en", {}))) is not None
    assert engine.dialled == [trained.uri, OLENA.uri]  # they did not answer, and the caller waits for nobody's training
    now[0] += REST_SECONDS
    assert (await board.find(board.join("en", {}))) is not None
    assert engine.dialled[2:] == [trained.uri]


async def test_a_training_in_another_language_makes_nobody_wait() -> None:
    engine = PaperEngine()
    board = switchboard(engine, Duty([Phone("sip:40@desk", ("uk",), ("telephone",)), TARAS]))
    engine.answers.append(PaperCall())
    assert (await board.find(board.join("en", {}))) is not None
    assert engine.dialled == [TARAS.uri]


async def test_the_persons_telephone_is_told_the_language_and_how_long_the_caller_has_waited() -> None:
    engine, now = PaperEngine(), [100.0]
    board = switchboard(engine, Duty([OLENA]), lambda: now[0])
    waiter = board.join("uk", {"X-Conversation": "ab"})
    now[0] += 65.9
    engine.answers.append(PaperCall())
    await board.find(waiter)
    assert engine.headers == [{"X-Conversation": "ab", "X-Language": "uk", "X-Waited": "65"}]


async def test_a_phone_that_nobody_answered_is_left_in_peace_for_a_while() -> None:
    engine, now = PaperEngine(), [100.0]
    board = switchboard(engine, Duty([OLENA]), lambda: now[0])
    engine.answers.append("silent")
    finding = asyncio.create_task(board.find(board.join("en", {})))
    await until(lambda: engine.dialled)
    await asyncio.sleep(0.05)
    assert len(engine.dialled) == 1
    now[0] += REST_SECONDS + 1
    engine.answers.append(PaperCall())
    assert await finding is not None


async def test_callers_are_served_in_their_order_but_nobody_waits_for_another_language() -> None:
    engine = PaperEngine()
    board = switchboard(engine, Duty([TARAS]))
    engine.answers.append(PaperCall())
    talking = await board.find(board.join("en", {}))
    first, second, other = board.join("en", {}), board.join("en", {}), board.join("uk", {})
    assert (board.position(first), board.position(second), board.position(other)) == (1, 2, 1)
    late = asyncio.create_task(board.find(second))
    await asyncio.sleep(0)
    soon = asyncio.create_task(board.find(first))
    await asyncio.sleep(0.05)
    assert len(engine.dialled) == 1
    engine.answers.extend([PaperCall(), "silent"])
    assert talking is not None
    board.free(talking.phone, talked=1)
    assert await soon is not None
    assert not late.done()
    late.cancel()


async def test_the_waiting_time_is_told_from_the_last_talks_or_not_at_all() -> None:
    engine = PaperEngine()
    duty = Duty([OLENA, TARAS])
    board = switchboard(engine, duty)
    waiter = board.join("en", {})
    assert await board.minutes(waiter) is None
    for _ in range(3):
        board.free(OLENA, talked=300)
    assert await board.minutes(waiter) == 3  # five minutes each, two on duty
    behind = board.join("en", {})
    assert await board.minutes(behind) == 5
    duty.who = []
    assert await board.minutes(waiter) is None


async def test_who_waits_hears_place_and_time_as_far_as_they_are_known_and_may_leave_a_message(line: Hotline) -> None:
    await connected(line)
    second = await wanting_a_person(line)
    await second.until(says("queue_position", position=1), says("queue_unknown"), says("queue_leave"))
    shared = line.voice._shared
    assert shared is not None
    for _ in range(3):
        shared.switchboard._talks.append(120)
    third = await wanting_a_person(line)
    minutes = texts("en").plural(*counted_hotline()["queue_wait"], 4)
    await third.until(says("queue_position", position=2), minutes)
    third.press("3")
    await third.until(says("message_speak"))
    second.heard.clear()
    second.press("*")
    await second.until(says("menu_now"))


async def test_a_place_that_does_not_change_is_told_again_with_the_offer(
    line: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "OFFER_SECONDS", 0.2)
    await connected(line)
    second = await wanting_a_person(line)
    await second.until(
        says("queue_leave"), says("please_wait"), says("queue_position", position=1), says("queue_leave")
    )


async def test_when_the_persons_line_is_lost_the_caller_is_first_again(line: Hotline) -> None:
    call, operator = await connected(line)
    waiting = await wanting_a_person(line)
    await waiting.until(says("queue_position", position=1))
    again = PaperCall()
    line.engine.answers.append(again)
    operator.end(lost=True)
    await call.until(says("operator_gone"))
    await until(lambda: again.room is not None)
    assert call.room is again.room
    assert waiting.room is None


async def test_when_the_desks_telephone_says_that_nobody_is_there_any_more_the_caller_is_first_again(
    line: Hotline,
) -> None:
    call, operator = await connected(line)
    again = PaperCall()
    line.engine.answers.append(again)
    operator.press("*9")
    await call.until(says("operator_gone"))
    await operator.until_over()
    await until(lambda: again.room is not None)
    assert call.room is again.room


async def test_a_caller_who_goes_while_a_phone_rings_leaves_it_free(line: Hotline) -> None:
    line.duty.who = [OLENA]
    rung = asyncio.Event()

    async def ringing(_uri: str) -> PaperCall:
        rung.set()
        await asyncio.Event().wait()
        raise AssertionError

    line.engine.answers.append(ringing)
    call = await wanting_a_person(line)
    await rung.wait()
    await call.until(says("connecting"), "(ringing)")
    call.end()
    shared = line.voice._shared
    assert shared is not None
    await until(lambda: not shared.switchboard._busy and not shared.switchboard._queue)


async def test_a_stop_while_a_caller_leaves_the_queue_is_not_swallowed() -> None:
    async def slow_to_go() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)

    finding = asyncio.create_task(slow_to_go())
    await asyncio.sleep(0)
    leaving = asyncio.create_task(queueing._let_go(finding, switchboard(PaperEngine(), Duty())))
    await asyncio.sleep(0.01)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.gather(finding, return_exceptions=True)


async def test_on_hold_the_caller_hears_that_they_are_not_alone(line: Hotline) -> None:
    call, operator = await connected(line)
    operator.press("*1")
    await call.until(says("please_wait"), says("please_wait"))
    assert line.engine.rooms[0].calls == [operator]
    operator.press("*1")
    await until(lambda: call in line.engine.rooms[0].calls)


async def test_hold_and_back_said_twice_are_the_same_as_once(line: Hotline) -> None:
    call, operator = await connected(line)
    operator.press("*5*5")
    await call.until(says("please_wait"), says("please_wait"))
    assert line.engine.rooms[0].calls == [operator]
    operator.press("*6*6")
    await until(lambda: call in line.engine.rooms[0].calls)


async def test_a_transfer_hands_the_caller_to_another_phone_on_duty(line: Hotline) -> None:
    call, operator = await connected(line, OLENA, TARAS)
    second = PaperCall()
    line.engine.answers.append(second)
    operator.press("*2112#")
    await operator.until_over()
    await until(lambda: second in line.engine.rooms[0].calls)
    assert {*line.engine.rooms[0].calls} == {call, second}
    assert line.engine.dialled[-1] == TARAS.uri
    assert line.engine.headers[-1]["X-Language"] == "en"
    second.end()
    await call.until(says("menu_now"))


async def test_a_transfer_to_nobody_leaves_the_caller_with_the_person(line: Hotline) -> None:
    call, operator = await connected(line)
    operator.press("*2199#")
    await operator.until("(engaged)")
    await until(lambda: {*line.engine.rooms[0].calls} == {call, operator})


async def test_a_transfer_to_nobody_leaves_on_hold_whom_the_person_had_put_there(line: Hotline) -> None:
    call, operator = await connected(line)
    operator.press("*5*2199#")
    await operator.until("(engaged)")
    await call.until(says("please_wait"), says("please_wait"))
    assert line.engine.rooms[0].calls == [operator]
    operator.press("*6")
    await until(lambda: {*line.engine.rooms[0].calls} == {call, operator})


@pytest.mark.parametrize(
    ("keys", "sentence", "how"), [("*3120#", "interpreter_joins", "join"), ("*4130#", "supervisor_listens", "listen")]
)
async def test_nobody_joins_before_all_were_told(line: Hotline, keys: str, sentence: str, how: str) -> None:
    call, operator = await connected(line, OLENA, INTERPRETER, CHIEF)
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press(keys)
    room = line.engine.rooms[0]
    await until(lambda: third in room.calls)
    assert room.happened[-2:] == [says(sentence), how]
    operator.end()
    await third.until_over()
    await call.until(says("menu_now"))


async def test_without_the_sentence_a_supervisor_does_not_join(line: Hotline) -> None:
    _call, operator = await connected(line, OLENA, CHIEF)
    line.prompts.missing.add((says("supervisor_listens"), "en"))
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press("*4130#")
    await third.until_over()
    assert line.engine.rooms[0].told == []


async def test_without_an_extension_an_interpreter_of_the_callers_language_comes(line: Hotline) -> None:
    able = [Phone(f"sip:{name}@desk", ("en",), ("interpreter",)) for name in ("away", "there")]
    _call, operator = await connected(line, OLENA)
    line.duty.who = [OLENA, INTERPRETER, CHIEF, *able]
    third = PaperCall()
    line.engine.answers.extend(["silent", third])
    operator.press("*3#")
    await until(lambda: third in line.engine.rooms[0].calls)
    assert line.engine.dialled[1:] == [phone.uri for phone in able]


async def test_who_leaves_a_talk_is_free_before_its_end(line: Hotline) -> None:
    call, operator = await connected(line, OLENA, INTERPRETER)
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press("*3120#")
    await until(lambda: third in line.engine.rooms[0].calls)
    third.end()
    shared = line.voice._shared
    assert shared is not None
    await until(lambda: shared.switchboard._busy == {OLENA.uri})
    assert not call.ended.is_set()


@pytest.mark.parametrize("keys", ["*3120#", "*2112#"])
async def test_whoever_joins_later_is_told_of_a_supervisor_before_the_supervisor_hears_them(
    line: Hotline, keys: str
) -> None:
    _call, operator = await connected(line, OLENA, TARAS, INTERPRETER, CHIEF)
    chief, newcomer = PaperCall(), PaperCall()
    line.engine.answers.extend([chief, newcomer])
    room = line.engine.rooms[0]
    operator.press("*4130#")
    await until(lambda: chief in room.calls)
    operator.press(keys)
    await until(lambda: newcomer in room.calls and chief in room.calls)
    at = room.happened.index("stops listening")
    assert room.happened[at + 1 : at + 4] == ["join", says("supervisor_listens"), "listen"]


@pytest.mark.rule("R5")
async def test_a_word_by_keys_is_heard_while_a_person_talks_with_the_caller(line: Hotline) -> None:
    call, _operator = await connected(line)
    call.press("*4711#")
    await until(lambda: "4711" in line.said)


async def test_with_no_prompt_at_all_a_caller_reaches_a_person(line: Hotline) -> None:
    line.prompts.silent |= {"en", "uk"}
    line.duty.who = [OLENA]
    operator = PaperCall()
    line.engine.answers.append(operator)
    call = line.ring()
    await until(lambda: operator.room is not None)
    assert call.room is operator.room


async def test_the_number_alone_says_who_is_reached_whatever_the_telephones_are_called() -> None:
    engine = PaperEngine()
    first, second = Phone("sip:ivan7@desk", ("en",), (), "104"), Phone("sip:p~e17@desk", ("en",), (), "105")
    board = switchboard(engine, Duty([first, second]))
    engine.answers.append(PaperCall())
    assert (await board.bring("105", board.join("en", {}), ["en"])) is not None
    assert engine.dialled == [second.uri]


@pytest.mark.parametrize("typed", ["7", "4827", "06"])
async def test_a_telephone_without_a_number_rings_for_callers_and_is_reached_by_no_keys(typed: str) -> None:
    engine = PaperEngine()
    board = switchboard(engine, Duty([Phone("sip:ivan7@desk", ("en",), ())]))
    waiter = board.join("en", {})
    assert await board.bring(typed, waiter, ["en"]) is None
    engine.answers.append(PaperCall())
    assert (await board.find(waiter)) is not None
