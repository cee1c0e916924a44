# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of a call as the library tells of them, one event after the other."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from baresip import CallState, Event

from safeconduct.edge.channels.voice.baresip_call import BaresipCall
from safeconduct.edge.channels.voice.engine import Ended


class Native:
    """What the library has for a call, as far as a key needs it."""

    state = CallState.ESTABLISHED
    audio = None

    def on(self, hear: Callable[[Any], None]) -> None:
        self._hear = hear

    def press(self, *keys: str) -> None:
        for key in keys:
            self._hear(SimpleNamespace(event=Event.CALL_DTMF_START, text=key))


@pytest.fixture
def native() -> Native:
    return Native()


@pytest.fixture
def call(native: Native) -> BaresipCall:
    return BaresipCall(native, None, "", lambda _call: None)


@pytest.mark.rule("R5")
@pytest.mark.parametrize("turns", range(5))
async def test_a_key_that_comes_while_its_reader_gives_up_is_the_next_readers(
    native: Native, call: BaresipCall, turns: int
) -> None:
    reading = asyncio.create_task(call.key(10))
    await asyncio.sleep(0.01)
    native.press("4")
    for _ in range(turns):
        await asyncio.sleep(0)
    reading.cancel()
    found = await asyncio.gather(reading, return_exceptions=True)
    assert "4" in (found[0], await call.key(0.01))


async def test_keys_from_before_the_end_are_still_read_and_then_it_is_over(native: Native, call: BaresipCall) -> None:
    native.press("1", "x", "#")
    call.end()
    assert [await call.key(None), await call.key(None)] == ["1", "#"]
    with pytest.raises(Ended):
        await call.key(None)


async def test_the_end_is_heard_by_who_waits_for_a_key(call: BaresipCall) -> None:
    reading = asyncio.create_task(call.key(None))
    await asyncio.sleep(0)
    call.end()
    with pytest.raises(Ended):
        await reading


@pytest.mark.rule("T14")
async def test_keys_that_nobody_reads_are_bounded(native: Native, call: BaresipCall) -> None:
    native.press(*"7" * 1000)
    for _ in range(64):
        assert await call.key(0) == "7"
    assert await call.key(0.01) is None
