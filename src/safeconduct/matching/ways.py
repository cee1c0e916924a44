# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which peoples' ways of spelling a name shows, for what is one letter to one people is two names to another."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from safeconduct.matching import english, given_names
from safeconduct.matching.spelling import Spelled


class Way(StrEnum):
    """Each has letters that come and go, and some that stand for one another."""

    ARABIC = "arabic"
    INDIAN = "indian"
    ENGLISH = "english"
    FRENCH = "french"
    SWAHILI = "swahili"
    SPANISH = "spanish"
    UNWRITTEN = "unwritten"  # one of two names in a script without short vowels
    UNTOLD = "untold"  # Latin letters that may be anybody's


_ARABIC: Final = re.compile(
    r"[\u0600-\u06ff]|\b(?:al|el|ul|ad|ar|as|ash|at|az|an)-|\b(?:abd[aeu]?l?|ben|bin|ibn|bint|abu|abou|el|al|ould)\b|"
    r"\babd(?:el|ul|al|ur|ou)|(?:edd|ud|ad)ine?\b|allah\b|"
    r"\b(?:аль|ад|ар|ас|аш|ат|аз|ан|эль|ель)-|\b(?:абд|абу|абдель|абдул|бен|бин|ибн|ібн)\b|\bабд(?:ель|ул|ур)|(?:ад|эд|уд)дин\b|алла\b"
)
_INDIAN: Final = re.compile(
    r"[\u0900-\u097f]|bh|\bdh|kumar|singh|bahadur|\bbdr\b|prasad|sharma|v[ae]rma|gupta|yadav|thapa|ndra\b|nder\b|chh|shre[sz]th|gurung|"
    r"tamang|sherpa|\bra[ij]\b|[aeiou]raj\b|nath\b|lal\b|ksh|kar[kn]i\b|dev[ai]\b|aryal|neupane|subedi|koirala|acharya|adhikar[iy]|prakash?|sh?ankar|mis[h]?ra\b|de[bv]i\b|thakuri?\b|dhya|vaidya|b[ae]idya|pande|joshi|khadka|jh[aou]|malla\b|raut\b|bhand|tuladhar|man[ai]ndhar|shakya|pariyar|lamichh?an|bajrach|bas?net|"
    r"ude[vb]a?\b|\bwasti\b|[td][ia]wa[lrd]a?\b|ghimir|khati[wr]|dhaka|pokh|p[ao]udy?[ae]l|gyawal|sigd[ey]|timsin|timils|regm[ie]|rijal|bohara|dahal|bogati\b|kunwar|"
    r"s[h]?arma\b|shaky?a|sakya|la(?:x|ksh|chh)u?m|\bl[ae]chh|[aei]s[h]?w[ao]r|[bv]i[sh]{1,2}wa|[bv]a[sh]{1,2}und|kri?s[h]?na|g[ou][bv]ind|[bv]asude[bv]|madha[bv]|kesha?[bv]|[yj]ad(?:u|a[bv])|"
    r"n?ava?raj|n?awaraj|yu[bv]araj|mahar?ja[n]|mahato|mahto\b|pas[wv]an|mandal\b|\b[bv]ist[ah]?\b|ma[n]?jhi|gharti|ghal[ea]y?\b|ghising|rokay?a\b|maga?r\b|sunuwar|nem[bvw]ang|\bsub[bh]a\b|chamling|kirati|yonj[ao]n|yonzon|waiba|lo[h]?ani\b|uprei?th?[iy]|upadhy|rawal\b|ra[iey]ama[n]?jhi|sarki\b|damai\b|par[iy]+ar\b|bud[h]?atho|wagl[ea]|bagl[ea]|dha?kal\b|dahal|bhus|kis?h?ore?\b|pandith?\b|tul[sh]+i|sabi?ta|savita|pra[bv]in|durga\b|sit[a]\b|hang\b|hark[a]?\b|"
    r"limb[uo]|[^zcstw]hang\b|norb[uo]|lh[ao]mu|dorj|pasang|mingma|lh?a[kp]{2}a|\bpe[mn][bw]a\b|phur|tshering|chhewang|gyal|moktan|thar[uo]+\b|jagan|bishn|vishn|shambh|lu[in]+tel|\bmaya\b|"
    r"шакья|лакшм|лаксм|лачхм|[аеи]ш?свар|ишвар|ешвар|[бв]ишва|кришн|го[бв]инд|[бв]асудев|мадхав|кешав|[яй]дав|наварадж|набарадж|ю[бв]арадж|махарджан|махато|пас[вм]ан|маджхи|гхарти|гхале|гхисинг|рока[яй]|магар\b|сунувар|йонджан|упрети|упадхь|сарки\b|дамаи\b|парияр|будхатхоки|вагле|кишор\b|пандит\b|тулси|прабин|дурга\b|"
    r"бх|дх|кумар|сингх|бахадур|прасад|шарма|ндра|чхе|шрест|гурунг|таманг|шерпа|адхикар|карки|деви\b|\bвасти|ивада\b|гхим|кхати|дхака|покх|паудь?[ея]л|гьявал|сигдел|тимсин|регми|богати|кунвар|лимбу|ханг\b|норбу|лхаму|дордж|пасанг|мингма|лакпа|пемба|гьял|моктан|тхару|джаган|бишну|шамбх|луител|\bмая\b"
)
# As the table of names calls those whose own it has.
PEOPLES: Final = {"ne": Way.INDIAN, "es": Way.SPANISH, "ar": Way.ARABIC}
_ENOUGH: Final = 2  # names that one people alone has; one may be chance
_NO_SLAV: Final = re.compile(r"[eo]w\b")
# A syllable that begins with m or n and another consonant; ng' and ny; the endings that Arabic names take on the coast.
_SWAHILI: Final = re.compile(
    r"\b(?:m[bcdfgjkpstvwz]|n[bdgjkyz]'?)[a-z]|\b(?:wa|ki|ru|ka|mu|lu|o)[a-z]*(?:nd|mb|ng|nj|nz|ny)|\b(?:moham[ae]di|juma|hamisi|rashidi|saidi|ramadhani|athumani|salumu|selemani|omari|"
    r"shabani|rajabu|issa|hassani|bakari|abdallah|mussa|kassimu?|yusufu|ibrahimu)\b|"
    r"\b(?:ss|lw|bw|rw|tw|gw|uw|kiz|byar|mug[aiu])[a-z]|\b(?:м[бвгджзкпстфчш]|н[бгджзкь])[а-яєії]"
)


