# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel as a whole: its settings, a full line, and the numbers that it may call."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.dialogue.scripts import load
from safeconduct.edge.channels.contract import About, Address
from safeconduct.edge.channels.errors import ChannelSpent, SendRefused, SettingsRefused
from safeconduct.edge.channels.reach import Reach
from safeconduct.edge.channels.voice import sounds as sounds_module
from safeconduct.edge.channels.voice.calling_back import number_of, wanted
from safeconduct.edge.channels.voice.channel import FACTS, Settings, make
from safeconduct.edge.channels.voice.places import Act
from safeconduct.edge.channels.voice.settings import checked, sip
from safeconduct.edge.channels.voice.sounds import Sounds
from safeconduct.edge.channels.voice.tests.conftest import CALLER, Hotline, opened, reply, says
from safeconduct.edge.channels.voice.tests.memory import PaperCall, PaperPrompts
from safeconduct.edge.channels.voice.tests.test_waiting import until
from safeconduct.speech.wording import required

PROTECTION = load("instructions").steps["whom"].say[1]
NOON = 1_796_126_400.0  # in the winter of 2026


def settings(**given: Any) -> Settings:
    return msgspec.convert(given, Settings)


async def test_a_full_line_tells_what_to_do_and_takes_a_message_and_is_never_engaged(
    fast: None, tmp_path: Path
) -> None:
    async with opened(tmp_path, calls=1) as line:
        first, second = line.ring(None), line.ring(None)
        await second.until("press 1", PROTECTION, says("line_full"), "Put all weapons", says("message_speak"))
        await second.speak()
        second.press("#")
        await second.until(says("message_stored"))
        assert (first.refused, second.refused, len(line.files)) == (None, None, 1)
        assert says("menu_operator") not in second.texts()


