# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt: what a person keeps in order to come back. Length carries its strength (76 bits), not stretching.

Its digits stand in no repr, no error, no log.
"""

import functools
import re
import secrets
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

import regex
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from mnemonic import Mnemonic
from stdnum import damm

from safeconduct.sealing.derivation import KEY_BYTES, derive_key
from safeconduct.sealing.errors import KeyRefused, ReceiptMalformed, ReceiptSlip
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, LookupId

DIGITS: Final = 24
RANDOM_DIGITS: Final = DIGITS - 1
GROUP_DIGITS: Final = 4
TYPED_MAX: Final = 200  # characters: 24 digits and whatever a keyboard puts between them

# Argon2id (RFC 9106) at 256 KiB, one pass, one lane: a surge costs the edge nothing. A guesser who has copied the
# spool has neither the edge's secret nor 76 bits of luck.
_MEMORY_KIB: Final = 256
_SALT: Final = b"safeconduct/1/rc"

# Seven words of 2,048 (BIP-39's lists, from `mnemonic`), by our language tags. North Korean has none: the Korean list
# is Seoul's. Words hold no check digit; a wrong one finds no mailbox.
WORDS: Final = 7
WORD_BITS: Final = 11
WORD_LISTS: Final = MappingProxyType(
    {"en": "english", "ru": "russian", "es": "spanish", "fr": "french", "zh-Hans": "chinese_simplified"}
)

_WELL_FORMED: Final = re.compile(r"[0-9]{24}")
_ACCENTS: Final = regex.compile(r"\P{ccc=0}")
_BETWEEN_DIGITS: Final = frozenset({"Zs", "Pd", "Cf", "Cc"})  # spaces, dashes, marks of direction, line ends


@dataclass(frozen=True, slots=True, repr=False)
class Receipt:
    """Twenty-four digits, the last a Damm check digit. One that exists is well formed."""

    digits: str

    def __post_init__(self) -> None:
        if not _WELL_FORMED.fullmatch(self.digits):
            raise ReceiptMalformed(f"A receipt has {DIGITS} digits.")
        if not damm.is_valid(self.digits):
            raise ReceiptSlip("A digit of the receipt is mistyped, or two are swapped.")

    @classmethod
    def generate(cls) -> Self:
        drawn = f"{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
        return cls(drawn + damm.calc_check_digit(drawn))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed, in any script's digits. Raises `ReceiptMalformed`, or `ReceiptSlip` for a slip."""
        if len(text) > TYPED_MAX:
            raise ReceiptMalformed(f"A receipt has {DIGITS} digits.")
        return cls("".join(_digit(letter) for letter in text if unicodedata.category(letter) not in _BETWEEN_DIGITS))

    @property
    def groups(self) -> tuple[str, ...]:
        """Six groups of four, as they are shown and read aloud."""
        return tuple(self.digits[at : at + GROUP_DIGITS] for at in range(0, DIGITS, GROUP_DIGITS))

    def __repr__(self) -> str:
        return "Receipt(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Derived:
    """What a receipt gives to the edge that holds the secret: the name of a mailbox and half of what opens it."""

    lookup: LookupId
    half: bytes

    def __repr__(self) -> str:
        return "Derived(…)"


def derive(receipt: Receipt, secret: bytes) -> Derived:
    """The same for the same digits and the edge's receipt key (32 bytes), about 0.15 ms. Raises `KeyRefused`."""
    if len(secret) != KEY_BYTES:
        raise KeyRefused(f"The receipt key has {KEY_BYTES} bytes; this has {len(secret)}.")
    argon2 = Argon2id(
        salt=_SALT,
        length=IDENTIFIER_BYTES + KEY_BYTES,
        iterations=1,
        lanes=1,
        memory_cost=_MEMORY_KIB,
        secret=secret,
    )
    out = argon2.derive(receipt.digits.encode("ascii"))
    return Derived(LookupId(out[:IDENTIFIER_BYTES]), out[IDENTIFIER_BYTES:])


def mailbox_key(derived: Derived, kept_half: bytes) -> PrivateKey:
    """The person's key pair. `kept_half` is 32 random bytes of the conversation; without them the key is gone."""
    if len(kept_half) != KEY_BYTES:
        raise KeyRefused(f"The kept half has {KEY_BYTES} bytes; this has {len(kept_half)}.")
    return PrivateKey.from_seed(derive_key(derived.half, salt=kept_half, purpose=b"mailbox"))


def words(receipt: Receipt, language: str = "en") -> tuple[str, ...]:
    """Seven words of the language's list. Raises `KeyError` for a language that has none (see `WORD_LISTS`)."""
    wordlist = _wordlist(WORD_LISTS[language])
    number = int(receipt.digits[:RANDOM_DIGITS])
    shifts = range((WORDS - 1) * WORD_BITS, -1, -WORD_BITS)
    return tuple(wordlist[number >> shift & (1 << WORD_BITS) - 1] for shift in shifts)


def from_words(text: str) -> Receipt:
    """The receipt that seven typed words spell, in any list, with or without accents. Raises `ReceiptMalformed`."""
    typed = _typed_words(text)
    for name in WORD_LISTS.values():
        places = _places(name)
        if all(word in places for word in typed):
            return _receipt_of([places[word] for word in typed])
    raise ReceiptMalformed("These words do not stand in one list.")


def resembles_words(text: str) -> bool:
    """Whether seven words may have been meant, slips included: then nobody but their person may see them."""
    typed = _split(text)
    if len(text) > TYPED_MAX or abs(len(typed) - WORDS) > 1:
        return False
    return any(sum(word in _places(name) for word in typed) >= WORDS - 2 for name in WORD_LISTS.values())


def _typed_words(text: str) -> list[str]:
    if len(text) > TYPED_MAX:
        raise ReceiptMalformed(f"{WORDS} words are needed.")
    typed = _split(text)
    if len(typed) != WORDS:
        raise ReceiptMalformed(f"{WORDS} words are needed.")
    return typed


def _split(text: str) -> list[str]:
    typed = _plain_letters(text[: TYPED_MAX + 1]).replace("-", " ").split()
    # Chinese: each word is one letter, and nobody types spaces between them.
    return list(typed[0]) if len(typed) == 1 and len(typed[0]) <= WORDS + 1 else typed


def _digit(letter: str) -> str:
    try:
        return str(unicodedata.decimal(letter))
    except ValueError:
        raise ReceiptMalformed("A receipt holds digits, spaces and dashes only.") from None


def _receipt_of(places: list[int]) -> Receipt:
    number = functools.reduce(lambda so_far, place: so_far << WORD_BITS | place, places, 0)
    digits = f"{number:0{RANDOM_DIGITS}d}"  # a number beyond all receipts has a digit more, which Receipt refuses
    return Receipt(digits + damm.calc_check_digit(digits))


@functools.cache
def _wordlist(name: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic(name).wordlist)


@functools.cache
def _places(name: str) -> dict[str, int]:
    return {_plain_letters(word): place for place, word in enumerate(_wordlist(name))}


def _plain_letters(text: str) -> str:
    # Not concurrent: to let go of Python's lock and get it back takes longer than so short a text.
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()), concurrent=False)