def is_indian(text: str) -> bool:
    """Whether the plain text shows a name of Nepal or India."""
    return _INDIAN.search(text) is not None


def ways(
    text: str, letters: Spelled, meanings: Iterable[frozenset[int]], sounds: Iterable[str], *, slavic: bool
) -> frozenset[Way]:
    """`text` is plain; the rest says which given names stand in it, and whether a family name or a father's is Slavic."""
    found = {
        way
        for way, mark in ((Way.ARABIC, _ARABIC), (Way.INDIAN, _INDIAN), (Way.SWAHILI, _SWAHILI))
        if mark.search(text)
    }
    known = list(meanings)
    for people, way in PEOPLES.items():
        enough = _ENOUGH - (way is Way.SPANISH and not (found or slavic) and len(known) > _ENOUGH)
        if sum(given_names.are_of(one, people) for one in known) >= enough:
            found.add(way)
    slavic = slavic and not _NO_SLAV.search(text)
    if not slavic and any(map(given_names.is_arabic, known)):
        found.add(Way.ARABIC)
    if letters.spanish:
        found.add(Way.SPANISH)
    if letters.french:
        found.add(Way.FRENCH)
    if letters.english or (not found and not slavic and letters.anybodys and any(map(english.knows, sounds))):
        found.add(Way.ENGLISH)
    if not found and letters.of_arabs:
        found.add(Way.FRENCH)
    if not found and not slavic and letters.anybodys:
        found.add(Way.UNTOLD)
    return frozenset(found)
