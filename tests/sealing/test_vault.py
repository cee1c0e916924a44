# SPDX-License-Identifier: AGPL-3.0-or-later
import inspect
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.sealing.errors import CostTooLow, Tampered, VaultRefused, WrongPassphrase
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.vault import (
    RFC_9106_SECOND,
    OperatorKeys,
    VaultCost,
    close_vault,
    generate_passphrase,
    open_team_key,
    open_vault,
    wrap_team_key,
)
from safeconduct.vocabulary.secrets import Passphrase

CHEAP = VaultCost(memory_kib=64, iterations=1, lanes=1)
KEYS = OperatorKeys(PrivateKey.generate())
PASSPHRASE = generate_passphrase()
TEAM, MEMBER = PrivateKey.generate(), PrivateKey.generate()


def test_a_vault_of_production_cost_opens_with_its_passphrase() -> None:
    assert open_vault(close_vault(KEYS, PASSPHRASE), PASSPHRASE) == KEYS


def test_a_passphrase_is_forgiven_its_capitals_and_spaces() -> None:
    record = close_vault(KEYS, PASSPHRASE, cost=CHEAP)
    typed = Passphrase("  " + PASSPHRASE.upper().replace(" ", " \u00a0\n"))
    assert open_vault(record, typed, floor=CHEAP) == KEYS


@given(st.text(max_size=60))
def test_another_passphrase_is_refused(typed: str) -> None:
    record = close_vault(KEYS, PASSPHRASE, cost=CHEAP)
    with pytest.raises(WrongPassphrase):
        open_vault(record, Passphrase(typed), floor=CHEAP)


@pytest.mark.parametrize("cost", [CHEAP, VaultCost(65_535, 3, 4), VaultCost(65_536, 2, 4)])
def test_a_cheap_vault_is_refused_unless_the_caller_asks_for_it(cost: VaultCost) -> None:
    record = close_vault(KEYS, PASSPHRASE, cost=cost)
    assert open_vault(record, PASSPHRASE, floor=cost) == KEYS
    with pytest.raises(CostTooLow):
        open_vault(record, PASSPHRASE)


def test_nothing_but_an_argument_makes_a_vault_cheap() -> None:
    assert VaultCost(memory_kib=64 * 1024, iterations=3, lanes=4) == RFC_9106_SECOND
    assert inspect.signature(close_vault).parameters["cost"].default is RFC_9106_SECOND
    assert inspect.signature(open_vault).parameters["floor"].default is RFC_9106_SECOND


@pytest.mark.rule("T8")
@given(at=st.sampled_from([*range(4), *range(13, 109)]), bit=st.integers(0, 7))
def test_an_altered_vault_is_refused(at: int, bit: int) -> None:
    """All but the cost, which may become dearer than a test can wait for: the next test has its limits."""
    record = bytearray(close_vault(KEYS, PASSPHRASE, cost=CHEAP))
    record[at] ^= 1 << bit
    with pytest.raises(VaultRefused):
        open_vault(bytes(record), PASSPHRASE, floor=CHEAP)


def test_a_vault_of_another_kind_or_version_is_named_as_such() -> None:
    record = close_vault(KEYS, PASSPHRASE, cost=CHEAP)
    for other in (b"SCE" + record[3:], record[:3] + b"\2" + record[4:]):
        with pytest.raises(VaultRefused, match="this release knows"):
            open_vault(other, PASSPHRASE, floor=CHEAP)
    for other in (b"", record[:-1], record + b"\0"):
        with pytest.raises(VaultRefused, match="109"):
            open_vault(other, PASSPHRASE, floor=CHEAP)


@pytest.mark.rule("T14")
@pytest.mark.parametrize(
    ("memory_kib", "iterations", "lanes"),
    [(2**32 - 1, 1, 1), (64, 2**32 - 1, 1), (64, 17, 1), (1024, 1, 17), (64, 1, 0), (64, 1, 9), (64, 0, 1)],
)
def test_a_vault_that_would_exhaust_the_desk_is_refused(memory_kib: int, iterations: int, lanes: int) -> None:
    record = close_vault(KEYS, PASSPHRASE, cost=CHEAP)
    forged = record[:4] + struct.pack(">IIB", memory_kib, iterations, lanes) + record[13:]
    with pytest.raises(VaultRefused, match="none of ours"):
        open_vault(forged, PASSPHRASE, floor=VaultCost(0, 0, 0))


def test_passphrases_have_seven_words_and_differ() -> None:
    many = {generate_passphrase() for _ in range(100)}
    assert len(many) == 100
    assert all(len(passphrase.split()) == 7 for passphrase in many)


@pytest.mark.rule("T6")
def test_a_team_key_opens_for_its_member_team_and_version_only() -> None:
    wrapped = wrap_team_key(TEAM, MEMBER.public, team_code="intake", version=2)
    assert open_team_key(wrapped, MEMBER, team_code="intake", version=2) == TEAM
    for member, code, version in ((KEYS.private, "intake", 2), (MEMBER, "handover", 2), (MEMBER, "intake", 1)):
        with pytest.raises(Tampered):
            open_team_key(wrapped, member, team_code=code, version=version)
