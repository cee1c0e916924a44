# SPDX-License-Identifier: AGPL-3.0-or-later
"""The printed sentences: from the paper's templates into `paper/texts/<tag>.po`. Everything of a language or nothing."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import polib

from safeconduct.dialogue.extract import WIDTH, has_same_placeholders, plurals_of
from safeconduct.paper.wording import AVAILABLE, marked
from safeconduct.vocabulary.languages import LANGUAGES

_SOURCE = "en"
_CLOSE_ENOUGH = 0.8
_NOTE = """SPDX-License-Identifier: AGPL-3.0-or-later
{endonym} ({tag}): what stands on printed forms. Not yet reviewed: a paper says so until two people have approved it (R12).
How to translate: docs/translating.md. This file is written by `safeconduct texts extract`; edit only the msgstr lines."""


def render(texts: Path, tags: tuple[str, ...] = AVAILABLE) -> dict[str, str]:
    """What each catalogue should hold now: file name -> content. Writes nothing."""
    found: dict[str, list[str]] = {}
    for template, msgid in marked():
        files = found.setdefault(msgid, [])
        files += [] if template in files else [template]
    return {f"{tag}.po": f"{_catalogue(tag, found, _before(texts / f'{tag}.po'))}" for tag in tags}


def write(texts: Path) -> list[str]:
    """Bring them up to date. The names of those that changed."""
    changed = [name for name, content in render(texts).items() if not _holds(texts / name, content)]
    for name, content in render(texts).items():
        (texts / name).write_text(content, encoding="utf-8", newline="\n")
    return changed


def mistakes(texts: Path) -> Iterator[str]:
    """What is out of date, missing, fuzzy, or has other placeholders than in English: a line each."""
    for name, content in render(texts).items():
        if not _holds(texts / name, content):
            yield f"paper/texts/{name} is out of date: run `safeconduct texts extract`"
        for entry in polib.pofile(content):
            if not entry.msgstr or entry.fuzzy:
                yield f"paper {name}: not translated: {entry.msgid}"
            elif not has_same_placeholders(entry, entry.msgstr):
                yield f"paper {name}: other placeholders than in English: {entry.msgid}"


def _holds(path: Path, content: str) -> bool:
    return path.is_file() and path.read_bytes() == content.encode()


def _before(path: Path) -> dict[str, polib.POEntry]:
    entries = polib.pofile(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {entry.msgid: entry for entry in entries if entry.msgstr and not entry.obsolete}


def _catalogue(tag: str, found: dict[str, list[str]], before: dict[str, polib.POEntry]) -> polib.POFile:
    file = polib.POFile(wrapwidth=WIDTH)
    file.header = _NOTE.format(tag=tag, endonym=LANGUAGES[tag].endonym)
    file.metadata = {
        "Project-Id-Version": "safeconduct",
        "Language": tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plurals_of(tag),
    }
    gone = [msgid for msgid in before if msgid not in found]
    for msgid, files in found.items():
        entry = polib.POEntry(msgid=msgid, occurrences=[(f"paper/templates/{name}", "") for name in files])
        _translate(entry, tag, before, gone)
        file.append(entry)
    return file


def _translate(entry: polib.POEntry, tag: str, before: dict[str, polib.POEntry], gone: list[str]) -> None:
    if tag == _SOURCE:
        entry.msgstr = entry.msgid
    elif (old := before.get(entry.msgid)) is not None:
        entry.msgstr, entry.flags, entry.previous_msgid = old.msgstr, old.flags, old.previous_msgid
    elif close := get_close_matches(entry.msgid, gone, n=1, cutoff=_CLOSE_ENOUGH):
        entry.msgstr, entry.flags, entry.previous_msgid = before[close[0]].msgstr, ["fuzzy"], close[0]
