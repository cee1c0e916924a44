# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing, opening, and wraps that come and go."""

from datetime import date

import pytest

from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.errors import NotForThisKey
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain

TEAM, PERSON, STRANGER = PrivateKey.generate(), PrivateKey.generate(), PrivateKey.generate()
DOOR = SigningKey.generate()
LABEL = Label("web", "ko-KP", Kind.APPLICATION, Urgency.NOW)
WORDS = Plain("Хочу жить. 살고 싶습니다.".encode())


def sealed(*recipients: PrivateKey) -> sealing.Envelope:
    return sealing.seal(
        WORDS,
        purpose=sealing.Purpose.TO_TEAM,
        conversation=ConversationId(b"conversation-16b"),
        label=LABEL,
        day=date(2026, 11, 21),
        recipients=[key.public for key in recipients or (TEAM, PERSON)],
        signer=DOOR,
    )


@pytest.mark.rule("T3")
def test_each_recipient_opens_what_was_sealed_and_a_stranger_does_not() -> None:
    read = sealing.parse(sealing.serialise(sealed()))
    sealing.verify(read, {DOOR.verify_key.key_id: DOOR.verify_key})
    assert sealing.open_envelope(read, TEAM) == sealing.open_envelope(read, PERSON) == WORDS
    with pytest.raises(NotForThisKey):
        sealing.open_envelope(read, STRANGER)
