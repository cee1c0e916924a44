# SPDX-License-Identifier: AGPL-3.0-or-later
"""Korean names by their sounds: 리 = 이, Ri = Yi = Lee = Ли, 최 = Choe = Цой, in any of the systems of writing them.

McCune-Reischauer, Revised Romanisation, Kontsevich and every-day spellings confuse voiced and unvoiced consonants and
the vowels ㅓㅗㅜㅡ; the classes here are what none of them tells apart. Northern initial ㄹ falls as in the South.
"""

import re
from dataclasses import dataclass
from typing import Final

from safeconduct.matching import hangul

_FAMILIES: Final = frozenset(
    "kim gim ri yi lee li rhee ree i pak park bak choe choi choy tsoi tsoy jong jung jeong chong chung kang gang jo cho "
    "yun yoon jang chang rim im lim yim han o oh so seo suh sin shin kwon gwon hwang an ahn song ryu yu yoo lyu ryoo hong "
    "jon jeon chon chun ko go koh mun moon son sohn ryang yang pae bae paek baek paik baik ho heo huh nam sim shim no ro "
    "noh roh ha kwak gwak song cha chu joo ju u woo ku koo gu goo min chin jin na ra rah ki gi pyon byon ryo yo om eom um "
    "chae won chon bang pang kong gong hyon hyun ham ryom yom yeom pyo to do myong tae ro maeng mo sok seok "
    "ким кім ли лі пак цой чой чхве чхое чен чон тен кан чо те юн чан тян чжан дян рим лим лім им ім хан о со син шин сін "
    "квон хван ан сон рю ю лю хон ко го мун нам но ро ха квак чха чу у ку мин мін чин чін на ра ки пён бён пен пхё ом эм "
    "вон пан кон хён хен хам ём тхэ тэ мён мен пэ бэ пэк бэк хо хё сим сім шим ян рян лян ни хегай ногай тё чхэ рём рем рён рё".split()
)
_SURE: Final = frozenset("kim gim pak park choe choi lee ri ким кім пак цой ли лі".split())

_HISS, _THROAT = "C", "K"
_LATIN: Final = {
    **dict.fromkeys("ya a".split(), "A"),
    **dict.fromkeys(["wa", "oa"], "W"),
    **dict.fromkeys("yae yai ae ai ay yei ye e we wae oe oi oy ei woe".split(), "E"),
    **dict.fromkeys("ee i wi ui eui uy wui".split(), "I"),
    **dict.fromkeys("yeo yoo you yo yu yeu weo woo wo eo eu oo ou uh oh o u ew".split(), "U"),
    **dict.fromkeys("kk gg kh gh k g q c".split(), _THROAT),
    **dict.fromkeys("tt dd th t d".split(), "T"),
    **dict.fromkeys("pp bb ph p b f".split(), "P"),
    **dict.fromkeys("ssh ss sh s".split(), "S"),
    **dict.fromkeys("tch tsch ch jj j ts tz dz zh z cz".split(), _HISS),
    **dict.fromkeys(["ng", "nn", "n"], "N"),
    **dict.fromkeys(["m", "mm"], "M"),
    **dict.fromkeys(["rh", "r", "ll", "l", "rr"], "R"),
    "h": "H",
    "y": "I",
    "w": "",
    "-": "",
}
_CYRILLIC: Final = {
    **dict.fromkeys("я а".split(), "A"),
    **dict.fromkeys(["ва", "уа"], "W"),
    **dict.fromkeys("е є э ае яе ве вэ вє ой уэ ей эй ай".split(), "E"),
    **dict.fromkeys("и і ї ви ві уи уй ый ий ы́".split(), "I"),
    **dict.fromkeys("о ё у ю ы во йо ьо ье".split(), "U"),
    **dict.fromkeys("кк кх к г".split(), _THROAT),
    **dict.fromkeys("тт тх т д".split(), "T"),
    **dict.fromkeys("пп пх п б ф".split(), "P"),
    **dict.fromkeys("сс с ш щ".split(), "S"),
    **dict.fromkeys("чж дж чч чх цх цц ц ч тч ж дз з".split(), _HISS),
    **dict.fromkeys("нг нн н".split(), "N"),
    **dict.fromkeys("м мм".split(), "M"),
    **dict.fromkeys("р л лл рр".split(), "R"),
    **dict.fromkeys("ти ди ті ді".split(), "CI"),
    "-": "",
    "х": "H",
    "ь": "",
    "ъ": "",
    "й": "",
    "в": "",
}


