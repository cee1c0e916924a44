# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences as this release carries them, read once and strictly. No wording of it counts as reviewed by itself."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
import yaml

from safeconduct.dialogue.extract import plurals_of
from safeconduct.dialogue.texts import SOURCE_LANGUAGE, PluralRule, placeholders, plural_rule, texts
from safeconduct.vocabulary.languages import LANGUAGES

ValueKind = Literal["name", "number", "time", "city", "address"]
Forms = tuple[str, ...]  # one, or as many as the language has plural forms


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    find: str = ""
    needs: dict[str, ValueKind] = {}
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence (or some that belong together). `says`: keys of the line's own texts that it is made of."""

    id: str
    topic: str
    find: str
    needs: Mapping[str, ValueKind]
    says: tuple[str, ...]

    @property
    def has_number(self) -> bool:
        """Whether it has a form for each plural."""
        return "number" in self.needs.values()

    @property
    def is_the_lines_own(self) -> bool:
        return bool(self.says)


@cache
def phrases() -> Mapping[str, Phrase]:
    """Every sentence by its id, in the order of the page."""
    topics = msgspec.convert(_yaml("phrases"), dict[str, dict[str, _Written]])
    return {
        name: Phrase(name, topic, said.find, said.needs, said.says)
        for topic, found in topics.items()
        for name, said in found.items()
    }


@cache
def forbidden() -> Mapping[str, tuple[str, ...]]:
    """Beginnings of words that no sentence may hold, by language."""
    return msgspec.convert(_yaml("forbidden"), dict[str, tuple[str, ...]])


@cache
def shipped(phrase_id: str, tag: str) -> Forms:
    """The wording of this release. Raises `KeyError`."""
    phrase = phrases()[phrase_id]
    if phrase.says:
        return ("\n".join(_as_written(tag, msgid) for msgid in phrase.says),)
    return _language(tag)[phrase_id]


def sense(phrase_id: str) -> Forms:
    """What it means: the English of this release, whatever wording editors have chosen for English readers."""
    return shipped(phrase_id, SOURCE_LANGUAGE)


@cache
def rule(tag: str) -> PluralRule:
    return plural_rule(plurals_of(tag))


def hash_of(phrase_id: str, tag: str, forms: Forms) -> str:
    """What two people approve: this wording of this sense. When the sense changes, no older wording of it fits any more."""
    normal = json.dumps([phrase_id, tag, list(sense(phrase_id)), list(forms)], ensure_ascii=True)
    return hashlib.sha256(normal.encode()).hexdigest()


@cache
def _language(tag: str) -> Mapping[str, Forms]:
    if tag not in LANGUAGES:
        raise KeyError(tag)
    found = msgspec.convert(_yaml(tag), dict[str, str | tuple[str, ...]])
    return {name: (said,) if isinstance(said, str) else said for name, said in found.items()}


def _as_written(tag: str, msgid: str) -> str:
    """The line's own sentence with its names in braces."""
    return texts(tag).say(msgid, **{name: f"{{{name}}}" for name in placeholders(msgid)})


def _yaml(name: str) -> Any:
    return yaml.safe_load(files(__package__).joinpath("phrases", f"{name}.yaml").read_text(encoding="utf-8"))
