# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.cli import ceremony, dialogue, texts
from safeconduct.cli.places import places
from safeconduct.dialogue.scripts import SCRIPT_NAMES
from safeconduct.dialogue.texts import AVAILABLE
from safeconduct.dialogue.texts import texts as texts_of


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


def test_a_translator_s_file_goes_out_and_comes_back(folder: Path, tmp_path: Path) -> None:
    sent = tmp_path / "uk.csv"
    assert CliRunner().invoke(texts.app, ["export", "uk", str(sent)]).exit_code == 0
    assert "already" in CliRunner().invoke(texts.app, ["import", "uk", str(sent)]).output
    sent.write_bytes(sent.read_bytes().replace("Назад".encode(), "Вертатися".encode()))
    output = CliRunner().invoke(texts.app, ["import", "uk", str(sent)]).output
    assert "was: Назад" in output
    assert "not reviewed now" in output
    assert "Вертатися" in (folder / "uk.po").read_text(encoding="utf-8")
    assert CliRunner().invoke(texts.app, ["check"]).exit_code == 0


def test_a_refused_file_changes_nothing_and_says_why(folder: Path, tmp_path: Path) -> None:
    before, sent = (folder / "uk.po").read_bytes(), tmp_path / "uk.po.txt"
    CliRunner().invoke(texts.app, ["export", "uk", str(sent)])
    sent.write_bytes(sent.read_bytes().replace("Назад".encode(), "На\u202eзад".encode()))
    result = CliRunner().invoke(texts.app, ["import", "uk", str(sent)])
    assert "a character that nobody sees (U+202E): Back" in str(result.exception)
    assert (folder / "uk.po").read_bytes() == before


@pytest.mark.parametrize("tag", ["en", "xx", "../uk"])
def test_only_a_translation_is_sent_out(tag: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(texts.app, ["export", tag, str(tmp_path / "x.csv")])
    assert "there is no translation" in str(result.exception)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line with two reviewers and two publishers."""
    monkeypatch.setenv("SAFECONDUCT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAFECONDUCT_CREDENTIALS", str(tmp_path / "credentials"))
    public = [ceremony.make_signer(tmp_path / f"{name}.key") for name in ("a", "b", "c", "d")]
    expires = datetime.now(UTC) + timedelta(days=300)
    ceremony.make_anchor(
        tmp_path / "credentials", publishers=public[:2], reviewers=public[2:], threshold=2, expires=expires
    )
    return tmp_path


def approve(line: Path, who: str) -> str:
    result = CliRunner().invoke(
        texts.app, ["approve", "uk", "--key", str(line / f"{who}.key"), "--document", str(line / "uk.json")]
    )
    return str(result.exception) if result.exception else result.output


@pytest.mark.rule("R12")
def test_a_language_is_approved_by_two_reviewers_over_its_content_hash(line: Path) -> None:
    first = approve(line, "c")
    assert texts_of("uk").content_hash in first
    assert "1 of 2 signatures" in first
    assert "Another person is needed" in approve(line, "c")
    assert "safeconduct board publish texts/uk" in approve(line, "d")


@pytest.mark.rule("R12")
def test_a_reviewer_without_the_lines_trust_anchor_is_told_what_to_pass_on_and_not_to_make_one(line: Path) -> None:
    (places().credentials / "root.json").unlink()
    told = approve(line, "c")
    assert "uk.content together to the next reviewer" in told
    assert "keys root" not in told


@pytest.mark.rule("R12")
def test_who_is_no_reviewer_approves_nothing(line: Path) -> None:
    approve(line, "a")
    assert "0 of 2 signatures" in approve(line, "b")


@pytest.mark.rule("R12")
def test_an_approval_of_other_sentences_is_not_signed(line: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(line, "c")
    before = (line / "uk.json").read_bytes()
    monkeypatch.setattr("safeconduct.cli.notices.text_hash", lambda _name: b"0" * 64)
    assert "other sentences" in approve(line, "d")
    assert (line / "uk.json").read_bytes() == before
