# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hearing, losing nothing that can be kept; speaking, and what each failure means."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.edge.channels.contract import Address, FileRef, Outgoing
from safeconduct.edge.channels.errors import (
    ChannelDown,
    NotStored,
    SendLater,
    SendRefused,
    SendUncertain,
    SettingsRefused,
)
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.signal import payloads, results
from safeconduct.edge.channels.signal.channel import Settings, make
from safeconduct.edge.channels.signal.tests.conftest import Line, until
from safeconduct.edge.channels.signal.tests.double import SOMEONE, Double

ME = Address(SOMEONE)
STRANGER = "+380990000666"
HELLO = Outgoing("Hello")
DAY = 86_400


async def test_messages_are_taken_in_order_and_then_marked_as_read(line: Line) -> None:
    ids = [await line.double.say(f"{number}") for number in range(20)]
    async with line.listening():
        await until(lambda: len(line.double.acknowledged) == 20)
    assert [one.text for one in line.taken] == [f"{number}" for number in range(20)]
    assert line.double.acknowledged == ids


async def test_what_could_not_be_stored_is_kept_and_not_marked(line: Line) -> None:
    await line.double.say("one")
    await line.double.say("two")
    line.fails = 1
    with pytest.raises(NotStored):
        await line.channel.receive(line.take)
    assert (line.taken, line.double.acknowledged) == ([], [])
    assert [one.text for one in await line.heard(2)] == ["one", "two"]


