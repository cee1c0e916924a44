# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest
from tests.spool.inventions import (
    NOON,
    Clock,
    MakeSpool,
    errand,
    following,
    number_of,
    opening,
    queued,
    ready,
)

from safeconduct.spool.contract import Fence, Outcome, Spool
from safeconduct.spool.errors import FencedOff

NAME = "channel/telegram"
HOUR = 3_600


async def test_a_lease_has_one_holder_until_it_runs_out(spool: Spool, clock: Clock) -> None:
    assert await spool.lease(NAME, b"one", 30) == Fence(NAME, 1)
    clock.move(29)
    assert await spool.lease(NAME, b"two", 30) is None
    assert await spool.lease("channel/sms", b"two", 30) == Fence("channel/sms", 1)
    clock.move(1)
    assert await spool.lease(NAME, b"two", 30) == Fence(NAME, 2)
    assert await spool.lease(NAME, b"one", 30) is None


async def test_a_holder_renews_under_the_same_number(spool: Spool, clock: Clock) -> None:
    for _ in range(5):
        assert await spool.lease(NAME, b"one", 30) == Fence(NAME, 1)
        clock.move(20)
    clock.move(60)  # it ran out and nobody else took it
    assert await spool.lease(NAME, b"one", 30) == Fence(NAME, 1)
    assert await spool.lease(NAME, b"two", 30) is None


async def test_whoever_comes_back_after_another_gets_a_new_number(spool: Spool, clock: Clock) -> None:
    for number, holder in enumerate((b"one", b"two", b"one"), start=1):
        assert await spool.lease(NAME, holder, 30) == Fence(NAME, number)
        clock.move(31)


async def test_a_released_lease_is_free_at_once_and_no_number_comes_twice(spool: Spool) -> None:
    for number, holder in enumerate((b"one", b"two", b"two"), start=1):
        fence = await spool.lease(NAME, holder, 30)
        assert fence == Fence(NAME, number)
        await spool.release(fence)
    await spool.lease(NAME, b"three", 30)
    await spool.release(Fence(NAME, 3))  # it is another's by now
    assert await spool.lease(NAME, b"four", 30) is None


async def test_of_many_who_ask_at_once_one_gets_it(make_spool: MakeSpool) -> None:
    spools = [await make_spool() for _ in range(3)]
    asked = [spool.lease(NAME, b"%d" % n, 30) for n, spool in enumerate(spools * 5)]
    fences = [fence for fence in await asyncio.gather(*asked) if fence is not None]
    assert fences == [Fence(NAME, 1)]


async def test_a_clock_that_is_set_back_makes_no_lease_eternal(spool: Spool, clock: Clock) -> None:
    await spool.lease(NAME, b"dead", 30)
    clock.move(-24 * HOUR)
    assert await spool.lease(NAME, b"two", 5) is None
    clock.move(29)
    assert await spool.lease(NAME, b"two", 5) is None  # the 30 seconds of its holder, not those of the asker
    clock.move(1)
    assert await spool.lease(NAME, b"two", 5) == Fence(NAME, 2)


async def lost(spool: Spool, clock: Clock) -> Fence:
    """A fence whose lease is another's by now."""
    fence = await spool.lease(NAME, b"slow", 30)
    assert fence is not None
    clock.move(30)
    assert await spool.lease(NAME, b"next", 30) is not None
    return fence


async def test_an_act_behind_a_fence_is_stored_until_another_holds_the_lease(spool: Spool, clock: Clock) -> None:
    fence, first = await spool.lease(NAME, b"one", 30), opening(b"one")
    await spool.commit(first)
    clock.move(HOUR)  # run out, but nobody else has it
    assert await spool.commit(following(first, b"two", fence=fence)) is Outcome.STORED
    newer = await spool.lease(NAME, b"two", 30)
    with pytest.raises(FencedOff) as refused:
        await spool.commit(following(first, b"late", fence=fence))
    assert refused.value.fence == fence
    assert await spool.commit(following(first, b"three", fence=newer)) is Outcome.STORED
    assert await queued(spool) == [b"one", b"two", b"three"]


async def test_a_fenced_off_act_leaves_nothing_and_does_not_spoil_those_beside_it(spool: Spool, clock: Clock) -> None:
    fence, first = await lost(spool, clock), opening(b"0", errands=(errand(),))
    await spool.commit(first)
    late = following(
        first, b"late", errands=(errand(b"late"),), finishes=(await number_of(spool),), duress=b"late", fence=fence
    )
    beside = [following(first, b"1"), late, following(first, b"2")]
    results = await asyncio.gather(*map(spool.commit, beside), return_exceptions=True)
    assert isinstance(results.pop(1), FencedOff)
    assert set(results) == {Outcome.STORED}
    assert await queued(spool) == [b"0", b"1", b"2"]
    assert await ready(spool) == [b"hello"]


async def test_errands_are_neither_begun_nor_put_off_behind_a_lost_fence(spool: Spool, clock: Clock) -> None:
    fence = await lost(spool, clock)
    await spool.commit(opening(errands=(errand(),)))
    number = await number_of(spool)
    for refused in (spool.begin(number, fence=fence), spool.put_off(number, int(NOON) + HOUR, fence=fence)):
        with pytest.raises(FencedOff):
            await refused
    assert await ready(spool) == [b"hello"]
    assert await spool.begin(number, fence=Fence(NAME, 2))


async def test_a_released_or_invented_fence_is_refused(spool: Spool) -> None:
    fence, first = await spool.lease(NAME, b"one", 30), opening()
    assert fence is not None
    await spool.commit(first)
    await spool.release(fence)
    for refused in (fence, Fence("channel/none", 1), Fence(NAME, 7)):
        with pytest.raises(FencedOff):
            await spool.commit(following(first, fence=refused))