async def test_the_process_says_at_which_ports_calls_are_answered(
    fast: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = tmp_path / "voice.pem"
    certificate.touch(mode=0o600)
    async with opened(tmp_path, port=5160, transports=["udp", "tls"], certificate=str(certificate)):
        await asyncio.sleep(0)
    assert caplog.messages == ["channel voice answers calls at udp 5160, tls 5161"]


async def test_more_than_those_beyond_are_refused(fast: None, tmp_path: Path) -> None:
    async with opened(tmp_path, calls=1, calls_beyond=1) as line:
        calls = [line.ring(None) for _ in range(3)]
        await calls[2].until_over()
        assert [call.refused for call in calls] == [None, None, 486]
        calls[0].end()
        await until(lambda: len(line.voice._sessions) == 1)
        assert line.ring(None).refused is None


@pytest.mark.rule("T9")
async def test_a_library_that_cannot_go_on_ends_the_process_and_is_not_asked_again(line: Hotline) -> None:
    line.engine.down.set()
    with pytest.raises(ChannelSpent):
        await line.voice.receive(line.take)


async def test_a_call_that_cannot_be_answered_takes_up_no_place(line: Hotline, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_call: PaperCall) -> None:
        raise RuntimeError("no ports")

    call = PaperCall()
    monkeypatch.setattr(PaperCall, "answer", fails)
    with pytest.raises(RuntimeError, match="no ports"):
        await line.voice._on_call(call)
    assert not line.voice._sessions
    assert not line.voice._live


async def test_two_callers_hear_each_their_own_language(line: Hotline) -> None:
    calls = [line.ring(), line.ring()]
    for call, key in zip(calls, "12", strict=True):
        await call.until("press 1")
        call.press(key)
    await calls[0].until(says("hello", "en"))
    await calls[1].until(says("hello", "uk"))


@pytest.mark.rule("R4")
@pytest.mark.parametrize("about", ["answer", "reply", "knock"])
async def test_after_the_end_of_a_call_nothing_is_sent_to_it(line: Hotline, about: About) -> None:
    call = line.ring()
    await call.until("press 1")
    (address,) = line.voice._live
    call.end()
    with pytest.raises(SendRefused):
        await line.voice.send(address, reply(about=about))
    assert line.engine.dialled == []


async def test_a_caller_who_types_another_number_hears_it_digit_by_digit_before_it_counts(line: Hotline) -> None:
    call = line.ring(None)
    await call.until("press 1")
    call.press("1")
    await call.until(says("menu_call_back"))
    call.press("6")
    await call.until(says("call_back_other"))
    assert says("call_back_here") not in call.texts()
    call.press("2")
    await call.until(says("number_ask"))
    call.press("12#")
    await call.until(says("number_wrong"), says("number_ask"))
    call.press("380671234567#")
    await call.until(says("number_is"))
    await call.until(says("number_right"))
    assert line.taken == []
    call.press("1")
    await call.until(says("window_any"))
    call.press("2")
    await call.until(says("call_back_kept"))
    wish = line.taken[-1].wish
    assert wish is not None
    assert (number_of(line.taken[-1].address), wish.from_, wish.to, wish.timezone) == (
        CALLER,
        "06:00",
        "11:59",
        "Europe/Kyiv",
    )


@pytest.mark.rule("T9")
async def test_a_wish_that_cannot_be_stored_is_not_promised(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    call.press("16")
    await call.until(says("call_back_here"))
    call.press("1")
    await call.until(says("number_right"))
    call.press("1")
    await call.until(says("window_any"))
    line.fails = 10
    call.press("1")
    await call.until(says("message_failed"))
    line.fails = 0
    assert line.taken == []


@pytest.mark.rule("R4")
@pytest.mark.parametrize(
    ("typed", "fallback", "zone"),
    [
        ("380671234567", None, "Europe/Kyiv"),
        ("00380671234567", None, "Europe/Kyiv"),
        ("+5355512345", None, "America/Havana"),
        ("79161234567", None, None),  # half of the clocks of a large country
        ("79161234567", "Europe/Moscow", "Europe/Moscow"),
        ("380671234567", "Europe/Moscow", "Europe/Kyiv"),
        ("79161234567", "Europe/Kyiv", None),  # no clock of that country
    ],
)
def test_hours_go_by_the_clock_of_the_number_if_there_is_one(
    typed: str, fallback: str | None, zone: str | None
) -> None:
    found = wanted(typed, fallback=fallback, now=NOON)
    assert found is not None
    assert found.zone == zone
    rule = found.rule(Act.KEEP_EVENING)
    assert (rule.from_, rule.to) == (("18:00", "23:59") if zone else ("00:00", "23:59"))
    assert typed not in repr(found)


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_or_none(typed: str) -> None:
    found = wanted(typed, fallback=None, now=NOON)
    assert found is None or found.number.startswith("+")


@pytest.mark.parametrize("typed", ["", "1", "123456789", "3806712345", "+380900123456", "380٦٧1234567"])
def test_what_is_no_persons_number_is_not_called(typed: str) -> None:
    assert wanted(typed, fallback=None, now=NOON) is None


async def test_only_numbers_of_the_settings_are_called(fast: None, tmp_path: Path) -> None:
    async with opened(tmp_path, dial_prefixes=["+53"]) as line:
        call = line.ring()
        await call.until("press 1")
        call.press("16")
        await call.until(says("call_back_here"))
        call.press("1")
        await call.until(says("number_ask"))


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"languages": ["xx"]}, "languages"),
        ({"languages": ["en", "en"]}, "languages"),
        ({"address": "localhost"}, "address"),
        ({"transports": ["tls"]}, "certificate"),
        ({"srtp": "required"}, "srtp"),
        ({"trunks": ["provider.example"]}, "trunks"),
        ({"timezone": "Mars"}, "timezone"),
        ({"dial": "a b"}, "dial"),
        ({"calls": 101}, "calls"),
        ({"calls": 10, "calls_beyond": 231}, "calls"),
        ({"password": "a", "password_file": "b"}, "password"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_their_name(given_: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsRefused, match=said):
        checked(settings(**given_))


def test_the_engine_has_room_for_more_calls_than_are_served(tmp_path: Path) -> None:
    wanted_settings = settings(prompts=str(tmp_path), calls=10, calls_beyond=5)
    assert sip(checked(wanted_settings)).calls == 25
    assert make(wanted_settings, Reach()).parts("a" * 2 * FACTS.text_limit) != []


def test_without_prompts_the_channel_does_not_start_and_says_how_to_make_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAFECONDUCT_HOME", str(tmp_path))
    monkeypatch.delenv("SAFECONDUCT_PROMPTS", raising=False)
    with pytest.raises(SettingsRefused, match="safeconduct voice prompts"):
        make(settings(), Reach())


@pytest.mark.rule("T3")
async def test_an_address_that_is_a_number_is_in_no_repr(line: Hotline) -> None:
    call = line.ring()
    await call.until("press 1")
    assert CALLER.lstrip("+") not in repr((line.voice, Address(CALLER), line.voice._live.values()))


@pytest.mark.parametrize(
    ("uri", "may"),
    [
        ("sip:101@pbx.example", True), ("sips:101@PBX.example:5061;transport=tls", True), ("sip:olena@10.1.2.3:5062", True),
        ("sip:1@[2001:db8::5]", True), ("sip:1@elsewhere.example", False), ("sip:1@11.1.2.3", False), ("sip:1@[2001:db9::5]", False),
        ("sip:1@pbx.example;maddr=11.1.2.3", False), ("sip:1@pbx.example?Route=%3Csip:11.1.2.3%3E", False), ("tel:+4930123456", False),
    ],
)  # fmt: skip
def test_telephones_may_be_at_the_hosts_of_the_settings_alone(uri: str, *, may: bool) -> None:
    here = checked(settings(phone_hosts=["pbx.example", "10.0.0.0/8", "2001:db8::/32"]))
    assert here.may_ring(uri) is may
    assert settings().may_ring(uri)


@pytest.mark.parametrize(
    "given",
    [{"phone_hosts": ["10.0.0.0/99"]}, {"phone_hosts": ["sip:x@y"]}, {"rtp_ports": [30000, 20000]}, {"domain": "a b>"}],
)
def test_a_setting_that_could_not_work_is_refused_at_the_start(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsRefused):
        checked(settings(**given))


async def test_prompts_that_were_loaded_are_not_looked_for_again_and_missing_ones_are() -> None:
    prompts = PaperPrompts(missing={(says("hello"), "en")})
    sounds = Sounds(prompts)
    await sounds.load(["en"], [8000])
    prompts.silent.add("en")
    assert sounds.find(says("menu_now"), "en", 8000) is not None
    assert sounds.find(says("hello"), "en", 8000) is None
    prompts.silent.clear()
    prompts.missing.clear()
    assert sounds.find(says("hello"), "en", 8000) is not None


@dataclasses.dataclass
class Counting(PaperPrompts):
    """Prompts of ten bytes, and what was read."""

    def find(self, text: str, language: str, *, rate: int) -> bytes | None:
        self.read.append((text, language, rate))
        return bytes(10)

    read: list[tuple[str, str, int]] = dataclasses.field(default_factory=list)


async def test_the_first_language_is_read_at_all_rates_before_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts = Counting()
    monkeypatch.setattr(sounds_module, "KEPT_BYTES", 10 * 2 * len(required("en")))
    sounds = Sounds(prompts)
    await sounds.load(["en", "uk"], [8000, 16000])
    prompts.read.clear()
    assert all(sounds.find(text, "en", rate) for text in required("en") for rate in (8000, 16000))
    assert not prompts.read


async def test_what_found_no_room_is_read_once_in_the_place_of_what_was_not_said_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prompts = Counting()
    monkeypatch.setattr(sounds_module, "KEPT_BYTES", 30)
    sounds = Sounds(prompts)
    for text in ("a", "b", "c", "a", "d", "d", "a", "c", "b"):
        assert sounds.find(text, "ky", 8000) is not None
    assert [text for text, _, _ in prompts.read] == ["a", "b", "c", "d", "b"]
