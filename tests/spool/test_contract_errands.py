# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio

import pytest
from tests.spool.inventions import (
    DAY,
    NOON,
    NOTICE,
    Clock,
    MakeSpool,
    errand,
    following,
    key,
    number_of,
    opening,
    ready,
    settle_all,
    texts,
)

from safeconduct.spool.contract import Commit, Due, Lane, Outcome, Quota, Spool
from safeconduct.spool.errors import ConversationUnknown, SpoolFull


async def started(spool: Spool, *bodies: bytes) -> Commit:
    """A conversation with these errands."""
    first = opening(errands=tuple(map(errand, bodies)))
    await spool.commit(first)
    return first


def finishing(first: Commit, *numbers: int) -> Commit:
    return following(first, envelopes=(), finishes=numbers)


async def test_an_errand_is_shown_whole_to_the_worker_of_its_channel(spool: Spool) -> None:
    first = opening(errands=(errand(b"hello"),))
    await spool.commit(first)
    (due,) = await spool.errands("telegram", NOON, 10)
    assert due == Due(due.number, first.conversation, "send", b"hello", int(NOON), 0, begun=False)
    assert await spool.errands("sms", NOON, 10) == []


async def test_nothing_is_shown_before_it_is_due(spool: Spool) -> None:
    await spool.commit(opening(errands=(errand(after=60),)))
    assert await ready(spool, NOON + 59) == []
    assert await ready(spool, NOON + 60) == [b"hello"]


async def test_a_queue_shows_only_its_first_and_no_other_queue_waits_for_it(spool: Spool) -> None:
    await spool.commit(opening(errands=(errand(b"one"), errand(b"two"), errand(b"wipe", queue="wipe"))))
    await started(spool, b"another person's")
    assert await ready(spool) == [b"one", b"wipe", b"another person's"]


async def test_those_behind_wait_for_one_that_is_put_off_begun_or_not_due(spool: Spool) -> None:
    first = await started(spool, b"one", b"two")
    one = await number_of(spool, b"one")
    await spool.begin(one)
    assert await ready(spool) == []
    await spool.put_off(one, int(NOON) + 60)
    assert await ready(spool) == []
    assert await ready(spool, NOON + 60) == [b"one"]
    await spool.commit(finishing(first, one))
    assert await ready(spool) == [b"two"]


async def test_the_most_pressing_come_first_and_then_the_oldest(spool: Spool) -> None:
    for n, priority in enumerate((2, 1, 0, 1, 0)):
        await spool.commit(opening(errands=(errand(b"%d" % n, priority=priority),)))
    assert await ready(spool) == [b"2", b"4", b"1", b"3", b"0"]
    assert await ready(spool, limit=3) == [b"2", b"4", b"1"]


async def test_acts_that_are_asked_together_keep_the_order_of_their_errands(spool: Spool) -> None:
    first, done = opening(), []
    acts = [following(first, errands=(errand(b"%d a" % n), errand(b"%d b" % n))) for n in range(20)]
    await asyncio.gather(spool.commit(first), *map(spool.commit, acts))
    while shown := await spool.errands("telegram", NOON, 10):
        done.append(shown[0].body)
        await spool.commit(finishing(first, shown[0].number))
    assert done == [b"%d %s" % (n, part) for n in range(20) for part in (b"a", b"b")]


async def test_an_errand_begins_once(spool: Spool) -> None:
    first = await started(spool, b"hello")
    number = await number_of(spool)
    assert sorted(await asyncio.gather(*(spool.begin(number) for _ in range(5)))) == [False] * 4 + [True]
    assert await ready(spool) == []
    (begun,) = await spool.begun("telegram")
    assert begun == Due(number, first.conversation, "send", b"hello", int(NOON), 0, begun=True)
    assert await spool.begun("sms") == []


async def test_one_that_is_put_off_counts_an_attempt_and_may_begin_again(spool: Spool) -> None:
    await started(spool, b"hello")
    number = await number_of(spool)
    await spool.begin(number)
    await spool.put_off(number, int(NOON) + 30)
    assert await spool.begun("telegram") == []
    (due,) = await spool.errands("telegram", NOON + 30, 10)
    assert (due.due, due.attempts, due.begun) == (int(NOON) + 30, 1, False)
    assert await spool.begin(number)
    await spool.put_off(number + 1, int(NOON))  # never seen


async def test_a_finished_errand_is_gone_and_its_number_is_never_used_again(spool: Spool) -> None:
    first = await started(spool, b"hello")
    number = await number_of(spool)
    await spool.begin(number)
    await spool.commit(finishing(first, number))
    assert await spool.begun("telegram") == []
    assert not await spool.begin(number)
    await spool.commit(following(first, errands=(errand(b"next"),)))
    assert await number_of(spool, b"next") > number
    await spool.commit(finishing(first, number, 10**12))
    assert await ready(spool) == [b"next"]


