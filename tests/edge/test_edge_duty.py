# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose phones may ring: what is believed, and that everything else means nobody."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.edge.conftest import NOON, Clock

from safeconduct.edge.duty import AHEAD_SECONDS, REFRESH_SECONDS, DutyReader
from safeconduct.sealing import duty as sealing
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Kept, Lane, Quota
from safeconduct.spool.errors import SpoolUnavailable
from safeconduct.spool.sqlite import SqliteSpool
from safeconduct.vocabulary.duty import (
    KEY,
    KIND,
    PHONES_MAX,
    SIGNAL_SECONDS,
    Duty,
    SealedPhone,
    decode,
    encode,
    is_phone,
    numbered_phone,
    read_phone,
)

DESK, VOICE = SigningKey.generate(), PrivateKey.generate()
OLENA, MARKO = "sip:olena@10.0.0.5:5070;transport=tls", "sips:marko@desk.example.org"
THREAT = pytest.mark.rule("T13")


@pytest.fixture
async def spool(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteSpool]:
    opened = await SqliteSpool.open(tmp_path / "spool.db", quota=Quota(1 << 26), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def reader(spool: SqliteSpool, clock: Clock) -> DutyReader:
    return DutyReader(spool, desk=DESK.verify_key, delivery=VOICE, clock=clock)


def phone(uri: str, *languages: str, to: PrivateKey = VOICE) -> SealedPhone:
    return SealedPhone(sealing.seal_phone(uri.encode(), to.public), languages)


def signal(*phones: SealedPhone, made: float = NOON, seconds: int = SIGNAL_SECONDS, by: SigningKey = DESK) -> bytes:
    languages = tuple(sorted({tag for one in phones for tag in one.languages}))
    return sealing.sign(encode(Duty(int(made), int(made) + seconds, languages, phones)), by)


async def lay(spool: SqliteSpool, said: bytes) -> None:
    """As the desk does."""
    await spool.keep(Kept(KIND, KEY, said, int(NOON) + 86_400), lane=Lane.REPLY)


async def rings(reader: DutyReader, language: str = "uk") -> set[str]:
    return {one.uri for one in await reader.phones(language)}


async def test_those_who_speak_the_language_ring_and_no_others(spool: SqliteSpool, reader: DutyReader) -> None:
    await lay(spool, signal(phone(OLENA, "uk", "ru"), phone(MARKO, "ru")))
    assert await rings(reader, "uk") == {OLENA}
    assert await rings(reader, "ru") == {OLENA, MARKO}
    assert await rings(reader, "ar") == set()
    assert await reader.languages() == {"uk", "ru"}


async def test_each_phone_comes_with_its_number_and_one_of_an_earlier_release_without(
    spool: SqliteSpool, reader: DutyReader
) -> None:
    await lay(spool, signal(phone(numbered_phone(OLENA, "104"), "uk"), phone(MARKO, "uk")))
    assert {one.uri: one.extension for one in await reader.phones("uk")} == {OLENA: "104", MARKO: ""}


async def test_silence_means_nobody(reader: DutyReader) -> None:
    assert await rings(reader) == set()
    assert await reader.languages() == frozenset()


async def test_the_signal_of_a_desk_that_died_holds_for_two_minutes(
    spool: SqliteSpool, reader: DutyReader, clock: Clock
) -> None:
    await lay(spool, signal(phone(OLENA, "uk")))
    clock.now += SIGNAL_SECONDS - 1
    assert await rings(reader) == {OLENA}
    clock.now += 1  # by what was read already, within the five seconds
    assert await rings(reader) == set()
    clock.now += REFRESH_SECONDS
    assert await rings(reader) == set()


async def test_who_went_off_duty_is_not_rung_five_seconds_later(
    spool: SqliteSpool, reader: DutyReader, clock: Clock
) -> None:
    await lay(spool, signal(phone(OLENA, "uk")))
    assert await rings(reader) == {OLENA}
    await lay(spool, signal(made=NOON + 1))
    clock.now += REFRESH_SECONDS
    assert await rings(reader) == set()


@THREAT
async def test_another_ones_signature_and_an_altered_signal_mean_nobody(
    spool: SqliteSpool, reader: DutyReader, clock: Clock
) -> None:
    good = signal(phone(OLENA, "uk"))
    forged = (
        signal(phone(OLENA, "uk"), by=SigningKey.generate()),
        good[:-1],
        good.replace(b'"uk"', b'"ru"', 1),
        good[:63],
        b"",
    )
    for said in forged:
        await lay(spool, said)
        assert await rings(reader) == set()
        clock.now += REFRESH_SECONDS


@THREAT
async def test_a_signature_of_the_desk_under_something_else_is_no_signal(
    spool: SqliteSpool, reader: DutyReader
) -> None:
    content = encode(Duty(int(NOON), int(NOON) + 60, ("uk",), (phone(OLENA, "uk"),)))
    await lay(spool, DESK.sign(content) + content)
    assert await rings(reader) == set()


@THREAT
async def test_an_older_signal_is_not_believed_again(spool: SqliteSpool, reader: DutyReader, clock: Clock) -> None:
    with_olena = signal(phone(OLENA, "uk"))
    await lay(spool, signal(made=NOON + 1))
    assert await rings(reader) == set()
    await lay(spool, with_olena)
    clock.now += REFRESH_SECONDS
    assert await rings(reader) == set()


@THREAT
async def test_a_signal_from_the_future_waits_until_the_clocks_agree(
    spool: SqliteSpool, reader: DutyReader, clock: Clock
) -> None:
    await lay(spool, signal(phone(OLENA, "uk"), made=NOON + AHEAD_SECONDS + 1))
    assert await rings(reader) == set()
    clock.now += REFRESH_SECONDS
    assert await rings(reader) == {OLENA}


async def test_a_clock_that_ran_ahead_and_was_set_right_silences_nobody(
    spool: SqliteSpool, reader: DutyReader, clock: Clock
) -> None:
    clock.now += 3600
    await lay(spool, signal(phone(OLENA, "uk"), made=clock.now))
    assert await rings(reader) == {OLENA}
    clock.now -= 3600
    await lay(spool, signal(phone(MARKO, "uk")))
    assert await rings(reader) == {MARKO}


@THREAT
async def test_no_signal_may_hold_for_longer_than_two_minutes(spool: SqliteSpool, reader: DutyReader) -> None:
    long = encode(Duty(int(NOON), int(NOON) + SIGNAL_SECONDS, ("uk",), (phone(OLENA, "uk"),)))
    long = long.replace(b"%d" % (NOON + SIGNAL_SECONDS), b"%d" % (NOON + SIGNAL_SECONDS + 1))
    await lay(spool, sealing.sign(long, DESK))
    assert await rings(reader) == set()


async def test_one_phone_that_cannot_be_opened_or_dialled_leaves_the_others(
    spool: SqliteSpool, reader: DutyReader
) -> None:
    strange = (
        phone(MARKO, "uk", to=PrivateKey.generate()),
        SealedPhone(b"short", ("uk",)),
        phone("sip:a@b\r\nX: y", "uk"),
    )
    await lay(spool, signal(*strange, phone(OLENA, "uk")))
    assert await rings(reader) == {OLENA}


async def test_while_the_spool_fails_what_was_believed_holds_until_its_end(
    spool: SqliteSpool, reader: DutyReader, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lay(spool, signal(phone(OLENA, "uk")))
    assert await rings(reader) == {OLENA}

    async def fail(*_: object) -> bytes:
        raise SpoolUnavailable("gone")

    monkeypatch.setattr(SqliteSpool, "kept", fail)
    clock.now += 60
    assert await rings(reader) == {OLENA}
    clock.now += 60
    assert await rings(reader) == set()


@pytest.mark.rule("T3")
async def test_nothing_of_a_phone_lies_in_the_spool_or_is_shown_or_logged(
    spool: SqliteSpool, reader: DutyReader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = signal(phone(OLENA, "uk"), phone(MARKO, "uk", to=PrivateKey.generate()))
    await lay(spool, said)
    (ringing,) = await reader.phones("uk")
    assert b"olena" not in said
    assert "olena" not in repr(ringing) + caplog.text
    assert "marko" not in caplog.text


async def test_whoever_is_on_duty_is_not_always_rung_in_the_same_order(spool: SqliteSpool, reader: DutyReader) -> None:
    await lay(spool, signal(phone(OLENA, "uk"), phone(MARKO, "uk")))
    first = {(await reader.phones("uk"))[0].uri for _ in range(60)}
    assert first == {OLENA, MARKO}


def test_a_signal_names_a_bounded_number_of_phones() -> None:
    one = SealedPhone(b"x", ())
    said = encode(Duty(0, 1, (), (one,) * (PHONES_MAX + 1)))
    with pytest.raises(ValueError, match="length"):
        decode(said)


@pytest.mark.parametrize(
    "uri",
    [
        "sip:a@h",
        "sips:olena.k_2@sip.example.org:5061",
        "sip:+380441234567@10.1.2.3",
        "sip:a@[2001:db8::1]:5060;transport=udp",
    ],
)
def test_a_plain_sip_uri_may_be_dialled(uri: str) -> None:
    assert is_phone(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "olena@h",
        "tel:+380441234567",
        "sip:h",
        "sip:@h",
        "sip:a:secret@h",
        "sip:a@h:0",
        "sip:a@h:65536",
        "sip:a@h?Subject=x",
        "sip:a@h;user=phone",
        "sip:a@h;transport=tls;lr",
        "sip:a@h\n",
        "sip:a@h\r\nVia: x",
        '"O" <sip:a@h>',
        "sip:a b@h",
        "sip:a@h h",
        "sip:о@h",  # a Cyrillic letter
        "sip:a%0d@h",
        "sip:a@-h",
        "sip:a@" + "h" * 300,
    ],
)
def test_whatever_says_more_than_whom_to_ring_may_not(uri: str) -> None:
    assert not is_phone(uri)


@pytest.mark.parametrize("number", ["1", "104", "12345678"])
def test_a_phone_and_its_number_are_read_as_they_were_said(number: str) -> None:
    assert read_phone(numbered_phone(OLENA, number)) == (OLENA, number)
    assert read_phone(OLENA) == (OLENA, "")


@pytest.mark.parametrize("number", ["", " 1", "1 ", "123456789", "10#", "-1", "١٠٤", "104\n", "104 105"])
def test_what_is_no_number_is_no_phone_either(number: str) -> None:
    assert read_phone(numbered_phone(OLENA, number)) is None
    assert read_phone(numbered_phone("sip:a@h;user=phone", "104")) is None


@given(st.text(max_size=80))
def test_nothing_that_could_steer_a_message_passes(text: str) -> None:
    uri = "sip:" + text
    assert not is_phone(uri) or not set(uri) & set(" \r\n\t<>\"'?&,%\\")
