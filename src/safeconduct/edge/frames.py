# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the door and its sealing hands say to each other: frames, each with its length before it, in MessagePack.

A hand greets with a mark of its secrets; then each thing is answered in the order in which it was asked, with what was
sealed or, when it could not be, with an empty frame: no error travels, it could quote a person.
"""

import hashlib

import msgspec

from safeconduct.edge.applications import Application, SealedApplication
from safeconduct.edge.credentials import EdgeCredentials
from safeconduct.edge.messages import Messages
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.secrets import Sealed

LENGTH_BYTES = 4
FRAME_MAX = 512 * 1024  # more than the largest post, and more than its two envelopes

Asked = Application | Messages

_sealed = msgspec.msgpack.Decoder(SealedApplication)
_envelopes = msgspec.msgpack.Decoder(tuple[tuple[bytes, ...], ...])


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


def sealed_in(data: bytes) -> SealedApplication:
    """What a hand answered to an application. Raises `FrameRefused`."""
    try:
        return _sealed.decode(data)
    except (msgspec.MsgspecError, SealingError):
        raise FrameRefused from None


def envelopes_in(data: bytes) -> list[tuple[Sealed, ...]]:
    """What a hand answered to messages: the envelopes of each. Raises `FrameRefused`."""
    try:
        return [tuple(Sealed(one) for one in each) for each in _envelopes.decode(data)]
    except msgspec.MsgspecError:
        raise FrameRefused from None


def mark_of(credentials: EdgeCredentials) -> bytes:
    """The same only for the same secrets: a hand that read others than the door would make receipts that open nothing."""
    secrets = (credentials.receipt_key, credentials.dedup_key, credentials.duress_key, credentials.signing_key.seed)
    return hashlib.sha256(b"safeconduct/1/crew" + b"".join(secrets)).digest()
