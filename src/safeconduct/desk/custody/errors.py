# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What custody refuses.

CustodyError
├── NoSuchPerson     nobody has this number
│   └── UnknownNumbers  `numbers`: of those that were typed, the ones that nobody has or had
├── NoSuchCamp       there is no such camp
├── NoSuchEvent      there is no such event of this person, or it was corrected already
├── NumberTaken      another person has this number
├── NumberGiven      another person had this number before theirs was corrected
├── NumberSame       this is the number that they have
├── NumberRefused    a number is 1 to 20 letters, digits and dashes
├── CampTaken        another camp has this name
├── CampClosed       the camp is closed: nobody arrives there
├── DayRefused       `why`: the day cannot be: ahead of today, or before there was anything it could tell of
├── FieldRefused     `beside`: what is wrong with each field that is marked
│   ├── DoesNotFit      `name`, `holds`: more was typed than the field holds
│   ├── NotADay         (a `DayRefused`) `name`: what was typed is no day
│   ├── NotANumber      `name`: what was typed is no number
│   └── SeveralRefused  several of these at once
├── BirthEitherWay   a date of birth can be read day first and month first
├── CampOpen         the camp is open already
├── NoCommander      there is no such camp commander
├── KindKept         a camp keeps its kind while people are held in it
├── LastArrival      nothing else says where this person is held
├── MovesBySide      a correction would take somebody to another camp without a list
├── MovesRest        a later move rests on what is to be struck
├── LanguageNeeded   what is posted is posted in a language
├── WrittenMeanwhile a colleague wrote the same page after it was opened
├── NobodyReads      a team that has to read a page has no key yet
├── PaperFailed      the printer took too long or broke; nothing was lost
├── PaperRefused     something on a paper does not fit, or no font has its letters
├── NoSuchPage       no altered page has this number, or somebody put it right
├── StillHeld        a camp in which somebody is held is not closed
└── NotYours         an office enters only what is its own to say

PageAltered          a `Tampered`, because no act has an answer to it: a page is not what this house wrote, or not where
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from safeconduct.sealing.errors import Tampered

_SHOWN_OF_A_NUMBER = 20  # letters: none is longer


class CustodyError(Exception):
    """Base of all errors of this package. A room's own say what to do about it."""

    sentence: ClassVar[str | Promise] = ""


class NoSuchPerson(CustodyError):
    pass


class UnknownNumbers(NoSuchPerson):
    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = tuple(one[:_SHOWN_OF_A_NUMBER] for one in numbers)
        super().__init__(*self.numbers)

    @property
    def told(self) -> str:
        return gettext("Nobody has or had: %(numbers)s. Look at the papers; nothing was kept.") % {
            "numbers": ", ".join(self.numbers)
        }


class NoSuchCamp(CustodyError):
    pass


class NoSuchEvent(CustodyError):
    pass


class NumberTaken(CustodyError):
    pass


class NumberGiven(NumberTaken):
    sentence = _(
        "Another person had this number before it was corrected. No number is given to a second person: papers of the first still bear it."
    )


class NumberSame(CustodyError):
    sentence = _("This is the number that they have.")


class NumberRefused(CustodyError):
    pass


class CampTaken(CustodyError):
    pass


class CampClosed(CustodyError):
    pass


class CampOpen(CustodyError):
    pass


class NoCommander(CustodyError):
    pass


class DayRefused(CustodyError):
    """`why`: "ahead", "before", "died", "moved", "left", "dead", "reopened", "opened" or "none"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Holds:
    """What a field holds. `lines`: how many, each of `most` characters; nought where it is one answer."""

    most: int
    lines: int = 0

    @property
    def told(self) -> str:
        if self.lines:
            return gettext("At most %(lines)s lines, and %(most)s characters on each.") % {
                "lines": self.lines,
                "most": self.most,
            }
        return gettext("At most %(most)s characters.") % {"most": self.most}


class FieldRefused(CustodyError):
    """What was typed into a field cannot be kept. `beside`: by field, what to do about it."""

    @property
    def beside(self) -> Mapping[str, str]:
        return {}


class DoesNotFit(FieldRefused):
    """An answer is kept whole or not at all: half a name is another name."""

    sentence: ClassVar[str | Promise] = _(
        "One answer is longer than its field, and nothing was kept. It is marked, and still there as you typed it: shorten it, and send it again."
    )

    def __init__(self, name: str, holds: Holds) -> None:
        super().__init__(name)
        self.name, self.holds = name, holds

    @property
    def beside(self) -> Mapping[str, str]:
        return {self.name: self.holds.told}


class NotADay(FieldRefused, DayRefused):
    """Something was typed that is no day: it is not taken for nothing."""

    sentence: ClassVar[str | Promise] = _(
        "One day cannot be read, and nothing was kept. Write the year, the month and the day, such as 2026-11-03."
    )

    def __init__(self, name: str) -> None:
        super().__init__("none")
        self.name = name

    @property
    def beside(self) -> Mapping[str, str]:
        return {self.name: gettext("This is no day that can be read. Write it such as 2026-11-03.")}


class NotANumber(FieldRefused):
    """The same of a count."""

    sentence: ClassVar[str | Promise] = _("One count is no number, and nothing was kept. It is marked: enter it anew.")

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    @property
    def beside(self) -> Mapping[str, str]:
        return {self.name: gettext("Digits alone, such as 40.")}


class SeveralRefused(FieldRefused):
    """All of them are marked: else whoever shortens the first is refused again for the second."""

    sentence: ClassVar[str | Promise] = _(
        "Several answers cannot be kept as they are, and nothing was kept. They are marked: put them right, and send them again."
    )

    def __init__(self, refusals: Sequence[FieldRefused]) -> None:
        super().__init__(*refusals)
        self.refusals = tuple(refusals)

    @property
    def beside(self) -> Mapping[str, str]:
        return {name: told for one in self.refusals for name, told in one.beside.items()}


class BirthEitherWay(CustodyError):
    pass


class NotYours(CustodyError):
    pass


class KindKept(CustodyError):
    pass


class LastArrival(CustodyError):
    pass


class MovesBySide(CustodyError):
    pass


class MovesRest(CustodyError):
    pass


class LanguageNeeded(CustodyError):
    pass


class WrittenMeanwhile(CustodyError):
    sentence = _("A colleague has written this since you opened the page. Open it again and compare.")


class NobodyReads(CustodyError):
    pass


class NoSuchPage(CustodyError):
    pass


class StillHeld(CustodyError):
    pass


class PaperRefused(CustodyError):
    """`place`: of many cards in one print, which one it was, from 1 on; None where that is not known."""

    def __init__(self, place: int | None = None) -> None:
        super().__init__(place)
        self.place = place


class PaperFailed(CustodyError):
    pass


class PageAltered(Tampered):
    """Which row of which table, and nothing of what stands in it."""

    def __init__(self, table: str, row: int) -> None:
        super().__init__(f"{table} {row}")
        self.table, self.row = table, row
