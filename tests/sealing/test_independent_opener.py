# SPDX-License-Identifier: AGPL-3.0-or-later
"""`docs/envelope.md` proved: a program written from it alone, on other people's cryptography, opens what we seal."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from safeconduct.sealing.keys import PrivateKey, open_with

HERE = Path(__file__).parent / "independent"
VECTORS = Path(__file__).parents[1] / "vectors"
Job = dict[str, Any]


def ask(*jobs: Job) -> list[Job]:
    if shutil.which("node") is None:
        pytest.fail("Node.js 20 or newer is needed to open our envelopes independently: install the package nodejs.")
    if not (HERE / "node_modules").is_dir():
        pytest.fail("The independent HPKE is not installed: run `npm ci --prefix tests/sealing/independent`.")
    done = subprocess.run(
        ["node", "open.mjs"], cwd=HERE, input=json.dumps(jobs).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[Job] = json.loads(done.stdout)
    return answers


def read(name: str) -> Job:
    vectors: Job = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return vectors


def test_it_opens_every_good_envelope_with_every_key_that_may() -> None:
    good = read("envelopes-good.json")
    doors, seeds = list(good["doors"].values()), good["seeds"]
    asked = [(case, name) for case in good["cases"] for name in case["opened_by"]]
    jobs = [
        {"do": "envelope", "envelope": case["envelope"], "doors": doors, "seed": seeds[name]} for case, name in asked
    ]
    for (case, _), answer in zip(asked, ask(*jobs), strict=True):
        assert answer == {name: case[name] for name in answer}
        assert answer["record"] == case["record"]


def test_it_refuses_every_bad_envelope_at_the_step_the_vectors_name() -> None:
    bad = read("envelopes-bad.json")
    doors, seed = list(bad["doors"].values()), bad["seeds"][bad["opened_with"]]
    jobs = [
        {
            "do": "envelope",
            "envelope": case["envelope"] + "00" * case.get("zeros_after", 0),
            "doors": doors,
            "seed": seed,
        }
        for case in bad["cases"]
    ]
    for case, answer in zip(bad["cases"], ask(*jobs), strict=True):
        assert answer.get("refused") == next(iter(case["refused"]), None), (case["name"], answer)


@pytest.mark.parametrize("do", ["receipt", "erasure", "ticket", "vault", "team_key", "blind_index"])
def test_it_derives_and_opens_what_we_do(do: str) -> None:
    case = read("derivations.json")[do]
    (answer,) = ask({"do": do} | case)
    assert answer
    assert answer == {name: case[name] for name in answer}


def test_it_finds_the_same_keys_checkpoints_and_size_classes() -> None:
    known = read("derivations.json")
    keys = ask(*({"do": "key", "seed": key["seed"]} for key in known["keys"]))
    assert [{"seed": old["seed"]} | new for old, new in zip(known["keys"], keys, strict=True)] == known["keys"]
    assert ask({"do": "checkpoint"} | known["checkpoint"]) == [{"fits": True}]
    lengths = [{"do": "padding", "length": int(length)} for length in known["padding"]]
    assert [answer["length"] for answer in ask(*lengths)] == list(known["padding"].values())


def test_we_open_what_it_seals() -> None:
    key = PrivateKey.generate()
    job = {"do": "seal", "public": key.public.raw.hex(), "purpose": b"there and back".hex(), "plain": b"a key".hex()}
    (answer,) = ask(job)
    assert open_with(key, bytes.fromhex(answer["sealed"]), purpose=b"there and back") == b"a key"
