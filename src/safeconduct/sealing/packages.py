# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's packages and their acknowledgements, out and in (`docs/bureau.md`). A package is an envelope like any other.

Custody signs packages and seals them to the Bureau, which is another organisation with keys of its own. The Bureau signs
what it has received. Both name things by 16 random bytes that stand in no clear place but custody's own table.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from safeconduct.sealing import envelope
from safeconduct.sealing.derivation import PROTOCOL
from safeconduct.sealing.envelope import ENVELOPE_MAX, Purpose
from safeconduct.sealing.errors import Malformed, OtherLine, UnknownSigner
from safeconduct.sealing.keys import PUBLIC_BYTES, PrivateKey, PublicKey
from safeconduct.sealing.signatures import SIGNATURE_BYTES, VERIFY_KEY_BYTES, SigningKey, VerifyKey
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import IDENTIFIER_BYTES, ConversationId, KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain, Sealed

BUREAU_MAGIC: Final = b"SCB\x01"
LINE_MAGIC: Final = b"SCL\x01"
ACKNOWLEDGED_MAGIC: Final = b"SCA\x01"
PACKAGE_MAX: Final = ENVELOPE_MAX
RECEIVED_MAX: Final = 10_000  # packages in one acknowledgement

_LABEL = Label(
    "bureau", "und", Kind.MESSAGE, Urgency.SOON
)  # withdrawn at once: what stays is a digest that says nothing
_HEAD = struct.Struct(f">4s{IDENTIFIER_BYTES}sII")
_ENTRY = struct.Struct(f">Q{IDENTIFIER_BYTES}s")
_EPOCH = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class Bureau:
    """The Bureau's public half: what packages are sealed to, and what its acknowledgements are signed with."""

    sealing: PublicKey
    signing: VerifyKey

    @property
    def raw(self) -> bytes:
        """`bureau.pub`: 1,252 bytes."""
        return BUREAU_MAGIC + self.sealing.raw + self.signing.raw

    @classmethod
    def parse(cls, raw: bytes) -> "Bureau":
        """Raises `Malformed`, `KeyRefused`."""
        if len(raw) != len(BUREAU_MAGIC) + PUBLIC_BYTES + VERIFY_KEY_BYTES or not raw.startswith(BUREAU_MAGIC):
            raise Malformed("This is no public half of a Bureau.")
        keys = raw[len(BUREAU_MAGIC) :]
        return cls(PublicKey.parse(keys[:PUBLIC_BYTES]), VerifyKey.parse(keys[PUBLIC_BYTES:]))


@dataclass(frozen=True, slots=True)
class Received:
    """One package that the Bureau has: its number, and the 16 bytes that only who opened it knows."""

    number: int
    token: bytes


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the Bureau received by a day, of the line whose key is named."""

    line: KeyId
    day: date
    received: tuple[Received, ...]


def line_file(key: VerifyKey) -> bytes:
    """`line.pub`, by which the Bureau knows custody's packages: 36 bytes."""
    return LINE_MAGIC + key.raw


def parse_line(raw: bytes) -> VerifyKey:
    """Raises `Malformed`."""
    if len(raw) != len(LINE_MAGIC) + VERIFY_KEY_BYTES or not raw.startswith(LINE_MAGIC):
        raise Malformed("This is no public half of a line's register.")
    return VerifyKey.parse(raw[len(LINE_MAGIC) :])


def seal_package(plain: bytes, *, series: bytes, day: date, bureau: PublicKey, signer: SigningKey) -> Sealed:
    """One package. `series` is the same 16 bytes in all packages of a line. Raises `TooLarge`, `Malformed`."""
    made = envelope.seal(
        Plain(plain),
        purpose=Purpose.TO_TEAM,
        conversation=ConversationId(series),
        label=_LABEL,
        day=day,
        recipients=[bureau],
        signer=signer,
    )
    return envelope.serialise(envelope.without_label(made))


def open_package(raw: bytes, *, line: VerifyKey, keys: Sequence[PrivateKey]) -> Plain:
    """What custody wrote, with whichever of the Bureau's keys it was sealed to.

    Raises `Malformed`, `UnknownVersion`, `UnknownSigner`, `BadSignature`, `NotForThisKey`, `Tampered`.
    """
    read = envelope.parse(raw)
    envelope.verify(read, {line.key_id: line})
    recipients = {wrap.recipient for wrap in read.wraps}
    key = next((one for one in keys if one.public.key_id in recipients), keys[0])
    return envelope.open_envelope(read, key)


def acknowledge(said: Acknowledgement, signer: SigningKey) -> bytes:
    """The file that the Bureau sends back. Raises `ValueError` for none or more than `RECEIVED_MAX`."""
    if not 1 <= len(said.received) <= RECEIVED_MAX:
        raise ValueError(f"An acknowledgement names 1 to {RECEIVED_MAX} packages.")
    body = _body(said.line, said.day, said.received) + signer.verify_key.key_id
    return body + signer.sign(_signed(body))


def read_acknowledgement(raw: bytes, *, line: KeyId, bureau: VerifyKey) -> Acknowledgement:
    """Raises `Malformed`, `OtherLine`, `UnknownSigner` (another Bureau's), `BadSignature`."""
    count = _count(raw)
    end = _HEAD.size + count * _ENTRY.size
    if len(raw) != end + IDENTIFIER_BYTES + SIGNATURE_BYTES:
        raise Malformed("The acknowledgement is cut short, or something is left over.")
    _, named, days, _ = _HEAD.unpack_from(raw)
    if named != line:
        raise OtherLine("Written for another line.")
    if raw[end : end + IDENTIFIER_BYTES] != bureau.key_id:
        raise UnknownSigner("Written by another Bureau, or with a key that it had before.")
    bureau.verify(_signed(raw[: end + IDENTIFIER_BYTES]), raw[-SIGNATURE_BYTES:])
    if days > _LAST_DAY:
        raise Malformed("The acknowledgement has no day.")
    received = tuple(Received(*_ENTRY.unpack_from(raw, _HEAD.size + at * _ENTRY.size)) for at in range(count))
    return Acknowledgement(KeyId(named), date.fromordinal(days + _EPOCH), received)


def _count(raw: bytes) -> int:
    if len(raw) < _HEAD.size or not raw.startswith(ACKNOWLEDGED_MAGIC):
        raise Malformed("This is no acknowledgement.")
    count: int = _HEAD.unpack_from(raw)[3]
    if not 1 <= count <= RECEIVED_MAX:
        raise Malformed(f"An acknowledgement names 1 to {RECEIVED_MAX} packages.")
    return count


def _body(line: KeyId, day: date, received: Iterable[Received]) -> bytes:
    entries = [_ENTRY.pack(one.number, one.token) for one in received]
    return _HEAD.pack(ACKNOWLEDGED_MAGIC, line, day.toordinal() - _EPOCH, len(entries)) + b"".join(entries)


def _signed(body: bytes) -> bytes:
    return PROTOCOL + b"acknowledgement" + body
