# SPDX-License-Identifier: AGPL-3.0-or-later
"""From scripts and pages to `texts/messages.pot`, and from there into each language's catalogue.

The output has no dates and no line numbers, so that writing it twice gives the same bytes and CI can compare. A sentence
that changed keeps its old translation as a `fuzzy` proposal, which is never served (see texts.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract as extract_from_source

from safeconduct.dialogue.errors import CatalogueRefused
from safeconduct.dialogue.places import CITY_OF_ZONE
from safeconduct.dialogue.scripts import (
    SCRIPT_NAMES,
    counted_hotline,
    counted_sentences,
    hotline,
    load,
    msgids,
    sentences,
)
from safeconduct.dialogue.texts import SOURCE_LANGUAGE, placeholders, plural_rule
from safeconduct.vocabulary.languages import LANGUAGES

POT = "messages.pot"
SCRIPTS = "dialogue/scripts"
PLACES = "dialogue/places.py"
PAGES = "edge/web"  # relative to src/safeconduct: only read as text, never imported

_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
WIDTH = 100
_CLOSE_ENOUGH = 0.8  # of two English sentences, for the old translation to be worth proposing
_PLURALS = {  # from the GNU gettext manual and CLDR
    "en": "nplurals=2; plural=(n != 1);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ko-KP": "nplurals=1; plural=0;",
    "zh-Hans": "nplurals=1; plural=0;",
    "ne": "nplurals=2; plural=(n != 1);",
    "hi": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "sw": "nplurals=2; plural=(n != 1);",
    "uz-Latn": "nplurals=2; plural=(n != 1);",
    "tg": "nplurals=2; plural=(n != 1);",
    "ky": "nplurals=2; plural=(n != 1);",
    "kk": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
_NOTE = """SPDX-License-Identifier: AGPL-3.0-or-later
{endonym} ({tag}) texts of Safe Conduct.
Not yet reviewed: no independent reviewer has read this version (R12). What has been approved is not recorded here but
signed, by the hash of the content; production refuses a language until two people have approved it.
How to translate: docs/translating.md. This file is written by `safeconduct texts extract`; edit only the msgstr lines."""


@dataclass(slots=True)
class Sentence:
    """One sentence to translate, and the files it stands in."""

    msgid: str
    plural: str = ""
    files: list[str] = field(default_factory=list)


def collect(house: Path) -> list[Sentence]:
    """Every sentence of the scripts and of the pages below `house` (the folder `src/safeconduct`), in reading order."""
    found: dict[tuple[str, str], Sentence] = {}
    for file, msgid, plural in [*_of_scripts(), *_of_pages(house)]:
        sentence = found.setdefault((msgid, plural), Sentence(msgid, plural))
        if file not in sentence.files:
            sentence.files.append(file)
    return list(found.values())


def render(house: Path, texts: Path, tags: tuple[str, ...]) -> dict[str, str]:
    """What each file in the folder `texts` should contain now: name -> content. Writes nothing."""
    sentences_now = collect(house)
    wanted = {POT: _template(sentences_now)}
    for tag in tags:
        name = f"{tag}.po"
        path = texts / name
        before = polib.pofile(path.read_text(encoding="utf-8")) if path.is_file() else polib.POFile()
        wanted[name] = _catalogue(tag, sentences_now, before)
    return wanted


def write(wanted: dict[str, str], texts: Path) -> None:
    """Write what `render` gave."""
    for name, content in wanted.items():
        (texts / name).write_text(content, encoding="utf-8", newline="\n")


def differences(wanted: dict[str, str], texts: Path) -> list[str]:
    """The files that are not what `render` gives."""
    return [
        name
        for name, content in wanted.items()
        if not (texts / name).is_file() or (texts / name).read_bytes() != content.encode()
    ]


def mistakes(tag: str, catalogue: str) -> Iterator[str]:
    """What keeps a language from being served, one line each."""
    file = polib.pofile(catalogue)
    forms = plural_rule(file.metadata.get("Plural-Forms", "")).forms
    for entry in file:
        translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            yield f"{tag}: fuzzy: {entry.msgid}"
        elif len(translations) != (forms if entry.msgid_plural else 1) or not all(translations):
            yield f"{tag}: not translated: {entry.msgid}"
        elif not all(has_same_placeholders(entry, translation) for translation in translations):
            yield f"{tag}: other placeholders than in English: {entry.msgid}"


def has_same_placeholders(entry: polib.POEntry, translation: str) -> bool:
    """Whether no value is lost or new. A plural form for one or two may say the number in words."""
    named, wanted = placeholders(translation), placeholders(entry.msgid_plural or entry.msgid)
    return named == wanted or (bool(entry.msgid_plural) and named == wanted - {"count"})


def _of_scripts() -> Iterator[tuple[str, str, str]]:
    for name in SCRIPT_NAMES:
        yield from ((f"{SCRIPTS}/{name}.yaml", msgid, "") for msgid in msgids(load(name)))
    yield from ((f"{SCRIPTS}/sentences.yaml", msgid, "") for msgid in sentences().values())
    yield from ((f"{SCRIPTS}/sentences.yaml", one, many) for one, many in counted_sentences().values())
    yield from ((f"{SCRIPTS}/hotline.yaml", msgid, "") for msgid in hotline().values())
    yield from ((f"{SCRIPTS}/hotline.yaml", one, many) for one, many in counted_hotline().values())
    yield from ((PLACES, city, "") for city in CITY_OF_ZONE.values())


def _of_pages(house: Path) -> Iterator[tuple[str, str, str]]:
    pages = house / PAGES
    for path in sorted(pages.rglob("*.html")) + sorted(pages.rglob("*.py")):
        method = "jinja2" if path.suffix == ".html" else "python"
        name = path.relative_to(house).as_posix()
        for _line, messages, _comments, _context in extract_from_source(
            method, BytesIO(path.read_bytes()), keywords=_KEYWORDS, options={"silent": "false"}
        ):
            one, many = messages if isinstance(messages, tuple) else (messages, "")
            yield name, one, many


def _template(sentences_now: list[Sentence]) -> str:
    file = _empty("")
    file.header = "SPDX-License-Identifier: AGPL-3.0-or-later\nEvery sentence of Safe Conduct's public door."
    file.extend(_entry(sentence) for sentence in sentences_now)
    return f"{file}"


def _catalogue(tag: str, sentences_now: list[Sentence], before: polib.POFile) -> str:
    file = _empty(tag)
    file.header = _NOTE.format(tag=tag, endonym=LANGUAGES[tag].endonym)
    known = {(entry.msgid, entry.msgid_plural): entry for entry in before if not entry.obsolete}
    gone = set(known) - {(sentence.msgid, sentence.plural) for sentence in sentences_now}
    orphans = {entry.msgid: entry for key, entry in sorted(known.items()) if key in gone and entry.msgstr}
    for sentence in sentences_now:
        entry = _entry(sentence)
        if tag == SOURCE_LANGUAGE:
            _say_itself(entry)
        elif (old := known.get((sentence.msgid, sentence.plural))) is not None:
            _keep(entry, old)
        elif close := get_close_matches(sentence.msgid, orphans, n=1, cutoff=_CLOSE_ENOUGH):
            _propose(entry, orphans[close[0]])
        file.append(entry)
    return f"{file}"


def _empty(tag: str) -> polib.POFile:
    file = polib.POFile(wrapwidth=WIDTH)
    file.metadata = {
        "Project-Id-Version": "safeconduct",
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    if tag:
        file.metadata["Plural-Forms"] = plurals_of(tag)
    return file


def plurals_of(tag: str) -> str:
    """The header `Plural-Forms` of a language. Raises `CatalogueRefused`."""
    if tag not in _PLURALS:
        raise CatalogueRefused(f"{tag} has no plural rule: add it to _PLURALS in dialogue/extract.py")
    return _PLURALS[tag]


def _entry(sentence: Sentence) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=sentence.msgid, msgid_plural=sentence.plural, occurrences=[(file, "") for file in sentence.files]
    )
    if sentence.plural:
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def _say_itself(entry: polib.POEntry) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid


def _keep(entry: polib.POEntry, old: polib.POEntry) -> None:
    entry.msgstr, entry.msgstr_plural = old.msgstr, old.msgstr_plural
    entry.flags, entry.tcomment, entry.previous_msgid = old.flags, old.tcomment, old.previous_msgid


def _propose(entry: polib.POEntry, old: polib.POEntry) -> None:
    if entry.msgid_plural:
        return
    entry.msgstr, entry.previous_msgid = old.msgstr, old.msgid
    entry.flags = ["fuzzy"]
