# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from dataclasses import replace

import pytest
from tests.spool.inventions import (
    DAY,
    NOTICE,
    Clock,
    MakeSpool,
    following,
    key,
    lookup_of,
    opening,
    position,
    queued,
    texts,
)

from safeconduct.spool.contract import Found, Outcome, Spool
from safeconduct.spool.errors import ConversationUnknown
from safeconduct.vocabulary.identifiers import ConversationId, LookupId


async def test_a_lookup_leads_to_its_conversation_and_no_other_to_any(spool: Spool) -> None:
    first = opening(duress=b"mark")
    await spool.commit(first)
    assert first.opens is not None
    assert await spool.find(first.opens.lookup) == Found(first.conversation, first.opens.half, b"mark")
    assert await spool.find(LookupId(bytes(16))) is None


async def test_replies_come_in_the_order_of_their_delivery(spool: Spool) -> None:
    first = opening(replies=(b"0", b"1"))
    await spool.commit(first)
    await spool.deliver(first.conversation, texts(b"2", b"3"), key=key())
    await spool.commit(following(first, replies=(b"4",)))
    assert await spool.replies(first.conversation) == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_delivery_is_made_once(spool: Spool) -> None:
    first, once = opening(), key()
    await spool.commit(first)
    assert await spool.deliver(first.conversation, texts(b"answer"), key=once) is Outcome.STORED
    assert await spool.deliver(first.conversation, texts(b"answer"), key=once) is Outcome.REPEATED
    assert await spool.replies(first.conversation) == [b"answer"]


async def test_nothing_is_delivered_to_an_unknown_conversation(spool: Spool) -> None:
    with pytest.raises(ConversationUnknown):
        await spool.deliver(ConversationId(bytes(16)), texts(b"answer"), key=key())


async def test_a_conversation_lasts_to_the_end_of_its_day_and_not_longer(spool: Spool, clock: Clock) -> None:
    first = opening(b"one", days=10, replies=(b"r",))
    await spool.commit(first)
    clock.move(10.4 * DAY)  # the same day, later than the moment that was asked for
    assert await spool.find(lookup_of(first)) is not None
    clock.move(0.2 * DAY)
    assert await spool.find(lookup_of(first)) is None
    assert await spool.replies(first.conversation) == []
    with pytest.raises(ConversationUnknown):
        await spool.deliver(first.conversation, texts(b"late"), key=key())
    with pytest.raises(ConversationUnknown):
        await spool.commit(following(first, b"late"))


@pytest.mark.rule("R48", "T3")
async def test_an_erasure_destroys_all_and_tells_the_desk(spool: Spool) -> None:
    first = opening(b"facts", b"text", keeps=(position(b"chat", b"here"),), replies=(b"r",))
    await spool.commit(first)
    await spool.deliver(first.conversation, texts(b"answer"), key=key())
    assert await spool.erase(first.conversation, key=key(), notice=NOTICE) is Outcome.STORED
    assert await queued(spool) == [b"notice"]
    assert await spool.find(lookup_of(first)) is None
    assert await spool.replies(first.conversation) == []
    assert await spool.kept("position", b"chat") is None


@pytest.mark.rule("R48")
async def test_after_an_erasure_nothing_more_enters(spool: Spool) -> None:
    first = opening()
    await spool.commit(first)
    late = following(first, b"late", keeps=(position(b"chat", b"x"),))
    erased, refused = await asyncio.gather(
        spool.erase(first.conversation, key=key(), notice=NOTICE), spool.commit(late), return_exceptions=True
    )
    assert erased is Outcome.STORED
    assert isinstance(refused, ConversationUnknown)
    with pytest.raises(ConversationUnknown):
        await spool.deliver(first.conversation, texts(b"answer"), key=key())
    assert await queued(spool) == [b"notice"]


