# SPDX-License-Identifier: AGPL-3.0-or-later
"""R14: the only ways in which a case moves on. Everything else is refused."""

from enum import Enum

from safeconduct.desk.cases.errors import TransitionRefused


class CaseState(Enum):
    """Stored strings are stable."""

    SILENT = "silent"  # they came to a chat and have said nothing yet
    NEW = "new"  # nobody has opened it
    OPEN = "open"  # opened, and something waits
    ANSWERED = "answered"  # nothing waits
    CLOSED = "closed"  # nothing waits, and nothing is expected


class Move(Enum):
    """What can happen to a case. The value names the act in the audit."""

    READ = "read"
    WRITTEN = "written"  # the person wrote, or a reply did not reach them
    REPLY = "reply"
    CROSS = "cross"  # a reply that crossed with a message nobody has read
    REOPEN = "reopen"  # a reply to what a colleague closed, by one who was told so
    SETTLE = "settle"  # needs no answer
    CLOSE = "close"
    RETURN = "return"  # back into the queue


class Whose(Enum):
    """Whose a case is. Stored strings are stable; `Case.with_cell` holds them."""

    INTAKE = ""
    OFFERED = "offered"  # still intake's; the cell may read it, and take it over
    CELL = "cell"  # the handover cell's alone: the edge seals what follows to the cell


class CellMove(Enum):
    """How a case goes to the handover cell and back."""

    OFFER = "offer"
    ACCEPT = "accept"
    GIVE_BACK = "give-back"


TRANSITIONS: dict[tuple[CaseState, Move], CaseState] = {
    (CaseState.SILENT, Move.READ): CaseState.SILENT,
    (CaseState.NEW, Move.READ): CaseState.OPEN,
    (CaseState.OPEN, Move.READ): CaseState.OPEN,
    (CaseState.ANSWERED, Move.READ): CaseState.ANSWERED,
    (CaseState.CLOSED, Move.READ): CaseState.CLOSED,
    (CaseState.SILENT, Move.WRITTEN): CaseState.NEW,
    (CaseState.NEW, Move.WRITTEN): CaseState.NEW,
    (CaseState.OPEN, Move.WRITTEN): CaseState.OPEN,
    (CaseState.ANSWERED, Move.WRITTEN): CaseState.OPEN,
    (CaseState.CLOSED, Move.WRITTEN): CaseState.OPEN,  # a closed case is no closed door
    (CaseState.OPEN, Move.REPLY): CaseState.ANSWERED,
    (CaseState.ANSWERED, Move.REPLY): CaseState.ANSWERED,
    (CaseState.OPEN, Move.CROSS): CaseState.OPEN,  # what they wrote meanwhile still waits
    (CaseState.CLOSED, Move.REOPEN): CaseState.ANSWERED,
    (CaseState.OPEN, Move.SETTLE): CaseState.ANSWERED,
    (CaseState.OPEN, Move.CLOSE): CaseState.CLOSED,
    (CaseState.ANSWERED, Move.CLOSE): CaseState.CLOSED,
    (CaseState.ANSWERED, Move.RETURN): CaseState.OPEN,
    (CaseState.CLOSED, Move.RETURN): CaseState.OPEN,
}

OWNERS: dict[tuple[Whose, CellMove], Whose] = {
    (Whose.INTAKE, CellMove.OFFER): Whose.OFFERED,
    (Whose.OFFERED, CellMove.OFFER): Whose.OFFERED,  # again: what came since is to be read by the cell too
    (Whose.OFFERED, CellMove.ACCEPT): Whose.CELL,
    (Whose.OFFERED, CellMove.GIVE_BACK): Whose.INTAKE,  # the cell does not take it
    (Whose.CELL, CellMove.GIVE_BACK): Whose.INTAKE,
}

# By team: who answers, notes for colleagues aside, and who may open the case at all.
ANSWERS = frozenset({("intake", Whose.INTAKE), ("intake", Whose.OFFERED), ("handover", Whose.CELL)})
SEES = ANSWERS | {("intake", Whose.CELL), ("handover", Whose.OFFERED)}

QUIET = frozenset(
    {CaseState.SILENT, CaseState.ANSWERED, CaseState.CLOSED}
)  # nothing waits: the five labels leave the clear


def after(state: CaseState, move: Move) -> CaseState:
    """The state that follows. Raises `TransitionRefused` for anything that the table does not list."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise TransitionRefused(state.value, move.value) from None


def offered(state: CaseState) -> tuple[Move, ...]:
    """The moves that an operator can make by a button from here."""
    buttons = (Move.SETTLE, Move.CLOSE, Move.RETURN)
    return tuple(move for move in buttons if (state, move) in TRANSITIONS)


def whose_after(whose: Whose, move: CellMove) -> Whose:
    """Whose it is then. Raises `TransitionRefused` for anything that the table does not list."""
    try:
        return OWNERS[whose, move]
    except KeyError:
        raise TransitionRefused(whose.value or "with intake", move.value) from None
