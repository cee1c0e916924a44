# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a medical officer writes down of a prisoner of war (GC III, arts. 15, 30, 31). Sealed to the medical team.

Lines are as long as the printed sheet can hold.
"""

from enum import Enum
from typing import Annotated

import msgspec

LINE_MOST, WORDS_MOST = 200, 2_000
GRAMS_LEAST, GRAMS_MOST = 20_000, 300_000
HEIGHT_LEAST, HEIGHT_MOST = 100, 250  # centimetres

Line = Annotated[str, msgspec.Meta(max_length=LINE_MOST)]
Words = Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]


class Course(Enum):
    """How it goes with somebody who is seriously ill: the weekly word for the Bureau (art. 122). The strings are stored."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"


class Inspection(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="inspection/1"):
    """One inspection (art. 31). `event` is the register's row that says on which day; of one row the newest page counts."""

    event: int
    grams: Annotated[int, msgspec.Meta(ge=GRAMS_LEAST, le=GRAMS_MOST)]
    health: Line = ""
    contagious: Line = ""
    treatment: Line = ""
    signed: Line = ""


class StateOnArrival(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="state-on-arrival/1"):
    """How somebody was when they came, and what is known of their health."""

    centimetres: Annotated[int, msgspec.Meta(ge=HEIGHT_LEAST, le=HEIGHT_MOST)] | None = None
    state: Words = ""
    known: Words = ""


class MedicalNote(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="medical-note/1"):
    """What was found when something happened: a review, an illness, a hospital, a word before a transfer."""

    event: int
    words: Words = ""
    signed: Line = ""


class HealthWord(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="health-word/1"):
    """What the family and the Power are told of somebody seriously ill, week by week. The Bureau has a copy."""

    course: Course
    words: Words = ""
