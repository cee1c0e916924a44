# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing, opening, and wraps that come and go."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing import envelope
from safeconduct.sealing.errors import EnvelopeRefused, Malformed, NotForThisKey, Tampered, TooLarge
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.padding import PLAIN_MAX, padded_length
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain

WORDS = Plain("Хочу жить. 살고 싶습니다.".encode())
KEYS = [PrivateKey.generate() for _ in range(4)]


@pytest.mark.rule("T3")
@given(plain=st.binary(max_size=3000), count=st.integers(1, 3))
def test_what_is_sealed_opens_for_each_recipient_and_for_nobody_else(parties: Any, plain: bytes, count: int) -> None:
    data = envelope.serialise(parties.seal(plain, *KEYS[:count]))
    assert [parties.open(data, key) for key in KEYS[:count]] == [plain] * count
    for other in KEYS[count:]:
        with pytest.raises(NotForThisKey):
            parties.open(data, other)


@pytest.mark.rule("T13")
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused(parties: Any, where: float, bit: int) -> None:
    flipped = bytearray(envelope.serialise(parties.seal(WORDS, parties.team)))
    assert parties.open(bytes(flipped), parties.team) == WORDS
    flipped[math.floor(where * len(flipped))] ^= 1 << bit
    with pytest.raises(EnvelopeRefused):
        parties.open(bytes(flipped), parties.team)


@pytest.mark.rule("T8")
@given(st.binary(max_size=500))
def test_bytes_that_are_no_envelope_are_refused_and_raise_nothing_else(data: bytes) -> None:
    for sent in (data, b"SCE\x01\x01" + data, b"SCE\x01\x01" + bytes(100) + data):
        with pytest.raises(EnvelopeRefused):
            envelope.parse(sent)


@pytest.mark.rule("T8")
@given(cut=st.integers(0, 2000), gone=st.integers(0, 60), put=st.binary(max_size=60))
def test_an_envelope_with_another_piece_in_it_is_refused_or_the_same(
    parties: Any, cut: int, gone: int, put: bytes
) -> None:
    data = envelope.serialise(parties.seal(WORDS, parties.team))
    patched = data[:cut] + put + data[cut + gone :]
    if patched == data:
        return
    with pytest.raises(EnvelopeRefused):
        parties.open(patched, parties.team)


@pytest.mark.rule("T2")
@given(st.integers(0, PLAIN_MAX))
def test_a_body_tells_only_its_size_class(parties: Any, length: int) -> None:
    ciphertext = parties.seal(bytes(length), parties.team).ciphertext
    assert len(ciphertext) - 16 == padded_length(length + 4)


def test_a_body_beyond_the_limit_is_refused_with_the_number(parties: Any) -> None:
    assert parties.open(envelope.serialise(parties.seal(bytes(PLAIN_MAX), parties.team)), parties.team) == bytes(
        PLAIN_MAX
    )
    with pytest.raises(TooLarge, match=str(PLAIN_MAX)):
        parties.seal(bytes(PLAIN_MAX + 1), parties.team)


@pytest.mark.rule("T8")
@pytest.mark.parametrize(("size", "refusal"), [(271, Malformed), (65_553, TooLarge)])
def test_a_ciphertext_of_no_size_class_is_neither_written_nor_read(
    parties: Any, size: int, refusal: type[EnvelopeRefused]
) -> None:
    sealed = parties.seal(WORDS, parties.team)
    data = bytes(envelope.serialise(sealed))
    at = data.index(sealed.ciphertext)
    other = data[: at - 4] + size.to_bytes(4, "big") + bytes(size) + data[at + len(sealed.ciphertext) :]
    with pytest.raises(refusal):
        envelope.parse(other)
    with pytest.raises(refusal):
        envelope.serialise(replace(sealed, ciphertext=bytes(size)))


def test_the_largest_envelope_is_just_within_its_limit(parties: Any) -> None:
    label = Label("c" * 16, "language-variant1-variant2-variant3"[:35], Kind.APPLICATION, Urgency.NOW)
    many = [PrivateKey.generate() for _ in range(16)]
    data = envelope.serialise(parties.seal(bytes(PLAIN_MAX), *many, label=label))
    assert len(data) == envelope.ENVELOPE_MAX
    assert parties.open(data, many[15]) == bytes(PLAIN_MAX)


