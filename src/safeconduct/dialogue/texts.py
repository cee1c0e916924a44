# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said, in each language. The key of a sentence is the English sentence itself.

A language with a sentence missing or `fuzzy` is incomplete (`missing`), and a door does not serve it: English is never
mixed silently into another language. `say` still answers for such a sentence (in English), because a person in front of
an error page would be worse off.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files

import polib

from safeconduct.dialogue.errors import CatalogueRefused, PlaceholderMissing, UnknownLanguage
from safeconduct.vocabulary.languages import LANGUAGES

SOURCE_LANGUAGE = "en"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*([1-6])\s*;\s*plural\s*=\s*([^;]+);?\s*")


@dataclass(frozen=True, slots=True)
class PluralRule:
    """How many forms a language has, and which of them a number takes (the header `Plural-Forms`)."""

    forms: int
    choose: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Texts:
    """The sentences of one language. `missing` lists the msgids without an approved-form translation."""

    tag: str
    content_hash: str
    missing: tuple[str, ...]
    _sentences: Mapping[str, str]
    _plurals: Mapping[tuple[str, str], tuple[str, ...]]
    _rule: PluralRule

    @property
    def is_complete(self) -> bool:
        """Whether this language may be served at all."""
        return not self.missing

    def say(self, msgid: str, **params: str | int) -> str:
        """The sentence in this language. Raises `PlaceholderMissing` when a value that it names is not given."""
        return filled(self._sentences.get(msgid, msgid), params)

    def plural(self, one: str, many: str, count: int, **params: str | int) -> str:
        """The form for `count`, which is also the placeholder `{count}`."""
        forms = self._plurals.get((one, many))
        sentence = forms[self._rule.choose(count)] if forms else (one if count == 1 else many)
        return filled(sentence, {"count": count, **params})


def filled(sentence: str, params: Mapping[str, str | int]) -> str:
    """Put values in for named placeholders. Only a plain name in braces is one; nothing in a value is interpreted."""

    def value(match: re.Match[str]) -> str:
        try:
            return str(params[match[1]])
        except KeyError:
            raise PlaceholderMissing(f"{match[0]} has no value in: {sentence}") from None

    return _PLACEHOLDER.sub(value, sentence)


def placeholders(sentence: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(_PLACEHOLDER.findall(sentence))


def plural_rule(header: str) -> PluralRule:
    """Read a `Plural-Forms` header. Raises `CatalogueRefused`."""
    match = _PLURAL_FORMS.fullmatch(header)
    try:
        choose = c2py(match[2].strip()) if match else None
    except ValueError:
        choose = None
    if match is None or choose is None:
        raise CatalogueRefused(f"Plural-Forms cannot be read: {header!r}. Copy the line from the GNU gettext manual.")
    return PluralRule(int(match[1]), choose)


def _available() -> tuple[str, ...]:
    folder = files(__package__).joinpath("texts")
    return tuple(tag for tag in LANGUAGES if folder.joinpath(f"{tag}.po").is_file())


AVAILABLE: tuple[str, ...] = _available()


@cache
def texts(tag: str) -> Texts:
    """The texts of one language, read once. Raises `UnknownLanguage`, `CatalogueRefused`."""
    if tag not in AVAILABLE:
        raise UnknownLanguage(f"there is no catalogue for {tag!r}; there are {', '.join(AVAILABLE)}")
    return parse(tag, files(__package__).joinpath("texts", f"{tag}.po").read_text(encoding="utf-8"))


def parse(tag: str, catalogue: str) -> Texts:
    """Texts from the content of a PO file. Raises `CatalogueRefused`."""
    try:
        entries = polib.pofile(catalogue)
    except (OSError, UnicodeError) as error:
        raise CatalogueRefused(f"{tag}.po cannot be read: {error}") from error
    rule = plural_rule(entries.metadata.get("Plural-Forms", ""))
    usable = [entry for entry in entries if not entry.obsolete]
    return Texts(
        tag=tag,
        content_hash=content_hash(tag, usable),
        missing=tuple(entry.msgid for entry in usable if not _is_served(entry, rule)),
        _sentences={e.msgid: e.msgstr for e in usable if not e.msgid_plural and _is_served(e, rule)},
        _plurals={(e.msgid, e.msgid_plural): _forms(e) for e in usable if e.msgid_plural and _is_served(e, rule)},
        _rule=rule,
    )


def content_hash(tag: str, entries: list[polib.POEntry]) -> str:
    """What two reviewers approve: SHA-256 over every sentence and its translation, and nothing else.

    Order, comments, file names and line wrapping do not count; a `fuzzy` translation counts as none.
    """
    lines = sorted(
        [entry.msgctxt or "", entry.msgid, entry.msgid_plural, *([] if entry.fuzzy else _forms(entry))]
        for entry in entries
        if not entry.obsolete
    )
    normal = json.dumps([tag, lines], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(normal.encode()).hexdigest()


def _forms(entry: polib.POEntry) -> tuple[str, ...]:
    if not entry.msgid_plural:
        return (entry.msgstr,)
    return tuple(entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural))


def _is_served(entry: polib.POEntry, rule: PluralRule) -> bool:
    forms = _forms(entry)
    complete = len(forms) == (rule.forms if entry.msgid_plural else 1) and all(forms)
    return complete and not entry.fuzzy
