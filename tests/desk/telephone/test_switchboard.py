# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who rings, who answers, and what happens when one of them is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field

import pytest
from tests.desk.telephone.parts import Hours, SomeBrowser, SomeCaller

from safeconduct.desk.telephone.errors import Refusal
from safeconduct.desk.telephone.messages import Picture
from safeconduct.desk.telephone.switchboard import Patience, Switchboard


@dataclass
class House:
    """A switchboard at which olena and marko look at their phones."""

    board: Switchboard
    hours: Hours
    browsers: list[SomeBrowser]
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def rings(self, caller: SomeCaller) -> str:
        """Let it ring; the name of the call at that phone, or nothing."""
        self.tasks.add(asyncio.create_task(self.board.ring(caller)))
        await settled()
        return (await self.look(caller.told.phone)).call

    async def look(self, phone: str) -> Picture:
        return await self.board.look(phone, -1, 0)

    async def talks(self, caller: SomeCaller) -> str:
        call = await self.rings(caller)
        await self.board.answer(caller.told.phone, call, "offer")
        await settled()
        return call


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    hours, browsers = Hours(), [SomeBrowser()]
    patience = Patience(page=15, look=0.01, refusal=0)
    house = House(Switchboard(lambda: browsers[-1], patience=patience, clock=hours), hours, browsers)
    await house.look("olena")
    await house.look("marko")
    yield house
    await house.board.close()
    await asyncio.gather(*house.tasks)


async def test_the_caller_is_answered_only_after_the_browser_can_hear(house: House) -> None:
    caller = SomeCaller("olena")
    await house.talks(caller)
    assert house.browsers[0].did == ["connected", "joined"]
    assert caller.did == ["answered"]
    assert (await house.look("olena")).state == "talking"


async def test_who_waits_longer_than_nothing_is_told_of_the_ring_at_once(house: House) -> None:
    known = (await house.look("olena")).version
    looking = asyncio.create_task(house.board.look("olena", known, 10))
    await settled()
    assert not looking.done()
    await house.rings(SomeCaller("olena"))
    seen = await asyncio.wait_for(looking, 20)
    assert (seen.state, seen.language, seen.waited) == ("ringing", "uk", 30)


@pytest.mark.rule("T6")
@pytest.mark.parametrize("act", ["answer", "hold", "press", "hang up"])
async def test_nobody_reaches_a_call_at_anothers_phone(house: House, act: str) -> None:
    caller = SomeCaller("olena")
    call = await house.talks(caller)
    acts: dict[str, Callable[[], Coroutine[None, None, object]]] = {
        "answer": lambda: house.board.answer("marko", call, "offer"),
        "hold": lambda: house.board.hold("marko", call, on=True),
        "press": lambda: house.board.press("marko", call, "1"),
    }
    if act in acts:
        with pytest.raises(Refusal, match="unknown call"):
            await acts[act]()
    else:
        await house.board.hang_up("marko", call)
    assert caller.did == ["answered"]
    assert (await house.look("marko")).state == "idle"


async def test_a_window_that_still_shows_the_last_call_does_nothing_to_the_next(house: House) -> None:
    first = SomeCaller("olena")
    old = await house.talks(first)
    await first.hang_up()
    await settled()
    house.browsers.append(SomeBrowser())
    second = SomeCaller("olena")
    await house.talks(second)
    await house.board.hang_up("olena", old)
    with pytest.raises(Refusal, match="unknown call"):
        await house.board.press("olena", old, "1")
    assert second.did == ["answered"]


async def test_a_second_window_cannot_answer_what_is_answered(house: House) -> None:
    call = await house.talks(SomeCaller("olena"))
    with pytest.raises(Refusal, match="too late"):
        await house.board.answer("olena", call, "offer")


@pytest.mark.parametrize("phone", ["nobody", ""])
async def test_a_phone_that_nobody_has_open_declines(house: House, phone: str) -> None:
    caller = SomeCaller(phone)
    await house.board.ring(caller)
    assert caller.did == ["ended"]


async def test_a_phone_whose_page_was_left_declines(house: House) -> None:
    house.hours.passed = 16
    caller = SomeCaller("olena")
    await house.board.ring(caller)
    assert caller.did == ["ended"]


