# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
from typing import Any

import pytest
from aiosmpplib import DeliverSm, PhoneNumber

from safeconduct.edge.channels.sms.tests.conftest import Taken, listening, open_channel, until
from safeconduct.edge.channels.sms.tests.double import Double

ROK, RX_T_APPN, RX_P_APPN = 0, 0x64, 0x65


@pytest.mark.parametrize("text", ["1", "Здравствуйте, я хочу сдаться 🏳️", "{[~]} €5 @home", "", " x \n"])
async def test_a_message_arrives_letter_by_letter_and_is_acknowledged(double: Double, taken: Taken, text: str) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        name = await double.say(text)
        assert taken.texts == [text]
        assert taken.messages[0].address == double.address
        assert double.acknowledged == [name]


async def test_a_number_gets_a_plus_only_when_the_smsc_says_that_it_is_international(
    double: Double, taken: Taken
) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say("1", address="0671234567")
        await double.say("1", address="+380671234567")
        assert [message.address for message in taken.messages] == ["0671234567", "+380671234567"]


@pytest.mark.rule("R1")
async def test_what_could_not_be_stored_is_not_acknowledged_and_keeps_its_id(double: Double, taken: Taken) -> None:
    double.names_messages = False
    seen: list[str] = []

    async def take(messages: object) -> None:
        seen.extend(message.message_id for message in messages)  # type: ignore[attr-defined]
        await taken(messages)  # type: ignore[arg-type]

    taken.refusals = 2
    async with open_channel(double) as channel, listening(channel, take):  # type: ignore[arg-type]
        for _ in range(3):
            await double.say("help")
        assert double.statuses == [RX_T_APPN, RX_T_APPN, ROK]
        assert taken.texts == ["help"]
        assert len(set(seen)) == 1


async def test_a_person_who_writes_the_same_again_is_heard_twice(double: Double, taken: Taken) -> None:
    double.names_messages = False
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say("1")
        await double.say("1")
        await asyncio.gather(double.say("1"), double.say("1"))  # the second before the first was answered
        assert len(set(taken.ids)) == 4


async def test_a_message_whose_acknowledgement_was_lost_comes_again_under_the_same_id(
    double: Double, taken: Taken
) -> None:
    double.names_messages = False
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.is_deaf = True
        lost = asyncio.create_task(double.say("1"))
        await until(lambda: taken.messages)
        double.cut()
        await lost
        assert double.acknowledged == []
        double.line.is_deaf = False
        await until(lambda: double.line.connections == 2)
        await double.say("1")
        await double.say("1")
        assert taken.ids[0] == taken.ids[1] != taken.ids[2]


async def test_two_equal_messages_that_come_again_are_two_again(double: Double, taken: Taken) -> None:
    double.names_messages = False
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.is_deaf = True
        lost = [asyncio.create_task(double.say("1")) for _ in range(2)]
        await until(lambda: len(taken.messages) == 2)
        double.cut()
        await asyncio.gather(*lost)
        double.line.is_deaf = False
        await until(lambda: double.line.connections == 2)
        await double.say("1")
        await double.say("1")
        assert len(taken.ids) == 4
        assert set(taken.ids[:2]) == set(taken.ids[2:])
        assert len(set(taken.ids)) == 2


