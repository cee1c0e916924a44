# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a person says that they are, or their papers say. Entered by an operator, sealed, and never part of an application (R2).

Nothing here is asked for: every field may stay empty. Papers may be false, so that several claims stand side by side.
"""

from typing import Annotated, Literal

import msgspec

NAME_MAX = 200  # characters
SHORT_MAX = 60
DATE_MAX = 80
SPELLINGS_MAX = 12
CLAIMS_MAX = 10

Calendar = Literal["gregorian", "juche", "bikram-sambat", "hijri", "ethiopian"]
Name = Annotated[str, msgspec.Meta(max_length=NAME_MAX)]
Short = Annotated[str, msgspec.Meta(max_length=SHORT_MAX)]


class Birth(msgspec.Struct, frozen=True):
    """A date of birth in the person's or the paper's own words: a day, a month or a year, which is its precision.

    What day it means is worked out when it is read, and shown beside the words. Words that are no date are kept.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=DATE_MAX)]
    calendar: Calendar | None = None  # None: the one that the words name, or whose years look so


class IdentityClaim(msgspec.Struct, frozen=True):
    """One person's details from one source."""

    name: Name = ""  # in its own script, as given
    spellings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=SPELLINGS_MAX)] = ()
    birth: Birth | None = None
    unit: Short = ""
    service_number: Short = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one for one in (self.name, *self.spellings) if one)

    @property
    def is_empty(self) -> bool:
        return not (self.names or self.unit or self.service_number or self.birth)


class IdentityClaims(msgspec.Struct, frozen=True, tag_field="record", tag="identity/1"):
    """All claims of a case as they stand from now on. The newest record counts; the earlier ones stay (R50)."""

    claims: Annotated[tuple[IdentityClaim, ...], msgspec.Meta(max_length=CLAIMS_MAX)]
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""  # the case's: names are compared by its habits
