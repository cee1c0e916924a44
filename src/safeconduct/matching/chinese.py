# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chinese names in pinyin, whatever they came in: characters, Palladius' Cyrillic, Wade-Giles."""

import re
from dataclasses import dataclass
from typing import Final

from safeconduct.matching import han

_FINALS: Final = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve",
    "l": "a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "e i ao ou an en ang eng ong u ua uo ui uan un",
    "z": "a e i ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "s": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "y": "a e ao ou an ang i in ing o ong u ue uan un",
    "w": "a o ai ei an en ang eng u",
    "": "a o e ai ei ao ou an en ang er",
}
SYLLABLES: Final = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())

_FAMILIES: Final = frozenset(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng han "
    "feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu lv ding ren shen yao lu cui zhong tan "
    "fan jin liao shi jia xia fu fang zou xiong bai meng qin qiu hou jiang yin xue yan duan lei long tao shao qian he gu mao hao "
    "gong wan lai qi kang mo kong hong chang tang ge pang zhan ni niu wen ouyang sima zhuge shangguan huangfu dongfang an bao bian "
    "bo chai chu dai dan di dou fei gan geng guan gui ji jian jing kou kuang lan lang leng lian ling lou man mei miao mu ning nie ou "
    "pei pu qiao qu rong ruan ruo sheng shu shuai si tong tu wo xi xin xing xuan yi ying you yue yun zang zhai zhen zhuo zhuang zong zu".split()
)

_INITIALS: Final = {
    "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л", "g": "г", "k": "к", "h": "х",
    "j": "цз", "q": "ц", "x": "с", "zh": "чж", "ch": "ч", "sh": "ш", "r": "ж", "z": "цз", "c": "ц", "s": "с",
}  # fmt: skip
_CYRILLIC_FINALS: Final = {
    "a": "а", "o": "о", "e": "э", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь", "ang": "ан",
    "eng": "эн", "ong": "ун", "i": "и", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь", "in": "инь",
    "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй", "uan": "уань",
    "un": "унь", "uang": "уан", "v": "юй", "ve": "юэ",
}  # fmt: skip
_AFTER_SOFT: Final = {"u": "юй", "ue": "юэ", "uan": "юань", "un": "юнь"}
_ALONE: Final = {
    "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yang": "ян", "yi": "и", "yin": "инь", "ying": "ин",
    "yo": "йо", "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wa": "ва", "wo": "во",
    "wai": "вай", "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн", "wu": "у", "er": "эр",
    "hui": "хуэй",
}  # fmt: skip


def _palladius() -> dict[str, str]:
    table: dict[str, str] = {}
    for initial, finals in _FINALS.items():
        for final in finals.split():
            pinyin = initial + final
            if pinyin in _ALONE:
                table[_ALONE[pinyin]] = pinyin
            elif initial in ("j", "q", "x") and final in _AFTER_SOFT:
                table[_INITIALS[initial] + _AFTER_SOFT[final]] = pinyin
            elif initial in ("z", "c", "s") and final == "i":
                table[_INITIALS[initial] + "ы"] = pinyin
            elif initial not in ("y", "w"):
                table[_INITIALS.get(initial, "") + _CYRILLIC_FINALS.get(final, "?")] = pinyin
    for cyrillic, pinyin in list(table.items()):
        table.setdefault(cyrillic.replace("э", "е"), pinyin)  # Мен for Мэн: Ukrainian, and newspapers
        if cyrillic.endswith("уй"):
            table.setdefault(cyrillic[:-2] + "уэй", pinyin)
    table["хуй"] = "hui"
    return table


_FROM_CYRILLIC: Final = _palladius()

# Wade-Giles as it is met without its apostrophes; only what is no pinyin.
_WADE: Final = (
    ("hsueh", "xue"), ("hsuan", "xuan"), ("hs", "x"), ("ts", "c"), ("tz", "z"), ("ieh", "ie"), ("ien", "ian"), ("yueh", "yue"),
    ("ung", "ong"), ("ueh", "ue"), ("uei", "ui"), ("erh", "er"), ("ssu", "si"), ("szu", "si"), ("zu", "zi"), ("ih", "i"),
    ("yeh", "ye"), ("yen", "yan"), ("kuo", "guo"),
)  # fmt: skip
_WADE_WORDS: Final = {"ho": "he", "ko": "ge", "lo": "luo", "to": "duo", "ch": "ch"}
_DOUBLE: Final = frozenset("ouyang sima shangguan zhuge dongfang huangfu".split())
_UNTOLD: Final = re.compile("си|ци")  # in Russian xi and qi, in Ukrainian si and ci
_COARSE: Final = (
    (re.compile("zh|ch|ts|tz|[jqzc]"), "c"),
    (re.compile("sh|hs|[xs]"), "s"),
    (re.compile("ng"), "n"),
    (re.compile("[iuyw]*a[io]?|i?e(?=n)"), "A"),
    (re.compile("[iuyevwo]+"), "e"),
)
_COARSE_LETTERS: Final = str.maketrans("bdgr", "ptkc")


