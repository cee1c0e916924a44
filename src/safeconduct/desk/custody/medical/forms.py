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
_WORDS = ("health", "contagious", "treatment")


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


@fields.together
def inspected(said: QueryDict, by: str) -> Found:
    """One person's inspection, on a page of its own. Raises `NotWeighed`, `DoesNotFit`."""
    typed, whose = row(said), signed(said, by)
    return found(typed, whose)


@fields.together
def row(said: QueryDict, of: str = "") -> Row:
    """The line of the person `of` whom the fields' names end in. A weight has a refusal of its own. Raises `DoesNotFit`."""
    for name in _WORDS:
        fields.line(said, _name(name, of), LINE_MOST)
    return typed_row(said, of)


def typed_row(said: QueryDict, of: str = "") -> Row:
    """The same to be shown again, of whatever length."""
    return Row(*(fields.whole_line(said, _name(name, of)) for name in ("weight", *_WORDS)))


def found(typed: Row, signed: str) -> Found:
    """Raises `NotWeighed`."""
    return Found(_grams(typed.weight), typed.health, typed.contagious, typed.treatment, signed)


def signed(said: QueryDict, by: str) -> str:
    """Whoever held the inspection; else who enters it. Raises `DoesNotFit`."""
    return fields.line(said, "signed", LINE_MOST) or by


def day(said: QueryDict) -> date:
    """Raises `DayRefused`."""
    return forms.when(said).day


@fields.together
def state(said: QueryDict) -> StateOnArrival:
    """Raises `HeightRefused`, `DoesNotFit`."""
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
    """Raises `DoesNotFit`."""
    return fields.text(said, name, WORDS_MOST)


def rows_found(said: QueryDict, numbers: dict[str, str], by: str) -> dict[str, Found]:
    """What was found of each person whose line is not empty. `numbers`: the person's number by field. Raises `RowsRefused`, `DoesNotFit`."""
    made: dict[str, Found] = {}
    why: dict[str, CustodyError] = {}
    whose = signed(said, by)
    for of, number in numbers.items():
        if typed_row(said, of).is_empty:
            continue
        try:
            made[number] = found(row(said, of), whose)
        except CustodyError as error:
            why[number] = error
    if why:
        raise RowsRefused(why)
    return made


def _name(name: str, of: str) -> str:
    return f"{name}-{of}" if of else name


def _grams(said: str) -> int:
    told = _KILOGRAMS.fullmatch(said)
    grams = int(told[1]) * 1000 + int(told[2] or 0) * 100 if told else 0
    if not GRAMS_LEAST <= grams <= GRAMS_MOST:
        raise NotWeighed
    return grams


def _centimetres(said: QueryDict) -> int | None:
    typed = fields.whole_line(said, "height")
    if not typed:
        return None
    if not _HEIGHT.fullmatch(typed) or not HEIGHT_LEAST <= int(typed) <= HEIGHT_MOST:
        raise HeightRefused
    return int(typed)
