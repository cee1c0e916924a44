# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a call's flow: where a caller is, what they did, what is said and done next. Nothing personal is in any."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    """Where a caller is."""

    LANGUAGES = "languages"
    OPENING = "opening"  # the first words of a line with one language
    MENU = "menu"
    FULL = "full"  # the menu of a line that has no place left
    WHOM = "whom"
    ALONE = "alone"
    GROUP = "group"
    DRONE = "drone"
    WOUNDED = "wounded"
    TREATMENT = "treatment"
    OPERATOR = "operator"
    MESSAGE = "message"
    CODE_OFFER = "code offer"
    CODE = "code"
    CODE_ASK = "code ask"
    OPENED = "opened"
    CALL_BACK = "call back"
    NUMBER_ASK = "number ask"
    NUMBER_RIGHT = "number right"
    WINDOW = "window"
    ASKED = "asked"  # a call of ours that the person wished for
    DELIVER = "deliver"
    BYE = "bye"
    END = "end"


class Act(StrEnum):
    """What the session does once all is said; it reports what came of it."""

    QUEUE = "queue"
    RECORD = "record"
    SHOW_CODE = "show code"
    OPEN = "open"  # the digits of a code, and the answers under it
    TAKE_NUMBER = "take number"  # the one from which the call comes
    ASK_NUMBER = "ask number"
    KEEP_ANY = "any"
    KEEP_MORNING = "morning"
    KEEP_AFTERNOON = "afternoon"
    KEEP_EVENING = "evening"
    DELIVER = "deliver"  # say what waits for whom we called
    HANG_UP = "hang up"


class Report(StrEnum):
    """What came of an act."""

    STORED = "stored"
    LONG = "long"  # stored, and as long as it can be
    EMPTY = "empty"
    FAILED = "failed"
    CODE = "code"
    NO_CODE = "no code"
    OPENED = "opened"
    NOT_OPENED = "not opened"  # and it was said why
    NO_MORE = "no more tries"
    NUMBER = "number"
    ANY_HOUR = "number of an unknown clock"
    NO_NUMBER = "no number"
    KEPT = "kept"
    NOBODY = "nobody"
    LEFT = "left"  # the queue, for a message
    TALKED = "talked"
    DELIVERED = "delivered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Key:
    """One of '0' to '9', '*', '#'."""

    key: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed."""


Input = Key | Silence | Report


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence, in the call's language or in one of its own."""

    msgid: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits that the session alone knows, one by one: those of a code in groups of four, or of a number."""

    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """One sentence about a number."""

    one: str
    many: str
    count: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What lies under the code that was typed; the session alone knows it."""


Said = Words | Pause | Digits | Counted | Answers


@dataclass(frozen=True, slots=True)
class State:
    """One call. `languages` in the order in which they are offered."""

    place: Place
    languages: tuple[str, ...]
    language: str
    page: int = 0  # of the languages
    part: int = 0  # of the treatment
    silences: int = 0  # of the menu, one after the other
    again: int = 0  # how often this place was said, unasked
    is_greeted: bool = False
    is_protection_told: bool = False
    is_full: bool = False
    is_full_told: bool = False
    dials: bool = False  # whether the line can call people
    has_number: bool = False  # whether the caller's number is known
    any_hour_only: bool = False  # nobody knows which clock the number goes by

    def at(self, place: Place, **changes: object) -> "State":
        return dataclasses.replace(self, place=place, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Step:
    """Say this; then do the act, or wait so long for a key."""

    state: State
    says: tuple[Said, ...]
    act: Act | None = None
    patience: float = 5.0
