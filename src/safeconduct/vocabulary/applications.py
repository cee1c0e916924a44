# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who applies, and how near they are (R2). Stored strings are stable: they lie inside sealed records for years."""

from enum import Enum, IntEnum


class ApplicationType(Enum):
    """Who is writing."""

    INDIVIDUAL = "individual"
    UNIT = "unit"
    CONSCRIPT = "conscript"
    RELATIVE = "relative"


class Stage(Enum):
    """Where the writer is now. A relative gives their own stage; nothing is asked about others (R3)."""

    HOME = "home"
    CONSCRIPTED = "conscripted"
    TRAINING = "training"
    DEPLOYED = "deployed"
    FRONT = "front"


class Urgency(IntEnum):
    """The only three steps that travel in clear."""

    LATER = 1
    SOON = 2
    NOW = 3


class Kind(Enum):
    """What an envelope is for; travels in clear while something waits."""

    APPLICATION = "application"
    MESSAGE = "message"
    REPLY = "reply"
    ERASURE = "erasure"
    REPORT = "report"  # a reply went its way: nobody has to do anything
    TROUBLE = "trouble"  # a reply did not, or nobody knows: somebody has to look


HEAD_COUNT_MAX = 99_999  # an absurd number breaks no form; a person looks at it

_URGENCY = {
    Stage.HOME: Urgency.LATER,
    Stage.CONSCRIPTED: Urgency.SOON,
    Stage.TRAINING: Urgency.SOON,
    Stage.DEPLOYED: Urgency.SOON,
    Stage.FRONT: Urgency.NOW,
}


def urgency_of(stage: Stage) -> Urgency:
    """The clear step that orders the queue: a person at the front before one at home."""
    return _URGENCY[stage]
