# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of the sealing tests: a team, a person, a stranger, and the door that signs."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from safeconduct.sealing import envelope
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey, VerifyKey
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId, KeyId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain


@dataclass(frozen=True)
class Parties:
    team: PrivateKey = field(default_factory=PrivateKey.generate)
    person: PrivateKey = field(default_factory=PrivateKey.generate)
    stranger: PrivateKey = field(default_factory=PrivateKey.generate)
    door: SigningKey = field(default_factory=SigningKey.generate)

    @property
    def doors(self) -> dict[KeyId, VerifyKey]:
        return {self.door.verify_key.key_id: self.door.verify_key}

    def seal(self, plain: bytes, *recipients: PrivateKey, **changed: Any) -> envelope.Envelope:
        usual: dict[str, Any] = {
            "purpose": envelope.Purpose.TO_TEAM,
            "conversation": ConversationId(b"conversation-16b"),
            "label": Label("web", "ko-KP", Kind.APPLICATION, Urgency.NOW),
            "day": date(2026, 11, 21),
            "recipients": [key.public for key in recipients],
            "signer": self.door,
        }
        return envelope.seal(Plain(plain), **(usual | changed))

    def open(self, data: bytes, key: PrivateKey) -> Plain:
        """All that a careful reader does."""
        read = envelope.parse(data)
        envelope.verify(read, self.doors)
        return envelope.open_envelope(read, key)


@pytest.fixture(scope="session")
def parties() -> Parties:
    return Parties()
