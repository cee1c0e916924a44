# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was typed on the medical pages, as types. Raises this room's errors, and the register's for a day."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from safeconduct.desk.custody import fields, forms
from safeconduct.desk.custody.errors import CustodyError, NotYours
from safeconduct.desk.custody.medical.acts import Found
from safeconduct.desk.custody.medical.errors import HeightRefused, NotWeighed, RowsRefused, WordsNeeded
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.medical import (
    GRAMS_LEAST,
    GRAMS_MOST,
    HEIGHT_LEAST,
    HEIGHT_MOST,
    LINE_MOST,
    WORDS_MOST,
    Course,
    StateOnArrival,
)

_KILOGRAMS = re.compile(r"([0-9]{1,3})(?:[.,]([0-9])[0-9]{0,2})?")
_HEIGHT = re.compile(r"[0-9]{2,3}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ward's page as it was typed."""

    weight: str = ""
    health: str = ""
    contagious: str = ""
    treatment: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.weight or self.health or self.contagious or self.treatment)


def row(said: QueryDict, of: str = "") -> Row:
    """The line of the person `of` whom the fields' names end in."""
    names = ("weight", "health", "contagious", "treatment")
    return Row(*(fields.line(said, f"{name}-{of}" if of else name, LINE_MOST) for name in names))


def found(typed: Row, signed: str) -> Found:
    """Raises `NotWeighed`."""
    return Found(_grams(typed.weight), typed.health, typed.contagious, typed.treatment, signed)


def signed(said: QueryDict, by: str) -> str:
    """Whoever held the inspection; else who enters it."""
    return fields.line(said, "signed", LINE_MOST) or by


def day(said: QueryDict) -> date:
    """Raises `DayRefused`."""
    return forms.when(said).day


def state(said: QueryDict) -> StateOnArrival:
    """Raises `HeightRefused`."""
    return StateOnArrival(centimetres=_centimetres(said), state=words(said, "state"), known=words(said, "known"))


def event(said: QueryDict, allowed: tuple[PersonEvent, ...]) -> PersonEvent:
    """Raises `NotYours`."""
    for one in allowed:
        if one.value == said.get("event"):
            return one
    raise NotYours


def course(said: QueryDict) -> Course:
    """Raises `WordsNeeded`."""
    for one in Course:
        if one.value == said.get("course"):
            return one
    raise WordsNeeded


def words(said: QueryDict, name: str = "words") -> str:
    return fields.text(said, name)[:WORDS_MOST]


def rows_found(said: QueryDict, numbers: dict[str, str], by: str) -> dict[str, Found]:
    """What was found of each person whose line is not empty. `numbers`: the person's number by field. Raises `RowsRefused`."""
    made: dict[str, Found] = {}
    why: dict[str, CustodyError] = {}
    for of, number in numbers.items():
        typed = row(said, of)
        if typed.is_empty:
            continue
        try:
            made[number] = found(typed, signed(said, by))
        except CustodyError as error:
            why[number] = error
    if why:
        raise RowsRefused(why)
    return made


def _grams(said: str) -> int:
    told = _KILOGRAMS.fullmatch(said)
    grams = int(told[1]) * 1000 + int(told[2] or 0) * 100 if told else 0
    if not GRAMS_LEAST <= grams <= GRAMS_MOST:
        raise NotWeighed
    return grams


def _centimetres(said: QueryDict) -> int | None:
    typed = fields.line(said, "height", LINE_MOST)
    if not typed:
        return None
    if not _HEIGHT.fullmatch(typed) or not HEIGHT_LEAST <= int(typed) <= HEIGHT_MOST:
        raise HeightRefused
    return int(typed)
