# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recall and precision of the matching, measured as the desk uses it: through the short tokens, then the comparison."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safeconduct.matching.comparing import Identity, compare
from safeconduct.matching.names import name_keys
from safeconduct.sealing import blind_index

DATA = Path(__file__).parent / "data"
KEY = bytes(range(32))
POPULATION = 100_000
HELD_OUT, TUNING = "held-out", "tuning"
FRESH, CONFIRMATION = "fresh", "confirmation"  # written before the code was changed for them
SEALED = "sealed"  # written by another hand while the code was changed
EXAMINED = "examined"  # written by a hand that knew nothing of the code, measured once, when all was done
RESERVED = "reserved"  # every second of the people written for Arabic and Nepali, of whom nobody looked at an error


@dataclass(frozen=True)
class Pair:
    language: str
    half: str
    same: bool
    one: str
    other: str


@dataclass(frozen=True)
class Measured:
    """`recall` and `precision` of what is shown; `found`: the share of the same people who share a token at all."""

    language: str
    pairs: int
    found: float
    recall: float
    precision: float


def pairs(half: str) -> Iterator[Pair]:
    for path in sorted(DATA.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            own_half, same, one, other = line.split("\t")
            if own_half == half:
                yield Pair(path.stem, own_half, same == "1", one, other)


def tokens(name: str) -> frozenset[int]:
    bits = blind_index.bits_for(POPULATION)
    return frozenset(blind_index.token(KEY, "name", key, bits=bits) for key in name_keys(name))


def candidate(pair: Pair) -> bool:
    return bool(tokens(pair.one) & tokens(pair.other))


def shown(pair: Pair) -> bool:
    return candidate(pair) and compare(Identity((pair.one,)), Identity((pair.other,))).worth_showing


def measured(language: str, of_it: Iterable[Pair]) -> Measured:
    rows = [(pair.same, candidate(pair), shown(pair)) for pair in of_it]
    same = sum(is_same for is_same, _, _ in rows)
    true = sum(is_same and is_shown for is_same, _, is_shown in rows)
    all_shown = sum(is_shown for _, _, is_shown in rows)
    found = sum(is_same and is_candidate for is_same, is_candidate, _ in rows)
    return Measured(language, len(rows), found / same, true / same, true / all_shown if all_shown else 1.0)


def by_language(half: str = HELD_OUT) -> list[Measured]:
    every = list(pairs(half))
    languages = sorted({pair.language for pair in every})
    return [measured(language, [pair for pair in every if pair.language == language]) for language in languages]
