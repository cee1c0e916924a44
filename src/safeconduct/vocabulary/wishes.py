# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a prisoner of war wishes, what makes that valid, and what follows from it (R38 to R43). Sealed, each of these.

There is no kind for service in any armed force and never will be: what somebody says of that is no wish (R42).
"""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import msgspec

from safeconduct.vocabulary.identity import Name, Short
from safeconduct.vocabulary.reception import Tag

WORDS_MOST = 4_000
LISTED_MOST = 400

Words = Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]


class WishKind(Enum):
    """R38. Who says nothing is undecided."""

    UNDECIDED = "undecided"
    EXCHANGE = "exchange"
    NO_EXCHANGE = "no_exchange"
    STAY = "stay"
    RETURN_AFTER_HOSTILITIES = "return_after_hostilities"
    THIRD_COUNTRY = "third_country"


class WitnessOffice(Enum):
    """Who may witness a wish: nobody who interrogates, recruits, guards or keeps the register, and no fellow prisoner."""

    PROTECTING_POWER = "protecting_power"
    RED_CROSS = "red_cross"
    OMBUDSMAN = "ombudsman"
    COUNSEL = "counsel"
    CHAPLAIN = "chaplain"


class WayHome(Enum):
    """On what ground somebody is to be returned."""

    EXCHANGE = "exchange"
    SICK = "sick"  # arts. 109 and 110, while hostilities last
    AFTER_HOSTILITIES = "after_hostilities"  # art. 118


class Outcome(Enum):
    """What was decided on one person's fear."""

    NOT_RETURNED = "not_returned"
    MAY_RETURN = "may_return"
    RELEASED_HERE = "released_here"  # not returned, and no prisoner any more
    RELEASED_ELSEWHERE = "released_elsewhere"  # to a third country


class Wish(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="wish/1"):
    """One record, as it was said. Incomplete ones are kept as well, and count for nothing (R39).

    Where the paper tells no time, `said` is the first moment of its day, and `has_time` says so.
    """

    kind: WishKind
    said: datetime
    has_time: bool = True
    language: Tag = ""
    sheet: Short = ""  # the version of the information sheet that was read out
    interpreter: Name = ""
    witness: Name = ""
    witness_office: WitnessOffice | None = None
    is_signed: bool = False
    copy_given: bool = False
    name: Name = ""  # as the person confirmed it for a list (R43)
    refuses_if_sick: bool = False  # art. 109(3)
    fears_return: bool = False
    words: Words = ""
    entered_by: Short = ""
    fill: str = ""  # makes all records of a size: a length must not tell a kind


class Decision(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="return/1", omit_defaults=True):
    """An individual decision on whoever fears to return: the grounds, and who decided, at least two people.

    `day` is that of a release, `country` the third country to which it was.
    """

    outcome: Outcome
    grounds: Words
    decided_by: Annotated[tuple[Name, ...], msgspec.Meta(max_length=7)]
    country: Short = ""
    day: date | None = None
    salt: str = ""  # what two people approve is known by its hash, and must not be guessed


class ForCounsel(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="counsel/1"):
    """What a person said that independent counsel alone should hear (R42)."""

    words: Words


class Listed(msgspec.Struct, frozen=True, array_like=True):
    """One person on an exchange list, and where they were held when it was made."""

    number: Short
    name: Name
    camp: int


class Listing(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="list/1", omit_defaults=True):
    """An exchange list: numbers and confirmed names, and nothing else of anybody (R43).

    `struck` has one letter for each entry, "1" for who was taken off since it was made: its length tells nothing. `told` likewise,
    from the handing over on: "1" for whom the exchange office was told since that they must not be exchanged.
    """

    entries: Annotated[tuple[Listed, ...], msgspec.Meta(max_length=LISTED_MOST)]
    struck: str
    salt: str
    told: str = ""
