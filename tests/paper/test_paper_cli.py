# SPDX-License-Identifier: AGPL-3.0-or-later
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from safeconduct.cli.errors import CliError
from safeconduct.cli.paper import app
from safeconduct.paper.content import FORMS, name_of


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None:
        raise result.exception
    return result.output


def test_every_form_is_printed_empty_into_a_folder(tmp_path: Path) -> None:
    run("forms", "--language", "uk", "--also", "en", "--out", tmp_path / "forms")
    made = {path.name for path in (tmp_path / "forms").iterdir()}
    assert made == {f"{name_of(form)}.uk.pdf" for form in FORMS}


def test_cards_are_printed_from_a_file_as_pdf_and_as_pictures(tmp_path: Path) -> None:
    (tmp_path / "cards.json").write_text(json.dumps([{"surname": "리"}, {"surname": "Іваненко"}]), encoding="utf-8")
    out = tmp_path / "cards.pdf"
    assert run("card", tmp_path / "cards.json", "--language", "uk", "--out", out).startswith("2 in")
    run("card", tmp_path / "cards.json", "--language", "uk", "--out", out, "--pictures")
    assert out.read_bytes().startswith(b"%PDF")
    assert len(list(tmp_path.glob("cards.*.png"))) == 4


def test_a_form_is_filled_in_from_a_file_that_names_it(tmp_path: Path) -> None:
    wish = {"type": "wish_record", "wish": "third_country", "surname": "Іваненко"}
    (tmp_path / "wish.json").write_text(json.dumps(wish), encoding="utf-8")
    run("fill", tmp_path / "wish.json", "--language", "uk", "--out", tmp_path / "wish.pdf")
    assert (tmp_path / "wish.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"surname": 7}', "surname"),
        ('{"remarks": "Ivanov"}', "remarks"),
        ('{"surname": "Ivanov', "truncated"),
        ("[]", "1 to 1000 cards"),
        ('{"surname": "Ivanov\\u0000"}', "U\\+0000"),
    ],
)
def test_a_card_that_cannot_be_printed_is_refused_without_showing_it(content: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(content, encoding="utf-8")
    with pytest.raises(CliError, match=reason) as refused:
        run("card", tmp_path / "card.json", "--out", tmp_path / "card.pdf")
    assert "Ivanov" not in str(refused.value)
    assert not (tmp_path / "card.pdf").exists()
