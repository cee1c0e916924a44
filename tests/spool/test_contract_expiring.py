# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spool.inventions import DAY, NOON, NOTICE, Clock, following, key, opening, position

from safeconduct.spool.contract import Kept, Spool, end_of

HOUR = 3_600


async def test_the_keys_of_a_kind_are_those_that_have_not_ended(spool: Spool, clock: Clock) -> None:
    for name, kind, seconds in ((b"one", "ticket", 60), (b"two", "ticket", 2 * HOUR), (b"three", "other", 60)):
        await spool.keep(Kept(kind, name, b"value", int(NOON) + seconds))
    assert await spool.kept_keys("ticket") == {b"one", b"two"}
    clock.move(HOUR)
    assert await spool.kept_keys("ticket") == {b"two"}
    await spool.forget("ticket", b"two")
    assert await spool.kept_keys("ticket") == frozenset()


async def test_a_value_is_kept_under_its_kind_and_key(spool: Spool) -> None:
    await spool.keep(Kept("ticket", b"k", b"one", int(NOON) + 60))
    await spool.keep(Kept("route", b"k", b"two", int(NOON) + 60))
    assert await spool.kept("ticket", b"k") == b"one"
    assert await spool.kept("route", b"k") == b"two"
    assert await spool.kept("ticket", b"other") is None


async def test_a_newer_value_replaces_the_older(spool: Spool) -> None:
    first = opening(keeps=(position(b"chat", b"one"),))
    await spool.commit(first)
    await spool.commit(following(first, keeps=(position(b"chat", b"two"), position(b"chat", b"three"))))
    assert await spool.kept("position", b"chat") == b"three"
    await spool.keep(position(b"chat", b"four"))
    assert await spool.kept("position", b"chat") == b"four"


async def test_a_replaced_value_belongs_to_the_act_that_replaced_it(spool: Spool) -> None:
    first, second = opening(keeps=(position(b"chat", b"one"),)), opening(keeps=(position(b"chat", b"two"),))
    await spool.commit(first)
    await spool.commit(second)
    await spool.erase(first.conversation, key=key(), notice=NOTICE)
    assert await spool.kept("position", b"chat") == b"two"
    await spool.erase(second.conversation, key=key(), notice=NOTICE)
    assert await spool.kept("position", b"chat") is None


async def test_a_value_never_comes_back_after_its_end_swept_or_not(spool: Spool, clock: Clock) -> None:
    await spool.keep(Kept("ticket", b"k", b"value", int(NOON) + 90))
    clock.move(89)
    assert await spool.kept("ticket", b"k") == b"value"
    clock.move(61)  # its minute is over
    assert await spool.kept("ticket", b"k") is None
    assert await spool.sweep(clock.now) == 1
    clock.move(-120)
    assert await spool.kept("ticket", b"k") is None


async def test_a_forgotten_value_is_gone_and_forgetting_again_is_harmless(spool: Spool) -> None:
    await spool.keep(Kept("route", b"k", b"value", int(NOON) + DAY))
    for _ in range(2):
        await spool.forget("route", b"k")
        assert await spool.kept("route", b"k") is None


async def test_a_sweep_takes_all_that_has_ended_and_nothing_else(spool: Spool, clock: Clock) -> None:
    for n in range(1_200):
        first = opening(keeps=(Kept("ticket", b"%d" % n, b"v", int(NOON) + 60),)) if n % 400 == 0 else None
        await (spool.commit(first) if first else spool.keep(Kept("ticket", b"%d" % n, b"v", int(NOON) + 60)))
    await spool.keep(Kept("ticket", b"later", b"v", int(NOON) + 2 * HOUR))
    clock.move(HOUR)
    assert await spool.sweep(clock.now) == 1_200
    assert await spool.sweep(clock.now) == 0
    assert await spool.kept("ticket", b"later") == b"v"


@pytest.mark.rule("T3")
@given(left=st.integers(1, 400 * DAY), now=st.floats(0, 4e9))
def test_an_end_is_rounded_up_and_tells_no_precise_time(left: int, now: float) -> None:
    expires = int(now) + left
    end = end_of(expires, now)
    grain = 60 if expires - now <= HOUR else HOUR if expires - now <= 7 * DAY else DAY
    assert expires <= end < expires + grain
    assert end % grain == 0
