# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of mutations keeps step with the code: every rule of custody has one, and each could be made today."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.mutations.listing import SOURCE, Mutation, mutations

RULES = [f"R{number}" for number in range(20, 44)]
ROOT = SOURCE.parent


def test_every_rule_of_custody_is_broken_by_one() -> None:
    assert [one.rule for one in mutations()] == RULES


@pytest.mark.parametrize("mutation", mutations(), ids=lambda one: one.rule)
def test_a_mutation_fits_the_code_and_changes_it(mutation: Mutation) -> None:
    text = (SOURCE / mutation.file).read_text(encoding="utf-8")
    changed = mutation.applied_to(text)
    assert changed != text
    compile(changed, mutation.file, "exec")


@pytest.mark.parametrize("mutation", mutations(), ids=lambda one: one.rule)
def test_its_tests_are_there_and_carry_the_rule(mutation: Mutation) -> None:
    for test in mutation.tests:
        file, _, name = test.partition("::")
        text = Path(ROOT / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text
        marks = text[: text.index(f"def {name}(")].rpartition("\n\n\n")[2]
        whole_file = text.partition("\n\n\n")[0].partition("pytestmark")[2]
        assert f'"{mutation.rule}"' in marks + whole_file


def test_what_is_no_rule_of_the_list_breaks_nothing() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.mutations", "R0"], cwd=ROOT, check=False)
    assert done.returncode == 0
