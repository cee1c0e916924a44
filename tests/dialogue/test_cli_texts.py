# SPDX-License-Identifier: AGPL-3.0-or-later
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.cli import dialogue, texts
from safeconduct.dialogue.scripts import SCRIPT_NAMES
from safeconduct.dialogue.texts import AVAILABLE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The texts of this house, copied so that a test may spoil them."""
    for name in ["messages.pot", *(f"{tag}.po" for tag in AVAILABLE)]:
        (tmp_path / name).write_bytes((texts.FOLDER / name).read_bytes())
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    return tmp_path


def test_extracting_brings_a_catalogue_up_to_date_and_then_has_nothing_to_do(folder: Path) -> None:
    (folder / "messages.pot").write_text("", encoding="utf-8")
    assert "messages.pot" in CliRunner().invoke(texts.app, ["extract"]).output
    assert CliRunner().invoke(texts.app, ["extract"]).output == "nothing has changed\n"


@pytest.mark.rule("R12")
def test_checking_fails_for_a_language_that_lacks_a_sentence(folder: Path) -> None:
    CliRunner().invoke(texts.app, ["extract"])
    path = folder / "uk.po"
    spoiled = path.read_text(encoding="utf-8").replace('msgstr "Назад"', 'msgstr ""')
    path.write_text(spoiled, encoding="utf-8")
    result = CliRunner().invoke(texts.app, ["check"])
    assert result.exit_code == 1
    assert "uk: not translated: Back" in str(result.exception)


def test_status_shows_every_language_with_the_hash_that_reviewers_approve() -> None:
    output = CliRunner().invoke(texts.app, ["status"]).output
    assert all(tag in output for tag in AVAILABLE)


def test_the_scripts_of_this_house_hold_together_in_every_language() -> None:
    result = CliRunner().invoke(dialogue.app, ["check"])
    assert (result.exit_code, result.output) == (
        0,
        f"{len(SCRIPT_NAMES)} scripts hold together: {', '.join(SCRIPT_NAMES)}\n",
    )
