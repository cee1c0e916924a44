# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes out: once, quietly, and taken back when asked."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edge.channels.contract import Address, FileRef, Outgoing
from safeconduct.edge.channels.errors import SendError, SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.telegram.channel import FACTS, Telegram
from safeconduct.edge.channels.telegram.settings import Settings
from safeconduct.edge.channels.telegram.tests.conftest import Both
from safeconduct.edge.channels.telegram.tests.double import FILE_MOST, TOKEN, Page, Refused

HELLO = Outgoing("Вітаємо: https://example.org/ <b>не жирно</b> *і не це*")
LANGUAGES = (("uk", "Українська"), ("ru", "Русский"), ("long", "I am asking for another person"), ("en", "English"))


def _address(bot: Both) -> Address:
    return Address(bot.double.address)


async def test_a_message_arrives_as_it_was_written_without_preview_or_sound(bot: Both) -> None:
    ids = await bot.channel.send(_address(bot), HELLO)
    assert bot.double.sent == [(bot.double.address, HELLO.text, ())]
    [raw] = bot.double.raw
    assert raw.link_preview_options.is_disabled
    assert raw.disable_notification
    assert raw.protect_content
    await bot.channel.delete(_address(bot), ids)
    assert bot.double.deleted == [(bot.double.address, ids[0])]


async def test_an_address_that_nobody_can_type_may_be_copied(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("http://" + "x" * 56 + ".onion/"))
    assert not bot.double.raw[0].protect_content


async def test_two_short_choices_share_a_row_and_a_long_one_has_its_own(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("Language?", LANGUAGES))
    markup = bot.double.raw[0].reply_markup
    assert markup is not None
    assert [[button.callback_data for button in row] for row in markup.inline_keyboard] == [
        ["uk", "ru"],
        ["long"],
        ["en"],
    ]
    assert bot.double.sent[0][2] == LANGUAGES


async def test_a_choice_that_telegram_cannot_carry_is_refused_before_anything_is_sent(bot: Both) -> None:
    await bot.channel.send(_address(bot), Outgoing("?", (("я" * 32, "64 bytes"),)))
    with pytest.raises(SendRefused):
        await bot.channel.send(_address(bot), Outgoing("?", (("я" * 33, "66 bytes"),)))
    assert bot.double.calls == ["sendMessage"]


@pytest.mark.parametrize(
    ("answer", "error", "seconds"),
    [
        (Refused(403, "Forbidden: bot was blocked by the user"), SendRefused, None),
        (Refused(403, "Forbidden: user is deactivated"), SendRefused, None),
        (Refused(400, "Bad Request: chat not found"), SendRefused, None),
        (Refused(429, "Too Many Requests: retry after 7", retry_after=7), SendLater, 7),
        (Refused(401, "Unauthorized"), SendLater, 60),
        (Refused(404, "Not Found"), SendLater, 60),
        (Refused(500, "Internal Server Error"), SendUncertain, None),
        (Refused(502, "Bad Gateway"), SendUncertain, None),
    ],
)
async def test_each_refusal_has_its_kind(
    bot: Both, answer: Refused, error: type[SendError], seconds: float | None
) -> None:
    bot.double.failing["sendMessage"] = answer
    with pytest.raises(error) as raised:
        await bot.channel.send(_address(bot), HELLO)
    assert getattr(raised.value, "retry_after", None) == seconds
    assert bot.double.sent == []


@pytest.mark.parametrize(
    ("status", "error"), [(403, SendLater), (302, SendLater), (200, SendUncertain), (502, SendUncertain)]
)
async def test_a_page_that_is_not_telegrams_makes_nothing_permanent(
    bot: Both, status: int, error: type[SendError]
) -> None:
    bot.double.failing["sendMessage"] = Page(status)
    with pytest.raises(error):
        await bot.channel.send(_address(bot), HELLO)


async def test_a_connection_that_breaks_after_sending_leaves_it_uncertain(bot: Both) -> None:
    bot.double.break_next()
    with pytest.raises(SendUncertain):
        await bot.channel.send(_address(bot), HELLO)
    assert len(bot.double.sent) == 1


