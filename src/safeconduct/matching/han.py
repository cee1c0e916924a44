# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chinese characters in pinyin. A family name that is read otherwise than the word has its own row."""

import re
from typing import Final

from anyascii import anyascii

# Family names of two characters are never cut apart.
_DOUBLE: Final = {
    "欧阳": "ouyang", "歐陽": "ouyang", "司马": "sima", "司馬": "sima", "上官": "shangguan", "诸葛": "zhuge",
    "諸葛": "zhuge", "东方": "dongfang", "皇甫": "huangfu", "尉迟": "yuchi", "公孙": "gongsun", "慕容": "murong",
    "令狐": "linghu", "夏侯": "xiahou", "轩辕": "xuanyuan", "长孙": "zhangsun", "宇文": "yuwen", "司徒": "situ",
    "司空": "sikong", "端木": "duanmu", "百里": "baili", "呼延": "huyan", "独孤": "dugu", "南宫": "nangong",
}  # fmt: skip
_FAMILY: Final = dict(
    zip(
        "单單仇曾查任区區华華盖解尉员召乐翟燕纪葛朴宁冼黑万缪繆折洗秘种冯",
        "shan shan qiu zeng zha ren ou ou hua hua ge xie yu yun shao yue zhai yan ji ge piao ning xian he wan miao miao "
        "she xian bi chong feng".split(),
        strict=True,
    )
)
_SYLLABLE = re.compile("[A-Z][a-z]*|[^A-Z]+")


def holds(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff" or "\U00020000" <= letter <= "\U0003134f" or "\uf900" <= letter <= "\ufaff"


def romanised(word: str) -> str:
    """`王小明` is `wang xiao-ming`."""
    if double := _DOUBLE.get(word[:2]):
        return double + " " + pinyin(word[2:])
    family = _FAMILY.get(word[:1]) or pinyin(word[:1])
    return (family + " " + pinyin(word[1:])).strip()


def pinyin(characters: str) -> str:
    return "-".join(part.strip().lower() for part in _SYLLABLE.findall(anyascii(characters)))
