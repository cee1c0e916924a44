# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading what the desk answered. Only what the desk signed for this conversation is believed (T13)."""

from collections.abc import Mapping
from datetime import date

import msgspec

from safeconduct.sealing.envelope import Envelope, Purpose, open_envelope, parse, verify
from safeconduct.sealing.errors import EnvelopeRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import VerifyKey
from safeconduct.vocabulary.identifiers import ConversationId, KeyId
from safeconduct.vocabulary.records import ReplyText, decode


def read_reply(
    sealed: bytes, conversation: ConversationId, key: PrivateKey, believed: Mapping[KeyId, VerifyKey]
) -> tuple[Envelope, ReplyText] | None:
    """The reply, with its envelope. None for anything that is not the desk's, not this conversation's, or not for `key`."""
    try:
        envelope = parse(sealed)
        verify(envelope, believed)
        reply = decode(open_envelope(envelope, key))
    except (EnvelopeRefused, msgspec.DecodeError):
        return None
    header = envelope.header
    fits = header.purpose is Purpose.TO_PERSON and header.conversation == conversation
    if not fits or not isinstance(reply, ReplyText) or not _is_day(reply.day):
        return None
    return envelope, reply


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
