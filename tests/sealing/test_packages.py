# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Bureau's packages and acknowledgements, to the byte (`docs/bureau.md`)."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from safeconduct.sealing import errors, packages
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.packages import Acknowledgement, Bureau, Received
from safeconduct.sealing.signatures import SigningKey, VerifyKey

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "bureau.json").read_text(encoding="utf-8")
)
LINE, BUREAU = SigningKey.from_seed(bytes(range(32))), SigningKey.from_seed(bytes(range(1, 33)))
OPENING = PrivateKey.from_seed(bytes(range(2, 34)))
SERIES, DAY = bytes(16), date(2026, 11, 22)
PLAIN = b'{"record":"bureau/1"}'
SAID = Acknowledgement(LINE.verify_key.key_id, DAY, (Received(1, bytes(16)), Received(9, b"\x01" * 16)))


def package(signer: SigningKey = LINE, to: PrivateKey = OPENING) -> bytes:
    return packages.seal_package(PLAIN, series=SERIES, day=DAY, bureau=to.public, signer=signer)


@pytest.mark.rule("R26")
def test_the_bureau_opens_what_custody_sealed_with_whichever_of_its_keys() -> None:
    keys = [PrivateKey.generate(), OPENING]
    assert packages.open_package(package(), line=LINE.verify_key, keys=keys) == PLAIN


@pytest.mark.rule("R26")
@pytest.mark.parametrize(
    ("made", "refused"),
    [
        (lambda raw: raw[:-1], errors.Malformed),
        (lambda raw: raw + b"\0", errors.Malformed),
        (lambda _raw: b"", errors.Malformed),
        (lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), errors.BadSignature),
        (lambda raw: raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:], errors.BadSignature),
        (lambda _raw: package(signer=BUREAU), errors.UnknownSigner),
        (lambda _raw: package(to=PrivateKey.generate()), errors.NotForThisKey),
    ],
)
def test_what_is_not_the_lines_package_is_refused(made: Any, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        packages.open_package(made(package()), line=LINE.verify_key, keys=[OPENING])


def test_an_acknowledgement_comes_back_as_it_was_given() -> None:
    raw = packages.acknowledge(SAID, BUREAU)
    assert packages.read_acknowledgement(raw, line=SAID.line, bureau=BUREAU.verify_key) == SAID


@pytest.mark.parametrize("at", range(0, 156, 7))
def test_no_byte_of_an_acknowledgement_can_be_changed(at: int) -> None:
    raw = packages.acknowledge(SAID, BUREAU)
    altered = raw[:at] + bytes([raw[at] ^ 0x40]) + raw[at + 1 :]
    with pytest.raises(errors.EnvelopeRefused):
        packages.read_acknowledgement(altered, line=SAID.line, bureau=BUREAU.verify_key)
    for cut in (raw[:at], raw + raw[:at] + b"\0"):
        with pytest.raises(errors.Malformed):
            packages.read_acknowledgement(cut, line=SAID.line, bureau=BUREAU.verify_key)


def test_an_acknowledgement_of_another_bureau_or_line_is_refused() -> None:
    raw = packages.acknowledge(SAID, BUREAU)
    with pytest.raises(errors.UnknownSigner):
        packages.read_acknowledgement(raw, line=SAID.line, bureau=LINE.verify_key)
    with pytest.raises(errors.UnknownSigner):
        packages.read_acknowledgement(raw, line=BUREAU.verify_key.key_id, bureau=BUREAU.verify_key)


def test_public_halves_are_read_back_and_nothing_else_is() -> None:
    here = Bureau(OPENING.public, BUREAU.verify_key)
    assert Bureau.parse(here.raw).raw == here.raw
    assert packages.parse_line(packages.line_file(LINE.verify_key)).raw == LINE.verify_key.raw
    for raw in (b"", here.raw[:-1], packages.line_file(LINE.verify_key), b"x" + here.raw[1:]):
        with pytest.raises(errors.Malformed):
            Bureau.parse(raw)
    with pytest.raises(errors.Malformed):
        packages.parse_line(here.raw)


def test_the_vector_opens_and_its_acknowledgement_is_this_one() -> None:
    opening = PrivateKey.from_seed(bytes.fromhex(VECTORS["opening_seed"]))
    signing = SigningKey.from_seed(bytes.fromhex(VECTORS["bureau_seed"]))
    line = VerifyKey.parse(bytes.fromhex(VECTORS["line_public"]))
    assert Bureau(opening.public, signing.verify_key).raw.hex() == VECTORS["bureau_pub"]
    assert packages.line_file(line).hex() == VECTORS["line_pub"]
    plain = packages.open_package(bytes.fromhex(VECTORS["package"]), line=line, keys=[opening])
    assert plain.hex() == VECTORS["plain"]
    told = VECTORS["acknowledgement"]
    received = tuple(Received(one["number"], bytes.fromhex(one["token"])) for one in told["received"])
    said = Acknowledgement(line.key_id, date.fromisoformat(told["day"]), received)
    assert packages.acknowledge(said, signing).hex() == told["raw"]
