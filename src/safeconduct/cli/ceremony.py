# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the secrets a line starts from. The same acts serve a real ceremony and a demonstration."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from safeconduct.cli.errors import CliError
from safeconduct.cli.places import private_folder, replace_private, write_private
from safeconduct.sealing import publication
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import PrivateKey, PublicKey
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary.contact import ChannelCode

EDGE_SECRETS = ("receipt.key", "ticket.key", "dedup.key", "duress.key", "signing.key")
ROUTE_KEY = "route.key"  # of every chat's address; the edge needs it for channels alone, and older lines have none
DESK_SECRETS = ("signing.key", "django.key")
SECRET_BYTES = 32


def make_doors(folder: Path) -> None:
    """Write `edge/`, `desk/` and `doors.json` under the credentials folder. Refuses to overwrite anything."""
    if (folder / "doors.json").exists():
        raise CliError(f"{folder} already holds a line's credentials; they are never overwritten")
    for door, names in (("edge", (*EDGE_SECRETS, ROUTE_KEY)), ("desk", DESK_SECRETS)):
        for name in names:
            write_private(folder / door / name, secrets.token_bytes(SECRET_BYTES))
    write_private(folder / "doors.json", doors_document(folder))


def doors_document(folder: Path) -> bytes:
    """The public signing keys of both doors, by which each believes the other (T13)."""
    public = {door: read_signing_key(folder / door / "signing.key").verify_key.raw.hex() for door in ("edge", "desk")}
    return json.dumps(public, indent=2).encode() + b"\n"


def make_channel(folder: Path, code: str) -> None:
    """Make a channel's delivery key and name its public half in `delivery.json`; `edge/route.key` too if there is none.

    What a broken run left undone is done by the next. Raises `CliError` when nothing is left to do, or for a code that is
    named with another key: replies that lie sealed to a key would be lost with it.
    """
    make_route_key(folder)
    path = folder / "channels" / code / "delivery.key"
    named = read_delivery(folder)
    if not path.exists():
        if code in named:
            raise CliError(f"delivery.json names a key for {code}; bring channels/{code}/delivery.key from its copy")
        private_folder(folder / "channels")  # the channels' settings, with their tokens, come to lie in it
        write_private(path, PrivateKey.generate().seed)
    public = _read_private_key(path).public.raw.hex()
    if code in named:
        told = "it is never overwritten" if named[code] == public else f"but not the one in {path}"
        raise CliError(f"{code} has a delivery key; {told}")
    replace_private(folder / "delivery.json", json.dumps({**named, code: public}, indent=2).encode() + b"\n")


def make_route_key(folder: Path) -> None:
    """Make `edge/route.key` if there is none."""
    if not (folder / "edge" / ROUTE_KEY).exists():
        write_private(folder / "edge" / ROUTE_KEY, secrets.token_bytes(SECRET_BYTES))


def read_delivery(folder: Path) -> dict[str, str]:
    """The channels' public delivery keys (hex); none without the file. Raises `CliError`."""
    path = folder / "delivery.json"
    try:
        named = msgspec.json.decode(path.read_bytes(), type=dict[ChannelCode, str])
        for key in named.values():
            PublicKey.parse(bytes.fromhex(key))
    except FileNotFoundError:
        return {}
    except (OSError, SealingError, ValueError) as error:
        raise CliError(f"{path} does not name the channels' public keys; bring it from its copy") from error
    return named


def _read_private_key(path: Path) -> PrivateKey:
    try:
        return PrivateKey.from_seed(path.read_bytes())
    except (OSError, SealingError) as error:
        raise CliError(f"{path} is not a readable key of {SECRET_BYTES} bytes; bring it from its copy") from error


def make_signer(path: Path) -> VerifyKey:
    """A publisher's or reviewer's own key: the secret in `path`, the public half beside it as `….pub` (hex)."""
    key = SigningKey.generate()
    write_private(path, key.seed)
    write_private(path.with_suffix(".pub"), key.verify_key.raw.hex().encode() + b"\n")
    return key.verify_key


def read_signing_key(path: Path) -> SigningKey:
    """Read a signing key. Raises `CliError` with the mend."""
    try:
        return SigningKey.from_seed(path.read_bytes())
    except (OSError, SealingError, ValueError) as error:
        raise CliError(f"{path} is not a readable signing key of {SECRET_BYTES} bytes") from error


def read_verify_key(path: Path) -> VerifyKey:
    """Read the public half (`….pub`, hex). Raises `CliError` with the mend."""
    try:
        return VerifyKey.parse(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (OSError, SealingError, ValueError) as error:
        raise CliError(f"{path} is not a readable public key: 64 hex digits are expected") from error


def make_anchor(  # noqa: PLR0913 - the anchor is made of exactly these
    folder: Path,
    *,
    publishers: Sequence[VerifyKey],
    reviewers: Sequence[VerifyKey],
    threshold: int,
    expires: datetime,
    demonstration: bool = False,
) -> None:
    """Write `root.json`, by which an edge believes the board. Raises `CliError` when there are too few distinct keys."""
    try:
        root = publication.make_root(
            publishers, reviewers, threshold=threshold, expires=expires, demonstration=demonstration
        )
    except ValueError as error:
        raise CliError(str(error)) from error
    write_private(folder / "root.json", root)
