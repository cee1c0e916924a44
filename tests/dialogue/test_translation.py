# SPDX-License-Identifier: AGPL-3.0-or-later
import contextlib
import csv
import io

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.cli import texts as cli
from safeconduct.dialogue.errors import TranslationRefused
from safeconduct.dialogue.texts import AVAILABLE, parse
from safeconduct.dialogue.translation import Imported, bring_in, read, to_csv

HEAD = (
    'msgid ""\nmsgstr ""\n"Language: ru\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
CATALOGUE = (
    HEAD
    + 'msgid "Back"\nmsgstr "Назад"\n\nmsgid "At most {max} words."\nmsgstr "Слов: {max}."\n\n'
    + 'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "{count} дн."\n'
)
LETTERS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


def table(*rows: tuple[str, str]) -> bytes:
    """A translator's table: English and translation."""
    out = io.StringIO()
    csv.writer(out).writerows([("English", "form", "English of many", "translation", "where")])
    csv.writer(out).writerows((english, "0", "", said, "") for english, said in rows)
    return out.getvalue().encode()


def imported(*rows: tuple[str, str]) -> Imported:
    return bring_in(CATALOGUE, read(table(*rows), is_table=True, tag="ru"))


@pytest.mark.parametrize("tag", sorted(set(AVAILABLE) - {"en"}))
def test_what_was_sent_out_comes_back_as_it_was(tag: str) -> None:
    catalogue = (cli.FOLDER / f"{tag}.po").read_text(encoding="utf-8")
    for data, is_table in ((to_csv(catalogue), True), (catalogue.encode(), False)):
        assert bring_in(catalogue, read(data, is_table=is_table, tag=tag)).changes == ()


@pytest.mark.rule("T8")
@given(st.text(alphabet="=+-@'＝a1 |\t", max_size=8))
def test_no_cell_of_the_table_is_a_formula_and_every_letter_comes_back(said: str) -> None:
    file = polib.pofile(CATALOGUE)
    file[0].msgstr = said
    data = to_csv(f"{file}")
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)
    assert read(data, is_table=True, tag="ru").get(("Back", 0), "") == said


def test_a_changed_sentence_is_told_and_makes_another_hash() -> None:
    result = imported(("Back", "Обратно"), ("At most {max} words.", "Слов: {max}."))
    assert [(one.english, one.before, one.after) for one in result.changes] == [("Back", "Назад", "Обратно")]
    assert parse("ru", result.catalogue).say("Back") == "Обратно"
    assert parse("ru", result.catalogue).content_hash != parse("ru", CATALOGUE).content_hash


def test_an_empty_cell_and_a_missing_row_leave_what_was() -> None:
    assert imported(("Back", "")).changes == ()


@pytest.mark.parametrize(
    ("english", "said", "reason"),
    [
        ("At most {max} words.", "Слов мало.", "other names in braces"),
        ("At most {max} words.", "Слов: {max} {code}.", "other names in braces"),
        ("Trust me", "Верьте мне", "not one of our sentences"),
        ("Back", "На\u202eзад", "U\\+202E"),
        ("Back", "На\u200bзад", "U\\+200B"),
        ("Back", "На\u00adзад", "U\\+00AD"),
        ("Back", "Назад\ue000", "U\\+E000"),
        ("Back", "\x1b[2JНазад", "U\\+001B"),
        ("Back", "На\nзад", "a line break"),
        ("Back", " Назад", "white space"),
    ],
)
def test_a_translation_that_could_deceive_is_refused(english: str, said: str, reason: str) -> None:
    assert imported(("Back", "Обратно")).changes
    with pytest.raises(TranslationRefused, match=reason):
        imported(("Back", "Обратно"), (english, said)) if english != "Back" else imported((english, said))


def test_a_joiner_stays_where_letters_need_it() -> None:
    assert imported(("Back", "गर्\u200dयो")).changes
    with pytest.raises(TranslationRefused, match="U\\+200D"):
        imported(("Back", "На \u200dзад"))


@pytest.mark.parametrize(
    ("data", "is_table"),
    [
        (b"\xff\xfe", True),
        (b"", True),
        (b"a,b\r\n", True),
        (b"English;form;English of many;translation;where\r\n", True),
        (table(("Back", "x")).replace(b",0,", b",10,"), True),
        (table(("Back", "x"), ("Back", "y")), True),
        (table(("Back", "x")) + b'"open', True),
        (b"/etc/hostname", False),
        (b"msgid gone", False),
        (CATALOGUE.replace("Language: ru", "Language: uk").encode(), False),
        (CATALOGUE.encode() + b'\nmsgid "Back"\nmsgstr "x"\n', False),
        (b" " * (5 << 20), False),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, *, is_table: bool) -> None:
    if is_table and not data:
        assert read(data, is_table=True, tag="ru") == {}
        return
    with pytest.raises(TranslationRefused):
        read(data, is_table=is_table, tag="ru")


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, is_table: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    with contextlib.suppress(TranslationRefused):
        bring_in(CATALOGUE, read(data, is_table=is_table, tag="ru"))


@given(LETTERS)
def test_any_visible_words_are_taken_letter_by_letter(said: str) -> None:
    if "{" in said or "}" in said:
        return
    (change,) = imported(("Back", said)).changes or [None]
    assert change is None or change.after == said or said.startswith("'")
