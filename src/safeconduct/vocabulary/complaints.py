# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a prisoner of war complains of or asks for (GC III, art. 78), and what became of it. Both are sealed to the monitor and counsel."""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

from safeconduct.vocabulary.identity import Name, Short

WORDS_MOST = 4_000  # as much as the paper form holds; whoever has more to say hands in another

Words = Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]


class Addressee(Enum):
    """To whom a complaint goes (art. 78); the person may name several."""

    PROTECTING_POWER = "protecting_power"
    RED_CROSS = "red_cross"
    REPRESENTATIVE = "representative"
    AUTHORITIES = "authorities"


# Where the person named nobody: those outside the camp, none of whom it can accuse.
OUTSIDE = (Addressee.PROTECTING_POWER, Addressee.RED_CROSS)


class _Silent(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class ComplaintTold(_Silent, frozen=True, kw_only=True, tag_field="record", tag="complaint/1"):
    """The paper form. Nothing but the words has to be there: a complaint without a name is one."""

    words: Words
    is_ill_treatment: bool = False
    addressees: Annotated[tuple[Addressee, ...], msgspec.Meta(max_length=len(Addressee))] = ()
    surname: Name = ""
    first_names: Name = ""
    number: Short = ""  # as it was written; the register may not know it
    camp: Short = ""
    said_on: date | None = None
    received_by: Short = ""


class ComplaintStep(_Silent, frozen=True, kw_only=True, tag_field="record", tag="complaint-step/1"):
    """One thing that the monitor or counsel did with it. `to` of a forwarding, `words` of an answer."""

    day: date
    by: Short
    to: Addressee | None = None
    words: Words = ""
