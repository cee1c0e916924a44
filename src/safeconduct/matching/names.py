# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name in any script as something that can be looked up and compared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from safeconduct.matching import chinese, endings, english, given_names, han, hangul, korean
from safeconduct.matching.folding import coarse, fine, folded, undoubled
from safeconduct.matching.scripts import marked, plain, romanised, script
from safeconduct.matching.spelling import respelled, respelled_otherwise, respelled_spanish, spelled
from safeconduct.matching.ways import Way, is_indian, ways
from safeconduct.matching.words import Part, words

LONGEST: Final = 200
_WORDS_MOST: Final = 6
_KEYED_MOST: Final = 4
_SHORT_FIRST: Final = 2
_JOINED_OF: Final = 3  # words, of which the first two may be one: Indra Hang Rai, Asha Kaji Bajracharya
_SPANISH_WORDS: Final = 3  # two family names
CONSONANT: Final = re.compile("[bcdfghjklmnprstvxz]")
_WADE: Final = re.compile(r"['’ʻʼ`üÜ]|[a-z]-[a-z]", re.IGNORECASE)  # Wade-Giles, even where it looks like pinyin
_INITIALS: Final = frozenset("iu ia sh shch ch kh zh ts".split())
_ARABIC_TEETH: Final = str.maketrans("ثذظ", "تدد")
_LATIN_TEETH: Final = re.compile("[td]h(?=[aeiou])")
_NEPALI: Final = str.maketrans("xv", "sb")
_NEPALI_TWO: Final = re.compile("[xsvb]|p$")
_NEPALI_LAST: Final = re.compile("b$")  # Keshav, and Keshab, whose b `fine` has unvoiced
_JOINED_ARTICLE: Final = re.compile(r"^[ae](?:l|([dnrstzx])(?=\1))(?=[bcdfghjkmnprstvxz]..)")
_UNVOWELLED: Final = re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name. `fathers`: it names the father. `meanings`: rows of the table of given names."""

    sounds: str
    fine: str
    stem_sounds: str  # without -ov, -zoda; of a given name, its key
    meanings: frozenset[int]
    fathers: bool = False
    initial: bool = False
    gendered: bool = False  # its ending changes with the person's sex, so the ending tells nothing
    otherwise: tuple[str, ...] = ()  # its sounds with the ending that was taken away
    foreign: tuple[str, ...] = ()  # its sounds as an Englishman and as a Frenchman would read it
    spanish: "Word | None" = None  # as a Spaniard reads it, where that is otherwise
    prefixed: str = ""  # its sounds with the particle that was dropped before it
    full: frozenset[str] = english.NONE  # the English names that it is short for
    letters: str = ""  # as a script without vowels writes it, which tells more consonants apart than its sounds

    @property
    def stem(self) -> str:
        return undoubled(fine(self.stem_sounds))

    @property
    def coarse(self) -> str:
        return coarse(self.stem_sounds)

    @property
    def bare(self) -> str:
        """Without an article that stands joined to it: Elgaali, Alkobaissy. Empty where there is none."""
        found = "" if self.meanings or self.initial else _JOINED_ARTICLE.sub("", self.sounds)
        return found if found != self.sounds else ""

    @property
    def vowels(self) -> list[str]:
        return CONSONANT.split(self.sounds)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as read: its words, whether vowels were written, and its East Asian readings where it has them."""

    words: tuple[Word, ...]
    vowelled: bool = True
    script: str = "latin"
    ways: frozenset[Way] = frozenset()
    in_korean: korean.Reading | None = None
    in_chinese: chinese.Reading | None = None


def read(name: str) -> Name:
    """Total: any text gives a name, at worst one without words. Only the first 200 characters count."""
    own = _read_once(name)
    letters = marked(name[:LONGEST])
    told = [_sounds(text) for text in respelled_otherwise(name[:LONGEST].casefold())]
    written = [word.sounds for word in own.words]
    told = [sounds if len(sounds) == len(written) else written for sounds in told]
    spanish = _as_spanish(name, own.words)
    words_read = tuple(
        replace(word, foreign=tuple(sounds[at] for sounds in told), spanish=spanish[at])
        for at, word in enumerate(own.words)
    )
    spoken = [word.sounds for word in own.words] + [sounds for each in told for sounds in each]
    slavic = any(_is_slavic(word) for word in own.words)
    known = [word.meanings for word in own.words]
    return replace(own, words=words_read, ways=ways(plain(letters), spelled(letters), known, spoken, slavic=slavic))


def _is_slavic(word: Word) -> bool:
    """A father's name, -ova, -ov, -zoda: these peoples write their names as their neighbours do, not as Arabs do."""
    return word.fathers or (word.gendered and not word.full) or (not word.meanings and word.stem_sounds != word.sounds)


def _as_spanish(name: str, written: Sequence[Word]) -> list[Word | None]:
    """The words as a Spaniard reads them, where that is otherwise; none where he reads other words."""
    text = respelled_spanish(name[:LONGEST].casefold())
    found = _words_of(romanised(_unspaced(plain(text)))) if text is not None else []
    if len(found) != len(written):
        return [None] * len(written)
    return [word if word.sounds != own.sounds else None for word, own in zip(found, written, strict=True)]


