# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door's secrets, read once at start. Without all of them, whole and safe, the door does not open."""

import hmac
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from safeconduct.edge.errors import CredentialsRefused
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary.identifiers import KeyId

SECRET_BYTES = 32
_DEMONSTRATION_MARK = "DEMONSTRATION"
_MEND = "make it with `safeconduct keys`, or bring the copy from the ceremony"


@dataclass(frozen=True, slots=True, repr=False)
class EdgeCredentials:
    """All that this door knows and must not tell."""

    receipt_key: bytes
    ticket_key: bytes
    dedup_key: bytes
    duress_key: bytes
    signing_key: SigningKey
    root: bytes  # the board's trust anchor
    desk: VerifyKey  # the only door whose replies are believed

    @property
    def believed(self) -> Mapping[KeyId, VerifyKey]:
        """The doors whose envelopes this one shows to a person (T13)."""
        return {self.desk.key_id: self.desk}


def duress_secret(credentials: EdgeCredentials, mailbox: PrivateKey) -> bytes:
    """Under what a conversation's duress word is kept (R5): half of it only the person's code opens.

    A word is short, and whoever has the disk and this door's secrets could otherwise try them all.
    """
    return hmac.new(credentials.duress_key, mailbox.seed, "sha256").digest()


class _Doors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    edge: str
    desk: str


def load_credentials(folder: Path, *, demonstration: bool) -> EdgeCredentials:
    """Read them all. Raises `CredentialsRefused`; demonstration secrets are refused unless that was asked for."""
    root = _read(folder / "root.json")
    if not demonstration and _is_demonstration(folder, root):
        raise CredentialsRefused(
            f"{folder} holds the secrets of a demonstration, which anyone may know; {_MEND}, or use `safeconduct up`"
        )
    signing_key = SigningKey.from_seed(read_secret(folder / "edge" / "signing.key"))
    return EdgeCredentials(
        receipt_key=read_secret(folder / "edge" / "receipt.key"),
        ticket_key=read_secret(folder / "edge" / "ticket.key"),
        dedup_key=read_secret(folder / "edge" / "dedup.key"),
        duress_key=read_secret(folder / "edge" / "duress.key"),
        signing_key=signing_key,
        root=root,
        desk=_desk_key(folder / "doors.json", signing_key),
    )


def _is_demonstration(folder: Path, root: bytes) -> bool:
    try:
        return (folder / _DEMONSTRATION_MARK).exists() or publication.is_demonstration(root)
    except SealingError as error:
        raise CredentialsRefused(f"{folder / 'root.json'} is no trust anchor; {_MEND}") from error


def _desk_key(path: Path, signing_key: SigningKey) -> VerifyKey:
    try:
        doors = msgspec.json.decode(_read(path), type=_Doors)
        edge, desk = (VerifyKey.parse(bytes.fromhex(key)) for key in (doors.edge, doors.desk))
    except (msgspec.DecodeError, SealingError, ValueError) as error:
        raise CredentialsRefused(f"{path} does not name the doors' public keys; {_MEND}") from error
    if edge != signing_key.verify_key:
        raise CredentialsRefused(f"{path} names another edge than {path.parent / 'edge' / 'signing.key'}; {_MEND}")
    return desk


def read_secret(path: Path) -> bytes:
    """Thirty-two bytes that only this user may read. Raises `CredentialsRefused`, with the mend."""
    secret = _read(path)
    if len(secret) != SECRET_BYTES:
        raise CredentialsRefused(f"{path} must hold {SECRET_BYTES} bytes; {_MEND}")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialsRefused(f"{path} can be read by others; run: chmod 600 {path}")
    return secret


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CredentialsRefused(f"{path} cannot be read ({error.strerror}); {_MEND}") from error
