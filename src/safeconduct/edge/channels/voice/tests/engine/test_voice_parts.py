# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import ipaddress
import struct
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from baresip import AudioNotActive, AudioRestarted, Event, StackEvent

from safeconduct.edge.channels.voice import gate, numbers
from safeconduct.edge.channels.voice.audio_path import AHEAD_SECONDS, Pacer, Path
from safeconduct.edge.channels.voice.floods import CROWD, KEY_SECONDS, NUMBER, PLACE, Floods
from safeconduct.edge.channels.voice.gate import Gate, network_of, program
from safeconduct.edge.channels.voice.rates import Steady, samples
from safeconduct.edge.channels.voice.rooms import MixingRoom, mixed
from safeconduct.edge.channels.voice.sip_settings import SipSettings, account
from safeconduct.edge.channels.voice.wear import WORN, WORN_OUT, Wear


@dataclass
class Buffer:
    """The library's side of a call's sound."""

    rate: int = 8000
    sent: bytearray = field(default_factory=bytearray)
    waiting: int = 0
    heard: bytes = b""
    is_gone: bool = False
    is_restarted: bool = False

    def _once(self) -> None:
        if self.is_restarted:
            self.is_restarted = False
            raise AudioRestarted("renegotiated")

    def info(self) -> Any:
        if self.is_gone:
            raise AudioNotActive("gone")
        return SimpleNamespace(tx_buffered=self.waiting, tx_ready=True, tx_sample_rate=self.rate)

    def write(self, pcm: bytes | memoryview) -> int:
        self._once()
        self.sent += pcm
        self.waiting += len(pcm)
        return len(pcm)

    def read(self, max_bytes: int) -> bytes:
        if self.is_gone:
            raise AudioNotActive("gone")
        self._once()
        taken, self.heard = self.heard[:max_bytes], self.heard[max_bytes:]
        return taken

    def flush_tx(self) -> None:
        del self.sent[len(self.sent) - self.waiting :]
        self.waiting = 0

    def leaves(self, size: int = 320) -> None:
        self.waiting = max(0, self.waiting - size)


