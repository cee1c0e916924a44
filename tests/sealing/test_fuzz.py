# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hundred thousand damaged envelopes (ten million with `make soak`): each is refused, and nothing else happens."""

import os
import random
from datetime import date

import pytest

from safeconduct.sealing.envelope import Purpose, parse, seal, serialise, verify
from safeconduct.sealing.errors import EnvelopeRefused
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary.applications import Kind, Urgency
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.labels import Label
from safeconduct.vocabulary.secrets import Plain

INPUTS = int(os.environ.get("SAFECONDUCT_SOAK_INPUTS", "100000"))


def _damaged(good: bytes, dice: random.Random) -> bytes:
    """Cut, spliced, repeated, or with bytes changed near the front, where the lengths are."""
    data = bytearray(good)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data)) if dice.random() < 0.5 else dice.randrange(min(200, len(data)))
        match dice.randrange(4):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                del data[at : at + dice.randint(1, 40)]
            case 2:
                data[at:at] = dice.randbytes(dice.randint(1, 40))
            case _:
                data[at : at + 4] = dice.choice((bytes(4), b"\xff" * 4, b"\x00\x01\x00\x00"))
        if not data:
            return b""
    return bytes(data)


@pytest.mark.rule("T8")
def test_damaged_envelopes_are_refused_and_nothing_else() -> None:
    dice, signer = random.Random(20261101), SigningKey.generate()
    label = Label("web", "uk", Kind.MESSAGE, Urgency.SOON)
    good = serialise(
        seal(
            Plain(b"words"), purpose=Purpose.TO_TEAM, conversation=ConversationId(bytes(16)), label=label,
            day=date(2026, 11, 1), recipients=[PrivateKey.generate().public], signer=signer,
        )
    )  # fmt: skip
    doors = {signer.verify_key.key_id: signer.verify_key}
    harmless = parse(good)
    for _ in range(INPUTS):
        data = _damaged(good, dice)
        if data == good:
            continue
        try:
            envelope = parse(data)
            verify(envelope, doors)
        except EnvelopeRefused:
            continue
        # Wraps are not signed: they are added and destroyed. Everything else must be as it was.
        assert (envelope.header, envelope.label, envelope.ciphertext) == (
            harmless.header,
            harmless.label,
            harmless.ciphertext,
        )
