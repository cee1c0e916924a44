# SPDX-License-Identifier: AGPL-3.0-or-later
"""R17: what a receiving unit says and a person answers, once. And what may stand beside it in a message: no place.

Two words of 64 on each side, or four digits: one guess in 4,096 or 10,000, and there is one guess.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from safeconduct.desk.handover.records import Codes
from safeconduct.desk.handover.wordlists import THEY_SAY_YOU_ANSWER, WORDS
from safeconduct.dialogue.duress import ascii_digits
from safeconduct.matching import scripts

AFTER_WINDOW = timedelta(hours=2)  # people are late; then the codes are worth nothing
_WORDS_EACH, _DIGITS_EACH = 2, 4
_SHORTEST_NAME = 3  # letters that the beginning of an inflected name keeps
_SHORTEST_INFLECTED, _ENDING = 5, 2  # letters of a word whose last ones may differ: Калинівка, Калинівки
_SHORTEST_WORD = 2  # letters of a word of a place that a message may not hold: Яр
_LONGEST_SHORT = 2  # digits of a number that is looked for as a number, and not within a longer one
# A pair of long numbers is a reference whatever the plan says: 37U DB 12345 67890, or 48.5123, 37.9876.
_REFERENCE = re.compile(r"\d{4,}\D{0,4}\d{4,}|\d{1,3}[.,]\d{3,}|\d{1,2}[A-Z]{1,3}\s*\d{2,}")
_NUMBERS = re.compile(r"[0-9]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+")
_ALIKE = str.maketrans(
    {"y": "i", "j": "i", "w": "v", "h": "g", "q": "k", "c": "k"}
)  # spelled differently in Latin letters
_DOUBLED = re.compile(r"(.)\1+")
# Scripts that set no space between words: two neighbouring characters of a place are a part of its name.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}"
)


def make(language: str, window_ends: datetime, *, choose: secrets.SystemRandom | None = None) -> Codes:
    """New codes for people who speak this language."""
    draw = choose or secrets.SystemRandom()
    words = WORDS.get(language)
    if words is None:
        digits = [" ".join(draw.choices("0123456789", k=_DIGITS_EACH)) for _ in range(2)]
        return Codes(unit_says=digits[0], person_answers=digits[1], expires=window_ends + AFTER_WINDOW)
    picked = draw.sample(words, 2 * _WORDS_EACH)  # no word twice: the answer repeats nothing of the question
    says, answers = " ".join(picked[:_WORDS_EACH]), " ".join(picked[_WORDS_EACH:])
    return Codes(unit_says=says, person_answers=answers, expires=window_ends + AFTER_WINDOW)


def text_for_person(codes: Codes, language: str) -> str:
    """What they are told: both halves, and nothing else."""
    they, you = THEY_SAY_YOU_ANSWER.get(language, THEY_SAY_YOU_ANSWER["en"])
    return f"{they} {codes.unit_says}\n{you} {codes.person_answers}"


def holds_both(text: str, codes: Codes) -> bool:
    """Whether a message tells both halves as they were made."""
    said = _plain(text)
    return _plain(codes.unit_says) in said and _plain(codes.person_answers) in said


def holds_either(text: str, codes: Codes) -> bool:
    """Whether a message tells any half of them."""
    said = _plain(text)
    return _plain(codes.unit_says) in said or _plain(codes.person_answers) in said


def names_place(text: str, places: Iterable[str], codes: Codes) -> bool:
    """Whether a message holds something of a place: a name or a number of it, or anything that reads like a reference.

    A name is known by its beginning too, whatever case it stands in: the ending of a Slavic name changes.

    Rather too often than once too little: who is refused by a common word writes another one.
    """
    without = _without(text, codes)
    if _REFERENCE.search(ascii_digits(unicodedata.normalize("NFKC", without)).upper()):
        return True
    plain = _plain(without)
    said, numbers = _words(plain), set(_NUMBERS.findall(plain))
    together = "".join(_RUNS.findall(plain))
    return any(_holds(place, said, numbers, together) for place in map(_plain, places))


def _holds(place: str, said: set[str], numbers: set[str], together: str) -> bool:
    """Whether a number, a word in any script, or a piece of an unspaced name of this place was said."""
    for one in _NUMBERS.findall(place):
        if one.lstrip("0") in {other.lstrip("0") for other in numbers}:
            return True
        if len(one) > _LONGEST_SHORT and one in together:
            return True
    if any(pair in together for pair in _pairs(place)):
        return True
    telling = {one for one in _words(place) if len(one) >= _SHORTEST_WORD}
    return any(_is_same_name(one, word) for one in telling for word in said)


def _words(plain: str) -> set[str]:
    """The words, each as it stands and as it sounds in Latin letters."""
    found = {one for one in _RUNS.findall(plain) if not one.isdigit()}
    heard = {_DOUBLED.sub(r"\1", _sound(word)) for word in found}
    return found | {word for word in heard if word}


def _sound(word: str) -> str:
    """One Latin spelling, near enough to know a name again: Kalynivka, Калинівка."""
    return scripts.romanised(scripts.plain(word)).translate(_ALIKE).replace(" ", "")


def _pairs(place: str) -> set[str]:
    return {run[at : at + 2] for run in _UNSPACED.findall(place) for at in range(len(run) - 1)}


def _without(text: str, codes: Codes) -> str:
    """What is left to be looked at: neither the words nor what stands before them is anybody's to choose."""
    for made in (codes.unit_says, codes.person_answers, *chain.from_iterable(THEY_SAY_YOU_ANSWER.values())):
        text = text.replace(made, " ")
    return text


def _is_same_name(one: str, other: str) -> bool:
    """Whether two words are one name, in whatever case each stands."""
    if min(len(one), len(other)) < _SHORTEST_INFLECTED:
        return one == other
    return other.startswith(one[: max(len(one) - _ENDING, _SHORTEST_NAME)])


def _plain(text: str) -> str:
    """Without case, marks, widths and invisible characters, so that nothing is hidden by a spelling."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (one for one in bare if unicodedata.category(one) not in {"Mn", "Cf"})
    return ascii_digits(" ".join(unicodedata.normalize("NFC", "".join(kept)).split()))
