# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import contextlib

import pytest
from tests.spool.inventions import (
    DAY,
    Clock,
    MakeSpool,
    following,
    lookup_of,
    opening,
    position,
    queued,
    settle_all,
    texts,
)

from safeconduct.spool.contract import Lane, Outcome, Spool
from safeconduct.spool.errors import ConversationTaken, ConversationUnknown, SpoolUnavailable


async def test_what_is_committed_waits_oldest_first(spool: Spool, clock: Clock) -> None:
    first = opening(b"one", b"two")
    assert await spool.commit(first) is Outcome.STORED
    clock.move(5)
    await spool.commit(following(first, b"three"))
    waiting = await spool.waiting(10)
    assert [each.envelope for each in waiting] == [b"one", b"two", b"three"]
    assert [each.seq for each in waiting] == sorted(each.seq for each in waiting)
    assert waiting[2].arrived - waiting[0].arrived == 5


async def test_acts_that_are_asked_together_keep_their_order(spool: Spool) -> None:
    first = opening(b"0")
    await asyncio.gather(spool.commit(first), *(spool.commit(following(first, b"%d" % n)) for n in range(1, 600)))
    assert await queued(spool) == [b"%d" % n for n in range(600)]


async def test_no_more_is_handed_out_than_was_asked_for(spool: Spool) -> None:
    await spool.commit(opening(b"one", b"two", b"three"))
    assert [each.envelope for each in await spool.waiting(2)] == [b"one", b"two"]


@pytest.mark.rule("T9")
async def test_a_repeated_key_writes_nothing(spool: Spool) -> None:
    first = opening(b"once", replies=(b"a reply",))
    assert await spool.commit(first) is Outcome.STORED
    assert await spool.commit(first) is Outcome.REPEATED
    again = following(first, b"other words", key=first.key)
    assert await spool.commit(again) is Outcome.REPEATED
    assert await queued(spool) == [b"once"]
    assert await spool.replies(first.conversation) == [b"a reply"]


@pytest.mark.rule("T9")
async def test_a_key_asked_twice_at_the_same_moment_is_stored_once(spool: Spool) -> None:
    first = opening(b"once")
    outcomes = await asyncio.gather(*(spool.commit(first) for _ in range(50)))
    assert outcomes.count(Outcome.STORED) == 1
    assert await queued(spool) == [b"once"]


async def test_a_key_is_remembered_for_eight_days_and_then_forgotten(spool: Spool, clock: Clock) -> None:
    first = opening(b"first")
    await spool.commit(first)
    again = following(first, b"again", key=first.key)
    clock.move(8 * DAY)
    await spool.sweep(clock.now)
    assert await spool.commit(again) is Outcome.REPEATED
    clock.move(DAY)
    await spool.sweep(clock.now)
    assert await spool.commit(again) is Outcome.STORED


async def test_envelopes_position_and_replies_come_in_one_act(spool: Spool) -> None:
    first = opening(b"facts", b"text", keeps=(position(b"chat", b"at the end"),), replies=(b"r1", b"r2"))
    await spool.commit(first)
    assert await queued(spool) == [b"facts", b"text"]
    assert await spool.kept("position", b"chat") == b"at the end"
    assert await spool.replies(first.conversation) == [b"r1", b"r2"]
    assert await spool.find(lookup_of(first)) is not None


async def test_a_refused_act_leaves_nothing_behind(spool: Spool) -> None:
    stranger = following(opening(), b"lost", keeps=(position(b"chat", b"x"),), replies=(b"r",))
    with pytest.raises(ConversationUnknown):
        await spool.commit(stranger)
    assert await queued(spool) == []
    assert await spool.kept("position", b"chat") is None
    with pytest.raises(ConversationUnknown):  # and its key is not used up
        await spool.commit(stranger)


async def test_one_refused_act_does_not_spoil_those_beside_it(spool: Spool) -> None:
    first = opening(b"0")
    await spool.commit(first)
    acts = [following(first, b"%d" % n) for n in range(1, 40)]
    acts.insert(20, following(opening(), b"of nobody"))
    results = await asyncio.gather(*map(spool.commit, acts), return_exceptions=True)
    assert isinstance(results.pop(20), ConversationUnknown)
    assert set(results) == {Outcome.STORED}
    assert await queued(spool) == [b"%d" % n for n in range(40)]


