# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct voice`, as an editor runs it."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.cli import voice
from safeconduct.cli.errors import CliError
from safeconduct.speech import espeak
from safeconduct.speech.prompts import Prompts, required


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAFECONDUCT_PROMPTS", str(tmp_path / "prompts"))
    return tmp_path / "prompts"


def run(*words: str) -> str:
    result = CliRunner().invoke(voice.app, list(words), catch_exceptions=True)
    if isinstance(result.exception, CliError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_language_is_made_checked_and_whole(folder: Path) -> None:
    with pytest.raises(CliError, match="lack something"):
        run("prompts", "--check", "--language", "en")
    assert "Nothing lacks in: en" in run("prompts", "--language", "en")
    assert "Nothing lacks in: en" in run("prompts", "--check", "--language", "en")
    assert Prompts(folder).lacks("en") == ()


def test_a_check_makes_nothing(folder: Path) -> None:
    with pytest.raises(CliError, match="How to do it safely"):
        run("prompts", "--check", "--language", "en")
    assert not folder.exists()


def test_a_language_that_nobody_speaks_is_named_and_fails_when_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(espeak, "VOICES", {"en": "en"})
    with pytest.raises(CliError, match="tg: "):
        run("prompts", "--language", "tg")


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CliError, match="there are en, uk"):
        run("prompts", "--language", "xx")


def test_a_speaker_gets_every_sentence_and_the_name_of_its_file(tmp_path: Path) -> None:
    run("sheet", "tg", str(tmp_path / "tg.csv"))
    with (tmp_path / "tg.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [text for _, text in rows] == list(required("tg"))
    assert len({name for name, _ in rows}) == len(rows)
