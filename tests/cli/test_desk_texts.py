# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's own sentences: found in pages and code, kept over a change, and never served half."""

from pathlib import Path

import polib
import pytest

from safeconduct.cli import desk_texts

PAGE = """{% translate "Queue" %} {% blocktranslate count counter=n trimmed %}{{ counter }} case{% plural %}{{ counter }} cases{% endblocktranslate %}"""
CODE = 'from django.utils.translation import gettext as _\n\nTITLE = _("Search")\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "page.py").write_text(CODE)
    desk_texts.write(tmp_path)
    return tmp_path


def po_of(desk: Path) -> Path:
    return desk / "locale" / "uk" / "LC_MESSAGES" / "django.po"


def translate(desk: Path, **said: str) -> None:
    catalogue = polib.pofile(str(po_of(desk)))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(range(3), said.get("counted", "%(counter)s справ"))
        else:
            entry.msgstr = said.get(entry.msgid.lower(), "Слово")
    catalogue.save()
    desk_texts.write(desk)


def test_sentences_of_pages_and_code_are_found(desk: Path) -> None:
    assert {entry.msgid for entry in polib.pofile(str(po_of(desk)))} == {"Queue", "Search", "%(counter)s case"}


def test_what_is_not_translated_is_named(desk: Path) -> None:
    assert len(list(desk_texts.mistakes(desk))) == 3
    translate(desk)
    assert list(desk_texts.mistakes(desk)) == []


def test_a_lost_value_is_named(desk: Path) -> None:
    translate(desk, counted="%(count)s справ")
    assert [mistake for mistake in desk_texts.mistakes(desk) if "placeholders" in mistake]


def test_a_translation_outlives_other_sentences_and_goes_with_its_own(desk: Path) -> None:
    translate(desk, queue="Черга")
    (desk / "page.py").write_text(CODE.replace("Search", "Search everywhere"))
    assert [mistake for mistake in desk_texts.mistakes(desk) if "out of date" in mistake]
    desk_texts.write(desk)
    kept = {entry.msgid: entry.msgstr for entry in polib.pofile(str(po_of(desk)))}
    assert (kept["Queue"], kept["Search everywhere"]) == ("Черга", "")
    assert "Search" not in kept


def test_the_compiled_half_follows(desk: Path) -> None:
    translate(desk, queue="Черга")
    compiled = polib.mofile(str(po_of(desk).with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled}["Queue"] == "Черга"
