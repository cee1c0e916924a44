# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Tajik word as sounds of espeak-ng. It has no Tajik voice, but Tajik is written as it is spoken.

The sounds are those of its Chuvash voice: of those with all the consonants and a plain pace, the one whose measured vowels (first
two formants) lie where standard Tajik has them. Its Persian voice has no ӯ, and the о of Teheran.
"""

import re
from collections.abc import Iterator, Mapping

VOICE = "cv"
_VOWELS = "аеёиоуыэюяӣӯ"
_STRESS = "'"
_LONG = ":"
_SOUNDS: Mapping[str, str] = {
    "а": "a/", "б": "b", "в": "v", "г": "g", "ғ": 'Q"', "д": "d", "е": "e", "ё": "o", "ж": "Z", "з": "z", "и": "i",
    "ӣ": "i", "й": "j", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "R", "с": "s",
    "т": "t", "у": "u", "ӯ": "8:", "ф": "f", "х": "X", "ҳ": "h", "ц": "ts", "ч": "tS", "ҷ": "dZ", "ш": "S", "щ": "S",
    "ъ": "?", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a/",
}  # fmt: skip
_TAP = "*"  # р between vowels
_GLIDE = "j"
_GLIDED = "ёюя"  # always with a glide before; е only where nothing hard stands before it

LETTERS = frozenset(_SOUNDS)
ENCLITICS = ("ро", "ю", "у", "и", "е")  # what a hyphen or a number may carry; never stressed

# Without a stress of their own: they lean on the next word, or "is" on the one before.
_LEANING = frozenset(["ва", "у", "ю", "бо", "ба", "аз", "дар", "бе", "то", "ки", "ё", "ро", "аст"])
_ON_THE_FIRST = frozenset(
    ["агар", "магар", "бале", "хеле", "чаро", "зеро", "вале", "балки", "чунки", "лекин", "шояд", "бояд", "ҳатто", "оё"]
)
_PAST = (
    "кард|шуд|рафт|омад|гуфт|навишт|дид|дод|буд|ҳаст|нест|хост|тавонист|донист|гирифт|гузошт|зад|хӯрд|фиристод|истод"
    "|мурд|афтод|шунид|расид|тарсид|пурсид|гурехт|хонд|монд|шинохт|фаҳмид|ёфт|овард|бурд|бароварда?|баромад|дошт|кушод"
)
_PRESENT = (
    "кун|гӯ|гӯй|дор|дав|шав|ист|диҳ|рав|равон|ой|о|ор|бар|бин|хоҳ|тавон|дон|пурс|тарс|гир|гузор|навис|хон|бош|зан"
    "|гурез|ҷунб|афт|мон|мур|ёб|хӯр|фирист|шунав|рас|кушо|кӯч|чин|сӯз|барор|баро"
)
_ENDING = "(?:ам|ӣ|ад|ем|ед|анд|ям|яд|янд)"
_DENIED = re.compile(f"на(?:ме|(?:{_PAST})(?:{_ENDING}|а|ааст|аанд)?$|(?:{_PRESENT}){_ENDING}?$)")
_IN_THE_PAST = re.compile(f"((?:ме|би)?(?:{_PAST}))(?:ам|ӣ|ем|ед|анд)")
# Behind the stress: the object (ро), and before it of (и), a (е), has (аст), my to their.
_OBJECT = "ро"
_BEHIND = re.compile(rf"(.*[{_VOWELS}].*?)(?:и|е|(?<=а)аст|[ая](?:мон|тон|шон)|[ая]ш)")
_WHOLE = frozenset(["маро", "туро", "саҳро", "иҷро", "бухоро", "чаро", "одамон", "оташ", "хоҳиш", "калисо"])


def sounds(word: str, *, enclitic: str = "") -> str:
    """Of a word in small letters of `LETTERS`; `enclitic` is said with it and never stressed."""
    return "".join(_sounds(word + enclitic, _stressed(word)))


def name(word: str) -> str:
    """Of a letter's name or a numeral: it leans on nothing."""
    return "".join(_sounds(word, max(at for at, letter in enumerate(word) if letter in _VOWELS)))


def has_vowel(word: str) -> bool:
    """Whether it can be said as a word at all."""
    return any(letter in _VOWELS for letter in word)


def _sounds(word: str, stressed: int | None) -> Iterator[str]:
    for at, letter in enumerate(word):
        before, after = word[at - 1 : at], word[at + 1 : at + 2]
        if letter == before and letter not in _VOWELS:
            yield _LONG
            continue
        if letter in _GLIDED or (letter == "е" and (not before or before in _VOWELS + "ъь")):
            yield _GLIDE
        if at == stressed:
            yield _STRESS
        yield _TAP if letter == "р" and _between_vowels(before, after) else _SOUNDS[letter]


def _between_vowels(before: str, after: str) -> bool:
    return bool(before and after) and before in _VOWELS and after in _VOWELS


def _stressed(word: str) -> int | None:
    """Which letter carries the stress: the last vowel of the stem, but the first of a negated verb."""
    vowels = [at for at, letter in enumerate(word) if letter in _VOWELS]
    if not vowels or word in _LEANING:
        return None
    if word in _ON_THE_FIRST or _DENIED.match(word):
        return vowels[0]
    end = len(_stem(word))
    return [at for at in vowels if at < end][-1]


def _stem(word: str) -> str:
    """What the stress can fall on."""
    past = _IN_THE_PAST.fullmatch(word)
    if past is not None:
        return past[1]
    if word.endswith(_OBJECT) and word not in _WHOLE and has_vowel(word[: -len(_OBJECT)]):
        word = word[: -len(_OBJECT)]
    behind = _BEHIND.fullmatch(word) if word not in _WHOLE else None
    return behind[1] if behind is not None else word
