# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the person writes comes in once it is durable, and not before."""

import asyncio
import contextlib

import pytest

from safeconduct.edge.channels.contract import Address, Outgoing
from safeconduct.edge.channels.errors import ChannelDown, NoRoom, NotStored
from safeconduct.edge.channels.telegram.tests.conftest import Both
from safeconduct.edge.channels.telegram.tests.double import Refused


async def _until(bot: Both, acknowledged: int) -> None:
    """Receive until so many are acknowledged."""
    receiving = asyncio.create_task(bot.channel.receive(bot.taken))
    try:
        async with asyncio.timeout(20):
            while len(bot.double.acknowledged) < acknowledged and not receiving.done():  # noqa: ASYNC110 - a count
                await asyncio.sleep(0.01)
    finally:
        receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiving


async def test_words_come_in_letter_by_letter_and_in_order(bot: Both) -> None:
    written = ["/start", "  Нас троє 😀\n", "1", "1"]
    ids = [await bot.double.say(text) for text in written]
    await _until(bot, 4)
    assert [inbound.text for inbound in bot.taken.inbounds] == written
    assert [inbound.message_id for inbound in bot.taken.inbounds] == bot.double.acknowledged == ids
    assert {(inbound.address, inbound.language) for inbound in bot.taken.inbounds} == {(bot.double.address, "uk")}


async def test_what_is_not_stored_is_not_acknowledged_and_comes_again(bot: Both) -> None:
    bot.taken.fails = 1
    said = await bot.double.say("Здаюся")
    with pytest.raises(NotStored):
        await _until(bot, 1)
    assert bot.double.acknowledged == []
    await _until(bot, 1)
    assert [inbound.message_id for inbound in bot.taken.inbounds] == bot.double.acknowledged == [said]


@pytest.mark.rule("T7")
async def test_first_words_without_room_wait_at_telegram_and_hold_up_nobody(bot: Both) -> None:
    bot.taken.strangers = {"666"}
    stranger = await bot.double.say("hello", address="666")
    await bot.double.say("erase")
    with pytest.raises(NoRoom):
        await _until(bot, 1)
    assert [inbound.text for inbound in bot.taken.inbounds] == ["erase"]
    assert bot.double.acknowledged == []
    bot.taken.strangers = set()
    await _until(bot, 2)
    assert bot.taken.inbounds[-1].message_id == stranger


@pytest.mark.rule("T7")
async def test_a_flood_of_first_words_without_room_does_not_silence_who_is_known(bot: Both) -> None:
    bot.taken.strangers = {"666"}
    for number in range(400):
        await bot.double.say(f"flood {number}", address="666")
    await bot.double.say("erase")
    with pytest.raises(NoRoom):
        await _until(bot, 401)
    assert [inbound.text for inbound in bot.taken.inbounds] == ["erase"]
    assert bot.channel.given_up == 100
    bot.taken.strangers = set()
    await bot.double.say("after", address="666")
    await _until(bot, 402)
    assert [inbound.text for inbound in bot.taken.inbounds[1:]] == [*(f"flood {n}" for n in range(300)), "after"]


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_others(bot: Both) -> None:
    bot.double.tell({"text": 5})
    await bot.double.say("після")
    await _until(bot, 2)
    assert [inbound.text for inbound in bot.taken.inbounds] == ["після"]
    assert bot.channel.unknown == 1


async def test_a_press_carries_its_value_and_leaves_no_choices_in_the_chat(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("Whom?", (("me", "Me"), ("group", "A group"))))
    await bot.double.press("group")
    await _until(bot, 1)
    [inbound] = bot.taken.inbounds
    assert (inbound.pressed, inbound.text, inbound.delete_id) == ("group", None, None)
    assert inbound.message_id.startswith("cb:")
    assert bot.double.answered == [inbound.message_id.removeprefix("cb:")]
    assert len(bot.double.cleared) == 1


async def test_a_press_that_is_not_stored_goes_on_turning(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("Whom?", (("me", "Me"),)))
    await bot.double.press("me")
    bot.taken.fails = 1
    with pytest.raises(NotStored):
        await _until(bot, 1)
    assert (bot.double.answered, bot.double.cleared) == ([], [])


async def test_telegram_may_refuse_the_courtesies_of_a_press(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("Whom?", (("me", "Me"),)))
    await bot.double.press("me")
    bot.double.failing |= {
        "answerCallbackQuery": Refused(400, "Bad Request: query is too old"),
        "editMessageReplyMarkup": Refused(400, "Bad Request: message to edit not found"),
    }
    await _until(bot, 1)
    assert [inbound.pressed for inbound in bot.taken.inbounds] == ["me"]


@pytest.mark.parametrize(
    ("refused", "words", "seconds"),
    [
        (Refused(409, "Conflict: terminated by other getUpdates request"), "something else receives", 60),
        (Refused(401, "Unauthorized"), "token", 60),
        (Refused(429, "Too Many Requests: retry after 34", retry_after=34), "too many", 34),
        (Refused(502, "Bad Gateway"), "502", 5),
        (Refused(400, "Bad Request: x"), "getUpdates", 5),
    ],
)
async def test_a_line_that_is_down_says_why_and_until_when(
    bot: Both, refused: Refused, words: str, seconds: float
) -> None:
    bot.double.failing["getUpdates"] = refused
    with pytest.raises(ChannelDown, match=words) as down:
        await bot.channel.receive(bot.taken)
    assert down.value.retry_after == seconds


async def test_two_receivers_of_one_process_wait_for_each_other(bot: Both) -> None:
    both = [asyncio.create_task(bot.channel.receive(bot.taken)) for _ in range(2)]
    await asyncio.sleep(0.1)
    assert bot.double.calls.count("getUpdates") == 1
    for one in both:
        one.cancel()
    await asyncio.gather(*both, return_exceptions=True)


def _address(bot: Both) -> Address:
    return Address(bot.double.address)


@pytest.mark.rule("T8")
async def test_updates_that_are_too_much_at_once_come_singly(bot: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.reach.BODY_MAX", 50_000)
    monkeypatch.setattr("safeconduct.edge.channels.telegram.channel._PAUSE_SECONDS", 0.01)
    for number in range(20):
        bot.double.tell({"text": f"{number} {'x' * 4000}"})
    receiving = asyncio.create_task(_receive_again(bot))
    async with asyncio.timeout(10):
        while len(bot.taken.inbounds) < 20:  # noqa: ASYNC110 - a count
            await asyncio.sleep(0.01)
    receiving.cancel()
    assert [str(inbound.text).split()[0] for inbound in bot.taken.inbounds] == [str(number) for number in range(20)]


async def _receive_again(bot: Both) -> None:
    """As the worker does."""
    while True:
        with contextlib.suppress(ChannelDown):
            await bot.channel.receive(bot.taken)