@pytest.mark.parametrize(("first", "then"), [(16_000, 8000), (8000, 16_000)])
def test_a_call_keeps_its_pace_when_another_rate_is_agreed_on(first: int, then: int) -> None:
    buffer = Buffer(rate=first)
    path, heard = Path(Steady(buffer)), list[bytes]()
    assert path.open()
    path.listen(heard.append)
    buffer.rate, buffer.is_restarted = then, True
    path.play(b"\1\0" * first)  # a second of it
    for _ in range(110):
        buffer.heard += b"\2\0" * (then // 50)
        path.tick()
        buffer.leaves(then // 50 * 2)
    path.tick()
    assert path.rate == first
    assert set(samples(bytes(buffer.sent))) == {1}
    assert len(buffer.sent) == then * 2
    assert {len(piece) for piece in heard} == {first // 50 * 2}
    assert 105 <= len(heard) <= 110
    assert set(samples(b"".join(heard))) == {2}


def test_never_more_than_two_hundred_milliseconds_wait_in_the_library() -> None:
    buffer = Buffer()
    path = Path(buffer)
    path.play(bytes(160_000))
    for _ in range(50):
        path.tick()
        assert buffer.waiting <= AHEAD_SECONDS * 8000 * 2 < 0.2 * 8000 * 2
        buffer.leaves()


async def test_played_waits_until_the_last_of_it_has_left() -> None:
    buffer = Buffer()
    path = Path(buffer)
    path.play(bytes(640))
    waiting = asyncio.ensure_future(path.played())
    for _ in range(3):
        await asyncio.sleep(0)
        assert not waiting.done()
        path.tick()
        buffer.leaves()
    path.tick()
    await asyncio.wait_for(waiting, 20)


@pytest.mark.parametrize("end", ["stop", "close"])
async def test_who_waits_for_the_end_of_a_prompt_goes_on_when_it_is_stopped_or_the_call_is_over(end: str) -> None:
    path = Path(Buffer())
    path.play(bytes(64_000))
    waiting = asyncio.ensure_future(path.played())
    await asyncio.sleep(0)
    getattr(path, end)()
    await asyncio.wait_for(waiting, 20)


def test_sound_that_came_before_anybody_listened_is_not_handed_over() -> None:
    buffer, heard = Buffer(heard=bytes(3200)), list[bytes]()
    path = Path(buffer)
    path.listen(heard.append)
    buffer.heard = b"\1\0" * 200
    path.tick()
    assert heard == [b"\1\0" * 160]
    buffer.is_gone = True
    path.tick()


async def test_a_piece_that_fails_is_one_callers_loss_and_is_told_without_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken:
        def tick(self) -> None:
            raise ValueError("+4930123456")

    buffer = Buffer()
    path, pacer = Path(buffer), Pacer()
    path.play(bytes(640))
    pacer.add(Broken())
    pacer.add(path)
    pacer.start()
    async with asyncio.timeout(20):
        while not buffer.sent:  # noqa: ASYNC110 - the pacer has no event
            await asyncio.sleep(0.01)
    await pacer.close()
    assert "ValueError" in caplog.text
    assert "4930" not in caplog.text


def test_who_is_too_loud_together_is_cut_and_not_turned_over() -> None:
    loud = (30_000).to_bytes(2, "little", signed=True) * 160
    assert set(samples(mixed([loud, loud]))) == {32_767}
    assert mixed([loud]) is loud


def test_a_member_that_lags_hears_the_newest_and_not_ever_later() -> None:
    speaker, listener = Buffer(), Buffer()
    room = MixingRoom(Pacer())
    one, other = Path(speaker), Path(listener)
    room.enter(one, speaks=True)
    room.enter(other, speaks=True)
    for _ in range(100):
        speaker.heard = bytes(320)
        room.tick()
    assert listener.waiting <= 0.14 * 16_000
    room.go(one)
    room.go(other)
    assert one.room is other.room is None


HEADERS = [
    ({"From": '"x" <sip:+4930123456@h;user=phone>;tag=1'}, "+4930123456"),
    ({"From": "<tel:+380-44-123.45(67)>"}, "+380441234567"),
    ({"From": "<sip:0049301234567@h>"}, "+49301234567"),
    ({"From": "<sip:030123456@h>"}, None),
    ({"From": "<sip:4930123456@h>"}, None),
    ({"From": "<sip:anonymous@anonymous.invalid>"}, None),
    ({"From": "<sip:anonymous@x>", "P-Asserted-Identity": "<sip:+4930123456@h>"}, "+4930123456"),
    ({"From": "<sip:+4930123456@h>", "Privacy": "id;critical"}, None),
    ({"From": '"<sip:+4930999999@h>" <sip:+4930123456@h>'}, "+4930123456"),
    ({"From": "<sip:+49301234567890123@h>"}, None),
    ({"From": "<sip:+٤٩٣٠١٢٣٤٥٦@h>"}, None),
    ({"From": "sip:"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("headers", "number"), HEADERS)
def test_a_number_is_taken_only_when_it_is_surely_international(headers: dict[str, str], number: str | None) -> None:
    assert numbers.caller(headers) == number


def test_a_company_that_leaves_out_the_plus_is_believed_only_when_told_so() -> None:
    assert numbers.caller({"From": "<sip:4930123456@h>"}, without_plus=True) == "+4930123456"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.rule("T7")
def test_a_place_that_has_had_its_share_waits_and_another_does_not() -> None:
    clock = Clock()
    floods = Floods(clock=clock)
    admitted = [floods.admit("192.0.2.7", f"+4930{one}") for one in range(50)]
    assert admitted.count(True) == PLACE.at_once
    assert not floods.admit("192.0.2.200", None)  # the same /24
    assert floods.admit("198.51.100.1", None)
    clock.now += PLACE.every * 1.01
    assert floods.admit("192.0.2.7", None)


@pytest.mark.rule("T7")
def test_behind_a_trunk_only_the_number_tells_callers_apart() -> None:
    floods = Floods([ipaddress.ip_network("192.0.2.0/24")], clock=Clock())
    assert all(floods.admit("192.0.2.7", f"+4930{one}") for one in range(60))
    again = [floods.admit("192.0.2.7", "+49301") for _ in range(20)]
    assert again.count(True) == NUMBER.at_once - 1
    assert not any(floods.is_flood("192.0.2.7") for _ in range(500))


@pytest.mark.rule("T14")
def test_what_was_counted_is_forgotten_with_its_key_and_tells_no_address() -> None:
    clock = Clock()
    floods = Floods(clock=clock)
    while floods.admit("192.0.2.7", None):
        pass
    assert "192" not in repr(vars(floods))
    clock.now += KEY_SECONDS
    assert floods.admit("192.0.2.7", None)


@pytest.mark.rule("T14")
def test_whoever_only_asks_for_floods_forgets_with_the_key_too() -> None:
    clock = Clock()
    floods = Floods(clock=clock)
    while not floods.is_flood("192.0.2.7"):
        pass
    key = floods._key
    clock.now += KEY_SECONDS
    assert not floods.is_flood("192.0.2.7")
    assert floods._key != key


@pytest.mark.rule("T7")
def test_an_ipv4_source_is_the_same_place_and_the_same_trunk_on_a_socket_of_ipv6() -> None:
    floods = Floods([ipaddress.ip_network("192.0.2.0/24")], clock=Clock())
    assert all(floods.admit("::ffff:192.0.2.1", f"+4930{one}") for one in range(60))
    elsewhere = [floods.admit("::ffff:198.51.100.1", None) for _ in range(PLACE.at_once + 1)]
    assert elsewhere.count(True) == PLACE.at_once
    assert not floods.admit("198.51.100.1", None)
    assert Floods(clock=Clock()).admit("::ffff:203.0.113.1", None)


def test_a_flood_is_more_refusals_than_a_crowd_brings() -> None:
    floods = Floods(clock=Clock())
    assert [floods.is_flood("192.0.2.7") for _ in range(CROWD.at_once + 2)].count(True) == 2


async def test_a_gate_shuts_each_network_once_and_opens_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    applied: list[int] = []
    monkeypatch.setattr(Gate, "_apply", lambda self: applied.append(len(self._shut)))
    monkeypatch.setattr(gate, "SHUT_SECONDS", 0.01)
    shut = Gate("127.0.0.1", (5060,))
    for source in ("192.0.2.7", "192.0.2.8", "::ffff:192.0.2.9", "2001:db8:1::7", "2001:db8:1:ffff::", "no address"):
        shut.shut(source)
    assert applied == [1, 2]
    await asyncio.sleep(0.05)
    assert applied == [1, 2, 1, 0]


def _is_let_through(code: bytes, packet: bytes) -> bool:
    """What the kernel does with a packet that begins with its IP header."""
    steps = list(struct.iter_unpack("=HBBI", code))
    at, held = 0, 0
    while True:
        kind, yes, no, value = steps[at]
        at += 1
        if kind in {0x20, 0x28, 0x30}:
            start = value - 0xFFF00000
            held = int.from_bytes(packet[start : start + {0x20: 4, 0x28: 2, 0x30: 1}[kind]], "big")
        elif kind == 0x54:
            held &= value
        elif kind == 0x15:
            at += yes if held == value else no
        else:
            return bool(value)


@pytest.mark.rule("T7")
@pytest.mark.parametrize("source", ["192.0.2.255", "198.51.100.0", "2001:db8:1:2::3", "2001:db8:2::"])
def test_a_gates_program_drops_the_shut_networks_of_both_versions_and_lets_all_else_through(source: str) -> None:
    def packet(address: str) -> bytes:
        found = ipaddress.ip_address(address)
        return b"\x45" + bytes(11) + found.packed if found.version == 4 else b"\x60" + bytes(7) + found.packed

    shut = [
        network for one in ("192.0.2.1", "198.51.100.1", "2001:db8:1::", "2001:db8:2::") if (network := network_of(one))
    ]
    assert not _is_let_through(program(shut), packet(source))
    assert not _is_let_through(program([one for one in (network_of(source),) if one]), packet(source))
    for other in ("192.0.3.1", "198.51.99.1", "2001:db8:3::1", "2001:db9:1::", "::1"):
        assert _is_let_through(program(shut), packet(other))


def event(kind: Event, call: int) -> StackEvent:
    return StackEvent(event=kind, handle=call, call=call)


def test_calls_that_the_library_lost_are_counted_and_others_are_not() -> None:
    wear = Wear()
    for kind in (Event.CALL_REMOTE_SDP, Event.CALL_INCOMING, Event.CALL_REMOTE_SDP, Event.CALL_CLOSED):
        wear.hear(event(kind, 1))
    assert wear.may_close()
    for call in range(2, WORN + 3):
        wear.hear(event(Event.CALL_REMOTE_SDP, call))
    assert wear.lost == WORN
    assert wear.is_worn(0)
    assert not wear.is_worn(1)
    assert not wear.may_close()
    assert wear.is_worn(WORN_OUT - WORN)
    wear.lost = WORN - 1
    assert not wear.is_worn(WORN_OUT)


def test_settings_show_no_password_and_an_account_allows_neither_pictures_nor_transfers() -> None:
    settings = SipSettings(user="u", domain="trunk.example", password="secret", srtp="required")
    assert "secret" not in repr(settings)
    assert {"video_codecs=none", "call_transfer=no", "mediaenc=srtp-mand"} <= set(account(settings, "tls").extra_params)
