# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import random
from typing import Any

import pytest
from aiosmpplib import BindTransceiverResp

from safeconduct.edge.channels.contract import Address, FileRef, Outgoing
from safeconduct.edge.channels.errors import SendLater, SendRefused, SendUncertain
from safeconduct.edge.channels.sms.channel import SmsChannel
from safeconduct.edge.channels.sms.tests.conftest import HEADER, open_channel, scripted, until
from safeconduct.edge.channels.sms.tests.double import Double

PERSON = Address(Double.address)
LATIN = "Keep your hands in sight, and walk slowly {along} the road at 06:00. " * 6
CYRILLIC = "Тримайте руки на видноті та йдіть повільно дорогою. 🏳️ " * 8


async def send_all(channel: SmsChannel, text: str, *, shuffled: bool = False) -> None:
    parts = list(enumerate(channel.parts(text), 1))
    total = len(parts)
    if shuffled:
        random.Random(4).shuffle(parts)
    for index, part in parts:
        await channel.send(PERSON, Outgoing(part, index=index, total=total, reference=0xABCD))


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("long_messages", ["udh", "sar"])
@pytest.mark.parametrize("text", ["Yes", "Так", "€" * 80, LATIN, CYRILLIC])
async def test_a_text_is_on_the_phone_as_it_was_written(
    double: Double, text: str, long_messages: str, *, shuffled: bool
) -> None:
    async with open_channel(double, long_messages=long_messages) as channel:
        await send_all(channel, text, shuffled=shuffled)
        assert double.sent == [(Double.address, text, ())]


@pytest.mark.parametrize("text", [LATIN, CYRILLIC])
async def test_a_whole_text_can_go_as_one_payload(double: Double, text: str) -> None:
    async with open_channel(double, long_messages="payload") as channel:
        await send_all(channel, text)
        assert double.sent == [(Double.address, text, ())]
        assert len(double.submitted) == 1


async def test_the_reference_of_a_text_is_in_all_its_parts_and_the_coding_is_said(double: Double) -> None:
    async with open_channel(double) as channel:
        await send_all(channel, CYRILLIC)
        headers = [event.short_message[:6] for event in double.submitted]
        assert {header[:5] for header in headers} == {bytes((5, 0, 3, 0xCD, len(headers)))}
        assert {(event.esm_class, event.data_coding) for event in double.submitted} == {(0x40, 8)}


@pytest.mark.parametrize(
    ("settings", "source"),
    [
        ({"source": "12345"}, ("12345", 0, 0)),
        ({"source": "+380441234567"}, ("380441234567", 1, 1)),
        ({"source": "SafeLine"}, ("SafeLine", 5, 0)),
        ({"source": "12345", "source_ton": 3, "source_npi": 9}, ("12345", 3, 9)),
    ],
)
async def test_the_source_is_what_the_settings_say(
    double: Double, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], source: tuple[str, int, int]
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.sms.tests.double._wrong", lambda _: 0)
    async with open_channel(double, registered_delivery=1, **settings) as channel:
        await channel.send(PERSON, Outgoing("1"))
        event = double.submitted[0]
        assert (event.source_addr, event.source_addr_ton, event.source_addr_npi) == source
        assert event.registered_delivery == 1


async def test_a_number_without_a_plus_goes_as_the_settings_say(double: Double) -> None:
    async with open_channel(double) as channel:
        await channel.send(Address("0671234567"), Outgoing("1"))
        assert (double.submitted[0].dest_addr_ton, double.submitted[0].dest_addr_npi) == (0, 1)


@pytest.mark.parametrize("status", [0x58, 0x14, 0x08, 0x45, 0x64])
async def test_a_busy_smsc_means_later_and_nothing_is_sent(double: Double, status: int) -> None:
    async with open_channel(double) as channel:
        double.answer_next(status)
        with pytest.raises(SendLater):
            await channel.send(PERSON, Outgoing("1"))
        assert double.sent == []
        await channel.send(PERSON, Outgoing("1"))
        assert len(double.sent) == 1