async def test_nobody_there_means_that_nothing_was_sent() -> None:
    reach = Reach().trusting("http://127.0.0.1:9")
    channel = Telegram(Settings(token=TOKEN, base_url="http://127.0.0.1:9"), reach)
    with pytest.raises(SendLater):
        await channel.send(Address("1111111"), HELLO)
    await reach.close()


async def test_an_address_of_another_channel_is_refused(bot: Both) -> None:
    with pytest.raises(SendRefused):
        await bot.channel.send(Address("+15550100x"), HELLO)


@given(st.text(st.sampled_from("a😀 \n\u0301я."), max_size=9000))
def test_no_part_is_longer_than_telegram_takes_and_no_word_is_lost(text: str) -> None:
    parts = Telegram(Settings(token=TOKEN), _NO_REACH).parts(text)
    assert all(0 < len(part.encode("utf-16-le")) <= 2 * FACTS.text_limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_text_of_pictures_is_split() -> None:
    assert [len(part) for part in Telegram(Settings(token=TOKEN), _NO_REACH).parts("😀" * 4096)] == [2048, 2048]


_NO_REACH = Reach.__new__(Reach)  # splitting calls nobody


async def test_more_messages_than_telegram_deletes_at_once_are_deleted(bot: Both) -> None:
    ids = [await bot.double.say("x") for _ in range(150)]
    await bot.channel.delete(_address(bot), [*ids, "999999"])
    assert [number for _, number in bot.double.deleted] == ids
    assert bot.double.calls.count("deleteMessages") == 2


async def test_one_message_that_is_too_old_does_not_save_the_others(bot: Both) -> None:
    ids = [await bot.double.say("x") for _ in range(3)]
    bot.double.too_old = {int(ids[1])}
    with pytest.raises(SendRefused):
        await bot.channel.delete(_address(bot), ids)
    assert [number for _, number in bot.double.deleted] == [ids[0], ids[2]]


async def test_deleting_is_asked_for_again_when_telegram_stumbles(bot: Both) -> None:
    bot.double.failing["deleteMessages"] = Refused(502, "Bad Gateway")
    with pytest.raises(SendLater):
        await bot.channel.delete(_address(bot), ["1"])


async def test_a_file_comes_in_pieces(bot: Both) -> None:
    data = bytes(range(256)) * 2000
    await bot.double.send_file(data, "image/png")
    document = bot.double.waiting[0][2]["message"]["document"]
    pieces = [piece async for piece in bot.channel.fetch(FileRef(document["file_id"], "image/png"))]
    assert b"".join(pieces) == data
    assert len(pieces) > 1


async def test_a_file_that_telegram_does_not_give_is_refused(bot: Both) -> None:
    await bot.double.send_file(bytes(FILE_MOST + 1), "video/mp4")
    large = bot.double.waiting[0][2]["message"]["document"]["file_id"]
    for handle in (large, "unknown"):
        with pytest.raises(SendRefused):
            [piece async for piece in bot.channel.fetch(FileRef(handle, "video/mp4"))]


async def test_a_file_can_be_left_half_read(bot: Both) -> None:
    await bot.double.send_file(bytes(3 << 20), "video/mp4")
    handle = bot.double.waiting[0][2]["message"]["document"]["file_id"]
    async for _ in bot.channel.fetch(FileRef(handle, "video/mp4")):
        break
    assert await bot.channel.send(_address(bot), HELLO)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "documents/../../x"])
async def test_a_path_out_of_place_is_not_asked_for(bot: Both, path: str) -> None:
    with pytest.raises(SendRefused):
        [piece async for piece in bot.channel._api.download(path)]
    assert bot.double.calls == []


async def test_neither_the_token_nor_the_person_stands_in_a_log_or_an_error(
    bot: Both, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await bot.channel.send(_address(bot), HELLO)
    bot.double.refuse_next()
    with pytest.raises(SendRefused) as refused:
        await bot.channel.send(_address(bot), HELLO)
    told = caplog.text + repr(refused.value) + repr(Settings(token=TOKEN))
    assert not any(secret in told for secret in (TOKEN, TOKEN[7:], bot.double.address, "Вітаємо"))
