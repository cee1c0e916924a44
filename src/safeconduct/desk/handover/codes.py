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

AFTER_WINDOW = timedelta(hours=2)  # people are late; then the codes are worth nothing
_WORDS_EACH, _DIGITS_EACH = 2, 4
_SHORTEST_NAME = 4  # letters of a word of a place that a message may not hold
_SHORTEST_INFLECTED, _ENDING = 5, 2  # letters of a word whose last ones may differ: Калинівка, Калинівки
_SHORTEST_NUMBER = 3
# A pair of long numbers is a reference whatever the plan says: 37U DB 12345 67890, or 48.5123, 37.9876.
_REFERENCE = re.compile(r"\d{4,}\D{0,4}\d{4,}|\d{1,3}[.,]\d{3,}|\d{1,2}[A-Z]{1,3}\s*\d{2,}")
_RUNS = re.compile(r"[^\W\d_]+|\d+")


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
    if _REFERENCE.search(unicodedata.normalize("NFKC", without).upper()):
        return True
    said = _runs(without)
    together = "".join(_RUNS.findall(_plain(without)))
    telling = set().union(*map(_telling, places))
    return any(one in together if one.isdigit() else any(_is_same_name(one, word) for word in said) for one in telling)


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


def _telling(place: str) -> set[str]:
    """The words and numbers by which a place could be known again."""
    return {one for one in _runs(place) if len(one) >= (_SHORTEST_NUMBER if one.isdigit() else _SHORTEST_NAME)}


def _runs(text: str) -> set[str]:
    return set(_RUNS.findall(_plain(text)))


def _plain(text: str) -> str:
    """Without case, marks, widths and invisible characters, so that nothing is hidden by a spelling."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (one for one in bare if unicodedata.category(one) not in {"Mn", "Cf"})
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
