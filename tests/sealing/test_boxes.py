# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasure keys and tickets: both stand on one box."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing import tickets
from safeconduct.sealing.boxes import close_box
from safeconduct.sealing.erasure import ErasureKey, protect, recover
from safeconduct.sealing.errors import KeyRefused, Tampered, TicketExpired, TicketMalformed, TicketRefused

KEY = bytes(range(32))
BASE64URL = string.ascii_letters + string.digits + "-_"


@pytest.mark.rule("R48")
@given(plain=st.binary(max_size=300), context=st.binary(max_size=30), bit=st.integers(0, 319))
def test_what_an_erasure_key_protects_opens_with_it_in_its_place_only(plain: bytes, context: bytes, bit: int) -> None:
    key = ErasureKey.generate()
    data = protect(key, plain, context=context)
    assert recover(key, data, context=context) == plain
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    for other, changed, place in (
        (ErasureKey.generate(), data, context),
        (key, data, context + b"x"),
        (key, bytes(flipped), context),
        (key, data[: bit // 8], context),
    ):
        with pytest.raises(Tampered):
            recover(other, changed, context=place)


def test_the_same_thing_protected_twice_looks_different() -> None:
    key = ErasureKey(KEY)
    assert protect(key, b"the same", context=b"") != protect(key, b"the same", context=b"")


@given(payload=st.binary(max_size=300), expires=st.integers(1, 2**40))
def test_a_ticket_gives_its_payload_until_it_expires(payload: bytes, expires: int) -> None:
    ticket = tickets.issue(KEY, payload, purpose=b"inbox", expires=expires)
    assert set(ticket) <= set(BASE64URL)
    assert tickets.redeem(KEY, ticket, purpose=b"inbox", now=expires - 1) == payload
    with pytest.raises(TicketExpired):
        tickets.redeem(KEY, ticket, purpose=b"inbox", now=expires)


@given(at=st.integers(0, 70), letter=st.sampled_from(BASE64URL + "=+/ é\n\0"))
def test_an_altered_ticket_is_refused(at: int, letter: str) -> None:
    ticket = tickets.issue(KEY, b"payload", purpose=b"inbox", expires=9)
    for changed in (ticket[:at] + letter + ticket[at + 1 :], ticket[:at] + letter + ticket[at:]):
        if changed != ticket:
            with pytest.raises(TicketMalformed):
                tickets.redeem(KEY, changed, purpose=b"inbox", now=0)


def test_a_ticket_has_one_spelling() -> None:
    ticket = tickets.issue(KEY, b"x", purpose=b"inbox", expires=9)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    spare_bits = 1  # 49 bytes leave four unused bits in the last letter
    respelled = ticket[:-1] + alphabet[alphabet.index(ticket[-1]) ^ spare_bits]
    assert tickets.redeem(KEY, ticket, purpose=b"inbox", now=0) == b"x"
    with pytest.raises(TicketMalformed):
        tickets.redeem(KEY, respelled, purpose=b"inbox", now=0)


def test_a_ticket_without_an_end_is_refused() -> None:
    box = close_box(KEY, b"seven b", purpose=b"ticket", context=b"inbox")
    ticket = base64.urlsafe_b64encode(box).rstrip(b"=").decode()
    with pytest.raises(TicketMalformed):
        tickets.redeem(KEY, ticket, purpose=b"inbox", now=0)


def test_a_ticket_of_another_purpose_or_key_is_refused() -> None:
    ticket = tickets.issue(KEY, b"payload", purpose=b"inbox", expires=9)
    for key, purpose in ((KEY, b"apply"), (bytes(32), b"inbox")):
        with pytest.raises(TicketMalformed):
            tickets.redeem(key, ticket, purpose=purpose, now=0)
    with pytest.raises(KeyRefused):
        tickets.redeem(b"short", ticket, purpose=b"inbox", now=0)


@pytest.mark.rule("T8")
@given(st.text(max_size=200))
def test_any_text_for_a_ticket_is_refused_and_raises_nothing_else(text: str) -> None:
    with pytest.raises(TicketRefused):
        tickets.redeem(KEY, text, purpose=b"inbox", now=0)


def test_too_long_a_ticket_is_neither_issued_nor_read() -> None:
    with pytest.raises(ValueError, match="131072"):
        tickets.issue(KEY, bytes(tickets.TICKET_MAX), purpose=b"", expires=1)
    with pytest.raises(TicketMalformed, match="too long"):
        tickets.redeem(KEY, "A" * (tickets.TICKET_MAX + 1), purpose=b"", now=0)