def _as_french(name: str, words_most: int) -> list[str]:
    """The words of a name that nothing tells whose it is, as a Frenchman reads them: he leaves out the last letters."""
    letters = name[:LONGEST].casefold()
    texts = respelled_otherwise(letters) if words_most < 4 and spelled(letters).anybodys else ()
    found = _sounds(texts[-1]) if texts else []
    return [sounds for sounds in found if len(fine(sounds)) > 1][:3]


def _spanish_keyed(name: str, bearing: list[Word]) -> list[str]:
    """The same as a Spaniard reads three words or more, where that is otherwise: Hechavarria, Zuluaga."""
    letters = name[:LONGEST].casefold()
    if len(bearing) < _SPANISH_WORDS or not spelled(letters).anybodys or is_indian(plain(letters)):
        return []
    pairs = zip(bearing, _as_spanish(name, bearing), strict=True)
    return [read.sounds for word, read in pairs if read and read.fine != word.fine and len(read.fine) > 1][:2]


def _sounds(text: str) -> list[str]:
    return [folded(part.text) for part in words(romanised(_unspaced(plain(text))))[:_WORDS_MOST]]


def _read_once(name: str) -> Name:
    """As its own marks say, without the ways that only a comparison asks for."""
    text = plain(name[:LONGEST])
    latin = romanised(_unspaced(plain(respelled(name[:LONGEST].casefold()))))
    vowelled = not _UNVOWELLED.search(text)
    return Name(
        tuple(_words_of(latin, vowelled=vowelled)),
        vowelled=vowelled,
        script=script(text),
        in_korean=korean.read(text),
        in_chinese=chinese.read(text, wade=_WADE.search(name) is not None),
    )


def _words_of(latin: str, *, vowelled: bool = True) -> list[Word]:
    return [
        word
        for part in _fathers_told(words(latin, vowelled=vowelled)[:_WORDS_MOST])
        if (word := _word(part, vowelled=vowelled))
    ]


def name_keys(name: str, *, birth_year: int | None = None) -> frozenset[str]:
    """What a name is looked up by: about 3 to 12 keys, each for one token of kind "name".

    Two spellings of one name share at least one; the more they share, the likelier they are one. A year stands only
    beside a word of the name: it gives two marks, of which two years share one when they are at most one apart.
    """
    read_name = _read_once(name)
    eastern = _eastern(read_name)
    words_keyed = _keyed(read_name, enough=2 if eastern else 1)
    bearing = [word for word in words_keyed if not word.fathers] or words_keyed
    keys = {*eastern, *("1" + word.stem for word in bearing[:3])}
    keys |= {"1" + undoubled(fine(word.prefixed)) for word in bearing[:3] if word.prefixed}
    keys |= {"1" + undoubled(fine(word.bare)) for word in bearing[:3] if word.bare}
    keys |= _of_peoples(name, read_name.words, bearing[:3]) | _as_one_word(bearing)
    keys |= {"1" + undoubled(fine(sounds)) for sounds in _as_french(name, len(read_name.words))}
    keys |= {"1" + undoubled(fine(sounds)) for sounds in _spanish_keyed(name, bearing)}
    paired = words_keyed if len(read_name.words) > 2 or eastern else read_name.words
    for one, other in list(combinations(paired, 2))[:3]:
        keys.add("2" + "+".join(sorted((one.coarse, other.coarse))))
    if birth_year is not None:
        dated = eastern or [word.coarse for word in bearing[:2]]
        keys |= {f"{key}@{mark}" for key in dated for mark in (birth_year, birth_year + 1)}
    return frozenset(keys)


def words_written(name: str) -> tuple[Word, ...]:
    """Each word by itself and with its ending. A word in hangul is one, though a Korean name is read by its syllables."""
    text = plain(name[:LONGEST])
    if not any(map(hangul.holds, text)):
        return _read_once(name).words
    heard = ["".join(word.sounds for word in _read_once(word).words) for word in text.split()[:_WORDS_MOST]]
    return tuple(Word(sounds, fine(sounds), sounds, frozenset()) for sounds in map(undoubled, heard) if sounds)


def word_keys(name: str) -> frozenset[str]:
    """What a question of one word is looked up by: each word as it sounds and as an ear has it, Ivanov apart from Ivan."""
    told = [word.sounds for word in words_written(name) if not word.initial]
    return frozenset({*("w" + sounds for sounds in told), *("h" + coarse(sounds) for sounds in told)})


def _as_one_word(bearing: list[Word]) -> set[str]:
    """Two short names before or after a third that others write as one: Om Prakash, Rose-Laure."""
    if len(bearing) != 3:
        return set()
    pairs = ((bearing[0], bearing[1]), (bearing[1], bearing[2]))
    short = [one.sounds + other.sounds for one, other in pairs if len(one.fine) <= _SHORT_FIRST]
    return {"1" + undoubled(fine(sounds)) for sounds in short[:1]}


