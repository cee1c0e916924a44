# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doctor names what a line lacks."""

from pathlib import Path

import pytest

from safeconduct.cli import doctor
from safeconduct.cli.places import Places


@pytest.fixture
def here(tmp_path: Path) -> Places:
    line = Places(tmp_path, tmp_path / "credentials")
    (line.credentials / "channels").mkdir(parents=True)
    return line


def test_a_line_without_a_telephone_is_told_nothing_about_one(here: Places) -> None:
    assert list(doctor.on_the_telephone(here)) == []


@pytest.mark.parametrize("settings", ["", 'prompts = "/nowhere"', "port = = 1"])
def test_a_telephone_that_could_say_nothing_or_not_start_is_named(here: Places, settings: str) -> None:
    (here.credentials / "channels" / "voice.toml").write_text(settings)
    (finding,) = doctor.on_the_telephone(here)
    assert finding.mend
