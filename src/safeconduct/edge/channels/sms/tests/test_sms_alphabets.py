# SPDX-License-Identifier: AGPL-3.0-or-later
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from safeconduct.edge.channels.sms.alphabets import Default, decode, encode, is_narrow, joined, parts

BASIC = (  # 3GPP TS 23.038, 6.2.1, row by row; the gap at 0x1B is the escape
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ",
    "ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=500)
narrow_texts = st.text(BASIC[0] + BASIC[1] + "".join(EXTENDED), max_size=800)


def test_the_alphabet_is_that_of_the_standard() -> None:
    assert encode(BASIC[0], "gsm0338") == (0, bytes(range(0x1B)))
    assert encode(BASIC[1], "gsm0338") == (0, bytes(range(0x1C, 0x80)))
    for letter, code in EXTENDED.items():
        assert encode(letter, "gsm0338") == (0, bytes((0x1B, code)))


@given(texts | narrow_texts)
@example("€" * 81)
@example("👨‍👩‍👧‍👦" * 40)
@example("a" * 152 + "€" + "b")
def test_parts_are_the_text_and_each_fits(text: str) -> None:
    found = parts(text, "gsm0338")
    assert "".join(found) == text
    for part in found:
        coding, octets = encode(part, "gsm0338")
        limit = (160, 153) if coding == 0 else (140, 134)
        assert len(octets) <= limit[len(found) > 1]
        assert decode(octets, coding, "gsm0338") == part


@given(texts)
@example("я" * 66 + " \u0301" * 9)
@example("я\r\n" * 40)
def test_a_letter_as_a_reader_sees_it_stays_whole(text: str) -> None:
    letters = regex.findall(r"\X", text)
    if all(len(letter.encode("utf-16-be")) <= 134 for letter in letters):
        assert [letter for part in parts(text, "gsm0338") for letter in regex.findall(r"\X", part)] == letters


def test_words_stay_whole_where_they_can() -> None:
    for part in parts("Ідіть повільно дорогою на північ " * 10, "gsm0338"):
        assert part.endswith(" ")
        assert set(part.split()) <= {"Ідіть", "повільно", "дорогою", "на", "північ"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("", 1),
    ],
)
def test_the_limits_are_those_of_the_standard(text: str, count: int) -> None:
    assert len(parts(text, "gsm0338")) == count


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("é@", "latin_1", (0, b"\xe9@")),
        ("€", "latin_1", (8, b"\x20\xac")),
        ("é", "ascii", (8, b"\x00\xe9")),
        ("ç", "latin_1", (8, b"\x00\xe7")),  # Latin-1 has it, but no phone's seven-bit alphabet
    ],
)
def test_an_smsc_with_another_default_alphabet_gets_what_it_can_pass_on(
    text: str, default: Default, expected: tuple[int, bytes]
) -> None:
    assert encode(text, default) == expected
    assert decode(expected[1], expected[0], default) == text


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        (b"\x1be\x00", 0x00, "€@"),
        (b"\x1be\x00", 0xF1, "€@"),
        (b"\x1be\x00", 0x10, "€@"),
        ("Сдаюсь".encode("utf-16-be"), 0x08, "Сдаюсь"),
        ("Сдаюсь".encode("utf-16-be"), 0x18, "Сдаюсь"),
        ("Сдаюсь".encode("iso8859_5"), 0x06, "Сдаюсь"),
        ("항복".encode("euc_kr"), 0x0E, "항복"),
        ("é".encode("latin_1"), 0x03, "é"),
        (b"\x1bA\x1b", 0x00, "A\ufffd"),
        (b"a\xff", 0x00, "a\ufffd"),
        (b"\x04\x21\x04", 0x08, "С\ufffd"),
        (b"\x00", 0x04, None),
        (b"\x00", 0xF5, None),
        (b"\x00", 0x99, None),
    ],
)
def test_each_coding_is_read(octets: bytes, coding: int, text: str | None) -> None:
    assert decode(octets, coding, "gsm0338") == text


@given(st.binary(max_size=140), st.integers(0, 255))
def test_no_octets_raise(octets: bytes, coding: int) -> None:
    decode(octets, coding, "gsm0338")
    decode(octets, coding, "ascii")


@given(texts, st.integers(1, 100))
def test_a_letter_cut_between_two_parts_is_whole_again(text: str, size: int) -> None:
    octets = text.encode("utf-16-be")
    pieces = [(octets[at : at + size], 8) for at in range(0, len(octets), size)]
    assert joined(pieces, "gsm0338") == text


def test_a_text_is_narrow_only_letter_by_letter() -> None:
    assert is_narrow("é", "gsm0338")
    assert not is_narrow(unicodedata.normalize("NFD", "é"), "gsm0338")