def _longest_first(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(table, key=len, reverse=True)) + "|.", re.DOTALL)


_LATIN_SOUNDS, _CYRILLIC_SOUNDS = _longest_first(_LATIN), _longest_first(_CYRILLIC)
_VOWEL_BEFORE_NASAL: Final = re.compile(r"[еє](?=н)")
_SOFT_R: Final = re.compile(r"^(?:rh|r|l|р|л)(?=[iyeеіїиёюяє]|[йь])(?!e[^e]|eo)")
_HARD_R: Final = re.compile(r"^(?:rh|r|l|р|л)")
_LAST_H: Final = re.compile(r"(?<=[aeou])h(?=n?$)|(?<=a)r(?=k$)")
_ASSIMILATED: Final = re.compile("(?<=[NMKP])R")  # Chang-rim is spoken, and sometimes written, Changnim
_GIVEN: Final = re.compile(r"(?:[KTPSCHNMR]?[AWIUE][NMRKPT]?){1,3}")
_DOUBLED: Final = re.compile(r"(.)\1+")
_CUT: Final = re.compile(r"[\s\-.,]+")
_UKRAINIAN: Final = re.compile("[іїє]")
_PARTS_MOST = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """`family` and `given` as classes of sound; `letters`: the Hangul, the northern ㄹ made southern, where given."""

    family: str
    given: str
    letters: str = ""

    @property
    def key(self) -> str:
        return "+".join(sorted((self.family, self.given)))


def read(text: str) -> Reading | None:
    """`text` has been through `plain`. None when it cannot be a Korean name."""
    if any(hangul.holds(letter) for letter in text):
        return _hangul(text)
    parts = [part for part in _CUT.split(text) if part]
    if not 2 <= len(parts) <= _PARTS_MOST:
        return None
    family, given = _parted(parts)
    if not family:
        return None
    sounds = classes(given)
    return Reading(classes(family), sounds, "") if _GIVEN.fullmatch(sounds) else None


def _parted(parts: list[str]) -> tuple[str, str]:
    first, last = parts[0], parts[-1]
    backwards = last in _SURE and first not in _SURE
    if first in _FAMILIES and not backwards:
        return first, "-".join(parts[1:])
    return (last, "-".join(parts[:-1])) if last in _FAMILIES else ("", "")


def _hangul(text: str) -> Reading | None:
    family, _, given = hangul.romanised("".join(letter for letter in text if hangul.holds(letter))).partition(" ")
    return Reading(classes(family), classes(given), southern(family) + " " + southern(given)) if given else None


def southern(word: str) -> str:
    """The initial-sound rule of the South: ㄹ falls before i and y, and is n before other vowels."""
    return _HARD_R.sub("n" if word.isascii() else "н", _SOFT_R.sub("", word))


def classes(word: str) -> str:
    word = southern(_LAST_H.sub("", word))
    if word.isascii():
        sounds = _LATIN_SOUNDS.sub(lambda match: _LATIN.get(match.group(), "?"), word)
    else:
        if _UKRAINIAN.search(word):
            word = word.replace("и", "ы")
        word = _VOWEL_BEFORE_NASAL.sub("ё", word)
        sounds = _CYRILLIC_SOUNDS.sub(lambda match: _CYRILLIC.get(match.group(), "?"), word)
    return _DOUBLED.sub(r"\1", _ASSIMILATED.sub("N", sounds))
