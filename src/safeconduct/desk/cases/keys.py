# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cases need besides an operator's own key. Anything missing stops the process, with the mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Self

import msgspec
from django.conf import settings

from safeconduct.desk.audit.errors import NoSigningKey
from safeconduct.desk.audit.own_key import read_signing_key
from safeconduct.desk.cases.erasure_store import ErasureStore
from safeconduct.desk.cases.errors import CredentialRefused
from safeconduct.sealing.errors import KeyRefused
from safeconduct.sealing.keys import PublicKey
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary.contact import ChannelCode
from safeconduct.vocabulary.identifiers import KeyId

MEND = "Run `safeconduct keys` or, to try it out, `make up`."
DELIVERY_REFUSED = "delivery.json must name the public key of each channel's delivery, in hex."
DELIVERY_MEND = "Copy it again from the machine where `safeconduct keys channel` was run."


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may have written an envelope. What a person said is signed by the edge, what an operator said by the desk."""

    edge: VerifyKey
    desk: VerifyKey

    @property
    def inward(self) -> Mapping[KeyId, VerifyKey]:
        return {self.edge.key_id: self.edge}

    @property
    def outward(self) -> Mapping[KeyId, VerifyKey]:
        return {self.desk.key_id: self.desk}


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """The erasure keys, the desk's own signature, the doors it believes, and the keys that a chat's replies are sealed to."""

    erasure: ErasureStore
    signer: SigningKey
    doors: Doors
    delivery: Mapping[str, PublicKey] = field(default_factory=dict)  # by the channel's code

    @classmethod
    def load(cls, home: Path, credentials: Path) -> Self:
        """From `desk/erasure.db` in the state folder and from the credentials.

        Raises `CredentialRefused` or `ErasureStoreRefused`.
        """
        signer, doors = read_credentials(credentials)
        return cls(ErasureStore(home / "desk" / "erasure.db"), signer, doors, read_delivery(credentials))


def read_credentials(folder: Path) -> tuple[SigningKey, Doors]:
    """The desk's own signature and the doors it believes. Raises `CredentialRefused`."""
    signer, doors = _signer(folder), read_doors(folder)
    if signer.verify_key != doors.desk:
        raise CredentialRefused("desk/signing.key is not the desk's key in doors.json: no edge would believe a reply.")
    return signer, doors


def of_this_desk() -> DeskKeys:
    """The keys of the desk that these settings describe. Raises as `DeskKeys.load` does."""
    return _loaded(settings.DESK.home, settings.DESK.credentials)


@lru_cache(maxsize=1)
def _loaded(home: Path, credentials: Path) -> DeskKeys:
    return DeskKeys.load(home, credentials)


class _DoorsFile(msgspec.Struct, frozen=True):
    edge: str
    desk: str


def _signer(folder: Path) -> SigningKey:
    try:
        return read_signing_key(folder / "desk")
    except NoSigningKey as error:
        raise CredentialRefused(f"{error}.") from error


def read_doors(folder: Path) -> Doors:
    """Who may have written an envelope. Raises `CredentialRefused`."""
    try:
        named = msgspec.json.decode((folder / "doors.json").read_bytes(), type=_DoorsFile)
        return Doors(VerifyKey.parse(bytes.fromhex(named.edge)), VerifyKey.parse(bytes.fromhex(named.desk)))
    except (OSError, ValueError, msgspec.DecodeError, KeyRefused) as error:
        raise CredentialRefused("doors.json must name the public keys of both doors, in hex.") from error


def read_delivery(folder: Path) -> Mapping[str, PublicKey]:
    """The channels that replies may be sealed to; none without the file. Raises `CredentialRefused`."""
    try:
        said = (folder / "delivery.json").read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CredentialRefused(DELIVERY_REFUSED) from error
    try:
        named = msgspec.json.decode(said, type=dict[ChannelCode, str])
        return {code: PublicKey.parse(bytes.fromhex(key)) for code, key in named.items()}
    except (ValueError, msgspec.DecodeError, KeyRefused) as error:
        raise CredentialRefused(DELIVERY_REFUSED) from error
