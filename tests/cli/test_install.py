# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/install.md, walked: the ceremony of a real line, in its order, with the commands that it names."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


class Administrator:
    """Someone at a terminal with an empty state folder and credentials outside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SAFECONDUCT_", "DJANGO_"))},
            "SAFECONDUCT_HOME": str(folder / "home"),
            "SAFECONDUCT_CREDENTIALS": str(folder / "credentials"),
        }

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "safeconduct.cli", *words]
        return subprocess.run(
            command, env=self._environment, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def succeeds(self, *words: str) -> str:
        done = self.types(*words)
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr}"
        return done.stdout

    def is_refused(self, *words: str) -> str:
        done = self.types(*words)
        assert done.returncode == 1, f"{words}: {done.stdout} {done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def administrator(tmp_path_factory: pytest.TempPathFactory) -> Administrator:
    """After steps 1 to 5 of the ceremony."""
    here = Administrator(tmp_path_factory.mktemp("install"))
    here.succeeds("keys", "doors")
    for name in "abcd":
        here.succeeds("keys", "signer", f"{name}.key")
    here.succeeds(
        *["keys", "root", "--publisher", "a.pub", "--publisher", "b.pub", "--reviewer", "c.pub", "--reviewer", "d.pub"]
    )
    here.succeeds("desk", "manage", "migrate", "--skip-checks", "--verbosity", "0")
    for team, member in (("monitor", "irena"), ("intake", "petro")):
        assert "passphrase" in here.succeeds("keys", "team", team, "--new-member", member)
    here.succeeds("keys", "administrator", "root")
    return here


def _publish(here: Administrator, name: str, signers: str, *draft: str) -> None:
    file = name.replace("/", "-") + ".json"
    here.succeeds("board", "draft", name, "--to", file, *draft)
    for signer in signers:
        here.succeeds("board", "sign", file, "--key", f"{signer}.key")
    here.succeeds("board", "publish", name, file)


def test_the_ceremony_ends_with_a_line_that_the_doctor_finds_sound(administrator: Administrator) -> None:
    here = administrator
    (here.folder / "line.in.json").write_text(json.dumps({"usual_wait": "within_day", "ways": []}))
    _publish(here, "teams", "ab")
    _publish(here, "line", "ab", "--line", "line.in.json")
    _publish(here, "texts/uk", "cd")
    shown = here.succeeds("board", "show")
    assert [line.count("holds until") for line in shown.splitlines() if "texts/uk" in line or "teams" in line] == [1, 1]
    told = here.types("doctor").stdout
    assert "languages served: uk" in told
    assert "the desk is ready to start" in told
    assert "keys team handover" in told
    assert "passphrase" in here.succeeds("keys", "team", "handover", "--new-member", "nadia")
    assert "keys team handover" not in here.types("doctor").stdout


def test_what_too_few_or_the_wrong_people_signed_is_not_published(administrator: Administrator) -> None:
    here = administrator
    here.succeeds("board", "draft", "teams", "--to", "few.json")
    here.succeeds("board", "sign", "few.json", "--key", "a.key")
    assert "1 of 2 signatures" in here.is_refused("board", "publish", "teams", "few.json")
    here.succeeds("board", "draft", "texts/uk", "--to", "wrong.json")
    for publisher in "ab":
        here.succeeds("board", "sign", "wrong.json", "--key", f"{publisher}.key")
    assert "0 of 2 signatures" in here.is_refused("board", "publish", "texts/uk", "wrong.json")


def test_nothing_of_a_ceremony_is_overwritten(administrator: Administrator) -> None:
    for words in (("keys", "doors"), ("keys", "signer", "a.key"), ("keys", "team", "intake", "--new-member", "olha")):
        assert "safeconduct: " in administrator.is_refused(*words)


def test_credentials_inside_the_state_folder_are_refused(tmp_path: Path) -> None:
    here = Administrator(tmp_path)
    here._environment["SAFECONDUCT_CREDENTIALS"] = str(tmp_path / "home" / "credentials")
    assert "outside SAFECONDUCT_HOME" in here.is_refused("keys", "doors")


def test_codes_are_shown_for_a_demonstration_only(administrator: Administrator) -> None:
    assert "demonstration's people only" in administrator.is_refused("code", "petro")


def test_what_is_not_there_cannot_be_backed_up(tmp_path: Path) -> None:
    assert "nothing has run here yet" in Administrator(tmp_path).is_refused("backup")
