# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of the telephones of a talk when its caller goes at an awkward moment."""

import asyncio
from pathlib import Path

import pytest

from safeconduct.edge.channels.duty import Phone
from safeconduct.edge.channels.voice.engine import NotReached
from safeconduct.edge.channels.voice.tests.conftest import Hotline, opened, says
from safeconduct.edge.channels.voice.tests.memory import PaperCall
from safeconduct.edge.channels.voice.tests.test_waiting import (
    CHIEF,
    INTERPRETER,
    OLENA,
    TARAS,
    connected,
    until,
    wanting_a_person,
)


async def test_whoever_is_brought_is_let_go_when_the_caller_goes_while_that_is_told(
    line: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, operator = await connected(line, OLENA, CHIEF)
    find, slow = line.prompts.find, says("supervisor_listens")
    monkeypatch.setattr(
        line.prompts,
        "find",
        lambda text, tag, *, rate: (find(text, tag, rate=rate) or b"") + b" " * (160_000 if text == slow else 0),
    )
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press("*4130#")
    await until(lambda: line.engine.rooms[0].told)
    call.end()
    await third.until_over()
    shared = line.voice._shared
    assert shared is not None
    await until(lambda: not shared.switchboard._busy)


async def test_a_transfer_that_fails_when_the_person_has_hung_up_brings_the_caller_back_into_the_queue_first(
    line: Hotline,
) -> None:
    call, operator = await connected(line, OLENA, TARAS)
    again = PaperCall()

    async def nobody(_uri: str) -> PaperCall:
        operator.end()
        raise NotReached("silent")

    line.engine.answers.extend([nobody, again])
    operator.press("*2112#")
    await call.until(says("operator_gone"))
    await until(lambda: again.room is not None)
    assert again.room is call.room


@pytest.mark.parametrize("keys", ["*3#", "*3120#", "*4130#"])
async def test_whoever_hangs_up_while_somebody_is_rung_for_them_keeps_nobody_waiting(line: Hotline, keys: str) -> None:
    able = Phone("sip:20@desk", ("en",), ("interpreter",), "120")
    call, operator = await connected(line, OLENA, able, CHIEF)

    async def rings(_uri: str) -> PaperCall:
        await asyncio.Event().wait()
        raise NotReached("silent")

    line.engine.answers.append(rings)
    operator.press(keys)
    await until(lambda: len(line.engine.dialled) == 2)
    operator.end()
    await call.until(says("menu_now"))
    shared = line.voice._shared
    assert shared is not None
    assert shared.switchboard._busy == set()


async def test_on_hold_nobody_but_the_caller_is_outside_and_they_are_told_who_comes(line: Hotline) -> None:
    call, operator = await connected(line, OLENA, INTERPRETER)
    third = PaperCall()
    line.engine.answers.append(third)
    operator.press("*5*3120#")
    room = line.engine.rooms[0]
    await until(lambda: third in room.calls)
    assert {*room.calls} == {operator, third}
    await call.until(says("interpreter_joins"))
    operator.press("*6")
    await until(lambda: {*room.calls} == {call, operator, third})


async def test_a_telephone_at_a_host_that_is_not_allowed_is_never_rung(fast: None, tmp_path: Path) -> None:
    async with opened(tmp_path, phone_hosts=["desk"]) as line:
        line.duty.who = [Phone("sip:11@elsewhere", ("en",), ())]
        call = await wanting_a_person(line)
        await call.until(says("nobody_on_duty"))
        assert line.engine.dialled == []
