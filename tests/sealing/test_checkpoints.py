# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import replace
from datetime import date, timedelta

import pytest

from safeconduct.sealing.checkpoints import Checkpoint, sign, verify
from safeconduct.sealing.errors import BadSignature
from safeconduct.sealing.signatures import SigningKey

MONITOR = SigningKey.generate()
POINT = Checkpoint(41, date(2026, 11, 21), b"h" * 32)


@pytest.mark.rule("R49")
@pytest.mark.parametrize(
    "other",
    [replace(POINT, number=42), replace(POINT, day=POINT.day + timedelta(1)), replace(POINT, hash=b"i" * 32)],
    ids=["number", "day", "hash"],
)
def test_a_checkpoint_is_signed_as_a_whole(other: Checkpoint) -> None:
    signature = sign(POINT, MONITOR)
    verify(POINT, signature, MONITOR.verify_key)
    with pytest.raises(BadSignature):
        verify(other, signature, MONITOR.verify_key)
    with pytest.raises(BadSignature):
        verify(POINT, signature, SigningKey.generate().verify_key)


@pytest.mark.parametrize(("number", "chain"), [(-1, b"h" * 32), (0, b""), (0, b"h" * 33)])
def test_a_checkpoint_of_no_chain_is_refused(number: int, chain: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Checkpoint(number, POINT.day, chain)
