# SPDX-License-Identifier: AGPL-3.0-or-later
"""Endings that change while the name stays: a woman's form of a family name, a father's name, a son's suffix."""

import re
from typing import Final

_FAMILY: Final = (
    (re.compile(r"(?:ts|c)k(?:[iy]+[iyj]?|a|[iya]*[ij]?a|oi|oy|oj)$"), "tsk"),
    (re.compile(r"sk(?:[iy]+[iyj]?|a|[ay][iyj]?a|oi|oy|oj)$"), "sk"),
    (
        re.compile(
            r"(?:(?:[iy]|(?<=[^aeiouy])j)ova?|(?<=[scz]h)ova?|(?:[iy]|(?<=[^aeiouy])j)?(?:eva|eff|ew)|(?:[iy]|(?<=[^aeiouy])j)ev)$"
        ),
        "ev",
    ),
    (re.compile(r"(?:ova|off|(?<=...)ow)$"), "ov"),
    (re.compile(r"(?<=[bcdfghjklmnprstvz])[iy]na$"), "in"),
    (re.compile(r"(?<=[bcdfghjklmnprstvz])(?:[iy]i|[iy]y|[iy]j|oi|oy|(?<=....)oj|(?<=[nlvdrst])(?<!tt)a[iy]a)$"), "i"),
)
_FATHER: Final = re.compile(
    r"(?:[iyj]?[oe]v[iy]t?ch|[iyj]?[oe]v[iy]c|[iyj]?[oe]vna|[iyj]*[iy]vna|[iy]n?[iy]chna|(?<=[klm])[iy]{1,2}ch|[oe]vichna)$"
)
_SON: Final = re.compile(r"(?<=...)(?:uulu|uuly|(?<=..)(?<![jfog])ul[yiu]|[ou]g[hg]?l[iyu]|k[iy]z[iy]|q[iy]z[iy])$")
_STEM: Final = re.compile(r"(?<=...)(?:[iyj]?[eo]v|i?zod[ah]*|i?zad[aeh]*|i?zadeh|[iy][oy]n)$")
_SERVANT: Final = re.compile(r"^abd(?:[aeiou]{1,2}l(?!l?[ao]h?$)(?=.)|[aeou]{1,2}|i(?!l))?")
_FAITH: Final = re.compile(r"(?<=..)(?:(?<![ml])(?<![ml]a)[aeiou]*l|(?<![ml]a)[aeiou]*d?)d[ie]+n+e?$")
_GOD: Final = re.compile(r"(?<=..)(?:[uo]ll[ao]h?|all[ao]h)$")
_LAST_BREATH: Final = re.compile("k?hdin$")
_REVIVER: Final = re.compile(
    "^m[aeou]{0,2}k?h+[iye]*(?:[aeiu]?l|[aeiu]?d)?d[ie]+ne?$"
)  # Muhyi al-Din, Mohieddine, محي الدين
_FATHER_OF: Final = re.compile("^ab(?:ou|oo|u|o)l(?=[bcdfghjklmnpqrstvwz])")
_MASTER: Final = re.compile("^(?:dh|th|z|d)[uo]l?(?=f[iae]?[qgk])")
_J: Final = re.compile("dzh(?=[aeiou])")
_NDER: Final = re.compile(r"(?<!^aleksa)(?<!^alexa)(?<!^oleksa)nd[ea]r$")


def compound(word: str) -> str:
    """One joint for Abd al-Rahman, Abdurrahman and Абдурахмон; for Nur al-Din, Nureddine and Нуриддин; for Saifullah; for Rajender and Rajendra."""
    if word.endswith(("nder", "ndar")):
        return _NDER.sub("ndra", word)
    if word.startswith("abd") and len(word) > 6:
        word = _SERVANT.sub("abda", _J.sub("j", word))
    if word.startswith("m") and _REVIVER.match(word):
        return "muhidin"
    if word.endswith(("n", "ne")) and len(word) > 6:
        return _LAST_BREATH.sub("din", _FAITH.sub("din", word))
    if word.startswith("ab") and len(word) > 6:
        word = _FATHER_OF.sub("abu", word)
    if word.startswith(("zu", "dhu", "thu", "du", "zo", "dho", "tho")) and len(word) > 4:
        word = _MASTER.sub("zul", word)
    if word.endswith(("llah", "lloh", "lla", "llo")):
        return _GOD.sub("ula", word)
    return word


def family(word: str) -> str:
    """The man's form of a family name."""
    for ending, instead in _FAMILY:
        if ending.search(word):
            return ending.sub(instead, word)
    return word


def father(word: str) -> str | None:
    """The name a patronymic is made of; None when this is no patronymic."""
    match = _FATHER.search(word) or _SON.search(word)
    return word[: match.start()] if match and match.start() > 1 else None


def sons(word: str) -> bool:
    """Серікұлы and Омурбекуулу are the father's name wherever they stand."""
    return _SON.search(word) is not None


def stem(word: str) -> str:
    """The name without -ov, -ev, -zoda: what is left when a family drops or takes the ending."""
    return _STEM.sub("", word)
