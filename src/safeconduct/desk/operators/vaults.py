# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator's vault: their key pair, closed with their passphrase."""

import functools
import unicodedata

from safeconduct.sealing import vault
from safeconduct.sealing.errors import VaultRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.vault import OperatorKeys, VaultCost
from safeconduct.vocabulary.secrets import Passphrase

# The only cost there is; nothing in the environment can lower it. Tests replace this name.
COST: VaultCost = vault.RFC_9106_SECOND


def typed(text: str) -> Passphrase:
    """What a tired person meant: capitals, doubled spaces and dashes between the words do not count."""
    words = unicodedata.normalize("NFKC", text).casefold().replace("-", " ").split()
    return Passphrase(" ".join(words))


def make() -> tuple[OperatorKeys, Passphrase, bytes]:
    """New keys, the passphrase that opens them and the closed vault. The first two are not stored anywhere."""
    keys = OperatorKeys(PrivateKey.generate())
    passphrase = vault.generate_passphrase()
    return keys, passphrase, vault.close_vault(keys, passphrase, cost=COST)


def opened(record: bytes, passphrase: Passphrase) -> OperatorKeys | None:
    """The keys, or None for a passphrase that is not this vault's."""
    try:
        return vault.open_vault(record, passphrase, floor=COST)
    except VaultRefused:
        return None


@functools.cache
def _nobodys(cost: VaultCost) -> bytes:
    return vault.close_vault(OperatorKeys(PrivateKey.generate()), vault.generate_passphrase(), cost=cost)


def nobodys() -> bytes:
    """A vault that nobody can open, so that an unknown name costs the same work as a known one."""
    return _nobodys(COST)
