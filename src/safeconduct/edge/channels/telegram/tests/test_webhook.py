# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telegram posts to us: only Telegram, and again until it is durable."""

import asyncio
import contextlib

import msgspec
import pytest

from safeconduct.edge.channels.contract import Address, Outgoing, WebhookRequest
from safeconduct.edge.channels.errors import ChannelDown
from safeconduct.edge.channels.telegram.tests.conftest import Both
from safeconduct.edge.channels.telegram.tests.double import SECRET, Refused


async def test_the_line_tells_telegram_where_it_is_and_then_waits(hooked: Both) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(hooked.channel.receive(hooked.taken), 0.3)
    assert hooked.double.webhook is not None
    assert (hooked.double.webhook.url, hooked.double.webhook.secret_token) == ("https://line.example/telegram", SECRET)
    assert hooked.double.calls == ["setWebhook"]


async def test_a_webhook_that_telegram_refuses_is_a_line_that_is_down(hooked: Both) -> None:
    hooked.double.failing["setWebhook"] = Refused(400, "Bad Request: bad webhook: an HTTPS URL must be provided")
    with pytest.raises(ChannelDown, match="setWebhook"):
        await hooked.channel.receive(hooked.taken)


async def test_what_is_posted_is_taken_in_order_and_acknowledged(hooked: Both) -> None:
    said = [await hooked.double.say(text) for text in ("one", "two")]
    await hooked.double.post(hooked.channel, hooked.taken)
    assert [inbound.text for inbound in hooked.taken.inbounds] == ["one", "two"]
    assert hooked.double.acknowledged == said


async def test_what_is_not_stored_is_posted_again(hooked: Both) -> None:
    await hooked.double.say("one")
    hooked.taken.fails = 1
    first = await hooked.double.post(hooked.channel, hooked.taken)
    second = await hooked.double.post(hooked.channel, hooked.taken)
    assert first is not None
    assert second is not None
    assert (first.status, second.status, len(hooked.taken.inbounds)) == (503, 200, 1)


async def test_a_press_by_webhook_is_answered_too(hooked: Both) -> None:
    await hooked.channel.send(Address(hooked.double.address), Outgoing("?", (("me", "Me"),)))
    await hooked.double.press("me")
    await hooked.double.post(hooked.channel, hooked.taken)
    assert [inbound.pressed for inbound in hooked.taken.inbounds] == ["me"]
    assert (len(hooked.double.answered), len(hooked.double.cleared)) == (1, 1)


async def test_what_does_not_concern_us_is_acknowledged_and_counted(hooked: Both) -> None:
    answer = await hooked.double.post(hooked.channel, hooked.taken, b'{"update_id": 1, "poll": {"id": "5"}}')
    assert answer is not None
    assert (answer.status, hooked.channel.unknown, hooked.taken.inbounds) == (200, 1, [])


@pytest.mark.parametrize(
    "given", [{}, {"x-telegram-bot-api-secret-token": "x"}, {"x-telegram-bot-api-secret-token": "é\udc80"}]
)
async def test_whoever_does_not_know_the_secret_is_not_heard(hooked: Both, given: dict[str, str]) -> None:
    await hooked.double.say("one")
    body = msgspec.json.encode(hooked.double.waiting[0][2])
    answer = await hooked.channel.posted(WebhookRequest("POST", given, {}, body), hooked.taken)
    assert (answer.status, hooked.taken.inbounds) == (403, [])


async def test_a_line_that_polls_has_no_door_for_posts(bot: Both) -> None:
    headers = {"x-telegram-bot-api-secret-token": ""}
    answer = await bot.channel.posted(WebhookRequest("POST", headers, {}, b"{}"), bot.taken)
    assert answer.status == 403
