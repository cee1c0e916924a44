# SPDX-License-Identifier: AGPL-3.0-or-later
"""A language's sentences on their way to a translator and back: as PO for an editor, as CSV for a spreadsheet.

What comes back is somebody's file: it is read strictly, refused whole with every reason, and changes translations only.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polib
import regex

from safeconduct.dialogue.errors import TranslationRefused
from safeconduct.dialogue.extract import WIDTH, has_same_placeholders

FILE_MAX = 4 << 20  # bytes
_COLUMNS = ("English", "form", "English of many", "translation", "where")
# A spreadsheet takes what begins so for a formula and may run it; an apostrophe before it makes it words.
_FORMULA = tuple("=+-@\t\r'＝＋－＠")
# What nobody sees and what turns or hides other letters. Joiners stay between letters that need them (Nepali, Hindi).
_HIDDEN = regex.compile(r"(?V1)[\p{C}\p{Zl}\p{Zp}--[\n]]")
_JOINER = regex.compile(r"(?<=[\p{L}\p{M}])[\u200c\u200d](?=[\p{L}\p{M}])")

Key = tuple[str, int]  # the English sentence, and which plural form (0 where there are none)


@dataclass(frozen=True, slots=True)
class Change:
    """One translation that an import changes."""

    english: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The catalogue as it should be now, and what is different in it."""

    catalogue: str
    changes: tuple[Change, ...]


def to_csv(catalogue: str) -> bytes:
    """A table with one row for each sentence and plural form; nothing in it is a formula."""
    rows = io.StringIO()
    writer = csv.writer(rows, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for entry in polib.pofile(catalogue):
        where = " ".join(file for file, _line in entry.occurrences)
        for form, translation in _forms(entry).items():
            looked_at = "" if entry.fuzzy else translation  # a proposal that comes back untouched is still none
            cells = (entry.msgid, str(form), entry.msgid_plural, looked_at, where)
            writer.writerow([_inert(cell) for cell in cells])
    return rows.getvalue().encode("utf-8-sig")  # with a mark, or a spreadsheet guesses another encoding


def read(data: bytes, *, is_table: bool, tag: str) -> Mapping[Key, str]:
    """The translations in a file, by sentence and form; empty ones are left out. Raises `TranslationRefused`."""
    if len(data) > FILE_MAX:
        raise TranslationRefused([f"the file has {len(data)} bytes; at most {FILE_MAX} are read"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranslationRefused(["the file is not UTF-8: save it so from the editor or the spreadsheet"]) from error
    return _read_table(text) if is_table else _read_po(text, tag)


def bring_in(catalogue: str, given: Mapping[Key, str]) -> Imported:
    """Put translations into a catalogue. Raises `TranslationRefused` with all that is wrong; then nothing is changed."""
    file = polib.pofile(catalogue, wrapwidth=WIDTH)
    known = {(entry.msgid, form): entry for entry in file for form in _forms(entry)}
    wrong = [reason for key, text in given.items() for reason in _mistakes(known.get(key), key, text)]
    if wrong:
        raise TranslationRefused(wrong)
    changes = []
    for key, text in given.items():
        before = _forms(known[key])[key[1]]
        if text != before or known[key].fuzzy:
            changes.append(Change(key[0], before, text))
            _set(known[key], key[1], text)
    return Imported(f"{file}", tuple(changes))


def _mistakes(entry: polib.POEntry | None, key: Key, text: str) -> Iterator[str]:
    english = key[0]
    if entry is None:
        yield f"not one of our sentences, or not this form of it: {_shown(english)}"
        return
    if not has_same_placeholders(entry, text):
        yield f"other names in braces than in English: {english}"
    if (hidden := _HIDDEN.search(_JOINER.sub("", text))) is not None:
        yield f"a character that nobody sees (U+{ord(hidden[0]):04X}): {english}"
    if "\n" in text and "\n" not in english:
        yield f"a line break that the English does not have: {english}"
    if text != text.strip():
        yield f"white space at the beginning or the end: {english}"


def _read_table(text: str) -> dict[Key, str]:
    given: dict[Key, str] = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if number == 1:
                if tuple(row) != _COLUMNS:
                    raise TranslationRefused([f"the first row must be: {', '.join(_COLUMNS)} (commas between cells)"])
            elif row:
                _take_row(given, row, number)
    except csv.Error as error:
        raise TranslationRefused([f"this is no table of comma-separated cells: {error}"]) from error
    return given


def _take_row(given: dict[Key, str], row: list[str], number: int) -> None:
    if len(row) != len(_COLUMNS) or not (row[1].isascii() and row[1].isdigit() and len(row[1]) == 1):
        raise TranslationRefused([f"row {number} has lost its cells: do not change columns, or the number of the form"])
    key = (_plain(row[0]), int(row[1]))
    if key in given:
        raise TranslationRefused([f"row {number} stands twice: {_shown(key[0])}"])
    if row[3]:
        given[key] = _plain(row[3]).replace("\r\n", "\n")


def _read_po(text: str, tag: str) -> dict[Key, str]:
    if "msgid" not in text:  # polib would take a short text for the name of a file, and read that
        raise TranslationRefused(["this is no PO file"])
    try:
        file = polib.pofile(text, check_for_duplicates=True)
    except (OSError, UnicodeError, ValueError) as error:
        raise TranslationRefused(["this PO file cannot be read; open it in a PO editor and save it again"]) from error
    if file.metadata.get("Language") != tag:
        raise TranslationRefused(
            [f"this file is for {_shown(file.metadata.get('Language', 'no language'))}, not {tag}"]
        )
    entries = [entry for entry in file if not entry.obsolete and not entry.fuzzy]
    return {(entry.msgid, form): text for entry in entries for form, text in _forms(entry).items() if text}


def _forms(entry: polib.POEntry) -> dict[int, str]:
    return {int(form): text for form, text in entry.msgstr_plural.items()} if entry.msgid_plural else {0: entry.msgstr}


def _set(entry: polib.POEntry, form: int, text: str) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {**entry.msgstr_plural, form: text}
    else:
        entry.msgstr = text
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    entry.previous_msgid = None


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _shown(text: str) -> str:
    """Somebody else's words, made harmless for a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:80])
