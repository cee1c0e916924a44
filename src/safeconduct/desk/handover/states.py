# SPDX-License-Identifier: AGPL-3.0-or-later
"""R14: the only ways in which a handover moves on. Everything else is refused."""

from enum import Enum

from safeconduct.desk.handover.errors import MoveRefused


class HandoverState(Enum):
    """Stored strings are stable."""

    DRAFT = "draft"  # being planned
    PROPOSED = "proposed"  # a plan waits for an approver
    APPROVED = "approved"  # nobody outside the cell knows of it yet
    RELEASED = "released"  # the receiving unit has its sheet
    RECEIVED = "received"
    NOT_COME = "not-come"
    ABORTED = "aborted"
    LOST = "lost"  # contact lost


class Move(Enum):
    """What can happen to a handover. The value names the act in the record."""

    PLAN = "plan"  # written or edited: what was approved before is void
    PROPOSE = "propose"
    REFUSE = "refuse"
    APPROVE = "approve"
    VOID = "void"  # its approval stands no more: withdrawn, lapsed, or somebody it rested on has left
    RELEASE = "release"
    RECEIVE = "receive"
    NOT_COME = "not-come"
    ABORT = "abort"
    LOSE = "lose"
    ERASE = "erase"  # R16: place and time are destroyed; the outcome stays


_D, _P, _A, _R = HandoverState.DRAFT, HandoverState.PROPOSED, HandoverState.APPROVED, HandoverState.RELEASED
LIVING = frozenset({_D, _P, _A, _R})
OUTCOMES = frozenset(HandoverState) - LIVING

TRANSITIONS: dict[tuple[HandoverState, Move], HandoverState] = {
    (_D, Move.PLAN): _D,
    (_P, Move.PLAN): _D,
    (_A, Move.PLAN): _D,
    (_D, Move.PROPOSE): _P,
    (_P, Move.REFUSE): _D,
    (_P, Move.APPROVE): _A,
    (_P, Move.VOID): _D,
    (_A, Move.VOID): _D,
    (_A, Move.RELEASE): _R,
    (_R, Move.RECEIVE): HandoverState.RECEIVED,
    (_R, Move.NOT_COME): HandoverState.NOT_COME,
    (_R, Move.LOSE): HandoverState.LOST,
    # Who came after all is received, as long as the desk still knows of what: nothing else is corrected.
    (HandoverState.NOT_COME, Move.RECEIVE): HandoverState.RECEIVED,
    (HandoverState.LOST, Move.RECEIVE): HandoverState.RECEIVED,
    (HandoverState.ABORTED, Move.RECEIVE): HandoverState.RECEIVED,
    (HandoverState.LOST, Move.NOT_COME): HandoverState.NOT_COME,
} | {
    **{(state, Move.ABORT): HandoverState.ABORTED for state in LIVING},
    **{(state, Move.ERASE): state for state in OUTCOMES},
}

OUTCOME_MOVES = (Move.RECEIVE, Move.NOT_COME, Move.ABORT, Move.LOSE)


def after(state: HandoverState, move: Move) -> HandoverState:
    """The state that follows. Raises `MoveRefused` for anything that the table does not list."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise MoveRefused(state.value, move.value) from None
