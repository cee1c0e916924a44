# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rank of one army is in NATO's codes (R33; STANAG 2116), by a table of data that has a version.

The original words are always kept; this only stands beside them. A rank that the table does not know, or that two armies
mean differently while nobody said which, stays unknown: nobody is treated by a guess (arts. 43 to 45).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from safeconduct.vocabulary.custody import Category
from safeconduct.vocabulary.reception import Equivalence

NEWEST = "2026-11"
_GRADE = re.compile(r"OR-[1-9]|WO-[1-5]|OF-(?:10|[1-9])")
_ARMY = re.compile(r"\[(?P<army>[\w-]+)\] power: (?P<powers>.*) \| languages: (?P<languages>.*)")
_DEVANAGARI = range(0x0900, 0x0980)  # its vowel signs are marks too, and make the word
# What stands around a rank and does not change it: guards, medical, legal, of the reserve.
_AROUND = re.compile(
    r"^гвардии |^гвардіи |^гвардіі "
    r"| (?:запаса|запасу|в отставке|у відставці|медицинскои службы|медичноі служби|юстиции|юстиціі|ret|retired)$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Some words in one army's table. `agreed`: its Power has agreed to this code."""

    army: str
    grade: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One version. `entries` are found by the folded words; `armies` by a folded name of the Power, or by a language."""

    version: str
    entries: Mapping[str, tuple[Entry, ...]]
    powers: Mapping[str, frozenset[str]]
    languages: Mapping[str, frozenset[str]]


def equivalent(words: str, *, power: str = "", language: str = "", version: str = NEWEST) -> Equivalence | None:
    """The code of a rank in its own words, else None.

    Of a Power that the table knows: by its own words, else by those that mean the same everywhere, and never by another army's.
    Of another: by the words of the language, else where all armies agree.
    """
    known = table(version)
    found = _entries(known, words)
    if armies := known.powers.get(fold(power), frozenset()):
        theirs = [one for one in found if one.army in armies]
        return _agreed_upon(theirs or _entries(_generic(version), words), version)
    spoken = [one for one in found if one.army in known.languages.get(language, frozenset())]
    return _agreed_upon(spoken or found, version)


def knows(power: str, *, version: str = NEWEST) -> bool:
    """Whether the table has an army of this Power."""
    return fold(power) in table(version).powers


def grades(words: str, *, version: str = NEWEST) -> tuple[str, ...]:
    """Every code that some army gives these words, lowest first: what an unknown one may mean."""
    return tuple(sorted({one.grade for one in _entries(table(version), words)}, key=_height))


def category(grade: str) -> Category:
    """Whose quarters and pay these are (arts. 44 and 45; 60). Warrant officers of WO are commissioned in their army."""
    return Category.OTHER_RANKS if grade.startswith("OR-") else Category.OFFICERS


def fold(words: str) -> str:
    """One spelling: no case, no accents, no marks between words."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", words.casefold()) if not _is_accent(letter))
    kept = (
        letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in unicodedata.normalize("NFC", plain)
    )
    return " ".join("".join(kept).split())


@cache
def table(version: str) -> Table:
    """Raises `FileNotFoundError` for a version that never was, `ValueError` for one that is written wrong."""
    return _read(version, files(__package__).joinpath("rank_tables", f"{version}.txt").read_text(encoding="utf-8"))


@cache
def _generic(version: str) -> Table:
    return _read(
        version, files(__package__).joinpath("rank_tables", f"generic-{version}.txt").read_text(encoding="utf-8")
    )


def _read(version: str, text: str) -> Table:
    entries: dict[str, tuple[Entry, ...]] = {}
    powers: dict[str, frozenset[str]] = {}
    languages: dict[str, frozenset[str]] = {}
    army = ""
    for line in filter(_says_something, text.splitlines()):
        if head := _ARMY.fullmatch(line):
            army = head["army"]
            _belong(powers, map(fold, head["powers"].split(";")), army)
            _belong(languages, (tag.strip() for tag in head["languages"].split(";")), army)
        else:
            _enter(entries, army, line)
    return Table(version, entries, powers, languages)


def _enter(entries: dict[str, tuple[Entry, ...]], army: str, line: str) -> None:
    mark, grade, names = line.split(" ", 2)
    if mark not in {"=", "~"} or not _GRADE.fullmatch(grade) or not army:
        raise ValueError(line)
    for words in map(fold, names.split(";")):
        before = entries.get(words, ())
        if any(one.army == army for one in before):
            raise ValueError(f"{words} stands twice in {army}")
        entries[words] = (*before, Entry(army, grade, agreed=mark == "="))


def _belong(armies: dict[str, frozenset[str]], names: Iterable[str], army: str) -> None:
    for name in names:
        armies[name] = armies.get(name, frozenset()) | {army}


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _entries(known: Table, words: str) -> tuple[Entry, ...]:
    folded = fold(words)
    return known.entries.get(folded) or known.entries.get(_AROUND.sub("", folded), ())


def _agreed_upon(entries: Iterable[Entry], version: str) -> Equivalence | None:
    found = list(entries)
    if len({one.grade for one in found}) != 1:
        return None
    army = found[0].army if len(found) == 1 else ""
    return Equivalence(found[0].grade, version, army, agreed=all(one.agreed for one in found))


def _is_accent(letter: str) -> bool:
    return unicodedata.category(letter) == "Mn" and ord(letter) not in _DEVANAGARI


def _height(grade: str) -> tuple[int, int]:
    kind, number = grade.split("-")
    return ("OR", "WO", "OF").index(kind), int(number)
