# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was known of letters before any was counted: which stand for one another, and which come and go, in the ways of each people.

`bench.matching_weights` begins with it, and what the tuning people show moves it. In hundredths of a consonant.
"""

from safeconduct.matching.letters import Table, group
from safeconduct.matching.ways import Way

_CONSONANT = 8.0  # bits
_ANY = {"instead *v": 0.3, "instead *c": 1.0, "instead *x": 1.0, "without *v": 0.35, "without *c": 1.0}

_EVERYWHERE = "10: ou ei ye yo 15: ao ae ya yu yi iu Ea Ee Ei Oo Oa Ou Ey Oy 30: ai au sz fv kh gk td vu vo vO 40: h 50: bp bv fp gh jc cx jx sx jz hk nm 60: sc cz kc gj 70: n"  # fmt: skip
_OF = {
    Way.ARABIC: "05: gj ou 10: ae ei ts dz Ei Ea vu vo vO va Oa bp kg h zt fv a e i o u y E O 15: gh cx kh Ou ya 20: v vi vE ao eo eu 30: iu io 100: bv",
    Way.INDIAN: "05: vb sx cx Ou 10: a jz pf fv ph uv ov Ov Ea e i o ae 15: kh n 20: j jc dr",
    Way.ENGLISH: "05: sz vu vo vO 10: gh h ao ei Ei Oo Ou yo yu ae 15: a e i o u y E O ai au iu Ea eo 20: tz 25: cx kc jg ts tf dz 50: r",
    Way.FRENCH: "05: sz h vu vo 10: e gj Ei Ee Oo 15: ei vi ya yi cx u nm 25: s sx kx kc 30: a i o y E O ae au ou ai",
    Way.UNWRITTEN: "06: a e i o u",
    Way.SWAHILI: "05: vu i u 10: vo e o nj 15: lr ou a ai 20: h sz kg td dz jy cx fv 25: sx hk bv pb",
}  # fmt: skip
_OF[Way.UNTOLD] = f"{_OF[Way.FRENCH]} {_OF[Way.ENGLISH]}"


def prior() -> Table:
    """In the lines of `letters.txt`."""
    table = {line: share * _CONSONANT for line, share in _ANY.items()}
    table |= {"instead *c first": 2.0, "instead *v first": 1.0, "swapped": 0.7 * _CONSONANT, "strangers": _CONSONANT}
    for letters, cost in _costs(_EVERYWHERE).items():
        table[_edit(letters)] = cost - table[_of_kind(letters)]
    for way, told in _OF.items():
        for letters, cost in _costs(told).items():
            known = table[_of_kind(letters)] + table.get(_edit(letters), 0.0)
            table[f"{_edit(letters)} {way}"] = cost - known
    return table


def _costs(told: str) -> Table:
    costs: Table = {}
    cost = 0.0
    for word in told.split():
        if word.endswith(":"):
            cost = int(word[:-1]) / 100 * _CONSONANT
        else:
            costs["".join(sorted(word))] = cost
    return costs


def _edit(letters: str) -> str:
    return f"{'without' if len(letters) == 1 else 'instead'} {letters}"


def _of_kind(letters: str) -> str:
    return f"{'without' if len(letters) == 1 else 'instead'} *{group(letters)}"
