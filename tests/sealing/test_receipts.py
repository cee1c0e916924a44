# SPDX-License-Identifier: AGPL-3.0-or-later
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safeconduct.sealing.errors import KeyRefused, ReceiptMalformed, ReceiptSlip
from safeconduct.sealing.receipts import WORD_LISTS, Receipt, derive, from_words, mailbox_key, words

receipts = st.builds(Receipt.generate)
DECIMALS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Nd"]
ZEROS = [letter for letter in DECIMALS if unicodedata.decimal(letter) == 0]
BETWEEN = [" ", "-", "–", "—", "\u00a0", "\u202f", "\u2009", "\t", "\n", "\u200f", "\u2066", "\ufeff", ""]


@given(receipt=receipts, zero=st.sampled_from(ZEROS), between=st.sampled_from(BETWEEN))
def test_a_receipt_is_read_in_any_scripts_digits_and_grouping(receipt: Receipt, zero: str, between: str) -> None:
    shown = between.join(receipt.groups)
    typed = "".join(chr(ord(zero) + int(letter)) if letter in "0123456789" else letter for letter in shown)
    assert Receipt.parse(f" {typed}\r\n") == receipt


@given(receipt=receipts, at=st.integers(0, 23), other=st.integers(1, 9))
def test_one_wrong_digit_is_a_slip(receipt: Receipt, at: int, other: int) -> None:
    wrong = str((int(receipt.digits[at]) + other) % 10)
    with pytest.raises(ReceiptSlip):
        Receipt.parse(receipt.digits[:at] + wrong + receipt.digits[at + 1 :])


@given(receipt=receipts, at=st.integers(0, 22))
def test_two_swapped_neighbours_are_a_slip(receipt: Receipt, at: int) -> None:
    first, second = receipt.digits[at], receipt.digits[at + 1]
    assume(first != second)
    with pytest.raises(ReceiptSlip):
        Receipt.parse(receipt.digits[:at] + second + first + receipt.digits[at + 2 :])


@pytest.mark.rule("T8")
@given(st.text(max_size=300))
def test_any_text_is_a_receipt_or_refused(text: str) -> None:
    for read in (Receipt.parse, from_words):
        with pytest.raises((ReceiptMalformed, ReceiptSlip)):
            read(text)


@pytest.mark.rule("R49")
@pytest.mark.parametrize("typed", ["", "1234", "0" * 23, "0" * 25, "½" * 24, "x" * 24, "0" * 201, "²" * 24])
def test_what_is_no_receipt_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ReceiptMalformed) as refused:
        Receipt.parse(typed)
    assert not typed or typed not in str(refused.value)


def test_a_text_that_goes_on_after_the_receipt_is_refused() -> None:
    receipt = Receipt.generate()
    assert Receipt.parse(receipt.digits.ljust(200)) == receipt
    with pytest.raises(ReceiptMalformed):
        Receipt.parse(receipt.digits.ljust(201))
    with pytest.raises(ReceiptMalformed):
        from_words(" ".join(words(receipt)).ljust(201))


def test_receipts_are_drawn_from_all_digits_at_every_place() -> None:
    drawn = [Receipt.generate().digits for _ in range(500)]
    assert len(set(drawn)) == len(drawn)
    assert all(len({digits[at] for digits in drawn}) == 10 for at in range(24))


@given(receipt=receipts, language=st.sampled_from(sorted(WORD_LISTS)))
def test_seven_words_spell_the_receipt_in_every_list(receipt: Receipt, language: str) -> None:
    spelled = words(receipt, language)
    assert len(spelled) == 7
    assert from_words(" ".join(spelled)) == receipt
    assert from_words("-".join(spelled).upper()) == receipt
    unaccented = unicodedata.normalize("NFD", " ".join(spelled))
    assert from_words("".join(letter for letter in unaccented if not unicodedata.combining(letter))) == receipt


def test_chinese_words_are_read_without_spaces() -> None:
    receipt = Receipt.generate()
    assert from_words("".join(words(receipt, "zh-Hans"))) == receipt


def test_words_of_no_list_or_of_no_receipt_are_refused() -> None:
    beyond = "zoo zoo zoo zoo zoo zoo zoo"  # 2**77 - 1, more than 23 digits
    for typed in (beyond, "zoo", "abandon " * 8, "abandon " * 6 + "абзац", "lorem " * 7):
        with pytest.raises(ReceiptMalformed):
            from_words(typed)
    with pytest.raises(KeyError):
        words(Receipt.generate(), "ko-KP")


@pytest.mark.rule("T3")
@given(receipts, receipts)
def test_a_mailbox_needs_the_digits_the_edges_secret_and_the_kept_half(receipt: Receipt, other: Receipt) -> None:
    secret, half = bytes(32), b"h" * 32
    key = mailbox_key(derive(receipt, secret), half)
    assert mailbox_key(derive(Receipt.parse(receipt.digits), secret), half) == key
    assert derive(other, secret).lookup != derive(receipt, secret).lookup
    assert derive(receipt, b"s" * 32).lookup != derive(receipt, secret).lookup
    for near in (mailbox_key(derive(other, secret), half), mailbox_key(derive(receipt, b"s" * 32), half)):
        assert near != key
    assert mailbox_key(derive(receipt, secret), b"i" * 32) != key


def test_a_secret_or_half_of_another_size_is_refused() -> None:
    receipt = Receipt.generate()
    with pytest.raises(KeyRefused, match="receipt key"):
        derive(receipt, b"")
    with pytest.raises(KeyRefused, match="kept half"):
        mailbox_key(derive(receipt, bytes(32)), b"")
