# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two names are: their words set side by side, in whatever order each people writes them."""

from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import JaroWinkler

from safeconduct.matching import chinese, korean
from safeconduct.matching.folding import fine, undoubled
from safeconduct.matching.letters import apart, tags
from safeconduct.matching.names import Name, Word
from safeconduct.matching.ways import Way
from safeconduct.matching.words_alike import Likeness, Manner, WordsAlike, likeness, words_alike

_ORDER: Final = {level: rank for rank, level in enumerate(Likeness)}
_NEAR_ENOUGH: Final = 0.93
_EASTERN: Final = ("eastern",)
_UNWRITTEN: Final = frozenset((Way.UNWRITTEN,))
_ONE_WORD: Final = 2.0  # bits
_ONE_WORD_JOINED: Final = 2.6  # where joining is the custom: Tagelsir, Nandkishor
_JOINING: Final = frozenset((Way.ARABIC, Way.INDIAN))
_SET_APART: Final = {Likeness.OTHER: 40.0}  # two names, however close their letters


@dataclass(frozen=True, slots=True)
class NamesAlike:
    """The best and the worst pair of words, one between, the father's; None where a side has none. `extra`: words over.

    `pairs`: all pairs of words, the likest first, none for East Asian names. `marks`: how the two are written.
    """

    best: Likeness
    worst: Likeness | None = None
    middle: Likeness | None = None
    father: Likeness | None = None
    extra: int = 0
    pairs: tuple[WordsAlike, ...] = ()
    marks: tuple[str, ...] = ()


def names_alike(one: Name, other: Name) -> NamesAlike | None:
    """None when either has no words."""
    if one.in_korean and other.in_korean:
        eastern = [_korean(one.in_korean, other.in_korean)]
        eastern += [_chinese(one.in_chinese, other.in_chinese)] if one.in_chinese and other.in_chinese else []
        return min(eastern, key=_rank)
    if one.in_chinese and other.in_chinese:
        return _chinese(one.in_chinese, other.in_chinese)
    return _by_words(one, other) if one.words and other.words else None


def _rank(alike: NamesAlike) -> int:
    return _ORDER[alike.best] + _ORDER[alike.worst or Likeness.SAME]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The bearing words of two names, of the shorter first, and what is said of the whole."""

    fewer: list[Word]
    more: list[Word]
    manner: Manner
    father: Likeness | None
    marks: tuple[str, ...]

    @property
    def extra(self) -> int:
        return min(len(self.more) - len(self.fewer), 2)


def side_by_side(one: Name, other: Name) -> SideBySide:
    vowelled = one.vowelled + other.vowelled
    manner = Manner(vowelled, one.ways | other.ways | (_UNWRITTEN if vowelled == 1 else frozenset()))
    ones, others = _bearing(one, other, manner)
    if len(ones) > len(others):
        ones, others = others, ones
    marks = (*tags(manner.ways), "-".join(sorted((one.script, other.script))))
    return SideBySide(ones, others, manner, _fathers(one, other, manner), marks)


def _by_words(one: Name, other: Name) -> NamesAlike:
    set_out = side_by_side(one, other)
    pairs = _paired(set_out.fewer, set_out.more, set_out.manner)
    return NamesAlike(
        best=pairs[0].likeness,
        worst=pairs[-1].likeness if len(pairs) > 1 else None,
        middle=pairs[-2].likeness if len(pairs) > 2 else None,
        father=set_out.father,
        extra=set_out.extra,
        pairs=pairs,
        marks=set_out.marks,
    )


def _bearing(one: Name, other: Name, manner: Manner) -> tuple[list[Word], list[Word]]:
    """The words beside the father's name; that too where only one side says which it is, and the other has more words."""
    ones, others = _own(one), _own(other)
    ones, others = _joined(others, ones, manner), _joined(ones, others, manner)
    if not _says_father(other) and len(others) > len(ones):
        ones = [*ones, *(word for word in one.words if word.fathers)]
    elif not _says_father(one) and len(ones) > len(others):
        others = [*others, *(word for word in other.words if word.fathers)]
    return ones, others


def _own(name: Name) -> list[Word]:
    return [word for word in name.words if not word.fathers] or list(name.words)


def _says_father(name: Name) -> bool:
    return any(word.fathers for word in name.words)


