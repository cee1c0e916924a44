# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well somebody fits what was typed: each word by the word of theirs that it is likest, whatever else their name says.

Not how likely they are the one who is meant: of a thousand Ivanovs each fits "Ivanov" wholly.
"""

from collections.abc import Sequence
from typing import Final

from safeconduct.matching import names, words_alike
from safeconduct.matching.comparing import Comparer, Comparison, Identity, Outcome
from safeconduct.matching.names import Name, Word
from safeconduct.matching.words_alike import Likeness, Manner

ENOUGH: Final = 60  # of a hundred; who fits less is shown only if the comparison speaks for them
_WHOLE: Final = 1.0
_AS_LONG: Final = 0.7
_SAME_NAME: Final = 0.95  # Vanya is an Ivan, and not what was typed
_OF_LIKENESS: Final = {
    Likeness.ALIKE: 0.95,
    Likeness.HEARD: 0.85,
    Likeness.ENDING: 0.85,
    Likeness.SIMILAR: 0.8,
    Likeness.VOWELS: 0.75,
    Likeness.STEM: 0.6,
    Likeness.INITIAL: 0.5,
}
_OF_OUTCOME: Final = {Outcome.AGREE: _WHOLE, Outcome.CLOSE: 0.85, Outcome.DIFFER: 0.0, Outcome.UNKNOWN: 0.5}


def fits(asked: Identity, said: Identity, comparison: Comparison, comparer: Comparer) -> int:
    """In a hundred. What was typed counts alike, word for word, and what a person did not say counts half."""
    told = {row.name: row.outcome for row in comparison.fields}
    parts = _of_names(asked, said, told["name"], comparer)
    if asked.birth:
        parts.append(_OF_OUTCOME[told["birth"]])
    if asked.service_number:
        parts.append(_OF_OUTCOME[told["service_number"]])
    return round(100 * sum(parts) / len(parts)) if parts else 0


def _of_names(asked: Identity, said: Identity, whole: Outcome, comparer: Comparer) -> list[float]:
    """The best of their spellings. East Asian names of both sides are one name, not words."""
    each = [
        _of_words(comparer.name(one), one, comparer.name(other), other) for one in asked.names for other in said.names
    ]
    best = max(each, key=lambda parts: sum(parts) / len(parts) if parts else 0.0, default=[])
    return [max(part, _OF_OUTCOME[whole]) for part in best] if _are_eastern(asked, said, comparer) else best


def _are_eastern(asked: Identity, said: Identity, comparer: Comparer) -> bool:
    ones, others = ([comparer.name(text) for text in who.names] for who in (asked, said))
    return any(
        (one.in_korean and other.in_korean) or (one.in_chinese and other.in_chinese) for one in ones for other in others
    )


def _of_words(one: Name, typed: str, other: Name, kept: str) -> list[float]:
    manner = Manner(one.vowelled + other.vowelled, one.ways | other.ways)
    theirs = _words(other, kept)
    return [_of_word(word, theirs, manner) for word in _words(one, typed)]


def _words(name: Name, text: str) -> Sequence[Word]:
    return names.words_written(text) if name.script == "other" else name.words


def _of_word(word: Word, theirs: Sequence[Word], manner: Manner) -> float:
    return max((_likeness(word, other, manner) for other in theirs), default=0.0)


def _likeness(one: Word, other: Word, manner: Manner) -> float:
    if one.sounds == other.sounds:
        return _WHOLE
    alike = words_alike.likeness(one, other, manner)
    if alike is Likeness.SIMILAR and not _are_as_long(one, other):
        return _OF_LIKENESS[Likeness.INITIAL]  # Ivanenko begins as Ivan does, and is another name
    return _SAME_NAME if alike is Likeness.SAME else _OF_LIKENESS.get(alike, 0.0)


def _are_as_long(one: Word, other: Word) -> bool:
    short, long = sorted((len(one.sounds), len(other.sounds)))
    return short >= _AS_LONG * long