async def test_after_a_late_acknowledgement_the_same_is_a_repeat_once(
    double: Double, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.sms.heard.LATE_SECONDS", 0.1)
    double.names_messages = False
    taken.pause = 0.2
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say("1")
        taken.pause = 0.0
        await double.say("1")
        await double.say("1")
        assert taken.ids[0] == taken.ids[1] != taken.ids[2]


async def test_a_message_that_was_surely_acknowledged_is_no_repeat_on_the_next_session(
    double: Double, taken: Taken
) -> None:
    double.names_messages = False
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say("1")
        memory = channel._receiving.memory
        await until(lambda: all(entry.is_proved for entries in memory._entries.values() for entry in entries))
        double.cut()
        await until(lambda: double.line.connections == 2)
        await double.say("1")
        assert len(set(taken.ids)) == 2


async def test_after_a_crash_the_repeat_has_the_same_id(
    double: Double, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.sms.heard._SLOT_SECONDS", 10**12)  # no edge within the test
    double.names_messages = False
    for _ in range(2):  # two processes, which share nothing; an SMSC may still speak to the session that has gone
        async with open_channel(double) as channel, listening(channel, taken):
            await double.say_until_acknowledged("1")
    assert len(taken.ids) == 2
    assert len(set(taken.ids)) == 1


async def test_the_smscs_own_name_of_a_message_decides(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say("1", message_id="A")
        await double.say("1", message_id="B")
        await double.say("1", message_id="A")
        assert taken.ids[0] == taken.ids[2] != taken.ids[1]


async def test_a_long_message_is_one_message_whatever_the_order_of_its_parts(double: Double, taken: Taken) -> None:
    text = "Мы втроём у старой мельницы, один ранен. 🏳️ " * 8
    async with open_channel(double) as channel, listening(channel, taken):
        await double.say(text)
        assert taken.texts == [text]
        for index in (3, 1, 2):
            task = _part(double, 77, 3, index)
        await task
        assert taken.texts == [text, "<1><2><3>"]


async def test_parts_marked_by_sar_or_by_a_reference_of_sixteen_bits_are_joined(double: Double, taken: Taken) -> None:
    def sar(index: int) -> list[object]:
        from smpp34 import Tlv  # noqa: PLC0415

        return [Tlv(0x020C, b"\x01\x02"), Tlv(0x020E, b"\x02"), Tlv(0x020F, bytes((index,)))]

    async with open_channel(double) as channel, listening(channel, taken):
        await asyncio.gather(double.deliver(b"a", tlvs=sar(1)), double.deliver(b"b", tlvs=sar(2)))
        wide = [bytes((6, 8, 4, 1, 2, 2, index)) + letter for index, letter in ((2, b"d"), (1, b"c"))]
        await asyncio.gather(*(double.deliver(octets, esm_class=0x40) for octets in wide))
        assert taken.texts == ["ab", "cd"]


async def test_no_part_is_acknowledged_before_the_whole_is_stored(double: Double, taken: Taken) -> None:
    async with open_channel(double, join_seconds=30) as channel, listening(channel, taken):
        first = _part(double, 5, 2, 1)
        await asyncio.sleep(0.3)
        assert not first.done()
        assert await _part(double, 5, 2, 2) == ROK
        assert await first == ROK
        assert taken.texts == ["<1><2>"]


async def test_what_is_there_goes_on_when_a_part_does_not_come(double: Double, taken: Taken) -> None:
    async with open_channel(double, join_seconds=5) as channel, listening(channel, taken):
        assert (
            list(await asyncio.gather(_part(double, 5, 4, 1), _part(double, 5, 4, 2), _part(double, 5, 4, 4)))
            == [ROK] * 3
        )
        assert taken.texts == ["<1><2> … <4>"]
        async with asyncio.timeout(4):  # it does not wait again
            assert await _part(double, 5, 4, 3) == ROK
        assert taken.texts == ["<1><2> … <4>", "<3>"]


async def test_parts_held_when_the_line_breaks_come_again_and_are_joined(double: Double, taken: Taken) -> None:
    async with open_channel(double, join_seconds=30) as channel, listening(channel, taken):
        first = _part(double, 5, 2, 1)
        await asyncio.sleep(0.2)
        double.cut()
        assert await first == -1
        await until(lambda: double.line.connections == 2)
        await double.bound()
        assert list(await asyncio.gather(_part(double, 5, 2, 1), _part(double, 5, 2, 2))) == [ROK, ROK]
        assert taken.texts == ["<1><2>"]


async def test_the_repeat_of_one_part_of_a_stored_message_is_not_a_message(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        double.line.is_deaf = True
        lost = [_part(double, 5, 2, index) for index in (1, 2)]
        await until(lambda: taken.messages)
        double.cut()
        await asyncio.gather(*lost)
        double.line.is_deaf = False
        await until(lambda: double.line.connections == 2)
        await double.bound()
        assert await _part(double, 5, 2, 2) == ROK
        assert taken.texts == ["<1><2>"]


@pytest.mark.parametrize("esm_class", [0x04, 0x08, 0x18, 0x20])
async def test_a_receipt_is_acknowledged_and_is_no_message(double: Double, taken: Taken, esm_class: int) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        assert await double.deliver(b"id:1 stat:DELIVRD err:000 text:", esm_class=esm_class) == ROK
        assert taken.messages == []
        assert channel.unknown == 1


@pytest.mark.rule("R3")
@pytest.mark.parametrize(
    ("octets", "fields"),
    [
        (b"\x06\x05\x04\x0b\x84\x23\xf0BEGIN:VCARD", {"esm_class": 0x40, "data_coding": 0xF5}),
        (b"\x01\x02", {"data_coding": 4}),
    ],
)
async def test_what_is_no_text_is_told_to_be_other_and_nothing_of_it_is_kept(
    double: Double, taken: Taken, octets: bytes, fields: dict[str, Any]
) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        assert await double.deliver(octets, **fields) == ROK
        assert [(one.is_other, one.text, one.file) for one in taken.messages] == [(True, None, None)]


async def test_a_malformed_message_is_refused_and_the_session_goes_on(double: Double, taken: Taken) -> None:
    async with open_channel(double) as channel, listening(channel, taken):
        assert await double.deliver(b"\x20\x00", esm_class=0x40) == RX_P_APPN  # a header longer than the message
        await double.say("1")
        assert taken.texts == ["1"]
        assert double.line.connections == 1


async def test_a_burst_is_taken_in_order(double: Double, taken: Taken) -> None:
    taken.pause = 0.05
    pdus = [
        DeliverSm(number + 9000, source=PhoneNumber("380"), short_message=f"{number}").pdu() for number in range(99)
    ]
    async with open_channel(double) as channel, listening(channel, taken):
        await double.bound()
        for pdu in pdus:
            double.line.inject(pdu)
            await asyncio.sleep(0)
        await until(lambda: len(taken.texts) == 99)
        assert taken.texts == [f"{number}" for number in range(99)]


async def test_more_than_can_wait_is_sent_back_and_not_acknowledged(
    double: Double, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safeconduct.edge.channels.sms.session.QUEUE_MAX", 3)
    taken.pause = 0.2
    async with open_channel(double) as channel, listening(channel, taken):
        await asyncio.gather(*(double.say(f"{number}") for number in range(10)))
        assert 0x14 in double.statuses
        assert len(taken.texts) == len(double.acknowledged) == double.statuses.count(ROK)


def _part(double: Double, reference: int, total: int, index: int) -> "asyncio.Future[int]":
    octets = bytes((5, 0, 3, reference, total, index)) + f"<{index}>".encode()
    return asyncio.ensure_future(double.deliver(octets, esm_class=0x40))
