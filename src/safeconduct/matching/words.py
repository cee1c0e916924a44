# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name cut into its words: particles, titles and articles gone, compounds joined, markers of a father understood."""

import re
from itertools import zip_longest
from typing import Final, NamedTuple

_SPLIT: Final = re.compile(r"[^\w\-\u0300-\u036f\u0900-\u097f]+|_|(?<!\w)-|-(?!\w)")
_PARTICLES: Final = frozenset(
    "al el ul ud ole de del la las los y e da do dos das des van von der den bin bn ibn abn ben bint binti bte ould wuld wald wld "
    "walad uld mr mrs ms sri shri shree smt epouse nee veuve vve dit dite".split()
)
_TITLES: Final = frozenset("haji hajji hoji hojji xoji".split())
_ARTICLES: Final = frozenset("al el ul as ash ar an at az ad ur us ud il l ed er es esh et ez en".split())
_SON: Final = re.compile(
    r"(?:o?g[hg]?|u|ug)?[iyu]?l[iyu]|ogl[iyu]|oghl[iyu]|ugl[iyu]|uul[iyu]|ul[iyu]|k[iy]z[iy]|q[iy]z[iy]|giz[iy]|gyz[iy]"
)
_SONS: Final = frozenset(
    "ogly oglu ogli oghli oghlu ugli ugly uglu uulu uuly uli uly ulu kyzy kizi qizi qyzy gizi gyzy kyzi qizy".split()
)
_DESCENDANT: Final = frozenset("zoda zada zade zadeh zodah".split())
_SERVANT: Final = re.compile(r"(?!abdiel)ab[dt][aeiou]{0,2}[lrsnzdt]?h?")
_SERVED: Final = re.compile(r"[aeu](?:l|([rszdtn])(?=\1))")  # Abed Alqader, where Abed Hassan is Abid
_FATHER_OF: Final = frozenset("abu abou abi abo aboo abul aboul abol bou bu".split())
_OF_FAITH: Final = frozenset(
    "din deen eddin eddine eddeen eddien addin addine addeen uddin uddine uddeen udeen ud-din aldin aldine aldeen eldin eldine eldeen eldien uldin ideen iddin dine dean".split()
)
_OF_GOD: Final = frozenset("allah ullah ulla ullo olloh alla lla".split())
_LAST_BREATH: Final = re.compile("k?h$")
_JOINING: Final = frozenset({"mc", "mac", "le", "la", "du", "diu", "o"})
_SHORT_FOR: Final = {
    "bdr": "bahadur", "pd": "prasad", "kr": "kumar", "md": "mohammad", "mohd": "mohammad", "bk": "bishwakarma", "kc": "kesi",
}  # fmt: skip
_SPELLED_OUT: Final = {
    ("b", "k"): "bk",
    ("bi", "k"): "bk",
    ("bi", "ka"): "bk",
    ("v", "k"): "bk",
    ("vi", "k"): "bk",
    ("vi", "ka"): "bk",
    ("k", "c"): "kc",
    ("ke", "si"): "kc",
    ("k", "s"): "kc",
    ("khatri", "chhetri"): "kc",
    ("khatri", "chetri"): "kc",
    ("khatri", "kshetri"): "kc",
}
_MASTER_OF: Final = frozenset("dhu thu zu dhul thul zul dul".split())
# Abdou stands alone in West Africa, and opens a compound only before one of the names of God.
_ABDOU: Final = frozenset("abdou abdu abdo abdoo".split())
_OF_ABDOU: Final = re.compile(
    "ra[hz]|[kq][ahu]|aziz|sal|lat|[ow]u?ah|ma[ljg]|ha[mfkdl]|gh|fat|[jd]j?a|nas|mo?un|mon|ba[st]|sat|ra[ou]|nou?r|al"
)
# Second parts that Nepal and India write now beside the first, now as one word with it: Manbahadur, Shukraraj.
_SECOND: Final = re.compile(
    r"(?<=...)(bak?hadur|prasad|kumari?|nara[iy]an|chandra|magar)$|(?<=....)(ma(?:ii?|y)a)$|"
    r"(?<=...)(?<!^su)(?<!^soo)(?<!^ni)(?<!^nee)(?<!^dhi)(?<!^dhee)(?<!^bi)(?<!^vi)(?<!^b[hk]i)(ra(?:j|dzh)a?)$"
)


class Part(NamedTuple):
    """One word. `fathers`: a word beside it says that it is the father's. `before`: particles that were dropped there."""

    text: str
    fathers: bool = False
    before: str = ""


def words(romanised: str, *, vowelled: bool = True) -> list[Part]:
    """Every word of a Latin reading that bears the name. `vowelled`: else nothing is shortened in it, and bdr is بدر."""
    kept: list[Part] = []
    parts = _parts(romanised)
    parts = _written_out(parts) if vowelled else parts
    joined = before = ""
    for position, part in enumerate(parts):
        if part in _SONS and kept:
            kept[-1] = kept[-1]._replace(fathers=True)
        elif kept and not joined and (part in _DESCENDANT or part in _OF_FAITH or part in _OF_GOD):
            kept[-1] = kept[-1]._replace(text=_LAST_BREATH.sub("", kept[-1].text) + part)
        elif position + 1 < len(parts) and _opens_compound(part) and not _stands_alone(part, parts[position + 1]):
            joined = part
        elif _is_dropped(part, position, len(parts)):
            before += part
        else:
            link = "l" if joined in _FATHER_OF and joined[0] == "a" and joined[-1] != "l" and part[0] in "aeiou" else ""
            kept.append(Part(joined + link + part, before=before))
            joined = before = ""
    return kept


def _is_dropped(part: str, position: int, parts: int) -> bool:
    if parts < 3:
        return False
    return (part in _TITLES and not position) or (part in _PARTICLES and position + 1 < parts)


def _opens_compound(part: str) -> bool:
    return (
        part in _FATHER_OF
        or part in _JOINING
        or part in _MASTER_OF
        or (len(part) <= 6 and _SERVANT.fullmatch(part) is not None)
    )


def _written_out(parts: list[str]) -> list[str]:
    """What is shortened in Nepal and India, Bdr., K.C.; and Abed for Abd."""
    if len(parts) > 2 and (short := _SPELLED_OUT.get((parts[-2], parts[-1]))):
        parts = [*parts[:-2], short]
    return [
        "abd" if part == "abed" and _SERVED.match(after) else _SHORT_FOR.get(part, part)
        for part, after in zip_longest(parts, parts[1:], fillvalue="")
    ]


def _stands_alone(part: str, after: str) -> bool:
    return part in _ABDOU and not _OF_ABDOU.match(after)


def _parts(romanised: str) -> list[str]:
    parts: list[str] = []
    for word in _SPLIT.split(romanised):
        pieces = [piece for piece in word.split("-") if piece]
        if len(pieces) > 1 and pieces[0] in _ARTICLES:
            pieces = pieces[1:]
        parts += [
            half
            for number, piece in enumerate(pieces)
            if not (number and number + 1 < len(pieces) and piece in _ARTICLES)
            for half in _SECOND.sub(r" \g<0>", piece).split()
        ]
    return parts
