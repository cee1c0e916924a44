# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any script read into plain Latin letters. The reading serves comparison only and is never shown to anybody."""

import re
import unicodedata
from typing import Final

from anyascii import anyascii

from safeconduct.matching import arabic, devanagari, han, hangul

# Letters of all Cyrillic alphabets of the line's languages. What standards write differently (г, х, щ, ї) is read in
# one way here and made one with its Latin spellings in `folding`.
_CYRILLIC: Final = str.maketrans(
    dict(
        zip(
            "абвгґдеёєжзиіїйклмнопрстуфхъыьэ",
            [*"a b v g g d e e e zh z i i i y k l m n o p r s t u f kh".split(), "", "i", "", "e"],
            strict=True,
        )
    )
    | {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia", "ў": "o", "ё": "yo"}
    | {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "io", "ұ": "u", "ү": "u", "һ": "h", "ӣ": "i", "ӯ": "u", "ҳ": "h"}
    | {"ҷ": "j", "љ": "l", "њ": "n", "џ": "j", "ђ": "j", "ћ": "c", "ј": "i", "ѝ": "i", "ѓ": "g", "ќ": "k", "ӧ": "o"}
)

# Latin letters whose mark changes the sound; every other mark is dropped.
_MARKED: Final = str.maketrans(
    {"ž": "zh", "č": "ch", "š": "sh", "ŝ": "sh", "ş": "sh", "ș": "sh", "ç": "ch", "ğ": "g", "ı": "i", "ł": "l"}
    | {
        "đ": "d",
        "ß": "ss",
        "æ": "e",
        "œ": "e",
        "ø": "o",
        "ö": "io",
        "ə": "a",
        "ŋ": "ng",
        "þ": "t",
        "ð": "d",
        "ĵ": "j",
        "ţ": "ts",
    }
    | {"ń": "n", "ć": "ch", "ś": "s", "ź": "z", "ż": "zh", "ẑ": "zh", "ĉ": "ch", "ĝ": "g", "ħ": "h", "ț": "ts"}
)

# Apostrophes, soft and hard signs, ayn and hamza in all their shapes: they separate no words.
SILENT: Final = "'’‘ʼʻ`´ʹʺ″′ʿʾˈ＇\u200c\u200d\u200e\u200f\u00ad\u0640ˊ"
_SILENT_GONE: Final = str.maketrans(dict.fromkeys(SILENT, ""))

_ASPIRATE = re.compile(r"(?<=[бгдкптчцj])х(?=[аеёиоуыэюяіїєьрвнйлм]|$)")
_ROUNDED = re.compile(r"\bу(?=[аеиоэі])")
_DIPHTHONG = re.compile(r"(?<=а)у(?=[ії]|и)")  # Шаркауи, Алауи
_BELARUSIAN = re.compile(r"(?<=[аеёиоуыэюяі])ў")
_DZH = re.compile(r"д[жҷ]")
_DZH_CLOSED = re.compile(r"д[жҷ](?=[бвгґдзйклмнпрстфцчшщқғҳңһ]|$)")  # a j there would be taken for a vowel
_LATIN_LAST: Final = "\u024f"


def marked(text: str) -> str:
    """One spelling, lower case, no silent signs; the marks over Latin letters stay, for they tell whose name it is."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_SILENT_GONE)


def plain(text: str) -> str:
    """One Unicode spelling: NFKC, lower case, no silent signs, no marks over Latin letters. Idempotent."""
    once = unicodedata.normalize("NFKC", text).casefold()
    if once.isascii():
        return once.translate(_SILENT_GONE)
    once = unicodedata.normalize("NFC", once.translate(_SILENT_GONE)).translate(_MARKED)
    return once if not _marked(once) else _unmarked(once)


def romanised(text: str) -> str:
    """Latin letters, digits and spaces for `text` in any script; `text` has been through `plain`."""
    if text.isascii():
        return text
    return " ".join(" ".join(_word(word) for word in text.split()).split())


def script(text: str) -> str:
    """Of the first letter: those that names are compared in letter by letter."""
    for letter in text:
        if letter.isalpha():
            if is_cyrillic(letter):
                return "cyrillic"
            if arabic.holds(letter):
                return "arabic"
            if devanagari.holds(letter):
                return "devanagari"
            return "latin" if letter <= _LATIN_LAST else "other"
    return "other"


def is_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u052f" for letter in text)


def _word(word: str) -> str:
    first = next((letter for letter in word if letter > _LATIN_LAST), "a")
    if "\u0400" <= first <= "\u052f":
        return _ascii(cyrillic(word))
    if arabic.holds(first):
        return _ascii(arabic.romanised(word))
    if devanagari.holds(first):
        return _ascii(devanagari.romanised(word))
    if hangul.holds(first):
        return _ascii(hangul.romanised(word))
    if han.holds(first):
        return _ascii(han.romanised(word))
    return _ascii(word)


def cyrillic(word: str) -> str:
    word = word.replace("ьо", "ё").replace("йо", "ё")
    word = _BELARUSIAN.sub("в", _ASPIRATE.sub("h", _DZH.sub("j", _DZH_CLOSED.sub("dzh", word))))
    return _ROUNDED.sub("w", _DIPHTHONG.sub("в", word)).translate(_CYRILLIC)


def _ascii(word: str) -> str:
    return word if word.isascii() else anyascii(word).lower()


def _marked(text: str) -> bool:
    return any("\u00c0" <= letter <= "\u1eff" and not "\u0370" <= letter <= "\u1dff" for letter in text) or any(
        "\u0300" <= letter <= "\u036f" for letter in text
    )


def _unmarked(text: str) -> str:
    """Marks fall from Latin letters alone: in Cyrillic й and ї, in Devanagari the vowels are marks."""
    letters = []
    latin = False
    for letter in unicodedata.normalize("NFD", text):
        if "\u0300" <= letter <= "\u036f":
            if not latin:
                letters.append(letter)
            continue
        latin = letter <= _LATIN_LAST
        letters.append(letter)
    return unicodedata.normalize("NFC", "".join(letters))
