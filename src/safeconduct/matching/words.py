# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name cut into its words: particles, titles and articles gone, compounds joined, markers of a father understood."""

import re
from typing import Final, NamedTuple

_SPLIT: Final = re.compile(r"[^\w\-\u0300-\u036f\u0900-\u097f]+|_|(?<!\w)-|-(?!\w)")
_PARTICLES: Final = frozenset(
    "al el ul ud ole de del la las los y e da do dos das des van von der den bin bn ibn ben bint binti bte ould wuld wald "
    "mr mrs ms sri shri shree smt".split()
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
_SERVANT: Final = re.compile(r"ab[dt][aeiou]{0,2}[lrsnzdt]?h?")
_FATHER_OF: Final = frozenset("abu abou abi abo aboo bou bu".split())
_OF_FAITH: Final = frozenset("din deen eddin eddine addin uddin ud-din aldin eldin dine dean".split())
_OF_GOD: Final = frozenset("allah ullah ulla ullo olloh alla lla".split())
_LAST_BREATH: Final = re.compile("k?h$")
_JOINING: Final = frozenset({"mc", "mac", "le", "la", "du", "o"})


class Part(NamedTuple):
    """One word. `fathers`: a word beside it says that it is the father's. `before`: particles that were dropped there."""

    text: str
    fathers: bool = False
    before: str = ""


def words(romanised: str) -> list[Part]:
    """Every word of a Latin reading that bears the name."""
    kept: list[Part] = []
    parts = _parts(romanised)
    joined = before = ""
    for position, part in enumerate(parts):
        if part in _SONS and kept:
            kept[-1] = kept[-1]._replace(fathers=True)
        elif kept and not joined and (part in _DESCENDANT or part in _OF_FAITH or part in _OF_GOD):
            kept[-1] = kept[-1]._replace(text=_LAST_BREATH.sub("", kept[-1].text) + part)
        elif position + 1 < len(parts) and _opens_compound(part):
            joined = part
        elif _is_dropped(part, position, len(parts)):
            before += part
        else:
            kept.append(Part(joined + part, before=before))
            joined = before = ""
    return kept


def _is_dropped(part: str, position: int, parts: int) -> bool:
    if parts < 3:
        return False
    return (part in _TITLES and not position) or (part in _PARTICLES and position + 1 < parts)


def _opens_compound(part: str) -> bool:
    return part in _FATHER_OF or part in _JOINING or (len(part) <= 6 and _SERVANT.fullmatch(part) is not None)


def _parts(romanised: str) -> list[str]:
    parts: list[str] = []
    for word in _SPLIT.split(romanised):
        pieces = [piece for piece in word.split("-") if piece]
        if len(pieces) > 1 and pieces[0] in _ARTICLES:
            pieces = pieces[1:]
        parts += [
            piece
            for number, piece in enumerate(pieces)
            if not (number and number + 1 < len(pieces) and piece in _ARTICLES)
        ]
    return parts
