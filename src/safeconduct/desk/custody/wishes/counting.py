# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of a person's records counts, and what it allows. Pure: no clock and no store.

Records come in the order of their entry, which matters only where a paper does not say at what time of its day it was signed.
A record is a wish as it was said. What is incomplete counts for nothing, but it can stop what was allowed: whoever said
something else last is asked again before anything is done that cannot be undone.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import takewhile

import msgspec

from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.wishes import Outcome, WayHome, Wish, WishKind

CONFIRMED_FOR = timedelta(hours=72)
APART = timedelta(hours=12)  # ours: a night between, so that nobody is asked twice in one sitting
_A_DAY = timedelta(days=1)
_HERE_FOR_NOW = frozenset(
    {WishKind.NO_EXCHANGE, WishKind.STAY, WishKind.RETURN_AFTER_HOSTILITIES, WishKind.THIRD_COUNTRY}
)
_NOT_HOME = frozenset({WishKind.STAY, WishKind.THIRD_COUNTRY})
_RELEASES = {Outcome.RELEASED_HERE: WishKind.STAY, Outcome.RELEASED_ELSEWHERE: WishKind.THIRD_COUNTRY}
RELEASES = frozenset(_RELEASES)


class Missing(Enum):
    """What R39 names and a record does not have."""

    LANGUAGE = "language"
    SHEET = "sheet"
    INTERPRETER = "interpreter"
    WITNESS = "witness"
    WITNESS_OFFICE = "witness_office"
    WITNESS_APART = "witness_apart"  # the witness is also the interpreter, or whoever entered it
    SIGNATURE = "signature"
    COPY = "copy"


class Unlisted(Enum):
    """Why somebody is on no exchange list."""

    NO_WISH = "no_wish"
    DOUBT = "doubt"
    UNCONFIRMED = "unconfirmed"
    NO_NAME = "no_name"
    OTHER_NAME = "other_name"  # another was confirmed since
    MOVED = "moved"  # they are not held where they were
    FEAR = "fear"  # they fear to return, and it is not decided that they may be
    STRUCK = "struck"
    LISTED = "listed"  # on another list, which was not handed over or dropped yet


class Stop(Enum):
    """Why somebody is not returned."""

    DOUBT = "doubt"
    REFUSES = "refuses"
    NO_WISH = "no_wish"
    NOT_LISTED = "not_listed"  # on no exchange list that two people made and that was handed over
    FEAR = "fear"
    NOT_RETURNED = "not_returned"
    NOT_OVER = "not_over"
    NOT_SICK = "not_sick"
    WISHES_OTHERWISE = "wishes_otherwise"  # of a release


class Ground(Enum):
    """What others entered, on which a way home rests; without it nobody goes that way, whoever chooses it."""

    HOSTILITIES_OVER = "hostilities_over"
    TO_BE_SENT_HOME_SICK = "to_be_sent_home_sick"  # by the medical office


class Fear(Enum):
    """What has become of a fear to return: none was ever stated, nobody has decided, or how it was decided last."""

    NONE = "none"
    OPEN = "open"
    UPHELD = "upheld"
    ANSWERED = "answered"


