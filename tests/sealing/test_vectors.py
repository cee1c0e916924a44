# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tests/vectors/` read back: what other programs are tested with, we hold to ourselves."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from safeconduct.sealing import blind_index, checkpoints, envelope, erasure, errors, padding, receipts, tickets, vault
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import VerifyKey
from safeconduct.vocabulary import records
from safeconduct.vocabulary.identifiers import KeyId
from safeconduct.vocabulary.secrets import Passphrase

VECTORS = Path(__file__).parents[1] / "vectors"
Case = dict[str, Any]


def read(name: str) -> Case:
    vectors: Case = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return vectors


GOOD, BAD, KNOWN = read("envelopes-good.json"), read("envelopes-bad.json"), read("derivations.json")


def doors(vectors: Case) -> dict[KeyId, VerifyKey]:
    keys = [VerifyKey.parse(bytes.fromhex(raw)) for raw in vectors["doors"].values()]
    return {key.key_id: key for key in keys}


def seed(vectors: Case, name: str) -> PrivateKey:
    return PrivateKey.from_seed(bytes.fromhex(vectors["seeds"][name]))


@pytest.mark.parametrize("case", GOOD["cases"], ids=lambda case: case["name"])
def test_a_good_envelope_opens_as_it_says(case: Case) -> None:
    sealed = envelope.parse(bytes.fromhex(case["envelope"]))
    envelope.verify(sealed, doors(GOOD))
    assert envelope.serialise(sealed).hex() == case["envelope"]
    assert (sealed.header.day.isoformat(), sealed.header.purpose) == (case["day"], case["purpose"])
    assert (sealed.label and msgspec.to_builtins(sealed.label)) == case["label"]
    for name in GOOD["seeds"]:
        if name in case["opened_by"]:
            plain = envelope.open_envelope(sealed, seed(GOOD, name))
            assert plain.hex() == case["plain"]
            assert records.encode(records.decode(plain)) == plain
        else:
            with pytest.raises(errors.NotForThisKey):
                envelope.open_envelope(sealed, seed(GOOD, name))


@pytest.mark.rule("T8")
@pytest.mark.rule("T10")
@pytest.mark.rule("T13")
@pytest.mark.parametrize("case", BAD["cases"], ids=lambda case: case["name"])
def test_a_bad_envelope_is_refused_at_the_step_and_for_the_reason_named(case: Case) -> None:
    data = bytes.fromhex(case["envelope"]) + bytes(case.get("zeros_after", 0))
    refused = case["refused"]
    if "parse" in refused:
        with pytest.raises(getattr(errors, refused["parse"])):
            envelope.parse(data)
        return
    sealed = envelope.parse(data)
    steps: dict[str, Callable[[], object]] = {
        "verify": lambda: envelope.verify(sealed, doors(BAD)),
        "open": lambda: envelope.open_envelope(sealed, seed(BAD, BAD["opened_with"])),
    }
    for step, act in steps.items():
        if step in refused:
            with pytest.raises(getattr(errors, refused[step])):
                act()
        else:
            act()


def test_keys_and_receipts_come_out_as_written() -> None:
    for case in KNOWN["keys"]:
        public = PrivateKey.from_seed(bytes.fromhex(case["seed"])).public
        assert (public.raw.hex(), public.key_id.hex()) == (case["public"], case["key_id"])
    case = KNOWN["receipt"]
    receipt = receipts.Receipt.parse(case["digits"])
    derived = receipts.derive(receipt, bytes.fromhex(case["secret"]))
    assert (derived.lookup.hex(), derived.half.hex()) == (case["lookup"], case["half"])
    assert receipts.mailbox_key(derived, bytes.fromhex(case["kept_half"])).seed.hex() == case["mailbox_seed"]
    for language, spelled in case["words"].items():
        assert list(receipts.words(receipt, language)) == spelled
        assert receipts.from_words(" ".join(spelled)) == receipt


def test_boxes_vaults_and_team_keys_open_as_written() -> None:
    case = KNOWN["erasure"]
    key, context = erasure.ErasureKey(bytes.fromhex(case["key"])), bytes.fromhex(case["context"])
    assert erasure.recover(key, bytes.fromhex(case["protected"]), context=context).hex() == case["plain"]
    case = KNOWN["ticket"]
    asked = {"purpose": bytes.fromhex(case["purpose"]), "now": case["expires"] - 1}
    assert tickets.redeem(bytes.fromhex(case["key"]), case["ticket"], **asked).hex() == case["payload"]
    case = KNOWN["vault"]
    opened = vault.open_vault(bytes.fromhex(case["record"]), Passphrase(case["passphrase"]))
    assert opened.private.seed.hex() == case["seed"]
    case = KNOWN["team_key"]
    member = PrivateKey.from_seed(bytes.fromhex(case["member_seed"]))
    wrapped, named = bytes.fromhex(case["wrapped"]), {"team_code": case["team_code"], "version": case["version"]}
    assert vault.open_team_key(wrapped, member, **named).seed.hex() == case["team_seed"]


def test_checkpoints_tokens_and_size_classes_are_as_written() -> None:
    case = KNOWN["checkpoint"]
    day = date.fromisoformat(case["day"])
    point = checkpoints.Checkpoint(case["number"], day, bytes.fromhex(case["hash"]))
    checkpoints.verify(point, bytes.fromhex(case["signature"]), VerifyKey.parse(bytes.fromhex(case["verify_key"])))
    case = KNOWN["blind_index"]
    assert (
        blind_index.token(bytes.fromhex(case["key"]), case["kind"], case["value"], bits=case["bits"]) == case["token"]
    )
    for length, size in KNOWN["padding"].items():
        assert padding.padded_length(int(length)) == size