async def test_a_value_that_no_store_takes_is_the_callers_own_error(spool: Spool) -> None:
    first = opening(b"0")
    wrong = following(first, b"wrong", keeps=(position(b"chat", "no bytes"),))  # type: ignore[arg-type]
    acts = [first, following(first, b"1"), wrong, following(first, b"2")]
    results = await asyncio.gather(*map(spool.commit, acts), return_exceptions=True)
    assert isinstance(results.pop(2), TypeError)
    assert set(results) == {Outcome.STORED}
    assert await queued(spool) == [b"0", b"1", b"2"]


async def test_a_conversation_is_opened_once(spool: Spool) -> None:
    first, other = opening(b"mine"), opening(b"yours")
    same_lookup = opening(opens=None)
    await spool.commit(first)
    assert first.opens is not None
    for taken in (opening(conversation=first.conversation, opens=first.opens), same_lookup):
        error = ConversationUnknown if taken.opens is None else ConversationTaken
        with pytest.raises(error):
            await spool.commit(taken)
    together = await asyncio.gather(
        *(spool.commit(opening(conversation=other.conversation, opens=other.opens)) for _ in range(2)),
        return_exceptions=True,
    )
    assert [type(result) for result in together] == [Outcome, ConversationTaken]


@pytest.mark.rule("T3")
async def test_what_is_settled_is_gone_and_its_number_is_never_used_again(spool: Spool) -> None:
    first = opening(b"one", b"two")
    await spool.commit(first)
    numbers = [each.seq for each in await spool.waiting(10)]
    await spool.settle(numbers)
    assert await spool.waiting(10) == []
    await spool.commit(following(first, b"three"))
    await spool.settle([*numbers, 10**9])  # settled before, and never seen
    (third,) = await spool.waiting(10)
    assert third.envelope == b"three"
    assert third.seq > max(numbers)


async def test_one_that_stays_does_not_hold_back_those_behind_it(spool: Spool) -> None:
    await spool.commit(opening(b"one", b"two", b"three"))
    waiting = await spool.waiting(10)
    await spool.settle([waiting[0].seq, waiting[2].seq])
    assert await queued(spool) == [b"two"]


async def test_who_asked_and_went_away_harms_nobody(spool: Spool) -> None:
    first = opening(b"one")
    leaving = asyncio.ensure_future(spool.commit(first))
    await asyncio.sleep(0)
    leaving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leaving
    assert await spool.commit(first) is Outcome.REPEATED
    assert await queued(spool) == [b"one"]


async def test_closing_stores_what_was_asked_for_and_takes_no_more(make_spool: MakeSpool) -> None:
    spool = await make_spool()
    asked = [asyncio.ensure_future(spool.commit(opening(b"%d" % n))) for n in range(700)]
    await asyncio.sleep(0)
    await spool.close()
    assert set(await asyncio.gather(*asked)) == {Outcome.STORED}
    for refused in (spool.commit(opening()), spool.waiting(1)):
        with pytest.raises(SpoolUnavailable):
            await refused
    assert not await spool.accepts(Lane.FIRST)
    assert len(await queued(await make_spool())) == 700


async def test_what_was_stored_is_there_after_opening_again(make_spool: MakeSpool) -> None:
    spool = await make_spool()
    first = opening(b"one", duress=b"mark", keeps=(position(b"chat", b"here"),), replies=(b"r",))
    await spool.commit(first)
    await spool.publish("line", 3, b"document", b"content")
    await spool.close()
    again = await make_spool()
    assert await queued(again) == [b"one"]
    found = await again.find(lookup_of(first))
    assert found is not None
    assert (found.half, found.duress) == (first.opens and first.opens.half, b"mark")
    assert await again.kept("position", b"chat") == b"here"
    assert await again.replies(first.conversation) == [b"r"]


async def test_two_that_share_a_store_see_each_others_acts(make_spool: MakeSpool) -> None:
    edge, collector = await make_spool(), await make_spool()
    first = opening(b"one")
    await edge.commit(first)
    await settle_all(collector)
    await collector.deliver(first.conversation, texts(b"answer"), key=following(first).key)
    assert await queued(edge) == []
    assert await edge.replies(first.conversation) == [b"answer"]
    assert await collector.commit(first) is Outcome.REPEATED
