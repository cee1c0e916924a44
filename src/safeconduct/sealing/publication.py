# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk publishes to every edge, signed by a threshold of offline keys (TUF's metadata, python-tuf).

The trust anchor is one TUF targets document with two delegated roles, each with its keys, its threshold and the
names it may sign: `publishers` any plain name ("teams", "line"), `reviewers` "texts/<tag>". It is trusted because
an administrator placed it. TUF's own root was not taken: it insists on four roles, two of which nobody here holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]  # documented there, re-exported loosely
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import (  # type: ignore[attr-defined]  # the same
    DelegatedRole,
    Delegations,
    Key,
    Metadata,
    TargetFile,
    Targets,
)
from tuf.api.serialization import DeserializationError

from safeconduct.sealing.errors import Altered, Expired, Older, PublicationRefused, Unsigned
from safeconduct.sealing.keys import key_id_of
from safeconduct.sealing.signatures import SigningKey, VerifyKey

Role = Literal["publishers", "reviewers"]

DOCUMENT_MAX: Final = 262_144  # bytes of a document or a trust anchor; contents have no limit here
_NAMES: Final[dict[Role, str]] = {"publishers": "*", "reviewers": "texts/*"}
_DEMONSTRATION: Final = "demonstration"


@dataclass(frozen=True, slots=True)
class Published:
    """Content that enough of the right people signed, and that is neither old nor expired."""

    version: int
    expires: datetime
    content: bytes


def make_root(
    publishers: Sequence[VerifyKey],
    reviewers: Sequence[VerifyKey],
    *,
    threshold: int = 2,
    expires: datetime,
    demonstration: bool = False,
) -> bytes:
    """The trust anchor. Raises `ValueError` if a role has fewer distinct keys than `threshold`."""
    held: dict[Role, Sequence[VerifyKey]] = {"publishers": publishers, "reviewers": reviewers}
    roles: dict[str, DelegatedRole] = {}
    for role, keys in held.items():
        if threshold < 1 or len({key.raw for key in keys}) != len(keys) or len(keys) < threshold:
            raise ValueError(f"The {role} need at least {threshold} distinct keys; {len(keys)} were given.")
        names = [_NAMES[role]]
        roles[role] = DelegatedRole(role, [key.key_id.hex() for key in keys], threshold, terminating=True, paths=names)
    known: dict[str, Key] = {key.key_id.hex(): _tuf_key(key) for key in (*publishers, *reviewers)}
    marks: dict[str, Any] = {_DEMONSTRATION: True} if demonstration else {}
    anchor = Targets(expires=expires, delegations=Delegations(known, roles), unrecognized_fields=marks)
    return Metadata(anchor).to_bytes()


def is_demonstration(root: bytes) -> bool:
    """Whether this trust anchor was made for a demonstration. Raises `PublicationRefused`."""
    return _read_anchor(root).unrecognized_fields.get(_DEMONSTRATION) is True


def draft(name: str, content: bytes, *, version: int, expires: datetime) -> bytes:
    """An unsigned document that names `content` by length and SHA-256. The content itself travels beside it."""
    target = TargetFile.from_data(name, content, ["sha256"])
    return Metadata(Targets(version=version, expires=expires, targets={name: target})).to_bytes()


def add_signature(document: bytes, key: SigningKey) -> bytes:
    """The document with one more signature; one made by the same key before is replaced."""
    metadata = _read_metadata(document)
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    metadata.sign(CryptoSigner(private, _tuf_key(key.verify_key)), append=True)
    return metadata.to_bytes()


@dataclass(frozen=True, slots=True)
class Described:
    """What a document says of itself, before anyone has signed it: what a signer must see."""

    name: str
    version: int
    expires: datetime
    sha256: str
    signatures: int


def describe(document: bytes) -> Described:
    """Raises `Altered` for what is no document about one entry."""
    metadata = _read_metadata(document)
    if len(metadata.signed.targets) != 1:
        raise Altered("This document is not about one entry.")
    ((name, target),) = metadata.signed.targets.items()
    signed = metadata.signed
    return Described(name, signed.version, signed.expires, target.hashes["sha256"], len(metadata.signatures))


def verify(  # noqa: PLR0913 - everything a reader must insist on, by name
    document: bytes,
    content: bytes,
    *,
    root: bytes,
    role: Role,
    name: str,
    now: datetime,
    at_least_version: int,
) -> Published:
    """Return what was published, or raise `Unsigned`, `Expired`, `Older` or `Altered`.

    `at_least_version` is the highest version that the reader has accepted under this name (0 at first).
    """
    anchor = _read_anchor(root)
    if anchor.is_expired(now):
        raise Expired("The trust anchor has expired; an administrator must place a new one.")
    metadata = _read_metadata(document)
    _check_signatures(anchor, metadata, role=role, name=name)
    signed = metadata.signed
    if signed.is_expired(now):
        raise Expired(f'The document "{name}" has expired.')
    if signed.version < at_least_version:
        raise Older(f'The document "{name}" is version {signed.version}; {at_least_version} was seen before.')
    _check_content(signed, content, name)
    return Published(signed.version, signed.expires, content)


def _check_signatures(anchor: Targets, metadata: Metadata[Targets], *, role: Role, name: str) -> None:
    delegations = anchor.delegations
    if delegations is None or delegations.roles is None or role not in delegations.roles:
        raise PublicationRefused(f"The trust anchor names no {role}.")
    if not delegations.roles[role].is_delegated_path(name):
        raise Unsigned(f'The {role} have no say over "{name}".')
    result = anchor.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    if not result:
        raise Unsigned(f'"{name}" has {len(result.signed)} of {result.threshold} signatures of the {role}.')


def _check_content(signed: Targets, content: bytes, name: str) -> None:
    if set(signed.targets) != {name}:
        raise Altered(f'This document is not about "{name}".')
    try:
        signed.targets[name].verify_length_and_hashes(content)
    except LengthOrHashMismatchError:
        raise Altered(f'The content of "{name}" is not what was signed.') from None


def _tuf_key(key: VerifyKey) -> SSlibKey:
    return SSlibKey(key.key_id.hex(), "ed25519", "ed25519", {"public": key.raw.hex()})


def _read_anchor(root: bytes) -> Targets:
    try:
        anchor = _read_metadata(root).signed
    except Altered:
        raise PublicationRefused(
            "The trust anchor (root.json) is unreadable; an administrator must place it."
        ) from None
    for name, key in (anchor.delegations.keys if anchor.delegations else {}).items():
        # TUF counts key ids; only when each follows from its key are distinct ids distinct keys.
        if name != _own_id(key):
            raise PublicationRefused("The trust anchor names a key by another id than its own.")
    return anchor


def _own_id(key: Key) -> str | None:
    try:
        return key_id_of(bytes.fromhex(key.keyval["public"])).hex() if key.keytype == "ed25519" else None
    except (KeyError, TypeError, ValueError):
        return None


def _read_metadata(data: bytes) -> Metadata[Targets]:
    if len(data) > DOCUMENT_MAX:
        raise Altered(f"A document has at most {DOCUMENT_MAX} bytes; this has {len(data)}.")
    try:
        metadata = Metadata[Targets].from_bytes(data)
    except DeserializationError:
        raise Altered("These bytes are no document of the board.") from None
    if not isinstance(metadata.signed, Targets):
        raise Altered("This is a document of another kind.")
    return metadata
