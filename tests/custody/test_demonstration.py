# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody's demonstration has, and what its start says to do first."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from safeconduct.cli import demonstration, demonstration_custody
from safeconduct.cli.demonstration import SignIn
from safeconduct.cli.places import Places
from safeconduct.desk.custody.models import Person
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

COLUMNS, SCREEN = 80, 24


@pytest.fixture
def told(db: None, tmp_path: Path) -> list[str]:
    here = Places(tmp_path, tmp_path / "credentials")
    demonstration_custody.make_people_once(here)
    return demonstration.of_custody(here, "http://localhost:8802")


def test_it_has_two_registrars_so_that_one_approves_what_the_other_proposes(told: list[str]) -> None:
    held = Counter(Operator.objects.values_list("role", flat=True))
    assert held[Role.REGISTRAR.value] == 2
    assert all(any(f" {name} " in line for line in told) for name in Operator.objects.values_list("name", flat=True))


def test_what_to_try_first_fits_a_screen_and_names_what_is_there(told: list[str]) -> None:
    walk = told[told.index("     What to try first:") :]
    assert len(told) <= SCREEN
    assert all(len(line) <= COLUMNS for line in walk)
    assert Person.objects.get().number in " ".join(walk)
    assert "custody doctor --demonstration" in walk[-1]


def test_one_of_an_earlier_release_says_whom_it_lacks(told: list[str], tmp_path: Path) -> None:
    here = Places(tmp_path, tmp_path / "credentials")
    file = demonstration.custody_sign_in_file(here)
    assert not any("earlier release" in line for line in told)
    known = [one for one in msgspec.json.decode(file.read_bytes(), type=list[SignIn]) if one.name != "bohdan"]
    file.write_bytes(msgspec.json.encode(known))
    assert any("earlier release" in line for line in demonstration.of_custody(here, "http://localhost:8802"))
