# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edge.channels.sms.alphabets import decode
from safeconduct.edge.channels.sms.payloads import HEADER, Delivery, Part, delivery

FIXTURES = {path.stem: json.loads(path.read_text()) for path in (Path(__file__).parents[1] / "fixtures").glob("*.json")}
BODIES = {name: bytes.fromhex(fixture["hex"])[HEADER.size :] for name, fixture in FIXTURES.items()}


@pytest.mark.parametrize("fixture", FIXTURES.values(), ids=FIXTURES)
def test_what_is_documented_is_read(fixture: dict[str, Any]) -> None:
    octets = bytes.fromhex(fixture["hex"])
    length, command, _, _ = HEADER.unpack_from(octets)
    found = delivery(octets[HEADER.size :])
    assert (length, command) == (len(octets), 5)
    assert found is not None
    if fixture["text"] is None:
        assert not found.is_from_person
    else:
        assert decode(found.octets, found.coding, "gsm0338") == fixture["text"]
        assert found.source == fixture["address"]


def test_the_smscs_name_and_the_place_in_a_long_message_are_read() -> None:
    named, part = delivery(BODIES["mo"]), delivery(BODIES["part-1-of-3"])
    assert named is not None
    assert named.name == b"1618Z-0102G-2333M-25FJF"
    assert part is not None
    assert part.part == Part(reference=0x44, total=3, index=1)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_message_cut_anywhere_is_malformed_or_has_lost_only_what_is_optional(body: bytes) -> None:
    whole = delivery(body)
    assert whole is not None
    for end in range(len(body)):
        found = delivery(body[:end])
        assert found is None or (found.source, found.coding) == (whole.source, whole.coding)
    assert delivery(body[: len(body) // 2]) is None


@given(st.sampled_from(sorted(BODIES)), st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_damaged_message_never_raises(name: str, at: int, damage: bytes) -> None:
    body = bytearray(BODIES[name])
    body[at % len(body) : at % len(body) + len(damage)] = damage
    found = delivery(bytes(body))
    assert found is None or decode(found.octets, found.coding, "gsm0338") != "nothing was raised"


@given(st.binary(max_size=300))
def test_noise_never_raises(body: bytes) -> None:
    assert isinstance(delivery(body), Delivery | None)


@pytest.mark.parametrize(("total", "index"), [(0, 0), (1, 1), (2, 0), (2, 3)])
def test_a_place_that_cannot_be_is_left_out(total: int, index: int) -> None:
    body = BODIES["part-1-of-3"].replace(bytes.fromhex("0500034403") + b"\x01", bytes((5, 0, 3, 0x44, total, index)))
    found = delivery(body)
    assert found is not None
    assert found.part is None


@pytest.mark.rule("T8")
@pytest.mark.parametrize("sizes", [(2, 1, 9), (9, 1, 1), (2, 300, 300), (0, 0, 0)])
def test_numbers_of_any_length_are_read_and_what_makes_no_sense_is_left_out(sizes: tuple[int, ...]) -> None:
    tags = zip((0x020C, 0x020E, 0x020F), sizes, strict=True)
    found = delivery(BODIES["mo"] + b"".join(struct.pack("!HH", tag, size) + b"\xff" * size for tag, size in tags))
    assert found is not None
    assert found.part is None
    assert found.digest()


def test_no_repr_shows_who_or_what() -> None:
    assert repr(delivery(BODIES["mo"])) == "Delivery(…)"