@pytest.mark.rule("T7")
async def test_first_words_without_room_hold_up_nobody_who_is_known(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.signal.channel._NO_ROOM_SECONDS", 0.01)
    line.strangers = {STRANGER}
    for number in range(400):
        await line.double.say(f"flood {number}", address=STRANGER)
    await line.double.say("erase")
    async with line.listening():
        await until(lambda: [one.text for one in line.taken] == ["erase"] and len(line.double.acknowledged) == 1)
        line.strangers = set()
        await line.double.say("after", address=STRANGER)
        await until(lambda: len(line.taken) == 302)
    assert [one.text for one in line.taken[1:]] == [*(f"flood {number}" for number in range(300)), "after"]
    assert line.channel.given_up == 100


async def test_nothing_leaves_signal_while_nobody_listens(line: Line) -> None:
    async with line.listening():
        await line.double.say("one")
        await until(lambda: line.taken)
    await line.double.say("two")
    await asyncio.sleep(0.05)
    assert len(line.double.waiting) == 1
    assert [one.text for one in await line.heard(2)] == ["one", "two"]


async def test_who_stops_listening_still_takes_what_was_written_before(line: Line) -> None:
    for number in range(50):
        await line.double.say(f"{number}")

    async def slowly(inbounds: Any) -> None:
        await asyncio.sleep(0.005)
        await line.take(inbounds)

    task = asyncio.create_task(line.channel.receive(slowly))
    await until(lambda: line.taken)
    assert not line.double.waiting
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert [one.text for one in line.taken] == [f"{number}" for number in range(50)]


async def test_a_repeat_has_the_same_id(line: Line) -> None:
    message_id = await line.double.say("one")
    await line.double.say("one", message_id=message_id)
    assert [one.message_id for one in await line.heard(2)] == [message_id, message_id]


async def test_a_daemon_that_goes_is_said_and_found_again(line: Line) -> None:
    async with line.listening() as task:
        await line.double.say("one")
        await until(lambda: line.taken)
        await line.double.hang_up()
        with pytest.raises(ChannelDown):
            await task
    await line.double.say("two")
    assert len(await line.heard(2)) == 2


async def test_a_daemon_that_is_not_there_is_said(no_reach: Reach) -> None:
    async with Double.started() as double:
        settings = double.settings()
    channel = make(msgspec.convert(settings, Settings), no_reach)
    with pytest.raises(ChannelDown):
        await channel.receive(_never)
    with pytest.raises(SendLater):
        await channel.send(ME, HELLO)


async def _never(_: Any) -> None:
    raise AssertionError


async def test_a_file_can_be_fetched_while_it_is_taken(line: Line) -> None:
    fetched = bytearray()

    async def take(inbounds: Any) -> None:
        async for piece in line.channel.fetch(inbounds[0].file):
            fetched.extend(piece)
        await line.take(inbounds)

    await line.double.send_file(b"\xff\xd8" * 100_000, "image/jpeg")
    task = asyncio.create_task(line.channel.receive(take))
    await until(lambda: line.taken)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert fetched == b"\xff\xd8" * 100_000


@pytest.mark.parametrize("file", [FileRef("gone", "image/jpeg"), FileRef("large", "image/jpeg", 1 << 30)])
async def test_a_file_that_is_gone_or_too_large_is_refused(line: Line, file: FileRef) -> None:
    with pytest.raises(SendRefused):
        await anext(line.channel.fetch(file))


@pytest.mark.parametrize("address", [SOMEONE, "+33123456789"])
async def test_a_message_is_sent_and_can_be_taken_back(line: Line, address: str) -> None:
    ids = await line.channel.send(Address(address), Outgoing("*Hello*"))
    assert line.double.sent == [(address, "*Hello*", ())]
    await line.channel.delete(Address(address), ids)
    assert line.double.deleted == [(address, ids[0])]


@pytest.mark.parametrize("address", ["", "someone.01", "+1", "--help"])
async def test_anything_else_is_no_address(line: Line, address: str) -> None:
    with pytest.raises(SendRefused):
        await line.channel.send(Address(address), HELLO)


async def test_many_may_be_written_to_at_once(line: Line) -> None:
    ids = await asyncio.gather(*(line.channel.send(ME, Outgoing(f"{number}")) for number in range(30)))
    assert [text for _, text, _ in line.double.sent] == [f"{number}" for number in range(30)]
    assert len(set(ids)) == 30


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("UNREGISTERED_FAILURE", SendRefused),
        ("IDENTITY_FAILURE", SendRefused),
        ("RATE_LIMIT_FAILURE", SendLater),
        ("INVALID_PRE_KEY_FAILURE", SendLater),
        ("NETWORK_FAILURE", SendUncertain),
    ],
)
async def test_each_documented_failure_means_something(line: Line, kind: str, expected: type[Exception]) -> None:
    line.double.fail_next(kind)
    with pytest.raises(expected):
        await line.channel.send(ME, HELLO)
    assert line.double.sent == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b'{"id":1,"error":{"code":-1,"message":"not registered"}}', SendRefused),
        (b'{"id":1,"error":{"code":-3,"message":"network"}}', SendUncertain),
        (b'{"id":1,"error":{"code":-32603,"message":"network","data":null}}', SendUncertain),
        (b'{"id":1,"error":{"code":-32602,"message":"no such account"}}', SendLater),
        (b'{"id":1,"result":{"timestamp":1,"results":[{"type":"NETWORK_FAILURE"}]}}', SendUncertain),
        (b'{"id":1,"result":{}}', SendUncertain),
        (b'{"id":1}', SendUncertain),
    ],
)
def test_an_answer_is_judged_by_what_it_says(answer: bytes, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        results.sent(payloads.decode(answer, payloads.Response))


async def test_a_rate_limit_tells_for_how_long(line: Line) -> None:
    line.double.delay_next(17)
    with pytest.raises(SendLater) as later:
        await line.channel.send(ME, HELLO)
    assert later.value.retry_after == 17


async def test_a_broken_connection_leaves_it_open_and_the_next_message_goes(line: Line) -> None:
    line.double.break_next()
    with pytest.raises(SendUncertain):
        await line.channel.send(ME, HELLO)
    await line.channel.send(ME, Outgoing("again"))
    assert [text for _, text, _ in line.double.sent] == ["Hello", "again"]


async def test_a_restarted_daemon_does_not_make_the_next_message_uncertain(line: Line) -> None:
    await line.channel.send(ME, HELLO)
    await line.double.hang_up()
    await asyncio.sleep(0.05)
    await line.channel.send(ME, HELLO)
    assert len(line.double.sent) == 2


async def test_a_chat_disappears_from_the_first_message_on(line: Line) -> None:
    await line.channel.send(ME, HELLO)
    await line.channel.send(ME, HELLO)
    assert line.double.timers == [(SOMEONE, DAY)]


@pytest.mark.parametrize(("set_to", "timers"), [(3600, []), (0, [(SOMEONE, DAY)]), (7 * DAY, [(SOMEONE, DAY)])])
async def test_a_shorter_time_that_the_person_chose_stays(
    line: Line, set_to: int, timers: list[tuple[str, int]]
) -> None:
    line.double.arrives({"message": "one", "expiresInSeconds": set_to})
    await line.heard(1)
    await line.channel.send(ME, HELLO)
    assert line.double.timers == timers


async def test_a_unix_socket_and_an_account_will_do(no_reach: Reach, tmp_path: Path) -> None:
    async with Double.started(str(tmp_path / "s")) as double:
        double.account = "+33987654321"
        channel = make(msgspec.convert(double.settings(), Settings), no_reach)
        await channel.send(ME, HELLO)
        await channel.close()
    assert len(double.sent) == 1


@pytest.mark.parametrize("settings", [{}, {"port": 7583, "socket": "/s"}, {"port": 7583, "host": "signal.example.org"}])
def test_settings_that_cannot_be_used_are_refused(settings: dict[str, Any], no_reach: Reach) -> None:
    with pytest.raises(SettingsRefused, match=r"signal\.toml"):
        make(msgspec.convert(settings, Settings), no_reach)


def test_a_long_text_is_parted_without_loss(line: Line) -> None:
    text = "слово " * 3000
    parts = line.channel.parts(text)
    assert max(map(len, parts)) <= 2000
    assert " ".join(parts).split() == text.split()
