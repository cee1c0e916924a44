# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a verifier notices: an edit, a deletion, a move, a cut, a rewriting, a forged signature."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.desk.audit.chain import START, Link, Report, Signed, Trust, link, verify
from safeconduct.sealing import checkpoints
from safeconduct.sealing.checkpoints import Checkpoint
from safeconduct.sealing.signatures import SigningKey

DESK = SigningKey.from_seed(b"d" * 32)
MONITOR = SigningKey.from_seed(b"m" * 32)
STRANGER = SigningKey.from_seed(b"s" * 32)
TRUST = Trust(DESK.verify_key, (MONITOR.verify_key,))
DAY = date(2026, 11, 21)


def chained(count: int, *, say: bytes = b"sealed") -> list[Link]:
    links, before = [], START
    for number in range(1, count + 1):
        day, sealed = DAY + timedelta(days=number // 5), say + bytes([number % 256])
        before = link(before, number, day, sealed)
        links.append(Link(number, day, sealed, before))
    return links


def signed(entry: Link, desk: SigningKey = DESK, monitor: SigningKey | None = None) -> Signed:
    checkpoint = Checkpoint(entry.number, entry.day, entry.hash)
    counter = checkpoints.sign(checkpoint, monitor) if monitor else b""
    who = monitor.verify_key.raw if monitor else b""
    return Signed(checkpoint, checkpoints.sign(checkpoint, desk), who, counter)


def check(links: list[Link], *kept: Signed) -> Report:
    return verify(links, kept, TRUST)


@pytest.mark.rule("R49")
def test_an_untouched_chain_verifies_to_its_last_signature() -> None:
    links = chained(12)
    found = check(links, signed(links[4], monitor=MONITOR), signed(links[11]))
    assert (found.entries, found.signed_to, found.countersigned_to, found.problems) == (12, 12, 5, [])


@pytest.mark.rule("R49")
@pytest.mark.parametrize("field", ["sealed", "hash", "day"])
def test_an_edited_entry_is_named(field: str) -> None:
    links = chained(9)
    changed: dict[str, object] = {"sealed": b"another", "hash": bytes(32), "day": DAY - timedelta(days=1)}
    links[3] = replace(links[3], **{field: changed[field]})  # type: ignore[arg-type]
    assert any("entry 4 was altered" in problem for problem in check(links).problems)


@pytest.mark.rule("R49")
def test_a_deleted_entry_is_named() -> None:
    links = chained(9)
    del links[3]
    assert check(links).problems[0].startswith("entry 4 is missing")


@pytest.mark.rule("R49")
def test_two_entries_that_changed_places_are_named() -> None:
    links = chained(9)
    links[3], links[4] = links[4], links[3]
    assert check(links).problems[0].startswith("entry 4 is missing or out of order")


@pytest.mark.rule("R49")
def test_a_cut_after_a_checkpoint_is_noticed() -> None:
    links = chained(9)
    kept = signed(links[8])
    assert "entries were cut off" in check(links[:6], kept).problems[0]


@pytest.mark.rule("R49")
def test_a_cut_with_its_checkpoints_is_noticed_only_by_a_checkpoint_kept_elsewhere() -> None:
    links = chained(9)
    assert check(links[:6], signed(links[5])).problems == []
    assert check(links[:6], signed(links[5]), signed(links[8], monitor=MONITOR)).problems != []


@pytest.mark.rule("R49")
def test_a_chain_rewritten_by_someone_without_the_desks_key_is_noticed() -> None:
    kept = signed(chained(9)[8])
    assert "rewritten" in check(chained(9, say=b"invented"), kept).problems[0]


@pytest.mark.rule("R49")
def test_a_chain_rewritten_with_the_desks_key_is_noticed_by_a_countersigned_checkpoint() -> None:
    kept = signed(chained(9)[4], monitor=MONITOR)
    rewritten = chained(9, say=b"invented")
    assert check(rewritten, signed(rewritten[8])).problems == []
    assert "rewritten" in check(rewritten, signed(rewritten[8]), kept).problems[0]


@pytest.mark.rule("R49")
def test_a_checkpoint_of_a_strangers_key_is_not_believed() -> None:
    links = chained(9)
    assert "not signed by the desk" in check(links, signed(links[8], desk=STRANGER)).problems[0]


@pytest.mark.rule("R49")
def test_a_strangers_countersignature_is_reported_and_not_believed() -> None:
    links = chained(9)
    found = check(links, signed(links[8], monitor=STRANGER))
    assert found.countersigned_to == 0
    assert found.unknown_countersigners == {STRANGER.verify_key.raw.hex()}


@pytest.mark.rule("R49")
def test_a_forged_countersignature_in_the_monitors_name_is_a_problem() -> None:
    links = chained(9)
    forged = replace(signed(links[8], monitor=STRANGER), countersigner=MONITOR.verify_key.raw)
    assert "does not fit" in check(links, forged).problems[0]


def test_a_wholly_foreign_chain_is_not_listed_entry_by_entry() -> None:
    links = [replace(entry, hash=bytes(32)) for entry in chained(200)]
    assert len(check(links).problems) == 20


@pytest.mark.rule("R49")
@settings(max_examples=200, deadline=None)
@given(where=st.integers(0, 29), flip=st.integers(0, 255), field=st.sampled_from(["sealed", "hash"]))
def test_any_flipped_byte_is_noticed(where: int, flip: int, field: str) -> None:
    links = chained(30)
    value = bytearray(getattr(links[where], field))
    value[flip % len(value)] ^= 1 + flip % 255
    links[where] = replace(links[where], **{field: bytes(value)})  # type: ignore[arg-type]
    assert check(links, signed(chained(30)[29])).problems
