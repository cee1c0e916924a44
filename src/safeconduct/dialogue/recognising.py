# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which of the line's languages somebody writes: what the letters allow, then py3langid, then what was known before.

Never certain and always to be overruled by the person. Words of one language in the letters of another are not
recognised, and such a guess is not sure. Costs about 120 MB and 0.7 s when it is first used (numpy and the model), so only
the chat worker imports this; the web asks the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import regex
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from safeconduct.vocabulary.languages import LANGUAGES

_LONGEST = 1000  # characters that are looked at: more tell nothing new
_FEWEST = 2  # letters, in an alphabet
_PRIOR = 2.0  # how much likelier the language is that was known before
_GUESS = 0.5  # below this nothing is said but what was known before
_SURE = 0.7
_SURE_IN_LATIN = 0.98  # everybody's language is also written in these letters, and looks like another then
_SURE_LETTERS = 6  # a shorter word stands in several languages

_TAG_OF_CODE = {tag.partition("-")[0]: tag for tag in LANGUAGES}
_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "Latin": ("en", "es", "fr", "sw", "uz"),
    "Cyrillic": ("ru", "uk", "tg", "ky", "kk", "uz"),
    "Devanagari": ("ne", "hi"),
    "Arabic": ("ar",),
    "Hangul": ("ko",),
    "Han": ("zh",),
}
_LETTERS = {script: regex.compile(rf"(?V1)[\p{{Script={script}}}&&\p{{L}}]") for script in _SCRIPTS}
# Letters of Persian, Dari, Pashto and Urdu: whoever writes these would be answered in a language they cannot read.
_NOT_ARABIC = regex.compile("[پچژگکیےۍېټډړښٹڈڑںھہ]")
_NOT_SPEECH = regex.compile(r"https?://\S+|[@/]\w+|<[^>]*>")  # addresses and commands look English in any language


@dataclass(frozen=True, slots=True)
class Recognised:
    """A language of the line, or None. Only when `is_sure` may the chat change to it without asking."""

    tag: str | None
    is_sure: bool


def recognise(text: str, *, prior: str | None = None) -> Recognised:
    """The language of a message. `prior` is the messenger's language or the one so far (BCP 47). Total."""
    known = tag_of(prior)
    words = _NOT_SPEECH.sub(" ", text[:_LONGEST])
    script, letters = _script(words)
    if script is None:
        return Recognised(known, is_sure=False)
    codes = _SCRIPTS[script]
    if script == "Arabic" and _NOT_ARABIC.search(words):
        return Recognised(known, is_sure=False)
    if len(codes) == 1:
        return Recognised(_TAG_OF_CODE[codes[0]], is_sure=True)
    if letters < _FEWEST:
        return Recognised(known, is_sure=False)
    code, share = _likeliest(words, codes, known)
    if share < _GUESS:
        return Recognised(known, is_sure=False)
    enough = _SURE_IN_LATIN if script == "Latin" else _SURE
    tag = _TAG_OF_CODE[code]
    return Recognised(tag, is_sure=share >= enough and (letters >= _SURE_LETTERS or tag == known))


def tag_of(hint: str | None) -> str | None:
    """The line's language for what a messenger says ("uk-UA", "zh"), if it is one of ours."""
    return _TAG_OF_CODE.get((hint or "").replace("_", "-").partition("-")[0].lower())


def _script(words: str) -> tuple[str | None, int]:
    """The script of most letters, and how many letters it has."""
    counts = {script: len(letter.findall(words)) for script, letter in _LETTERS.items()}
    script = max(counts, key=lambda name: counts[name])
    return (script, counts[script]) if counts[script] else (None, 0)


def _likeliest(words: str, codes: tuple[str, ...], known: str | None) -> tuple[str, float]:
    weights = {
        code: share * (_PRIOR if _TAG_OF_CODE[code] == known else 1.0)
        for code, share in _identifier().rank(words)
        if code in codes
    }
    code = max(weights, key=lambda name: weights[name])
    whole = sum(weights.values())
    return code, weights[code] / whole if whole else 0.0


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_TAG_OF_CODE))
    return identifier
