# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed or pasted, one line a person: a number, and where it needs it a kind and a count."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.post.errors import FormsAlone, NotHandedIn, TooMany, Unread
from safeconduct.desk.custody.post.kinds import Kind, Sheet

LINES_MOST, COUNT_MOST = 500, 50
_LETTERS_MOST = 200  # of a line: a number, a kind and a count
_PARTS = re.compile(r"[\s,;]+")
_WORDS = {Kind.LETTER: ("letter", "l"), Kind.CARD: ("card", "c"), Kind.PARCEL: ("parcel", "p")}
_OF = {
    Sheet.CAME: frozenset(Kind),
    Sheet.HANDED_IN: frozenset({Kind.LETTER, Kind.CARD}),
    Sheet.FORMS: frozenset({Kind.LETTER}),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line that could be read. Its place among all lines is kept, so that what fails comes back in order."""

    place: int
    text: str
    number: str
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Failed:
    place: int
    text: str
    why: CustodyError


@dataclass(frozen=True, slots=True)
class Typed:
    lines: list[Line]
    failed: list[Failed]


def read(text: str, sheet: Sheet, usual: Kind, words: Iterable[tuple[str, Kind]] = ()) -> Typed:
    """`words`: the kinds in the reader's language, beside the English ones. Blank lines say nothing."""
    names = {one: kind for kind, told in _WORDS.items() for one in told} | {one.lower(): kind for one, kind in words}
    typed = Typed([], [])
    rows = [(place, row.strip()) for place, row in enumerate(text.replace("\0", "").splitlines()) if row.strip()]
    for read_before, (place, row) in enumerate(rows):
        try:
            if read_before >= LINES_MOST:
                raise TooMany
            typed.lines.append(_line(place, row, sheet, usual, names))
        except CustodyError as why:
            typed.failed.append(Failed(place, row, why))
    return typed


def slips(ticket: bytes, sheet: Sheet, lines: Iterable[Line]) -> dict[int, list[bytes]]:
    """For each line one name a piece. The same page sent again gives the same names; a second letter of a person another."""
    seen: Counter[tuple[str, Kind]] = Counter()
    found: dict[int, list[bytes]] = {}
    for line in lines:
        found[line.place] = []
        for _ in range(line.count):
            seen[line.number, line.kind] += 1
            told = f"{sheet.value}|{line.number}|{line.kind.value}|{seen[line.number, line.kind]}"
            found[line.place].append(hashlib.sha256(ticket + told.encode()).digest())
    return found


def _line(place: int, row: str, sheet: Sheet, usual: Kind, names: dict[str, Kind]) -> Line:
    if len(row) > _LETTERS_MOST:
        raise Unread
    number, *rest = _PARTS.split(row)
    kind, count = usual, 1
    for part in rest:
        if part.lower() in names:
            kind = names[part.lower()]
        elif (
            part.isascii() and part.isdigit() and 1 <= int(part[:3]) <= COUNT_MOST and len(part) <= len(str(COUNT_MOST))
        ):
            count = int(part)
        else:
            raise Unread
    if sheet is Sheet.FORMS and (rest or kind not in _OF[sheet]):
        raise FormsAlone
    if kind not in _OF[sheet]:
        raise NotHandedIn
    return Line(place, row, number.upper(), kind, count)
