# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the door and its sealing hands say to each other: frames, each with its length before it, in MessagePack.

A hand greets with a mark of its secrets; then each application is answered in the order in which it was asked, with
the sealed application or, when it could not be sealed, with an empty frame: no error travels, it could quote a person.
"""

import hashlib

import msgspec

from safeconduct.edge.applications import SealedApplication
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.sealing.errors import SealingError

LENGTH_BYTES = 4
FRAME_MAX = 512 * 1024  # more than the largest post, and more than its two envelopes

_sealed = msgspec.msgpack.Decoder(SealedApplication)


class FrameRefused(Exception):  # noqa: N818 - a refusal is named by what was refused
    """These bytes are no frame, or not what is expected in one."""


def framed(data: bytes) -> bytes:
    """One frame."""
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def length_of(head: bytes | bytearray) -> int:
    """How many bytes follow these first ones. Raises `FrameRefused`."""
    length = int.from_bytes(head[:LENGTH_BYTES], "big")
    if length > FRAME_MAX:
        raise FrameRefused
    return length


def sealed_in(data: bytes) -> SealedApplication | None:
    """What a hand answered; None when it could not seal. Raises `FrameRefused`."""
    if not data:
        return None
    try:
        return _sealed.decode(data)
    except (msgspec.MsgspecError, SealingError):
        raise FrameRefused from None


def mark_of(credentials: EdgeCredentials) -> bytes:
    """The same only for the same secrets: a hand that read others than the door would make receipts that open nothing."""
    secrets = (credentials.receipt_key, credentials.dedup_key, credentials.duress_key, credentials.signing_key.seed)
    return hashlib.sha256(b"safeconduct/1/crew" + b"".join(secrets)).digest()
