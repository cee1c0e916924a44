# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tajik for espeak-ng: every word as sounds, `[[…]]`, with numbers, signs, abbreviations and foreign letters put into words.

Whatever is not a word or a pause is left out, so that nothing of a text but our own sounds reaches the machine as sounds.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from anyascii import anyascii

from safeconduct.speech.breaths import with_breaths
from safeconduct.speech.tajik_sounds import ENCLITICS, LETTERS, has_vowel, name, sounds

_ONES = (
    "сифр", "як", "ду", "се", "чор", "панҷ", "шаш", "ҳафт", "ҳашт", "нӯҳ", "даҳ", "ёздаҳ", "дувоздаҳ", "сездаҳ", "чордаҳ",
    "понздаҳ", "шонздаҳ", "ҳабдаҳ", "ҳаждаҳ", "нуздаҳ",
)  # fmt: skip
_TENS = ("", "", "бист", "сӣ", "чил", "панҷоҳ", "шаст", "ҳафтод", "ҳаштод", "навад")
_DIGITS_ALONE = 7  # so many digits are a telephone number or a code, and are said one by one
_SIGNS: Mapping[str, str] = {
    "%": "фоиз",
    "№": "рақами",
    "#": "панҷара",
    "*": "ситорача",
    "@": "эт",
    "&": "ва",
    "+": "плюс",
}
_ROMAN: Mapping[str, str] = {"I": "якум", "II": "дуюм", "III": "сеюм", "IV": "чорум"}  # of a Convention or Protocol
_NAMES: Mapping[str, str] = {
    "a": "а", "b": "бе", "c": "тсе", "d": "де", "e": "э", "f": "эф", "g": "ге", "h": "ҳаш", "i": "и", "j": "йот",
    "k": "ка", "l": "эл", "m": "эм", "n": "эн", "o": "о", "p": "пе", "q": "ку", "r": "эр", "s": "эс", "t": "те",
    "u": "у", "v": "ве", "w": "дубл ве", "x": "икс", "y": "игрек", "z": "зет",
    "б": "бе", "в": "ве", "г": "ге", "ғ": "ғе", "д": "де", "ж": "же", "з": "зе", "й": "йот", "к": "ка", "қ": "қе",
    "л": "эл", "м": "эм", "н": "эн", "п": "пе", "р": "эр", "с": "эс", "т": "те", "ф": "эф", "х": "хе", "ҳ": "ҳе",
    "ц": "тсе", "ч": "че", "ҷ": "ҷе", "ш": "ша", "щ": "ша", "ъ": "сакта", "ь": "",
}  # fmt: skip
_LATIN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(written), said)
    for written, said in (
        ("sch|sh", "ш"), ("ch", "ч"), ("kh", "х"), ("gh", "ғ"), ("zh", "ж"), ("th", "т"), ("ph", "ф"), ("wh", "в"),
        ("ck", "к"), ("qu", "кв"), ("ts", "ц"), ("ee", "и"), ("oo", "у"), ("c(?=[eiy])", "с"), ("y(?=[aeiou])", "й"),
    )
)  # fmt: skip
_LETTER_BY_LETTER = str.maketrans(
    dict(zip("abcdefghijklmnopqrstuvwyz", "абкдэфгҳиҷклмнопқрстуввиз", strict=True)) | {"x": "кс"}
)

_ROMAN_NUMBER = re.compile(rf"(?<!\w)({'|'.join(_ROMAN)})(?!\w)")
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])")
_ORDINAL = re.compile(r"(?<![\w-])(\d{1,6})-(?=[юу]м(?!\w))")
_NUMBERS = re.compile(r"\+?\d+(?:[ \u00a0-]\d+)*")  # perhaps in groups
_PIECE = re.compile(
    rf"(?P<word>[^\W\d_]+)(?:-(?P<enclitic>{'|'.join(ENCLITICS)})(?![\w-]))?|(?P<pause>[.,!?;:…]|[()]|\s[-–—]\s)"
)
_PAUSES: Mapping[str, str] = {"…": ".", "(": ",", ")": ","}
_APOSTROPHES = re.compile("[\u02bc\u2019'`\u00ad\u0301]")


def for_the_voice(text: str) -> str:
    """The text in sounds; empty when nothing of it can be said."""
    said = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text))
    said = _ROMAN_NUMBER.sub(lambda found: _ROMAN[found[0]], said)
    said = _ORDINAL.sub(lambda found: in_words(int(found[1])), said)
    said = _NUMBERS.sub(_numbers, _CLOCK.sub(_clock, said))
    for sign, word in _SIGNS.items():
        said = said.replace(sign, f" {word} ")
    return with_breaths(" ".join(_in_sounds(said.lower())))


def in_words(number: int) -> str:
    """From 0 to 999,999. Parts are joined by an "and" that leans on the word before."""
    if number < len(_ONES):
        return _ONES[number]
    for size, named in ((1000, "ҳазор"), (100, "сад")):
        many, rest = divmod(number, size)
        if many:
            counted = named if many == 1 else f"{in_words(many)} {named}"
            return f"{counted}-у {in_words(rest)}" if rest else counted
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]}-{'ю' if _TENS[tens].endswith('ӣ') else 'у'} {_ONES[ones]}" if ones else _TENS[tens]


def _numbers(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    digits = "".join(groups)
    has_odd_zero = any(group.startswith("0") and len(group) > 1 for group in groups)
    if found[0].startswith("+") or has_odd_zero or len(digits) >= _DIGITS_ALONE:
        return f" {', '.join(' '.join(_ONES[int(digit)] for digit in group) for group in groups)}"
    return " ".join(in_words(int(group)) for group in groups)


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    return f"{in_words(hour)}-у {in_words(minute)} дақиқа" if minute else in_words(hour)


def _in_sounds(text: str) -> Iterator[str]:
    for piece in _PIECE.finditer(text):
        pause = piece["pause"]
        if pause:
            yield _PAUSES.get(pause, pause if pause in ".,!?;:" else ",")
        else:
            yield from (f"[[{said}]]" for said in _said(piece["word"], piece["enclitic"] or ""))


def _said(word: str, enclitic: str) -> Iterator[str]:
    """The sounds of one written word: one, or one for each letter where it is none."""
    spelled = _in_tajik_letters(word)
    if has_vowel(spelled) and word not in _NAMES:
        yield sounds(spelled, enclitic=enclitic)
        return
    for named in " ".join(_NAMES.get(letter, letter) for letter in _spellable(word)).split():
        yield name(named)
    if enclitic:
        yield sounds(enclitic)


def _in_tajik_letters(word: str) -> str:
    said = _spellable(word)
    for written, sound in _LATIN:
        said = written.sub(sound, said)
    return said.translate(_LETTER_BY_LETTER)


def _spellable(word: str) -> str:
    """Letters of Tajik or of plain Latin, whatever script they were."""
    return "".join(letter if letter in LETTERS else _latin(letter) for letter in word)


def _latin(letter: str) -> str:
    return "".join(one for one in anyascii(letter).lower() if "a" <= one <= "z")
