# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sentence with its values, as it is sent. Values are typed: each kind takes only what can stand in a sentence."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.desk.phrasebook import book
from safeconduct.desk.phrasebook.book import Forms, Phrase, ValueKind
from safeconduct.desk.phrasebook.errors import ValueRefused
from safeconduct.dialogue.places import CITY_OF_ZONE
from safeconduct.dialogue.texts import filled, texts
from safeconduct.vocabulary.languages import LANGUAGES

CITIES: tuple[str, ...] = tuple(CITY_OF_ZONE.values())
NUMBER_MAX = 999
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
_NAME = re.compile(r"[^\W\d_](?:[^\W_]|[ .'’ʼ-]){0,39}")
_ADDRESS = re.compile(r"[^\x00-\x1f\x7f]{1,120}")
_PATTERNS: Mapping[ValueKind, re.Pattern[str]] = {
    "time": _TIME,
    "number": _NUMBER,
    "name": _NAME,
    "address": _ADDRESS,
}
_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

# GSM 03.38: what a text message carries in seven bits each. Signs of the second row take two places.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€")
_SEVEN_BITS, _SEVEN_BITS_EACH = 160, 153
_UCS2, _UCS2_EACH = 70, 67


@dataclass(frozen=True, slots=True)
class Length:
    """How long a sentence is, and in how many parts a text message carries it."""

    characters: int
    text_messages: int


def rendered(phrase: Phrase, tag: str, forms: Forms, values: Mapping[str, str]) -> str:
    """The sentence. Each value is put in once and never read as a name in braces. Raises `ValueRefused`."""
    said = {name: _said(name, kind, values.get(name, ""), tag) for name, kind in phrase.needs.items()}
    return filled(_form(phrase, tag, forms, values), said)


def length_of(text: str) -> Length:
    """Seven-bit text messages where every sign has a place in them; else UCS-2, where an emoji takes two."""
    if all(char in _GSM or char in _GSM_DOUBLE for char in text):
        units = len(text) + sum(char in _GSM_DOUBLE for char in text)
        whole, each = _SEVEN_BITS, _SEVEN_BITS_EACH
    else:
        units = len(text.encode("utf-16-be")) // 2
        whole, each = _UCS2, _UCS2_EACH
    return Length(len(text), 1 if units <= whole else -(-units // each))


def _form(phrase: Phrase, tag: str, forms: Forms, values: Mapping[str, str]) -> str:
    if not phrase.has_number:
        return forms[0]
    name = next(name for name, kind in phrase.needs.items() if kind == "number")
    return forms[book.rule(tag).choose(int(_checked(name, "number", values.get(name, ""))))]


def _said(name: str, kind: ValueKind, value: str, tag: str) -> str:
    if kind == "city":
        if value not in CITIES:
            raise ValueRefused(name)
        return texts(tag).say(value)
    return _isolated(_checked(name, kind, value), tag)


def _checked(name: str, kind: ValueKind, value: str) -> str:
    value = unicodedata.normalize("NFC", value.strip())
    hidden = any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"} for char in value)
    if hidden or _PATTERNS[kind].fullmatch(value) is None:
        raise ValueRefused(name)
    return value


def _isolated(value: str, tag: str) -> str:
    """A name that runs the other way must not turn the words around it. Nothing is added where nothing could turn."""
    own = {"R", "AL"} if LANGUAGES[tag].right_to_left else {"L"}
    strong = {unicodedata.bidirectional(char) for char in value} & {"L", "R", "AL"}
    return f"{_ISOLATE}{value}{_END}" if strong - own else value