def _fathers(one: Name, other: Name, manner: Manner) -> Likeness | None:
    ones = [word for word in one.words if word.fathers]
    others = [word for word in other.words if word.fathers]
    return likeness(ones[0], others[0], manner) if ones and others else None


def _joined(fewer: list[Word], more: list[Word], manner: Manner) -> list[Word]:
    """Two words beside each other that the other side writes as one: Xiao Ming, Nur Sultan, Mc Donald, Taj al-Sir."""
    if len(more) <= len(fewer):
        return more
    for place in range(len(more) - 1):
        first, second = more[place], more[place + 1]
        for sounds in (first.sounds + second.sounds, *_with_article(first, second, manner)):
            whole = Word(undoubled(sounds), fine(sounds), undoubled(sounds), frozenset())
            if any(_is_whole(word, whole, manner) for word in fewer):
                return _joined(fewer, [*more[:place], whole, *more[place + 2 :]], manner)
    return more


def _with_article(first: Word, second: Word, manner: Manner) -> tuple[str, ...]:
    return (first.sounds + "el" + second.sounds,) if Way.ARABIC in manner.ways else ()


def _is_whole(word: Word, whole: Word, manner: Manner) -> bool:
    if word.fine == whole.fine:
        return True
    most = _ONE_WORD_JOINED if manner.ways & _JOINING else _ONE_WORD
    return len(word.fine) > 3 and bool(manner.ways) and apart(word.sounds, whole.sounds, manner.ways) <= most


def _paired(fewer: list[Word], more: list[Word], manner: Manner) -> tuple[WordsAlike, ...]:
    return likest_first([[words_alike(one, other, manner) for other in more] for one in fewer])


def likest_first(table: list[list[WordsAlike]]) -> tuple[WordsAlike, ...]:
    """Each word of the shorter name with its likest in the longer, the likest pairs first."""
    pairs = [(alike, left, right) for left, row in enumerate(table) for right, alike in enumerate(row)]
    pairs.sort(key=lambda pair: (pair[0].letters + _SET_APART.get(pair[0].likeness, 0.0), _ORDER[pair[0].likeness]))
    found: list[WordsAlike] = []
    lefts: set[int] = set()
    rights: set[int] = set()
    for alike, left, right in pairs:
        if left not in lefts and right not in rights:
            lefts.add(left)
            rights.add(right)
            found.append(alike)
    return tuple(found)


def _korean(one: korean.Reading, other: korean.Reading) -> NamesAlike:
    given = _of_letters(one, other) if one.letters and other.letters else _of_sounds(one.given, other.given)
    family = Likeness.SAME if one.family == other.family else Likeness.DIFFER
    best, worst = sorted((family, given), key=_ORDER.__getitem__)
    return NamesAlike(best, worst, marks=_EASTERN)


def _of_letters(one: korean.Reading, other: korean.Reading) -> Likeness:
    if one.letters == other.letters:
        return Likeness.SAME
    return Likeness.VOWELS if one.given == other.given else Likeness.DIFFER


def _of_sounds(one: str, other: str) -> Likeness:
    if one == other:
        return Likeness.ALIKE
    return Likeness.SIMILAR if JaroWinkler.similarity(one, other) >= _NEAR_ENOUGH else Likeness.DIFFER


def _chinese(one: chinese.Reading, other: chinese.Reading) -> NamesAlike:
    straight = (_pinyin(one, one.family, other.family, other), _pinyin(one, one.given, other.given, other))
    across = (_pinyin(one, one.family, other.given, other), _pinyin(one, one.given, other.family, other))
    levels = min(straight, across, key=lambda pair: _ORDER[pair[0]] + _ORDER[pair[1]])
    best, worst = sorted(levels, key=_ORDER.__getitem__)
    return NamesAlike(best, worst, marks=_EASTERN)


def _pinyin(one: chinese.Reading, left: str, right: str, other: chinese.Reading) -> Likeness:
    if left == right:
        homophones = one.characters and other.characters and one.characters != other.characters
        return Likeness.VOWELS if homophones else Likeness.SAME
    if not (one.pinyin and other.pinyin) and chinese.coarse(left) == chinese.coarse(right):
        return Likeness.ALIKE
    return Likeness.DIFFER