@pytest.mark.rule("T9")
async def test_an_errand_ends_in_the_act_that_takes_its_place_or_not_at_all(spool: Spool) -> None:
    first = await started(spool, b"question")
    number, answer = await number_of(spool, b"question"), errand(b"answer")
    unknown = following(opening(), finishes=(number,), errands=(answer,))
    with pytest.raises(ConversationUnknown):
        await spool.commit(unknown)
    assert await ready(spool) == [b"question"]
    await spool.commit(following(first, finishes=(number,), errands=(answer,)))
    assert await ready(spool) == [b"answer"]


@pytest.mark.rule("T9")
async def test_a_repeated_act_adds_and_ends_no_errand(spool: Spool) -> None:
    first = await started(spool, b"one")
    number = await number_of(spool, b"one")
    again = following(first, key=first.key, errands=(errand(b"twice"),), finishes=(number,), supersedes=True)
    assert await spool.commit(again) is Outcome.REPEATED
    assert await ready(spool) == [b"one"]


async def test_nobody_finishes_an_errand_of_another_conversation(spool: Spool) -> None:
    await started(spool, b"hello")
    other = await started(spool, b"other")
    await spool.commit(finishing(other, await number_of(spool)))
    assert await ready(spool) == [b"hello", b"other"]


async def test_a_newer_act_takes_the_place_of_what_is_replaceable_and_has_not_begun(spool: Spool) -> None:
    waits, stays = errand(b"reminder", replaceable=True), errand(b"receipt", queue="other")
    goes = errand(b"under way", queue="third", replaceable=True)
    first = opening(errands=(waits, stays, goes))
    await spool.commit(first)
    await spool.commit(opening(errands=(errand(b"another person's", replaceable=True),)))
    await spool.begin(await number_of(spool, b"under way"))
    newer = errand(b"newer", replaceable=True)
    await spool.commit(following(first, errands=(newer,), supersedes=True))
    assert await ready(spool) == [b"receipt", b"another person's", b"newer"]
    assert [due.body for due in await spool.begun("telegram")] == [b"under way"]


async def test_an_act_makes_due_what_waits_in_a_queue_of_its_conversation_and_nothing_else(spool: Spool) -> None:
    waits = (errand(b"reply", queue="reply", after=3600), errand(b"wipe", queue="wipe", after=3600))
    first, other = opening(errands=waits), opening(errands=(errand(b"another person's", queue="reply", after=3600),))
    await asyncio.gather(spool.commit(first), spool.commit(other))
    await spool.commit(following(first, hastens="reply"))
    (due,) = await spool.errands("telegram", NOON, 10)
    assert (due.body, due.due, due.attempts) == (b"reply", int(NOON), 0)
    await spool.begin(due.number)
    await spool.commit(following(first, hastens="reply"))
    assert [one.body for one in await spool.begun("telegram")] == [b"reply"]


async def test_acts_that_are_asked_together_supersede_as_if_one_came_after_the_other(spool: Spool) -> None:
    first = opening(errands=(errand(b"0", replaceable=True), errand(b"stays", queue="other")))
    newer = [
        following(first, errands=(errand(b"%d" % n, replaceable=True),), supersedes=n % 2 == 1) for n in range(1, 4)
    ]
    other = opening(errands=(errand(b"another person's", replaceable=True),))
    await asyncio.gather(*map(spool.commit, (first, other, *newer)))
    assert await ready(spool) == [b"stays", b"another person's", b"3"]


async def test_a_reply_and_the_errand_that_carries_it_come_in_one_act(spool: Spool) -> None:
    first, once = opening(), key()
    await spool.commit(first)
    for outcome in (Outcome.STORED, Outcome.REPEATED):
        carried = [errand(b"a"), errand(b"b", queue="wipe")]
        assert await spool.deliver(first.conversation, texts(b"answer"), key=once, errands=carried) is outcome
    assert await spool.replies(first.conversation) == [b"answer"]
    assert await ready(spool) == [b"a", b"b"]


async def test_a_worker_knows_how_long_it_may_sleep(spool: Spool) -> None:
    assert await spool.next_due("telegram") is None
    first = opening(errands=(errand(b"one", after=60), errand(b"behind it", after=10)))
    await spool.commit(first)
    assert await spool.next_due("telegram") == int(NOON) + 60
    await spool.commit(opening(errands=(errand(b"sooner", after=30),)))
    assert await spool.next_due("telegram") == int(NOON) + 30
    (sooner,) = await spool.errands("telegram", NOON + 30, 10)
    await spool.begin(sooner.number)
    assert await spool.next_due("telegram") == int(NOON) + 60
    assert await spool.next_due("sms") is None