@pytest.mark.parametrize("status", [0x0B, 0x0A, 0x01, 0x03])
async def test_a_refusal_is_final(double: Double, status: int) -> None:
    async with open_channel(double) as channel:
        double.answer_next(status)
        with pytest.raises(SendRefused):
            await channel.send(PERSON, Outgoing("1"))


@pytest.mark.parametrize("answer", [(0x80000004, 0x42F), (0x80000004, 0xFFFF_FFFF), (0x80000000, 0x03)])
async def test_a_refusal_that_only_this_smsc_knows_is_final_too(double: Double, answer: tuple[int, int]) -> None:
    command, status = answer
    refusal = HEADER.pack(16, command, status, 2)
    async with scripted(BindTransceiverResp(1).pdu(), refusal) as port, open_channel(double, port=port) as channel:
        with pytest.raises(SendRefused):
            await channel.send(PERSON, Outgoing("1"))


async def test_a_line_that_breaks_before_the_answer_leaves_it_uncertain(double: Double) -> None:
    async with open_channel(double) as channel:
        double.break_next()
        with pytest.raises(SendUncertain):
            await channel.send(PERSON, Outgoing("1"))
        await channel.send(PERSON, Outgoing("2"))
        assert [text for _, text, _ in double.sent] == ["1", "2"]


async def test_a_silent_smsc_leaves_it_uncertain_and_the_session_is_renewed(double: Double) -> None:
    async with open_channel(double, response_seconds=0.3) as channel:
        await channel.send(PERSON, Outgoing("1"))
        double.line.is_silent = True
        with pytest.raises(SendUncertain):
            await channel.send(PERSON, Outgoing("2"))
        double.line.is_silent = False
        await channel.send(PERSON, Outgoing("3"))
        assert double.line.connections == 2


async def test_without_an_smsc_it_is_later_and_not_asked_at_once_again(double: Double) -> None:
    async with open_channel(double, port=1) as channel:
        with pytest.raises(SendLater) as first:
            await channel.send(PERSON, Outgoing("1"))
        with pytest.raises(SendLater) as second:
            await channel.send(PERSON, Outgoing("1"))
        assert first.value.retry_after is not None
        assert 0 < (second.value.retry_after or 0) <= first.value.retry_after


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("+3806712345678901234567890", Outgoing("1")),
        ("+38067123456٧", Outgoing("1")),
        (Double.address, Outgoing("")),
        (Double.address, Outgoing("1", index=1, total=256)),
        (Double.address, Outgoing("я" * 300)),
    ],
)
async def test_what_no_smsc_could_carry_is_refused_before_it_leaves(
    double: Double, address: str, message: Outgoing
) -> None:
    async with open_channel(double) as channel:
        with pytest.raises(SendRefused) as refusal:
            await channel.send(Address(address), message)
        assert address not in str(refusal.value)
        assert double.line.connections == 0


async def test_many_messages_at_once_all_arrive(double: Double) -> None:
    async with open_channel(double) as channel:
        await asyncio.gather(*(channel.send(PERSON, Outgoing(f"{number}")) for number in range(60)))
        assert {text for _, text, _ in double.sent} == {f"{number}" for number in range(60)}
        assert double.line.connections == 1


async def test_a_sending_that_is_cancelled_harms_no_other(double: Double) -> None:
    async with open_channel(double) as channel:
        await channel.send(PERSON, Outgoing("1"))
        task = asyncio.create_task(channel.send(PERSON, Outgoing("2")))
        await asyncio.sleep(0)
        task.cancel()
        await channel.send(PERSON, Outgoing("3"))
        await until(lambda: ("+380671234567", "3", ()) in double.sent)


async def test_nothing_can_be_taken_back_and_there_are_no_files(double: Double) -> None:
    async with open_channel(double) as channel:
        with pytest.raises(SendRefused):
            await channel.delete(PERSON, ["1"])
        with pytest.raises(SendRefused):
            await anext(aiter(channel.fetch(FileRef("1", "image/png"))))
