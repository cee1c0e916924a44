# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes that name something. None of them is derived from a person, an address or a time."""

from typing import NewType

ConversationId = NewType("ConversationId", bytes)  # 16 random bytes
EnvelopeId = NewType("EnvelopeId", bytes)  # 16 random bytes
KeyId = NewType("KeyId", bytes)  # first 16 bytes of SHA-256 of a public key
LookupId = NewType("LookupId", bytes)  # 16 bytes, derived from a receipt
DedupKey = NewType("DedupKey", bytes)  # 32 bytes, HMAC of channel and provider's message id (or of a ticket)

IDENTIFIER_BYTES = 16
