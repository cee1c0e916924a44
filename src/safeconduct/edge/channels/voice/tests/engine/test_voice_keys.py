# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the library tells of a call, one event after the other: its keys, and that it is on hold."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from baresip import CallState, Event

from safeconduct.edge.channels.voice import baresip_call
from safeconduct.edge.channels.voice.baresip_call import BaresipCall
from safeconduct.edge.channels.voice.engine import Ended


class Native:
    """What the library has for a call, as far as a key needs it."""

    state = CallState.ESTABLISHED
    audio: Any = SimpleNamespace(flush_tx=lambda: None)

    def on(self, hear: Callable[[Any], None]) -> None:
        self._hear = hear

    async def hangup(self) -> None:
        self._hear(SimpleNamespace(event=Event.CALL_CLOSED, text=""))

    def says(self, event: Event) -> None:
        self._hear(SimpleNamespace(event=event, text=""))

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


@pytest.mark.rule("T14")
async def test_a_call_that_was_put_on_hold_and_left_there_is_lost_in_the_end(
    native: Native, call: BaresipCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baresip_call, "HELD_SECONDS", 0.05)
    native.says(Event.CALL_HOLD)
    assert not call.ended.is_set()
    async with asyncio.timeout(20):
        await call.ended.wait()
    assert call.was_lost


async def test_a_call_that_is_taken_back_from_hold_goes_on(
    native: Native, call: BaresipCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baresip_call, "HELD_SECONDS", 0.05)
    native.says(Event.CALL_HOLD)
    native.says(Event.CALL_RESUME)
    await asyncio.sleep(0.2)
    assert not call.ended.is_set()
