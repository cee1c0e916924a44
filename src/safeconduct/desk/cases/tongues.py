# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which language each message is, as far as its letters tell: for fonts, for screen readers, and for the way it runs.

A person may write in six. What they chose once is believed where the letters allow it.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import regex

from safeconduct.vocabulary.languages import LANGUAGES

_READ = 4_000  # characters are enough to know
_SCRIPTS = {
    "Cyrl": r"\p{Cyrillic}",
    "Latn": r"\p{Latin}",
    "Arab": r"\p{Arabic}",
    "Hani": r"\p{Han}",
    "Hang": r"\p{Hangul}",
    "Deva": r"\p{Devanagari}",
    "Hebr": r"\p{Hebrew}",
}
_LETTER = regex.compile("|".join(f"(?P<{name}>{one})" for name, one in _SCRIPTS.items()), regex.V1)
_KNOWN = 4_096  # letters whose script is remembered; a message has some forty
_RIGHT_TO_LEFT = frozenset({"Arab", "Hebr"})
_ALONE = {"Arab": "ar", "Hani": "zh-Hans", "Hang": "ko-KP", "Hebr": "he"}  # of the line's languages at most one

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_BASIC = "abcdefghijklmnopqrstuvwxyz"
# Whose letters a text never leaves is likely its language. The order decides where nothing else does.
_ALPHABETS: dict[str, dict[str, frozenset[str]]] = {
    "Cyrl": {
        "ru": frozenset(_RUSSIAN),
        "uk": frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
        "kk": frozenset(_RUSSIAN + "әғқңөұүһі"),
        "ky": frozenset(_RUSSIAN + "өүң"),
        "tg": frozenset("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя"),
    },
    "Latn": {
        "en": frozenset(_BASIC),
        "es": frozenset(_BASIC + "ñáéíóúü"),
        "fr": frozenset(_BASIC + "àâæçéèêëîïôœùûüÿ"),
        "sw": frozenset(_BASIC),
        "uz-Latn": frozenset(_BASIC + "ʻʼ"),
    },
    "Deva": {"hi": frozenset(), "ne": frozenset()},
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """`lang` and `dir` of a text as HTML names them. `is_mixed`: its lines run in both directions."""

    lang: str
    direction: str
    is_mixed: bool = False


def of(text: str, chosen: str) -> Tongue:
    """`chosen` is the language that the person named last, or nothing."""
    text = unicodedata.normalize("NFC", text[:_READ]).lower()
    letters = _letters(text)
    if not letters:
        return Tongue(chosen, LANGUAGES[chosen].direction if chosen in LANGUAGES else "ltr")
    script = letters.most_common(1)[0][0]
    ways = {_direction(_letters(line)) for line in text.splitlines() if _letters(line)}
    return Tongue(_language(text, script, chosen), _direction(letters), is_mixed=len(ways) > 1)


def _letters(text: str) -> Counter[str]:
    """How many letters of each script."""
    found: Counter[str] = Counter()
    for letter, times in Counter(text).items():
        script = _script(letter)
        if script:
            found[script] += times
    return found


@lru_cache(_KNOWN)
def _script(letter: str) -> str:
    match = _LETTER.match(letter)
    return (match.lastgroup or "") if match else ""


def _direction(letters: Counter[str]) -> str:
    return "rtl" if letters.most_common(1)[0][0] in _RIGHT_TO_LEFT else "ltr"


def _language(text: str, script: str, chosen: str) -> str:
    if script in _ALONE:
        return _ALONE[script]
    alphabets = _ALPHABETS[script]
    if not any(alphabets.values()):
        return chosen if chosen in alphabets else next(iter(alphabets))
    used = {one: times for one, times in Counter(text).items() if _script(one) == script}
    strange = {tag: sum(used[one] for one in used if one not in own) for tag, own in alphabets.items()}
    least = min(strange.values())
    likely = [tag for tag, count in strange.items() if count == least]
    return chosen if chosen in likely else likely[0]
