# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator's keys under a passphrase, and a team's key wrapped to its members. For the desk and the command line only."""

import hmac
import secrets
import struct
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from mnemonic import Mnemonic

from safeconduct.sealing.boxes import ONCE, TAG_BYTES, close_box, open_box
from safeconduct.sealing.derivation import KEY_BYTES, derive_key
from safeconduct.sealing.errors import CostTooLow, VaultRefused, WrongPassphrase
from safeconduct.sealing.keys import SEED_BYTES, PrivateKey, PublicKey, open_with, seal_to
from safeconduct.vocabulary.secrets import Passphrase

PASSPHRASE_WORDS: Final = 7  # of a list of 2,048: 77 bits
INDEX_KEY_BYTES: Final = KEY_BYTES

_MAGIC: Final = b"SCV"
_VERSION: Final = 1
_SALT_BYTES: Final = 16
_HEAD = struct.Struct(f">3sBIIB{_SALT_BYTES}s")
_RECORD_BYTES: Final = _HEAD.size + KEY_BYTES + SEED_BYTES + TAG_BYTES


@dataclass(frozen=True, slots=True)
class VaultCost:
    """Argon2id's parameters: memory in KiB, passes, lanes."""

    memory_kib: int
    iterations: int
    lanes: int


RFC_9106_SECOND: Final = VaultCost(memory_kib=65_536, iterations=3, lanes=4)  # RFC 9106, section 4, second choice
_CEILING: Final = VaultCost(memory_kib=1_048_576, iterations=16, lanes=16)  # a forged record must not exhaust the desk


@dataclass(frozen=True, slots=True, repr=False)
class OperatorKeys:
    """All that an operator's passphrase opens."""

    private: PrivateKey

    def __repr__(self) -> str:
        return f"OperatorKeys(of {self.private.public.key_id.hex()})"


def generate_passphrase() -> Passphrase:
    """Seven random words of the English BIP-39 list. Passphrases are never chosen by people."""
    wordlist = Mnemonic("english").wordlist
    return Passphrase(" ".join(secrets.choice(wordlist) for _ in range(PASSPHRASE_WORDS)))


def close_vault(keys: OperatorKeys, passphrase: Passphrase, *, cost: VaultCost = RFC_9106_SECOND) -> bytes:
    """A record of 109 bytes that only the passphrase opens."""
    salt = secrets.token_bytes(_SALT_BYTES)
    head = _HEAD.pack(_MAGIC, _VERSION, cost.memory_kib, cost.iterations, cost.lanes, salt)
    key, check = _stretch(passphrase, salt, cost)
    return head + check + ChaCha20Poly1305(key).encrypt(ONCE, keys.private.seed, head + check)


def open_vault(record: bytes, passphrase: Passphrase, *, floor: VaultCost = RFC_9106_SECOND) -> OperatorKeys:
    """The keys. Raises `WrongPassphrase`, `CostTooLow` for a record cheaper than `floor`, or `VaultRefused`."""
    cost, salt = _read_head(record)
    if cost.memory_kib < floor.memory_kib or cost.iterations < floor.iterations:
        raise CostTooLow("This vault was closed more cheaply than this house allows; close it anew.")
    key, check = _stretch(passphrase, salt, cost)
    body = _HEAD.size + KEY_BYTES
    if not hmac.compare_digest(check, record[_HEAD.size : body]):
        raise WrongPassphrase("The passphrase does not open this vault.")
    try:
        seed = ChaCha20Poly1305(key).decrypt(ONCE, record[body:], record[:body])
    except InvalidTag:
        raise VaultRefused("This vault was altered.") from None
    return OperatorKeys(PrivateKey.from_seed(seed))


def wrap_team_key(team: PrivateKey, member: PublicKey, *, team_code: str, version: int) -> bytes:
    """The team's seed, sealed to one member, for this team and this version of its key only."""
    return seal_to(member, team.seed, purpose=_team_purpose(team_code, version))


def open_team_key(wrapped: bytes, member: PrivateKey, *, team_code: str, version: int) -> PrivateKey:
    """The team's key pair. Raises `Tampered` for another member, team or version."""
    return PrivateKey.from_seed(open_with(member, wrapped, purpose=_team_purpose(team_code, version)))


def wrap_index_key(team: PrivateKey, key: bytes, *, team_code: str, version: int) -> bytes:
    """A team's index key, closed under its private half: only who holds that could have made it."""
    return close_box(team.seed, key, purpose=b"index-key", context=_team_purpose(team_code, version))


def open_index_key(team: PrivateKey, wrapped: bytes, *, team_code: str, version: int) -> bytes:
    """The 32 bytes. Raises `Tampered` for another key, team or version."""
    return open_box(team.seed, wrapped, purpose=b"index-key", context=_team_purpose(team_code, version))


def vouch_for(team: PrivateKey, member: PublicKey, *, team_code: str, version: int) -> bytes:
    """A member's word, by the team's key, that this public key is the colleague's whom they let in."""
    key = derive_key(team.seed, salt=None, purpose=b"vouch")
    return hmac.digest(key, _team_purpose(team_code, version) + b"/" + member.raw, "sha256")


def is_vouched_for(said: bytes, team: PrivateKey, member: PublicKey, *, team_code: str, version: int) -> bool:
    """False for a key that somebody without the team's key laid into the member's place."""
    return hmac.compare_digest(said, vouch_for(team, member, team_code=team_code, version=version))


def _team_purpose(team_code: str, version: int) -> bytes:
    return b"team-key/" + team_code.encode() + b"/" + str(version).encode()


def _read_head(record: bytes) -> tuple[VaultCost, bytes]:
    if len(record) != _RECORD_BYTES:
        raise VaultRefused(f"A vault has {_RECORD_BYTES} bytes; this has {len(record)}.")
    magic, version, memory_kib, iterations, lanes, salt = _HEAD.unpack_from(record)
    if magic != _MAGIC or version != _VERSION:
        raise VaultRefused("This is no vault that this release knows.")
    cost = VaultCost(memory_kib, iterations, lanes)
    if not (1 <= lanes <= _CEILING.lanes and 8 * lanes <= memory_kib <= _CEILING.memory_kib):
        raise VaultRefused("This vault asks for memory or lanes that none of ours has.")
    if not 1 <= iterations <= _CEILING.iterations:
        raise VaultRefused("This vault asks for a number of passes that none of ours has.")
    return cost, salt


def _stretch(passphrase: Passphrase, salt: bytes, cost: VaultCost) -> tuple[bytes, bytes]:
    """A key, and a check that commits to it: a wrong passphrase is told apart from an altered record."""
    argon2 = Argon2id(
        salt=salt, length=2 * KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    out = argon2.derive(" ".join(passphrase.casefold().split()).encode())
    return out[:KEY_BYTES], out[KEY_BYTES:]