def test_an_added_wrap_opens_and_the_body_stays(parties: Any) -> None:
    before = parties.seal(WORDS, parties.team)
    after = envelope.add_wrap(before, parties.team, parties.person.public)
    assert parties.open(envelope.serialise(after), parties.person) == WORDS
    assert replace(after, wraps=before.wraps) == before
    with pytest.raises(NotForThisKey):
        envelope.add_wrap(before, parties.stranger, parties.stranger.public)


def test_a_wrap_that_is_added_twice_stands_once(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team)
    again = envelope.add_wrap(sealed, parties.team, parties.team.public)
    assert [wrap.recipient for wrap in again.wraps] == [parties.team.public.key_id]
    assert again.wraps != sealed.wraps


@pytest.mark.rule("T6")
def test_replaced_wraps_shut_the_former_holder_out(parties: Any) -> None:
    handed = envelope.replace_wraps(parties.seal(WORDS, parties.team), parties.team, [parties.person.public])
    assert envelope.open_envelope(handed, parties.person) == WORDS
    with pytest.raises(NotForThisKey):
        envelope.open_envelope(handed, parties.team)


@pytest.mark.rule("T13")
def test_a_destroyed_wrap_opens_no_more_and_the_others_do(parties: Any) -> None:
    left = envelope.destroy_wrap(parties.seal(WORDS, parties.team, parties.person), parties.team.public.key_id)
    assert parties.open(envelope.serialise(left), parties.person) == WORDS
    with pytest.raises(NotForThisKey):
        envelope.open_envelope(left, parties.team)
    assert envelope.destroy_wrap(left, parties.team.public.key_id) == left


def test_a_wrap_under_another_name_opens_for_nobody(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team)
    (wrap,) = sealed.wraps
    renamed = replace(sealed, wraps=(replace(wrap, recipient=parties.stranger.public.key_id),))
    with pytest.raises(Tampered):
        envelope.open_envelope(renamed, parties.stranger)


@pytest.mark.rule("T3")
def test_a_withdrawn_label_leaves_no_trace_and_the_signature_still_fits(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team)
    data = bytes(envelope.serialise(envelope.without_label(sealed)))
    assert parties.open(data, parties.team) == WORDS
    assert sealed.label_salt not in data
    assert b"ko-KP" in bytes(envelope.serialise(sealed))
    assert b"ko-KP" not in data


def test_a_label_put_on_in_memory_is_refused_like_one_that_was_read(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team)
    envelope.verify(sealed, parties.doors)
    for label, salt in ((replace(sealed.label, urgency=Urgency.LATER), sealed.label_salt), (sealed.label, None)):
        with pytest.raises(Tampered):
            envelope.verify(replace(sealed, label=label, label_salt=salt), parties.doors)


@pytest.mark.parametrize("word", ["", "w", "Web", "веб", "web\n", "x" * 17])
def test_a_label_with_an_odd_channel_is_not_sealed(parties: Any, word: str) -> None:
    with pytest.raises(Malformed, match="channel"):
        parties.seal(WORDS, parties.team, label=Label(word, "ru", Kind.MESSAGE, Urgency.SOON))


@pytest.mark.rule("R48")
def test_a_store_keeps_wraps_apart_and_joins_them_again(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team, parties.person)
    core, wraps = envelope.split(sealed)
    assert envelope.join(core, wraps) == sealed
    with pytest.raises(NotForThisKey):
        parties.open(core, parties.team)
    for damaged in (b"", wraps[:-1], wraps + b"\0"):
        with pytest.raises(Malformed):
            envelope.join(core, damaged)


def test_nothing_is_sealed_to_nobody(parties: Any) -> None:
    with pytest.raises(ValueError, match="at least one recipient"):
        parties.seal(WORDS)


@pytest.mark.rule("R49")
def test_an_envelope_in_a_log_shows_no_ciphertext_and_no_wrap(parties: Any) -> None:
    sealed = parties.seal(WORDS, parties.team)
    assert repr(sealed.ciphertext) not in repr(sealed)
    assert repr(sealed.wraps[0].sealed) not in repr(sealed)