def _of_peoples(name: str, words: tuple[Word, ...], bearing: list[Word]) -> set[str]:
    """Keys for what one people writes either way: th, s and z in Arabic; sh and s, b and v, two given names as one in Nepali."""
    text = plain(name[:LONGEST])
    if is_indian(text) and not spelled(text).spanish:
        keys = {_nepali(word.fine) for word in bearing if _NEPALI_TWO.search(word.fine)}
        return keys | ({_nepali(fine(words[0].sounds + words[1].sounds))} if len(words) == _JOINED_OF else set())
    found = {sounds for other in _interdental(text) for sounds in _sounds(other)} - {word.sounds for word in bearing}
    return {"1" + undoubled(fine(sounds)) for sounds in found if len(fine(sounds)) > 1}


def _nepali(skeleton: str) -> str:
    read = undoubled(_NEPALI_LAST.sub("p", skeleton.translate(_NEPALI)))
    return ("i" if _NEPALI_TWO.search(skeleton) else "1") + read


def _interdental(text: str) -> list[str]:
    """The name as who hears s and z or d and t for the two letters between: Monther, Мунзер; أثير, Athir."""
    if _ARABIC_TEETH.keys() & {ord(letter) for letter in text}:
        return [text.translate(_ARABIC_TEETH)]
    if _LATIN_TEETH.search(text) and spelled(text).anybodys:
        return [_LATIN_TEETH.sub(instead, text) for instead in ("s", "z")]
    return []


def _keyed(name: Name, *, enough: int) -> list[Word]:
    """The words long enough to tell somebody; a single short one is better than none."""
    long = [word for word in name.words if len(word.fine) > enough]
    return (long or list(name.words) * (enough == 1))[:_KEYED_MOST]


def _eastern(name: Name) -> list[str]:
    keys = ["k" + name.in_korean.key] if name.in_korean else []
    return keys + (["c" + name.in_chinese.key] if name.in_chinese else [])


def _unspaced(text: str) -> str:
    """김 정은 and 王 小明 are cut by their family name, not by their spaces."""
    bare = text.replace(" ", "").replace("·", "")
    if bare and all(hangul.holds(letter) or han.holds(letter) for letter in bare):
        return bare
    return text


def _fathers_told(parts: list[Part]) -> list[Part]:
    """Which word names the father: one at most, and none of two words, for Янукович is a family name.

    Of two that look so, the one after a given name: Їжакевич Юлія Юріївна, Юлія Юріївна Їжакевич.
    """
    if len(parts) < 3:
        return [part._replace(fathers=False) for part in parts]
    looks = [at for at, part in enumerate(parts) if part.fathers or endings.father(part.text)]
    after_given = [at for at in looks if at and _given(folded(parts[at - 1].text))]
    told = (after_given or looks)[-1:]
    if len(looks) > 1 and after_given:
        told = after_given[:1]
    return [part._replace(fathers=at in told) for at, part in enumerate(parts)]


def _word(part: Part, *, vowelled: bool) -> Word | None:
    text = endings.compound(part.text)
    if part.fathers or endings.sons(text):
        return _fathers(endings.father(text) or text, told=part.fathers)
    sounds = folded(text)
    if not sounds:
        return None
    prefixed = folded(part.before + text) if part.before else ""
    full = english.full_names(sounds)
    letters = "" if vowelled else text
    meanings = given_names.meanings(sounds, vowelled=vowelled, letters=letters)
    if meanings:
        key = given_names.key(meanings, sounds)
        if not given_names.is_everybodys(meanings):  # Mina of Nepal: to anybody else a family name, as its ending says
            own = replace(_family(text), otherwise=(sounds,), stem_sounds=key, meanings=meanings)
            return replace(own, prefixed=prefixed, full=full, letters=letters)
        return Word(sounds, fine(sounds), key, meanings, prefixed=prefixed, full=full, letters=letters)
    if len(text) == 1 or text in _INITIALS:
        return Word(sounds, fine(sounds), sounds, meanings, initial=True)
    return replace(_family(text), otherwise=(sounds,), prefixed=prefixed, full=full, letters=letters)


def _family(part: str) -> Word:
    family = endings.family(part)
    sounds = folded(family)
    stem = folded(endings.stem(family))
    meanings = _given(sounds)
    return Word(sounds, fine(sounds), stem or sounds, meanings, gendered=family != part)


def _fathers(name: str, *, told: bool) -> Word | None:
    """`name` may have lost its last vowel to the ending: Николаевна is of Николай."""
    sounds = folded(name)
    if not sounds:
        return None
    whole = next((full for full in (sounds, folded(name + "i"), folded(name + "ii")) if _given(full)), sounds)
    meanings = _given(whole)
    key = given_names.key(meanings, whole) if meanings else sounds
    return Word(whole, fine(whole), key, meanings, fathers=told, gendered=True)


def _given(sounds: str) -> frozenset[int]:
    return given_names.meanings(sounds, vowelled=True)