@pytest.mark.rule("R48")
async def test_an_erasure_touches_no_other_conversation(spool: Spool) -> None:
    erased = opening(b"gone", keeps=(position(b"a", b"gone"),))
    other = opening(b"stays", keeps=(position(b"b", b"stays"),), replies=(b"stays",))
    await asyncio.gather(spool.commit(erased), spool.commit(other))
    await spool.erase(erased.conversation, key=key(), notice=NOTICE)
    newer = opening(b"newer", replies=(b"newer",))
    await spool.commit(newer)
    assert await queued(spool) == [b"stays", b"notice", b"newer"]
    assert await spool.kept("position", b"b") == b"stays"
    assert await spool.replies(other.conversation) == [b"stays"]
    assert await spool.replies(newer.conversation) == [b"newer"]
    assert await spool.find(lookup_of(other)) is not None


async def test_a_second_erasure_finds_nothing_and_sends_no_second_notice(spool: Spool) -> None:
    first, once = opening(), key()
    await spool.commit(first)
    await spool.erase(first.conversation, key=once, notice=NOTICE)
    for again in (once, key()):
        assert await spool.erase(first.conversation, key=again, notice=NOTICE) is Outcome.REPEATED
    assert await queued(spool) == [b"notice"]


async def test_a_sweep_takes_expired_conversations_with_their_mailboxes(spool: Spool, clock: Clock) -> None:
    old, new = opening(b"old", days=1, replies=(b"r",)), opening(b"new", days=100, replies=(b"r",))
    await asyncio.gather(spool.commit(old), spool.commit(new))
    waiting = await spool.waiting(10)
    await spool.settle([each.seq for each in waiting])
    clock.move(3 * DAY)
    assert await spool.sweep(clock.now) == 1
    assert await spool.find(lookup_of(new)) is not None
    clock.now -= 3 * DAY  # it is gone, not only hidden
    assert await spool.find(lookup_of(old)) is None


@pytest.mark.rule("T9")
async def test_what_waits_reaches_the_desk_though_its_conversation_has_expired(spool: Spool, clock: Clock) -> None:
    first = opening(b"accepted long ago", days=1)
    await spool.commit(first)
    clock.move(3 * DAY)
    await spool.sweep(clock.now)
    (waiting,) = await spool.waiting(10)
    assert waiting.envelope == b"accepted long ago"
    await spool.settle([waiting.seq])
    assert await spool.sweep(clock.now) == 1  # now the conversation goes


async def test_a_conversation_lives_on_for_as_long_again_after_a_word_of_either_side(
    spool: Spool, clock: Clock
) -> None:
    first = opening(b"first", days=10)
    await spool.commit(first)
    clock.move(8 * DAY)
    await spool.commit(following(first, b"still here"))
    clock.move(8 * DAY)
    assert await spool.find(lookup_of(first)) is not None
    await spool.deliver(first.conversation, [NOTICE], key=key())
    clock.move(8 * DAY)
    assert await spool.find(lookup_of(first)) is not None
    clock.move(4 * DAY)
    assert await spool.find(lookup_of(first)) is None


async def test_a_later_mark_replaces_the_first_and_outlives_opening_again(make_spool: MakeSpool) -> None:
    spool, other = await make_spool(), opening(duress=b"another person's")
    first = opening()
    second = following(first, duress=b"chosen later")
    await asyncio.gather(*map(spool.commit, (first, other, second)))
    await spool.commit(following(other))  # an act without a mark leaves it as it is
    for mark in (b"chosen later", b"longer than the one before", b""):
        await spool.commit(following(first, duress=mark))
        for each in (spool, await make_spool()):
            found = await each.find(lookup_of(first))
            assert found is not None
            assert found.duress == mark
    found = await spool.find(lookup_of(other))
    assert found is not None
    assert found.duress == b"another person's"


def test_an_act_that_opens_has_one_place_for_the_mark() -> None:
    with pytest.raises(ValueError, match="carries the mark in `opens`"):
        replace(opening(), duress=b"mark")
