# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key pairs, direct seals and signatures."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing import receipts, vault
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.sealing.errors import BadSignature, KeyRefused, Tampered
from safeconduct.sealing.keys import ENCAPSULATION_BYTES, PrivateKey, PublicKey, open_with, seal_to
from safeconduct.sealing.signatures import SigningKey, VerifyKey

KEY, OTHER = PrivateKey.generate(), PrivateKey.generate()
POINT = KEY.public.raw[1184:]
LATTICE = KEY.public.raw[:1184]
PRIME = 2**255 - 19


def test_a_seed_gives_the_same_pair_again() -> None:
    again = PrivateKey.from_seed(KEY.seed)
    assert again == KEY
    assert again.public == PublicKey.parse(KEY.public.raw)
    assert again.public.key_id == KEY.public.key_id
    assert OTHER.public.key_id != KEY.public.key_id


@pytest.mark.rule("T10")
@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (KEY.public.raw[:-1], "1216"),
        (KEY.public.raw + b"\0", "1216"),
        (POINT, "1216"),
        (b"\xff" * 1184 + POINT, "no public key"),
        (LATTICE + bytes(32), "no public key"),
        (LATTICE + (1).to_bytes(32, "little"), "no public key"),
        (LATTICE + PRIME.to_bytes(32, "little"), "canonical"),
        (LATTICE + (int.from_bytes(POINT, "little") | 1 << 255).to_bytes(32, "little"), "canonical"),
    ],
    ids=["short", "long", "X25519 alone", "no ML-KEM", "point zero", "point of low order", "point of p", "high bit"],
)
def test_bytes_that_are_no_key_are_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(KeyRefused, match=reason):
        PublicKey.parse(raw)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_of_another_size_is_refused(size: int) -> None:
    for refusing in (PrivateKey.from_seed, SigningKey.from_seed, VerifyKey.parse, ErasureKey):
        with pytest.raises(KeyRefused, match="32 bytes"):
            refusing(bytes(size))


@given(plain=st.binary(max_size=200), purpose=st.binary(max_size=40))
def test_a_direct_seal_opens_for_its_key_and_its_purpose_only(plain: bytes, purpose: bytes) -> None:
    sealed = seal_to(KEY.public, plain, purpose=purpose)
    assert open_with(KEY, sealed, purpose=purpose) == plain
    for key, other_purpose in ((OTHER, purpose), (KEY, purpose + b"x")):
        with pytest.raises(Tampered):
            open_with(key, sealed, purpose=other_purpose)


@given(st.integers(0, ENCAPSULATION_BYTES + 4 + 16 - 1), st.integers(0, 7))
def test_a_direct_seal_with_a_flipped_bit_is_refused(at: int, bit: int) -> None:
    sealed = bytearray(seal_to(KEY.public, b"seed", purpose=b"test"))
    sealed[at] ^= 1 << bit
    for damaged in (bytes(sealed), bytes(sealed[:at])):
        with pytest.raises(Tampered):
            open_with(KEY, damaged, purpose=b"test")


@pytest.mark.rule("T13")
@given(message=st.binary(max_size=100), bit=st.integers(0, 511))
def test_a_signature_fits_its_key_and_message_only(message: bytes, bit: int) -> None:
    key = SigningKey.generate()
    signature = key.sign(message)
    VerifyKey.parse(key.verify_key.raw).verify(message, signature)
    flipped = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    for bad_message, bad in (
        (message, flipped),
        (message + b"\0", signature),
        (message, b""),
        (message, signature[:63]),
    ):
        with pytest.raises(BadSignature):
            key.verify_key.verify(bad_message, bad)
    with pytest.raises(BadSignature):
        SigningKey.generate().verify_key.verify(message, signature)


@pytest.mark.rule("R49")
@pytest.mark.rule("T3")
def test_no_secret_shows_in_a_repr_or_a_str() -> None:
    signing, erasing, receipt = SigningKey.generate(), ErasureKey.generate(), receipts.Receipt.generate()
    derived = receipts.derive(receipt, bytes(32))
    held: list[tuple[Any, bytes | str]] = [
        (KEY, KEY.seed),
        (signing, signing.seed),
        (erasing, erasing.raw),
        (receipt, receipt.digits),
        (derived, derived.half),
        (derived, derived.lookup),
        (vault.OperatorKeys(KEY), KEY.seed),
    ]
    for thing, secret in held:
        shown = f"{thing!r} {thing!s} {[thing]}"
        assert (secret if isinstance(secret, str) else secret.hex()) not in shown
        assert repr(secret)[2:-1] not in shown


def test_a_wrong_type_is_named_at_once() -> None:
    for refusing in (PublicKey.parse, PrivateKey.from_seed, SigningKey.from_seed, VerifyKey.parse):
        with pytest.raises(TypeError):
            refusing("00" * 32)  # type: ignore[arg-type]  # the point of the test
