# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a text lies in the 140 octets of a short message (3GPP TS 23.038 and 23.040): seven bits a letter, else UCS-2."""

from itertools import groupby
from typing import Literal

import regex
from aiosmpplib.codec import (
    ESCAPE,
    GSM_BASIC_DECODE_MAP,
    GSM_BASIC_ENCODE_MAP,
    GSM_EXTENDED_DECODE_MAP,
    GSM_EXTENDED_ENCODE_MAP,
)

Default = Literal["gsm0338", "latin_1", "ascii"]
"""What the SMSC takes data_coding 0 for; SMPP leaves it open."""

NARROW = (160, 153)  # septets in a message that stands alone, and in one of several
WIDE = (70, 67)  # the same in units of sixteen bits

# Made of whole letters as a reader sees them: a space may carry an accent. Possessive, so that no text takes long.
_WORD = regex.compile(r"(?:(?!\s)\X)*+(?:(?=\s)\X)++|(?:(?!\s)\X)++")

_DEFAULT, _UCS2 = 0x00, 0x08
_CODINGS = {0x01: "ascii", 0x03: "latin_1", 0x06: "iso8859_5", 0x07: "iso8859_8", 0x0E: "euc_kr"}  # SMPP 3.4, 5.2.19
_CLASSES = {  # TS 23.038: the same two alphabets, with a class that says where the phone keeps the message
    **dict.fromkeys((*range(0x10, 0x14), *range(0xF0, 0xF4)), _DEFAULT),
    **dict.fromkeys(range(0x18, 0x1C), _UCS2),
}


def is_narrow(text: str, default: Default) -> bool:
    """Whether the seven-bit alphabet holds all of it, and the SMSC can be told so in its default one."""
    if not all(letter in GSM_BASIC_ENCODE_MAP or letter in GSM_EXTENDED_ENCODE_MAP for letter in text):
        return False
    return default == "gsm0338" or _fits(text, default)


def encode(text: str, default: Default) -> tuple[int, bytes]:
    """The data_coding, and the octets."""
    if not is_narrow(text, default):
        return _UCS2, text.encode("utf-16-be", "replace")
    if default != "gsm0338":
        return _DEFAULT, text.encode(default)
    octets = bytearray()
    for letter in text:
        if letter in GSM_EXTENDED_ENCODE_MAP:
            octets += bytes((ESCAPE, GSM_EXTENDED_ENCODE_MAP[letter]))
        else:
            octets.append(GSM_BASIC_ENCODE_MAP[letter])
    return _DEFAULT, bytes(octets)


def decode(octets: bytes, coding: int, default: Default) -> str | None:
    """The text, a broken letter as U+FFFD; None when it is no text: octets, pictograms, what nobody has defined."""
    coding = _CLASSES.get(coding, coding)
    if coding == _UCS2:
        return octets.decode("utf-16-be", "replace")
    if coding == _DEFAULT:
        return _seven_bits(octets) if default == "gsm0338" else octets.decode(default, "replace")
    return octets.decode(_CODINGS[coding], "replace") if coding in _CODINGS else None


def joined(pieces: list[tuple[bytes, int]], default: Default) -> str | None:
    """The text of parts (octets, data_coding) that follow one another: a letter may be cut between two of them."""
    texts = [
        decode(b"".join(octets for octets, _ in run), coding, default)
        for coding, run in groupby(pieces, key=lambda piece: piece[1])
    ]
    return None if None in texts else "".join(text or "" for text in texts)


def parts(text: str, default: Default, *, limits: tuple[int, int] | None = None) -> list[str]:
    """Cut after a space where there is one, else between what a reader takes for letters. Joined, they are the text.

    `limits` (alone, one of several) count units of the alphabet; without them, those of a short message.
    """
    narrow = is_narrow(text, default)
    alone, several = limits or (NARROW if narrow else WIDE)
    if _units(text, narrow=narrow) <= alone:
        return [text]
    pieces, piece, size = [], "", 0
    for word in _words(text, several, narrow=narrow):
        units = _units(word, narrow=narrow)
        if size + units > several:
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + word, size + units
    return [*pieces, piece]


def _words(text: str, limit: int, *, narrow: bool) -> list[str]:
    """Words with the spaces after them; one that no message can hold is cut into letters, and such a letter into signs."""
    found = []
    for word in _WORD.findall(text):
        if _units(word, narrow=narrow) <= limit:
            found.append(word)
            continue
        for letter in regex.findall(r"\X", word):
            found.extend([letter] if _units(letter, narrow=narrow) <= limit else letter)
    return found


def _units(text: str, *, narrow: bool) -> int:
    if narrow:
        return sum(2 if letter in GSM_EXTENDED_ENCODE_MAP else 1 for letter in text)
    return sum(2 if letter > "\uffff" else 1 for letter in text)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _seven_bits(octets: bytes) -> str:
    """An unknown escape is the letter of the basic table, as TS 23.038 tells the phone to show it."""
    text, escaped = "", False
    for octet in octets:
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        letter = GSM_BASIC_DECODE_MAP.get(octet, "\ufffd")
        text += GSM_EXTENDED_DECODE_MAP.get(octet, letter) if escaped else letter
        escaped = False
    return text + ("\ufffd" if escaped else "")
