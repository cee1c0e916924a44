# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's answers in the words of `matching`, and the tokens by which they are found. Never from a year or a rank alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from safeconduct.matching import dates, names, service_numbers
from safeconduct.matching.comparing import Identity
from safeconduct.matching.dates import Calendar, PartialDate
from safeconduct.sealing import blind_index
from safeconduct.vocabulary.identity import Birth
from safeconduct.vocabulary.reception import Received

VERSION: Final = 4  # raise it when other tokens are made of the same answers: those of older versions are made anew
NAME: Final = "name"
_SERVICE: Final = "service-number"
_WORD: Final = "word"
_CODES: Final = {NAME: 1, _SERVICE: 2, _WORD: 3}
_VALUES: Final = {NAME: 8, _SERVICE: 1, _WORD: 6}  # how many of a kind a person brings
LENGTHS: Final = tuple(range(1, 24, 2))  # a query looks under each
_LONG: Final = 5  # words
_VALUE_BITS: Final = 33
_LENGTH_BITS: Final = 6


def identity(received: Received) -> Identity:
    """Who somebody said they are, as it is compared."""
    whole = " ".join(part for part in (received.surname, received.first_names) if part)
    spelled = tuple(one for one in (whole, *received.spellings) if one)
    return Identity(spelled, born(received.birth), None, received.service_number or None, received.language or None)


def sought(asked: Received) -> Identity:
    """The same of a question, whose words may stand in any order: a Korean or Chinese name is read from its family name on."""
    who = identity(asked)
    turned = [order for name in who.names for order in _turned(name.split()) if _is_eastern(order)]
    return replace(who, names=tuple(dict.fromkeys((*who.names, *turned))))


def _turned(words: list[str]) -> list[str]:
    return [" ".join([*words[1:], words[0]]), " ".join([words[-1], *words[:-1]])] if 1 < len(words) < _LONG else []


def _is_eastern(name: str) -> bool:
    read = names.read(name)
    return read.in_korean is not None or read.in_chinese is not None


def born(birth: Birth | None) -> PartialDate | None:
    """What the words mean; None when they are no date."""
    if birth is None:
        return None
    return dates.read_date(birth.text, Calendar(birth.calendar) if birth.calendar else None)


def lengths(persons: int) -> dict[str, tuple[int, ...]]:
    """How long a token of each kind is by as many persons: about ten values share one."""
    return {kind: (_length(persons * each),) for kind, each in _VALUES.items()}


def made(key: bytes, who: Identity, long: Mapping[str, Iterable[int]]) -> set[int]:
    """The tokens of one identity in each of these lengths, packed."""
    found = set()
    for kind, value in _values(who):
        whole = blind_index.token(key, kind, value, bits=blind_index.BITS_MAX)
        found |= {packed(kind, bits, whole >> blind_index.BITS_MAX - bits) for bits in long[kind]}
    return found


def asked(key: bytes, who: Identity) -> set[int]:
    """Every value under which such a person could stand."""
    return made(key, who, dict.fromkeys(_VALUES, LENGTHS))


def packed(kind: str, bits: int, value: int) -> int:
    return (_CODES[kind] << _LENGTH_BITS | bits) << _VALUE_BITS | value


# How much a token says, as the database reckons it: a long one more than a short one.
SQL_BITS: Final = f"value >> {_VALUE_BITS} & {(1 << _LENGTH_BITS) - 1}"


def _values(who: Identity) -> Iterator[tuple[str, str]]:
    year = who.birth.year if who.birth else None
    for name in who.names:
        yield from ((NAME, key) for key in names.name_keys(name, birth_year=year))
        yield from ((_WORD, key) for key in names.word_keys(name))
    number = service_numbers.service_number(who.service_number) if who.service_number else None
    if number:
        yield _SERVICE, number


def _length(population: int) -> int:
    most = blind_index.bits_for(max(population, 2 * blind_index.COLLISIONS))
    return max(length for length in LENGTHS if length <= most)
