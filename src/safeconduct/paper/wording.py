# SPDX-License-Identifier: AGPL-3.0-or-later
"""The printed sentences of each language: `texts/<tag>.po`, keyed by the English sentence as it stands in a template."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polib

from safeconduct.paper.errors import WordingMissing
from safeconduct.vocabulary.languages import LANGUAGES

_MARKED = re.compile(r'\bN\("((?:[^"\\]|\\.)*)"\)')


@dataclass(frozen=True, slots=True)
class Wording:
    """All sentences of one language. Two reviewers approve `content_hash`, which changes with any of them (R12)."""

    tag: str
    sentences: Mapping[str, str]
    content_hash: str


def marked() -> Iterator[tuple[str, str]]:
    """Every sentence of the templates as (name of the template, English sentence), in reading order."""
    templates = files(__package__).joinpath("templates")
    for name in sorted(entry.name for entry in templates.iterdir() if entry.name.endswith(".typ")):
        for found in _MARKED.finditer(templates.joinpath(name).read_text(encoding="utf-8")):
            yield name, found[1]


@cache
def wording(tag: str) -> Wording:
    """The sentences of one language, read once. Raises `WordingMissing` when one is missing or `fuzzy`."""
    if tag not in AVAILABLE:
        raise WordingMissing(f"nothing can be printed in {tag!r}; there are {', '.join(AVAILABLE)}")
    entries = polib.pofile(files(__package__).joinpath("texts", f"{tag}.po").read_text(encoding="utf-8"))
    sentences = {one.msgid: one.msgstr for one in entries if one.msgstr and not one.fuzzy and not one.obsolete}
    missing = [msgid for _, msgid in marked() if msgid not in sentences]
    if missing:
        raise WordingMissing(f"{tag} is unfinished: {len(missing)} sentences are missing, such as {missing[0]!r}")
    return Wording(tag, sentences, _hash(tag, sentences))


def _hash(tag: str, sentences: Mapping[str, str]) -> str:
    normal = json.dumps([tag, sorted(sentences.items())], separators=(",", ":"))
    return hashlib.sha256(normal.encode()).hexdigest()


def _available() -> tuple[str, ...]:
    folder = files(__package__).joinpath("texts")
    return tuple(tag for tag in LANGUAGES if folder.joinpath(f"{tag}.po").is_file())


AVAILABLE: tuple[str, ...] = _available()
