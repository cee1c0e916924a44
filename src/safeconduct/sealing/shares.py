# SPDX-License-Identifier: AGPL-3.0-or-later
"""A team's seed as recovery shares: any k of n give it back, fewer tell nothing of it (SLIP-39).

Words are read from paper, so a share carries a checksum and every word is told by its first four letters. No error
repeats a word: what is typed at a recovery may be half of a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import shamir_mnemonic as slip39

from safeconduct.sealing.errors import SharesRefused
from safeconduct.sealing.keys import SEED_BYTES
from safeconduct.vocabulary.secrets import KeySeed

SHARES_MAX: Final = 16  # SLIP-39's own limit
_NO_STRETCHING: Final = 0  # there is no passphrase that could be guessed


@dataclass(frozen=True, slots=True, repr=False)
class Share:
    """One share as it was read: of which set it is, which of them, and how many of the set are needed."""

    words: str
    family: int
    number: int
    needed: int

    @classmethod
    def read(cls, said: str) -> Self:
        """From what was typed; capitals and extra spaces do not count. Raises `SharesRefused`."""
        words = " ".join(said.casefold().split())
        try:
            share = slip39.Share.from_mnemonic(words)
        except slip39.MnemonicError:
            raise SharesRefused("This is no share, or a word of it is mistyped.") from None
        return cls(words, share.identifier, share.index, share.member_threshold)

    def __repr__(self) -> str:
        return f"Share({self.number + 1}, {self.needed} needed)"


def split(seed: KeySeed, *, need: int, of: int) -> list[str]:
    """`of` shares, any `need` of which give the seed back. Raises `ValueError` unless 2 ≤ need ≤ of ≤ 16."""
    if not 2 <= need <= of <= SHARES_MAX:  # noqa: PLR2004 - with one, each keeper holds the key alone
        raise ValueError(f"At least two shares are needed, of at most {SHARES_MAX}.")
    made: list[list[str]] = slip39.generate_mnemonics(1, [(need, of)], bytes(seed), iteration_exponent=_NO_STRETCHING)
    return made[0]


def join(shares: Sequence[Share]) -> KeySeed:
    """The seed. Raises `SharesRefused` for too few, for shares of different sets, or for an altered one."""
    if not shares or len({share.family for share in shares}) > 1:
        raise SharesRefused("The shares are of different sets.")
    distinct = {share.number: share for share in shares}
    needed = shares[0].needed
    if len(distinct) < needed:
        raise SharesRefused(f"{needed} different shares are needed; these are {len(distinct)}.")
    try:
        seed = slip39.combine_mnemonics([share.words for share in list(distinct.values())[:needed]])
    except slip39.MnemonicError:
        raise SharesRefused("The shares do not fit together.") from None
    if len(seed) != SEED_BYTES:
        raise SharesRefused("The shares are of something else than a team's key.")
    return KeySeed(seed)
