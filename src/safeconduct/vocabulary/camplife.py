# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down of visits to a camp (GC III, art. 126). Days, counts and which body came stand in clear; these are sealed."""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

LINE_MOST = 200

Line = Annotated[str, msgspec.Meta(max_length=LINE_MOST)]
Salt = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]


class Body(Enum):
    """Who visits by right. The strings are stored, and name a visit among the duties."""

    PROTECTING_POWER = "PP"
    RED_CROSS = "ICRC"
    OTHER = "other"  # relief societies and the like (art. 125)


class Way(Enum):
    """How a camp comes by its representatives (art. 79). The strings are stored."""

    BALLOT = "ballot"
    SENIOR = "senior"


class Ended(Enum):
    """Why somebody elected is a representative no more: a word of a closed list, for the record. Words might name somebody."""

    GAVE_UP = "gave-up"
    VOTED_OUT = "voted-out"
    UNABLE = "unable"
    OTHER = "other"


class VisitTold(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="visit/1"):
    """Who came, when, and what they saw."""

    visitors: Line = ""
    arrived: Line = ""
    left: Line = ""
    places: Line = ""


class RefusalTold(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="visit-refusal/1"):
    """Why a visit is put off, and until when. The salt keeps a reason that could be guessed out of the approval's digest."""

    reason: Line
    until: date
    salt: Salt