async def test_a_busy_phone_declines_and_its_call_goes_on(house: House) -> None:
    await house.talks(SomeCaller("olena"))
    second = SomeCaller("olena")
    await house.board.ring(second)
    assert second.did == ["ended"]
    assert (await house.look("olena")).state == "talking"


async def test_a_page_that_asks_no_more_ends_its_call_and_the_line_is_told(house: House) -> None:
    caller = SomeCaller("olena")
    await house.talks(caller)
    watching = asyncio.create_task(house.board.watch())
    house.hours.passed = 16
    await asyncio.wait_for(caller.ended.wait(), 20)
    watching.cancel()
    await settled()
    assert caller.did == ["answered", "lost"]
    assert house.browsers[0].did[-1] == "closed"
    assert (await house.look("olena")).before == "lost"


async def test_a_browser_that_brings_no_sound_leaves_the_call_ringing_for_another_try(house: House) -> None:
    house.browsers.append(SomeBrowser(connects=False))
    caller = SomeCaller("olena")
    call = await house.talks(caller)
    seen = await house.look("olena")
    assert (seen.state, seen.before, caller.did) == ("ringing", "silent", [])
    house.browsers.append(SomeBrowser())
    await house.board.answer("olena", call, "offer")
    await settled()
    assert caller.did == ["answered"]


async def test_an_offer_that_cannot_be_read_leaves_the_call_ringing(house: House) -> None:
    house.browsers.append(SomeBrowser(readable=False))
    caller = SomeCaller("olena")
    call = await house.rings(caller)
    with pytest.raises(Refusal, match="bad offer"):
        await house.board.answer("olena", call, "?")
    assert (await house.look("olena")).state == "ringing"
    assert house.browsers[-1].did == ["closed"]


async def test_a_caller_who_goes_while_the_browser_connects_is_told_as_missed(house: House) -> None:
    await house.talks(SomeCaller("olena", is_gone=True))
    assert (await house.look("olena")).before == "missed"
    assert house.browsers[0].did == ["connected", "closed"]


async def test_a_browser_that_is_lost_ends_the_call_and_the_line_is_told(house: House) -> None:
    caller = SomeCaller("olena")
    await house.talks(caller)
    house.browsers[0].ended.set()
    await settled()
    assert caller.did == ["answered", "lost"]
    assert (await house.look("olena")).before == "lost"


async def test_sound_stops_before_the_line_is_asked_to_hold_and_goes_on_where_it_cannot(house: House) -> None:
    caller = SomeCaller("olena", holds=False)
    call = await house.talks(caller)
    with pytest.raises(Refusal, match="not possible now"):
        await house.board.hold("olena", call, on=True)
    assert house.browsers[0].did[-2:] == ["paused", "on"]
    assert (await house.look("olena")).state == "talking"


async def test_keys_and_hold_are_for_a_call_that_is_answered(house: House) -> None:
    call = await house.rings(SomeCaller("olena"))
    for act in (house.board.press("olena", call, "1"), house.board.hold("olena", call, on=True)):
        with pytest.raises(Refusal, match="not possible now"):
            await act


@pytest.mark.parametrize("pressed", [["*2104#"], list("*2104#")])
async def test_who_handed_a_call_over_is_not_told_that_the_caller_hung_up(house: House, pressed: list[str]) -> None:
    caller = SomeCaller("olena")
    call = await house.talks(caller)
    for keys in pressed:
        await house.board.press("olena", call, keys)
    caller.ended.set()
    await settled()
    assert (await house.look("olena")).before == "handed"


@pytest.mark.parametrize(("keys", "passed"), [("*2104#", 31), ("*3104#", 0), ("*2#", 0)])
async def test_where_nobody_came_or_somebody_only_joined_it_was_the_caller_who_hung_up(
    house: House, keys: str, passed: float
) -> None:
    caller = SomeCaller("olena")
    call = await house.talks(caller)
    await house.board.press("olena", call, keys)
    house.hours.passed = passed
    caller.ended.set()
    await settled()
    assert (await house.look("olena")).before == "caller"
