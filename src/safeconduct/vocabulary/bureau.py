# SPDX-License-Identifier: AGPL-3.0-or-later
"""What custody tells the National Information Bureau (art. 122), and what relatives ask of it (art. 123). `docs/bureau.md`.

Nothing here can say how a person came (R20): article 122 has no such field.
"""

from datetime import date
from enum import Enum
from typing import Annotated, Final

import msgspec

from safeconduct.vocabulary.custody import PersonEvent, Precision
from safeconduct.vocabulary.identity import SPELLINGS_MAX, Birth, Name, Short
from safeconduct.vocabulary.reception import Received

STEP: Final = (
    2_048  # bytes of a record with the four of its length: one size for nearly all, so that none tells its kind
)
_LENGTH_BYTES: Final = 4
ANSWER_MAX: Final = 4_000  # characters
LINE_MAX: Final = 400

Text = Annotated[str, msgspec.Meta(max_length=ANSWER_MAX)]
Line = Annotated[str, msgspec.Meta(max_length=LINE_MAX)]


class Word(Enum):
    """What a package tells besides the events of a person."""

    DETAILS = "details"
    POWER_WAITS = "power.waits"
    POWER_MAY_KNOW = "power.may_know"
    STILL_ILL = "illness.lasts"
    HELD_AGAIN = "held.again"


# Art. 122 names them; the day on which somebody got better ends the weekly word on their health, and of a number that was
# wrong the Bureau hears because it told it on.
TOLD: Final = frozenset(
    {
        PersonEvent.REGISTERED, PersonEvent.RENUMBERED, PersonEvent.TRANSFERRED, PersonEvent.RELEASED, PersonEvent.REPATRIATED, PersonEvent.ESCAPED,
        PersonEvent.TAKEN_TO_HOSPITAL, PersonEvent.DIED, PersonEvent.SERIOUSLY_ILL, PersonEvent.NO_LONGER_SERIOUSLY_ILL,
    }
)  # fmt: skip


class Particulars(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who it is, in article 122's fields and no others. What was not said is empty."""

    surname: Name = ""
    first_names: Name = ""
    spellings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=SPELLINGS_MAX)] = ()
    rank: Short = ""
    service_number: Short = ""
    birth: Birth | None = None
    birth_place: Name = ""
    power: Short = ""
    fathers_first_name: Name = ""
    mothers_maiden_name: Name = ""
    person_to_inform: Name = ""
    person_to_inform_address: Name = ""
    correspondence_address: Name = ""


class Notified(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="bureau/1", forbid_unknown_fields=True
):
    """One package. `corrects` is the number of the package that it puts right; with `stands` False that one did not happen."""

    number: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    token: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    prisoner: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9-]{1,20}\Z")]
    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{1,40}\Z")]
    day: date
    precision: Precision = Precision.DAY
    made: date
    camp: Line = ""
    corrects: int | None = None
    stands: bool = True
    power_waits: bool = False
    about: Particulars | None = None


class Grounds(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="worry/1"):
    """Why somebody fears that the Power's knowing would harm a person, or what counsel decided and why. Counsel's alone."""

    words: Text = ""


class Inquiry(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="inquiry/1"):
    """What a relative or a society asks: of whom, and where the answer goes. Sealed to the Bureau's people alone."""

    name: Name = ""
    spellings: Annotated[tuple[Name, ...], msgspec.Meta(max_length=SPELLINGS_MAX)] = ()
    birth: Birth | None = None
    service_number: Short = ""
    asks: Line = ""
    relation: Line = ""
    answer_to: Line = ""
    words: Text = ""
    language: Annotated[str, msgspec.Meta(max_length=35)] = ""


class InquiryAnswer(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="inquiry-answer/1"):
    """What was answered, and about whom a person decided that it is; `prisoner` is empty when it is nobody here."""

    words: Text
    prisoner: Annotated[str, msgspec.Meta(max_length=20)] = ""


def particulars(received: Received) -> Particulars:
    """What article 122 asks of a person's answers; nothing of the rest."""
    fields = (field.name for field in msgspec.structs.fields(Particulars))
    return Particulars(**{name: getattr(received, name) for name in fields})


def encode(notified: Notified) -> bytes:
    """The record's bytes: JSON, then spaces up to four bytes short of a multiple of `STEP`."""
    plain = msgspec.json.encode(notified)
    steps = -(-(len(plain) + _LENGTH_BYTES) // STEP)
    return plain.ljust(steps * STEP - _LENGTH_BYTES)


def decode(plain: bytes) -> Notified:
    """Raises `msgspec.DecodeError`."""
    return msgspec.json.decode(plain, type=Notified)
