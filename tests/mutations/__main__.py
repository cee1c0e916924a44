# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.mutations [RULE …]`: break each rule once, in a copy of the house, and see its tests fail.

A test that still passes then is a defect, of the test or of the list (`mutations.toml`). Before anything is broken the same tests
must pass, so that a failure is the mutation's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from tests.mutations.listing import SOURCE, Mutation, mutations

_FAILED = 1  # pytest's code for tests that ran and failed; anything else is no proof
_console = Console()


def main() -> None:
    """Exits with 1 when a mutation went unnoticed."""
    wanted = set(sys.argv[1:])
    chosen = [one for one in mutations() if not wanted or one.rule in wanted]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        unnoticed = [one for one in chosen if not _is_noticed(one, copy)]
    if unnoticed:
        sys.exit(f"unnoticed: {', '.join(one.rule for one in unnoticed)}")


def _is_noticed(mutation: Mutation, copy: Path) -> bool:
    whole = _ran(mutation, copy)
    if whole:
        _console.print(f"{mutation.rule}: its tests fail before anything is broken ({whole})")
        return False
    broken = copy / mutation.file
    before = broken.read_text(encoding="utf-8")
    broken.write_text(mutation.applied_to(before), encoding="utf-8")
    try:
        code = _ran(mutation, copy)
    finally:
        broken.write_text(before, encoding="utf-8")
    _console.print(f"{mutation.rule}: {'noticed' if code == _FAILED else f'UNNOTICED ({code})'}: {mutation.breaks}")
    return code == _FAILED


def _ran(mutation: Mutation, copy: Path) -> int:
    """pytest's exit code, with the copy in the house's place."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    if mutation.is_custodys:
        environment["SAFECONDUCT_HOUSE"] = "custody"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *mutation.tests]
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


if __name__ == "__main__":
    main()
