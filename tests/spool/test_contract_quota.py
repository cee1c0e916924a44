# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest
from tests.spool.inventions import (
    NOON,
    NOTICE,
    Clock,
    MakeSpool,
    following,
    key,
    opening,
    position,
    queued,
    sealed,
    settle_all,
)

from safeconduct.spool import acts
from safeconduct.spool.contract import Commit, Kept, Lane, Outcome, Quota, Spool
from safeconduct.spool.errors import SpoolFull
from safeconduct.spool.transaction import Transaction

SMALL = Quota(1 << 20, {Lane.FIRST: 0.2, Lane.KNOWN: 0.2, Lane.REPLY: 0.1})


async def fill(spool: Spool, lane: Lane, known: Commit, size: int = 2_000) -> int:
    """Commit until the lane refuses; how many were taken."""
    for taken in range(10_000):
        act = opening(sealed(size)) if lane is Lane.FIRST else following(known, sealed(size))
        try:
            if lane is Lane.REPLY:
                await spool.deliver(known.conversation, [sealed(size)], key=key())
            else:
                await spool.commit(act)
        except SpoolFull as full:
            assert full.lane is lane  # noqa: PT017 - how many were taken is wanted too
            return taken
    raise AssertionError("the lane never filled")


@pytest.mark.rule("T14")
@pytest.mark.parametrize("flooded", list(Lane))
async def test_a_flood_in_one_lane_leaves_the_others_their_room(make_spool: MakeSpool, flooded: Lane) -> None:
    spool, known = await make_spool(SMALL), opening()
    await spool.commit(known)
    assert await fill(spool, flooded, known) > 10
    for lane in set(Lane) - {flooded}:
        assert await spool.accepts(lane)
        assert await fill(spool, lane, known) > 10


@pytest.mark.rule("T14")
async def test_a_full_lane_is_not_shown_as_open(make_spool: MakeSpool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = await make_spool(SMALL)
    assert await spool.accepts(Lane.FIRST)
    await fill(spool, Lane.FIRST, opening())
    monkeypatch.setattr("safeconduct.spool.sqlite._PROBE_SECONDS", 0)
    assert not await spool.accepts(Lane.FIRST)
    assert await spool.accepts(Lane.KNOWN)


@pytest.mark.rule("T7", "T14")
async def test_how_full_a_lane_is_grows_with_what_it_holds_and_no_other_does(
    make_spool: MakeSpool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.spool.sqlite._PROBE_SECONDS", 0)
    spool = await make_spool(SMALL)
    assert await spool.fullness(Lane.FIRST) == 0
    taken = await fill(spool, Lane.FIRST, opening())
    assert 0.9 < await spool.fullness(Lane.FIRST) <= 1
    assert await spool.fullness(Lane.KNOWN) == 0
    waiting = await spool.waiting(1000)
    await spool.settle([each.seq for each in waiting[: taken * 2 // 3]])
    assert 0.1 < await spool.fullness(Lane.FIRST) < 0.8
    await spool.close()
    assert await spool.fullness(Lane.FIRST) == 1


@pytest.mark.rule("T9")
async def test_all_who_ask_at_once_get_one_true_answer(make_spool: MakeSpool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = await make_spool(SMALL)
    assert await asyncio.gather(*(spool.accepts(Lane.FIRST) for _ in range(5))) == [True] * 5
    await fill(spool, Lane.FIRST, opening())
    monkeypatch.setattr("safeconduct.spool.sqlite._PROBE_SECONDS", 0)  # as after an idle second
    assert await asyncio.gather(*(spool.accepts(Lane.FIRST) for _ in range(5))) == [False] * 5


async def test_one_question_answers_all_who_ask_at_once(make_spool: MakeSpool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    really = acts.probe

    def counted(transaction: Transaction, size: int) -> dict[Lane, int]:
        asked.append(size)
        return really(transaction, size)

    monkeypatch.setattr(acts, "probe", counted)
    spool = await make_spool(SMALL)
    await asyncio.gather(*(spool.accepts(lane) for lane in Lane for _ in range(5)))
    assert len(asked) == 1


@pytest.mark.rule("T9")
async def test_a_lane_that_was_full_takes_again_when_the_desk_has_collected(make_spool: MakeSpool) -> None:
    spool = await make_spool(SMALL)
    taken = await fill(spool, Lane.FIRST, opening())
    assert len(await queued(spool)) == taken
    await settle_all(spool)
    assert await spool.commit(opening(sealed(2_000))) is Outcome.STORED


@pytest.mark.rule("R48", "T14")
async def test_an_erasure_is_taken_when_every_lane_is_full(make_spool: MakeSpool) -> None:
    spool, known = await make_spool(SMALL), opening(b"to erase")
    await spool.commit(known)
    for lane in Lane:
        await fill(spool, lane, known)
    assert await spool.erase(known.conversation, key=key(), notice=sealed(2_000)) is Outcome.STORED
    assert b"to erase" not in await queued(spool)


async def test_all_room_comes_back_when_all_is_gone(make_spool: MakeSpool, clock: Clock) -> None:
    spool, counts = await make_spool(SMALL), []
    for _ in range(3):
        known = opening(duress=b"mark", keeps=(position(b"chat", b"x"), position(b"chat", b"longer")), replies=(b"r",))
        await spool.commit(known)
        counts.append([await fill(spool, lane, known) for lane in Lane])
        await spool.erase(known.conversation, key=key(), notice=NOTICE)
        await settle_all(spool)
        clock.move(400 * 86_400)
        await spool.sweep(clock.now)
        clock.now -= 400 * 86_400
    assert counts[0] == counts[1] == counts[2]


def test_a_quota_names_every_lane_and_shares_no_more_than_there_is() -> None:
    with pytest.raises(ValueError, match="every lane"):
        Quota(1 << 20, {Lane.FIRST: 1.0})
    with pytest.raises(ValueError, match="together at most 1"):
        Quota(1 << 20, {Lane.FIRST: 0.5, Lane.KNOWN: 0.5, Lane.REPLY: 0.1})


@pytest.mark.rule("T14")
async def test_what_the_desk_tells_is_replaced_for_ever_whatever_first_contacts_hold(make_spool: MakeSpool) -> None:
    spool = await make_spool(SMALL)
    await fill(spool, Lane.FIRST, opening())
    for number in range(100):  # three times what the lane holds, if one were added to the other
        said = number.to_bytes(1) * 4_000
        await spool.keep(Kept("duty", b"now", said, int(NOON) + 120), lane=Lane.REPLY)
        assert await spool.kept("duty", b"now") == said
