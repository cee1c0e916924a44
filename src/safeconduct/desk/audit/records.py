# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies inside a sealed entry."""

from datetime import datetime

import msgspec

from safeconduct.sealing import keys, padding

PURPOSE = b"audit"


class Recorded(msgspec.Struct, frozen=True, tag_field="record", tag="act/1"):
    """Who did what, when, to what. `subject` names a thing (a case's number), never its content."""

    actor: str
    act: str
    at: datetime
    subject: str


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Recorded)


def seal(recorded: Recorded, monitor: keys.PublicKey) -> bytes:
    """Sealed and padded: the size of an entry does not tell which act it is."""
    return keys.seal_to(monitor, padding.pad(_encoder.encode(recorded)), purpose=PURPOSE)


def open_sealed(sealed: bytes, monitor: keys.PrivateKey) -> Recorded:
    """Read an entry back. Raises `EnvelopeRefused` or `msgspec.DecodeError`."""
    return _decoder.decode(padding.unpad(keys.open_with(monitor, sealed, purpose=PURPOSE)))