def _pattern(syllables: frozenset[str] | dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(syllables, key=len, reverse=True)))


_CYRILLIC_SYLLABLE: Final = _pattern(_FROM_CYRILLIC)
_CYRILLIC_WORD: Final = re.compile(f"(?:{_CYRILLIC_SYLLABLE.pattern}){{1,2}}")
_LATIN_WORD: Final = re.compile(f"(?:{_pattern(SYLLABLES).pattern}){{1,2}}")
_UMLAUT: Final = re.compile("(?<=[ln])v")  # ü, which plain text has lost
_CUT: Final = re.compile(r"[\s\-.,·]+")
_UKRAINIAN: Final = str.maketrans("іїє", "иие")
_PARTS_MOST = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """`family` and `given` in pinyin; `characters` where they were given; `pinyin`: false when turned from Wade-Giles."""

    family: str
    given: str
    characters: str = ""
    pinyin: bool = True

    @property
    def key(self) -> str:
        return "+".join(sorted((coarse(self.family), coarse(self.given))))


def read(text: str, *, wade: bool = False) -> Reading | None:
    """`text` has been through `plain`. None when it cannot be a Chinese name. `wade`: its marks say Wade-Giles."""
    if text and all(han.holds(letter) or letter in " ·" for letter in text):
        characters = "".join(letter for letter in text if han.holds(letter))
        family, _, given = han.romanised(characters).partition(" ")
        return Reading(family, given.replace("-", ""), characters) if given else None
    parts = [part for part in _CUT.split(text) if part]
    if not 2 <= len(parts) <= _PARTS_MOST:
        return None
    return _latin(_doubled(parts), wade=wade) if text.isascii() else _cyrillic(parts)


def _doubled(parts: list[str]) -> list[str]:
    """Ou-yang is one family name."""
    return ["".join(parts[:2]), *parts[2:]] if "".join(parts[:2]) in _DOUBLE and len(parts) > 2 else parts


def _latin(parts: list[str], *, wade: bool) -> Reading | None:
    pinyin = not wade and all(_LATIN_WORD.fullmatch(part) for part in parts)
    return _parted(parts if pinyin else [_from_wade(part) for part in parts], pinyin=pinyin)


def _cyrillic(parts: list[str]) -> Reading | None:
    parts = [part.translate(_UKRAINIAN).replace("ъ", "") for part in parts]
    if not all(_CYRILLIC_WORD.fullmatch(part) for part in parts):
        return None
    told = not any(_UNTOLD.search(part) for part in parts)
    return _parted([_syllables(part) for part in parts], pinyin=told)


def _syllables(word: str) -> str:
    """Backtracking is the pattern's: a greedy cut fails where a shorter first syllable is meant."""
    for cut in range(len(word), 0, -1):
        first, rest = _FROM_CYRILLIC.get(word[:cut]), word[cut:]
        if first and (not rest or rest in _FROM_CYRILLIC):
            return first + _FROM_CYRILLIC.get(rest, "")
    return ""


def _parted(parts: list[str], *, pinyin: bool) -> Reading | None:
    given, family = "".join(parts[1:]), parts[0]
    if not _is_family(family, pinyin=pinyin):
        given, family = "".join(parts[:-1]), parts[-1]
    if not _is_family(family, pinyin=pinyin) or not _LATIN_WORD.fullmatch(given):
        return None
    return Reading(_UMLAUT.sub("u", family), _UMLAUT.sub("u", given), pinyin=pinyin)


def _is_family(part: str, *, pinyin: bool) -> bool:
    return part in _FAMILIES or (not pinyin and coarse(part) in _COARSE_FAMILIES)


def _from_wade(part: str) -> str:
    if part in _WADE_WORDS:
        return _WADE_WORDS[part]
    if part.startswith("j"):
        part = "r" + part[1:]
    for wade, pinyin in _WADE:
        part = part.replace(wade, pinyin)
    if part.startswith("ch") and part[2:3] in ("i", "u") and len(part) > 3:
        return "j" + part[2:]
    return part


def coarse(pinyin: str) -> str:
    """What Wade-Giles without apostrophes and a careless ear cannot tell apart."""
    for pattern, letter in _COARSE:
        pinyin = pattern.sub(letter, pinyin)
    return pinyin.translate(_COARSE_LETTERS)


_COARSE_FAMILIES: Final = frozenset(coarse(family) for family in _FAMILIES)