FEARED = frozenset({Fear.OPEN, Fear.UPHELD})


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of all records. `counts` None: undecided. `unheard`: what was said at that time or later, and not validly."""

    counts: Wish | None
    is_confirmed: bool
    unheard: tuple[Wish, ...]

    @property
    def kind(self) -> WishKind:
        return self.counts.kind if self.counts else WishKind.UNDECIDED


def missing(wish: Wish, sheets: Collection[str]) -> list[Missing]:
    """What a record lacks of R39; nothing: it is valid. `sheets` are all versions that there ever were."""
    lacks = {
        Missing.LANGUAGE: wish.language not in LANGUAGES,
        Missing.SHEET: wish.sheet not in sheets,
        Missing.INTERPRETER: not same_name(wish.interpreter),
        Missing.WITNESS: not same_name(wish.witness),
        Missing.WITNESS_OFFICE: wish.witness_office is None,
        Missing.WITNESS_APART: bool(same_name(wish.witness))
        and same_name(wish.witness) in {same_name(wish.interpreter), same_name(wish.entered_by), same_name(wish.name)},
        Missing.SIGNATURE: not wish.is_signed,
        Missing.COPY: not wish.copy_given,
    }
    return [one for one, is_so in lacks.items() if is_so]


def standing(records: Iterable[Wish], sheets: Sequence[str]) -> Standing:
    """The latest valid record counts, by when it was said. `sheets`: every version, the one in force last."""
    told = in_order(records)
    valid = [one for one in told if not missing(one, sheets)]
    counts = valid[-1] if valid else None
    return Standing(counts, _is_confirmed(valid, sheets), tuple(_unheard(told, sheets)))


def in_order(records: Iterable[Wish]) -> list[Wish]:
    """As they were said. Of one day, a record without a time was said after whatever of that day had been entered before it."""
    told: list[Wish] = []
    for one in records:
        later = (place for place, other in enumerate(told) if _is_before(one, other))
        told.insert(next(later, len(told)), one)
    return told


def _unheard(told: Sequence[Wish], sheets: Collection[str]) -> Iterable[Wish]:
    """What is not valid, and was said at the time of the last valid one or later."""
    last = max((place for place, one in enumerate(told) if not missing(one, sheets)), default=-1)
    for place, one in enumerate(told):
        is_as_late = place > last or (one.has_time and told[last].has_time and one.said == told[last].said)
        if is_as_late and missing(one, sheets):
            yield one


def unlisted(now: Standing, at: datetime | None) -> Unlisted | None:
    """Why a person cannot stand on a list made at that moment; None: they can (R40, R43).

    Without a moment: on one that was made before, whose 72 hours were looked at then.
    """
    if now.counts is None or now.kind is not WishKind.EXCHANGE:
        return Unlisted.NO_WISH
    if any(one.kind is not WishKind.EXCHANGE for one in now.unheard):
        return Unlisted.DOUBT
    if not now.is_confirmed or not _is_fresh(now.counts, at):
        return Unlisted.UNCONFIRMED
    return None if now.counts.name.strip() else Unlisted.NO_NAME


def stops(now: Standing, way: WayHome, fear: Fear, grounds: Collection[Ground]) -> Stop | None:
    """Why a person must not be returned in that way; None: nothing here stands against it (arts. 109, 118).

    Whoever refuses while hostilities last (art. 109) stays until they are over, whichever way is chosen.
    """
    if fear is Fear.UPHELD:
        return Stop.NOT_RETURNED
    if fear is Fear.OPEN:
        return Stop.FEAR
    if way is WayHome.AFTER_HOSTILITIES and Ground.HOSTILITIES_OVER not in grounds:
        return Stop.NOT_OVER
    stopped = _against(now.counts, way, fear, grounds)
    if stopped is None and any(_against(one, way, fear, grounds) for one in now.unheard):
        return Stop.DOUBT
    if stopped is None and way is WayHome.SICK and Ground.TO_BE_SENT_HOME_SICK not in grounds:
        return Stop.NOT_SICK
    return stopped


def stops_release(now: Standing, outcome: Outcome) -> Stop | None:
    """Why a person who is not returned is not let go so, by one of `RELEASES`; None: it is what they validly wish (arts. 7, 118).

    Nobody loses the Convention's protection by another's choice: whoever does not wish it stays a prisoner of war.
    """
    wished = _RELEASES[outcome]
    if now.kind is not wished:
        return Stop.WISHES_OTHERWISE
    return Stop.DOUBT if any(one.kind is not wished for one in now.unheard) else None


def _against(wish: Wish | None, way: WayHome, fear: Fear, grounds: Collection[Ground]) -> Stop | None:
    if wish and wish.refuses_if_sick and Ground.HOSTILITIES_OVER not in grounds:
        return Stop.REFUSES
    match way:
        case WayHome.EXCHANGE:
            return None if wish and wish.kind is WishKind.EXCHANGE else Stop.NO_WISH
        case (
            WayHome.SICK
        ):  # whoever is undecided is not sent against their will: the gravely ill may be unable to speak
            return Stop.REFUSES if wish and (wish.kind in _HERE_FOR_NOW or wish.refuses_if_sick) else None
        case WayHome.AFTER_HOSTILITIES:
            return Stop.FEAR if wish and wish.kind in _NOT_HOME and fear is Fear.NONE else None


def _is_fresh(wish: Wish, at: datetime | None) -> bool:
    """Without a time it is the first moment that it can have been: 72 hours are never counted from too late."""
    return at is None or timedelta(0) <= at - wish.said <= CONFIRMED_FOR


def _is_confirmed(valid: Sequence[Wish], sheets: Sequence[str]) -> bool:
    """Said at two times that lie at least 12 hours apart, each with all formalities, and last after the sheet in force.

    Nothing else was said validly between the two. R40 has a wish said again and names no time between; the 12 hours are ours: two
    papers of one sitting confirm nothing. Both times are as they were written down, on papers that witnesses signed; a paper
    without one may be of any moment of its day.
    """
    if not valid:
        return False
    last = valid[-1]
    same = list(takewhile(lambda one: one.kind is last.kind, reversed(valid)))
    return any(last.said - _latest(one) >= APART for one in same) and last.sheet == sheets[-1]


def _latest(wish: Wish) -> datetime:
    return wish.said if wish.has_time else wish.said + _A_DAY


def _is_before(one: Wish, other: Wish) -> bool:
    """Whether it was surely said before: by the time if both papers have one, else by the day."""
    if one.has_time and other.has_time:
        return _moment(one) < _moment(other)
    return one.said.date() < other.said.date()


def _moment(wish: Wish) -> tuple[datetime, bool, bool, bytes]:
    """Of two records of one moment the one that keeps a person here counts, whichever was entered first."""
    return wish.said, wish.kind is not WishKind.EXCHANGE, wish.refuses_if_sick, msgspec.json.encode(wish)


def same_name(words: str) -> str:
    """A name as two papers would both have it, whatever their letters and spaces."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())