@pytest.mark.rule("R48", "T3")
async def test_an_erasure_destroys_the_errands_of_its_conversation_and_no_others(spool: Spool) -> None:
    first, other = await started(spool, b"begun", b"waits"), await started(spool, b"stays")
    number = await number_of(spool, b"begun")
    await spool.begin(number)
    await spool.erase(first.conversation, key=key(), notice=NOTICE)
    assert await spool.begun("telegram") == []
    assert not await spool.begin(number)
    await spool.put_off(number, int(NOON))
    assert await ready(spool) == [b"stays"]
    with pytest.raises(ConversationUnknown):
        await spool.commit(finishing(first, number))
    await spool.commit(finishing(other))


async def test_errands_of_an_expired_conversation_are_shown_no_more_and_swept_with_it(
    spool: Spool, clock: Clock
) -> None:
    first = opening(days=1, errands=(errand(b"one"), errand(b"two", queue="wipe")))
    await spool.commit(first)
    one, two = await number_of(spool, b"one"), await number_of(spool, b"two")
    await spool.begin(two)
    clock.move(3 * DAY)
    assert (await ready(spool), await spool.begun("telegram"), await spool.next_due("telegram")) == ([], [], None)
    assert not await spool.begin(one)
    await settle_all(spool)
    assert await spool.sweep(clock.now) == 1
    clock.move(-3 * DAY)
    assert (await ready(spool), await spool.begun("telegram")) == ([], [])


async def test_errands_count_in_the_lane_of_their_act_and_a_delivered_one_as_a_reply(make_spool: MakeSpool) -> None:
    small = Quota(1 << 20, {Lane.FIRST: 0.2, Lane.KNOWN: 0.2, Lane.REPLY: 0.1})
    spool, first, big = await make_spool(small), opening(), errand(bytes(220_000))
    await spool.commit(first)
    for refused, lane in (
        (spool.commit(opening(errands=(big,))), Lane.FIRST),
        (spool.commit(following(first, errands=(big,))), Lane.KNOWN),
        (spool.deliver(first.conversation, (), key=key(), errands=(big,)), Lane.REPLY),
    ):
        with pytest.raises(SpoolFull) as full:
            await refused
        assert full.value.lane is lane
    assert await ready(spool) == []


@pytest.mark.rule("T14")
async def test_what_was_done_is_noted_when_the_lane_is_full(make_spool: MakeSpool) -> None:
    spool = await make_spool(Quota(1 << 20, {Lane.FIRST: 0.2, Lane.KNOWN: 0.2, Lane.REPLY: 0.1}))
    first = await started(spool, b"hello")
    number = await number_of(spool)
    keys_alone = [finishing(first, number + 1) for _ in range(1_700)]
    results = await asyncio.gather(*map(spool.commit, keys_alone), return_exceptions=True)
    assert isinstance(results[-1], SpoolFull)
    assert await spool.commit(finishing(first, number)) is Outcome.STORED


async def test_all_room_comes_back_when_errands_are_gone(make_spool: MakeSpool, clock: Clock) -> None:
    spool = await make_spool(Quota(1 << 20, {Lane.FIRST: 0.2, Lane.KNOWN: 0.2, Lane.REPLY: 0.1}))
    for _ in range(30):  # each round takes more than a tenth of its lanes
        first = opening(errands=(errand(bytes(25_000), replaceable=True),))
        acts = [first, following(first, errands=(errand(bytes(25_000), replaceable=True),), supersedes=True)]
        await asyncio.gather(*map(spool.commit, acts))  # the first one's is never written
        await spool.commit(following(first, errands=(errand(bytes(25_000)),), supersedes=True))
        (due,) = await spool.errands("telegram", NOON, 10)
        await spool.commit(following(first, finishes=(due.number,), errands=(errand(bytes(25_000)),)))
        await spool.deliver(first.conversation, (), key=key(), errands=[errand(bytes(12_000))])
        await spool.erase(first.conversation, key=key(), notice=NOTICE)
        await settle_all(spool)
    assert await spool.accepts(Lane.REPLY)


async def test_errands_are_there_after_opening_again(make_spool: MakeSpool) -> None:
    spool = await make_spool()
    first = opening(errands=(errand(b"one"), errand(b"two", queue="wipe")))
    await spool.commit(first)
    await spool.begin(await number_of(spool, b"two"))
    await spool.close()
    again = await make_spool()
    assert await ready(again) == [b"one"]
    assert [due.body for due in await again.begun("telegram")] == [b"two"]


async def test_all_of_a_conversations_queue_is_shown_due_or_not(spool: Spool) -> None:
    wipe = [errand(b"first", queue="wipe", after=3600), errand(b"second", queue="wipe")]
    first = opening(errands=(*wipe, errand(b"hello")))
    await spool.commit(first)
    await started(spool, b"another person's")
    shown = await spool.errands_of(first.conversation, "wipe")
    assert [due.body for due in shown] == [b"first", b"second"]
