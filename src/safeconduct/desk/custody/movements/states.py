# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only ways in which a list moves on (R24, R34). Everything else is refused."""

from enum import Enum

from safeconduct.desk.custody.movements.errors import StepRefused


class Kind(Enum):
    """An evacuation leads away from the fighting (arts. 19, 20), a transfer from camp to camp (arts. 46 to 48)."""

    EVACUATION = "evacuation"
    TRANSFER = "transfer"


class State(Enum):
    """Stored strings are stable."""

    DRAWN_UP = "drawn-up"
    TOLD = "told"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    CALLED_OFF = "called-off"


class Step(Enum):
    """What can happen to a list."""

    CHANGE = "change"  # somebody is put on it: all must be told again
    STRIKE = "strike"  # somebody is taken off it
    TELL = "tell"
    DEPART = "depart"
    ARRIVE = "arrive"
    ARRIVE_LATE = "arrive-late"
    CALL_OFF = "call-off"


class Mark(Enum):
    """How one person stands on a list. What does not travel is one word, whatever its reason."""

    GOES = "goes"
    NOT_TO_TRAVEL = "not-travel"
    STRUCK = "struck"
    STAYED = "stayed"
    MISSING = "missing"
    ARRIVED = "arrived"


_D, _T, _S = State.DRAWN_UP, State.TOLD, State.DEPARTED
WAITING = frozenset({_D, _T})  # nobody has left yet

_BOTH = {
    (_D, Step.CHANGE): _D,
    (_D, Step.STRIKE): _D,
    (_D, Step.CALL_OFF): State.CALLED_OFF,
    (_S, Step.ARRIVE): State.ARRIVED,
    (State.ARRIVED, Step.ARRIVE_LATE): State.ARRIVED,
}
TRANSITIONS: dict[Kind, dict[tuple[State, Step], State]] = {
    Kind.EVACUATION: _BOTH | {(_D, Step.DEPART): _S},
    Kind.TRANSFER: _BOTH
    | {
        (_D, Step.TELL): _T,
        (_T, Step.TELL): _T,
        (_T, Step.CHANGE): _D,
        (_T, Step.STRIKE): _T,
        (_T, Step.CALL_OFF): State.CALLED_OFF,
        (_T, Step.DEPART): _S,
    },
}


def after(kind: Kind, state: State, step: Step) -> State:
    """The state that follows. Raises `StepRefused` for anything that the table does not list."""
    try:
        return TRANSITIONS[kind][state, step]
    except KeyError:
        raise StepRefused(state.value, step.value) from None
