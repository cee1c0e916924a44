# SPDX-License-Identifier: AGPL-3.0-or-later
"""From content to pages: `prepare`, then `pdf` or `pictures`. Nothing is written to a disk.

The typesetter remembers, in memory, what it set for the last ten prints, names and all: let a process that holds nothing
else print for many people, and let it end.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Literal, cast

import msgspec
import typst

from safeconduct.paper.content import CaptureCard, Form, name_of
from safeconduct.paper.errors import ContentRefused, DoesNotFit, LetterMissing, NotSet, PaperError, WordingMissing
from safeconduct.paper.fonts import fonts
from safeconduct.paper.wording import wording
from safeconduct.vocabulary.languages import LANGUAGES

LANGUAGES_MOST = 3
CARDS_MOST = 1_000  # of one print: 2,000 pages take a gigabyte of memory while they are set
_TEMPLATES = Path(str(files(__package__).joinpath("templates")))
_REGIONS = {"ko-KP": ("ko", "KP"), "zh-Hans": ("zh", "CN"), "uz-Latn": ("uz", "UZ")}
_LATIN = ("en", "fr", "es", "sw", "uz-Latn")
_LINE_ENDS = {"\n", "\r", "\u2028", "\u2029"}
_RIGHT_TO_LEFT = ("R", "AL")
# Marks that nobody sees and that turn the order of what is read; the setter finds the direction of each word by itself.
_ORDERING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_UNFIT = re.compile(r"does not fit: ([a-z_]+(?: of card \d+)?)")
_NO_GLYPH = re.compile(r'the text `"(.)[^`]*"` could not be displayed')


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A template and everything that it is told, checked. Its repr shows no content."""

    template: str
    inputs: str


def prepare(
    content: Form | Sequence[CaptureCard], languages: Sequence[str], *, approved: Collection[str] = ()
) -> Sheet:
    """One form, or many capture cards for one print, in one to three languages; the first is the person's.

    `approved` are the content hashes of wordings that two reviewers signed: without that of each language the paper
    says that it is not reviewed (R12). Raises `WordingMissing`, `ContentRefused`.
    """
    cards = [content] if isinstance(content, msgspec.Struct) else list(content)
    if not 1 <= len(cards) <= CARDS_MOST:
        raise ContentRefused(f"one print has 1 to {CARDS_MOST} cards, not {len(cards)}")
    said = [wording(tag) for tag in _checked_languages(languages)]
    told = {
        "languages": [_language(one.tag) for one in said],
        "sentences": {msgid: [one.sentences[msgid] for one in said] for msgid in said[0].sentences},
        "address": wording(next((tag for tag in languages if tag in _LATIN), "en")).sentences,
        "reviewed": all(one.content_hash in approved for one in said),
        "papers": [_written(card, place) for place, card in enumerate(cards, start=1)],
    }
    return Sheet(name_of(type(cards[0])), json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def pdf(sheet: Sheet) -> bytes:
    """PDF/UA-1; the same sheet gives the same bytes, anywhere. Raises `DoesNotFit`, `LetterMissing`, `NotSet`."""
    return cast("bytes", _compiled(sheet, "pdf"))


def pictures(sheet: Sheet, *, ppi: float = 110) -> list[bytes]:
    """Each page as PNG, to look at. Raises as `pdf` does."""
    pages = _compiled(sheet, "png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _compiled(sheet: Sheet, form: Literal["pdf", "png"], *, ppi: float | None = None) -> bytes | list[bytes]:
    compiler = typst.Compiler(root=_TEMPLATES, font_paths=fonts(), ignore_system_fonts=True)
    try:
        made = compiler.compile(
            _TEMPLATES / f"{sheet.template}.typ",
            format=form,
            ppi=ppi,
            sys_inputs={"sheet": sheet.inputs},
            pdf_standards=["ua-1"] if form == "pdf" else [],
        )
    except typst.TypstError as error:
        raise _refusal(error, sheet) from None  # the original may quote what was written
    if made is None:
        raise NotSet(f"{sheet.template}: nothing was made")
    return made


def _refusal(error: typst.TypstError, sheet: Sheet) -> PaperError:
    if unfit := _UNFIT.search(error.message):
        return DoesNotFit(f"{unfit[1]} is too long for its box; write it shorter")
    if glyph := _NO_GLYPH.search(error.message):
        letter = glyph[1]
        named = f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()
        return LetterMissing(f"{_where(letter, sheet)}: no font here has {named}; write it in other letters")
    return NotSet(f"the template {sheet.template} failed; that is a mistake of the program, not of what was written")


def _where(letter: str, sheet: Sheet) -> str:
    """The first field that holds this letter, so that one card of a thousand is found."""
    for number, paper in enumerate(json.loads(sheet.inputs)["papers"], start=1):
        for name, value in paper.items():
            if letter in json.dumps(value, ensure_ascii=False):
                return f"{name} of card {number}" if sheet.template == name_of(CaptureCard) else str(name)
    return "a sentence"


def _checked_languages(languages: Sequence[str]) -> Sequence[str]:
    if not 1 <= len(languages) <= LANGUAGES_MOST or len(set(languages)) != len(languages):
        raise WordingMissing(f"a paper has one to {LANGUAGES_MOST} different languages")
    return languages


def _language(tag: str) -> dict[str, str | None]:
    lang, region = _REGIONS.get(tag, (tag, None))
    language = LANGUAGES[tag]
    return {"tag": tag, "lang": lang, "region": region, "dir": language.direction, "name": language.endonym}


def _written(form: Form, place: int) -> dict[str, object]:
    """The content, checked once more: a struct that was built in Python has not been checked by anybody yet."""
    try:
        checked = msgspec.convert(msgspec.to_builtins(form), type(form))
    except (msgspec.ValidationError, UnicodeError) as error:
        raise ContentRefused(f"{error}, of card {place}" if isinstance(form, CaptureCard) else str(error)) from None
    return _fields(checked)


def _fields(struct: msgspec.Struct) -> dict[str, object]:
    return {one.name: _value(one.name, getattr(struct, one.name)) for one in msgspec.structs.fields(struct)}


def _value(name: str, value: object) -> object:
    match value:
        case str():
            return _text(name, value)
        case tuple():
            return [_value(name, one) for one in value]
        case msgspec.Struct():
            return _fields(value)
        case Enum():
            return value.value
        case _:
            return value


def _text(name: str, value: str) -> dict[str, str]:
    """Words for the setter and the direction in which they run. Raises `ContentRefused`."""
    text = unicodedata.normalize("NFC", value).translate(_ORDERING).replace("\t", " ").replace("\r\n", "\n")
    for letter in text:
        if unicodedata.category(letter) in {"Cc", "Cs", "Cn", "Co"} and letter not in _LINE_ENDS:
            raise ContentRefused(f"{name} holds U+{ord(letter):04X}, which nobody could read on paper")
    strong = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in strong if kind in {"L", *_RIGHT_TO_LEFT}), "L")
    return {"text": text.strip(), "dir": "rtl" if first in _RIGHT_TO_LEFT else "ltr"}
