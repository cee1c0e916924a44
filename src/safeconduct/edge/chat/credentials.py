# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a chat worker holds besides the door's own secrets: the key of all routes, and its channel's delivery key."""

import hmac
from dataclasses import dataclass
from pathlib import Path

from safeconduct.edge.credentials import EdgeCredentials, load_credentials, read_secret
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.identifiers import ConversationId, DedupKey

_LENGTH = 32


@dataclass(frozen=True, slots=True, repr=False)
class ChatCredentials:
    """Without these a copied spool names no chat, no number and no message of a provider (T3)."""

    door: EdgeCredentials
    route_key: bytes
    delivery: PrivateKey

    def place(self, channel: str, address: str) -> bytes:
        """The name under which an address is found, and which names nobody."""
        return self._digest(b"address", channel, address)

    def dedup(self, channel: str, address: str, message_id: str) -> DedupKey:
        """The provider's message, whenever it comes again."""
        return DedupKey(_mac(self.door.dedup_key, _joined(b"chat", channel, address, message_id)))

    def act(self, name: bytes, conversation: ConversationId, *which: bytes) -> DedupKey:
        """An act of the worker itself, done once."""
        return DedupKey(_mac(self.door.dedup_key, b"\0".join([b"act", name, conversation, *which])))

    def _digest(self, purpose: bytes, *parts: str) -> bytes:
        return _mac(self.route_key, _joined(purpose, *parts))[:_LENGTH]


def load_chat_credentials(folder: Path, channel: str, *, demonstration: bool) -> ChatCredentials:
    """Read them all. Raises `CredentialsRefused`."""
    return ChatCredentials(
        door=load_credentials(folder, demonstration=demonstration),
        route_key=read_secret(folder / "edge" / "route.key"),
        delivery=PrivateKey.from_seed(read_secret(folder / "channels" / channel / "delivery.key")),
    )


def _mac(key: bytes, said: bytes) -> bytes:
    # Not hmac.digest: it lets go of Python's lock, and under load waits milliseconds to get it back.
    return hmac.new(key, said, "sha256").digest()


def _joined(purpose: bytes, *parts: str) -> bytes:
    """Each part with its length, so that no two lists of parts look the same."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return purpose + b"".join(len(part).to_bytes(4) + part for part in encoded)
