# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What a handover refuses.

HandoverError
├── NoSuchHandover      there is none, or not for this person: a view answers 404
├── NoSuchUnit          there is no such receiving unit, or it was retired
├── MoveRefused         R14: this state has no such move
├── NotYours            the actor's role does not carry the act
├── Stopped             `why`: what stops the handover of this case (R5, R6, R7, R13); `number`: in which other case
├── NotWithCell         the case is not the handover cell's
├── Erased              the person had everything erased; only an outcome can be told
├── AlreadyPlanned      another handover of this case is under way, or `other` in another case of the person
├── PlanRefused         `field`: what of a plan cannot stand. What was typed is never repeated
├── NoPlan              nothing has been planned yet
├── PlanMoved           the plan was edited since this page was shown
├── NoHoldFire          R19: nobody has confirmed that own troops were told to hold fire
├── WindowPassed        its time is over: plan anew
├── ClockDoubtful       the desk's clock cannot be believed, and with it no window
├── NotTold             R17: the person has not been told the words yet
├── NotBegun            the window has not opened: it can be called off, and nothing else
├── NeedsAnother        R15: whoever approved a plan does not release it
├── NobodyReceives      the unit has no person here whose key was heard
├── TooLong             the sheet could not be read over radio in a minute
├── NoCodes             there are none, or they have expired
├── NamesThePlace       R17: the text holds something of the place
├── CodesMissing        the text does not hold both codes as they were made
├── UnitTaken           another unit has this name
├── CardRefused         `field`: what of a unit cannot stand
├── KeyChanged          a person's key is no longer the one whose fingerprint was heard
├── TokenRefused        R20: what was typed is no token of custody, or there is room for no more
└── NoLink              R20: there is no link of this handover
"""


class HandoverError(Exception):
    """Base of all errors of this package."""


class NoSuchHandover(HandoverError):
    pass


class NoSuchUnit(HandoverError):
    pass


class MoveRefused(HandoverError):
    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"a handover that is {state} cannot {move}")
        self.state = state
        self.move = move


class NotYours(HandoverError):
    pass


class Stopped(HandoverError):
    def __init__(self, why: str, number: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.number = number


class NotWithCell(HandoverError):
    pass


class Erased(HandoverError):
    pass


class AlreadyPlanned(HandoverError):
    def __init__(self, case: str, *, other: str = "") -> None:
        super().__init__(case)
        self.other = other


class PlanRefused(HandoverError):
    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field} cannot stand")
        self.field = field


class NoPlan(HandoverError):
    pass


class PlanMoved(HandoverError):
    pass


class NoHoldFire(HandoverError):
    pass


class WindowPassed(HandoverError):
    pass


class ClockDoubtful(HandoverError):
    pass


class NotArrived(HandoverError):
    """What the person was told has not reached them (R17)."""


class NotTold(HandoverError):
    pass


class NotBegun(HandoverError):
    pass


class NeedsAnother(HandoverError):
    pass


class NobodyReceives(HandoverError):
    pass


class TooLong(HandoverError):
    pass


class NoCodes(HandoverError):
    pass


class NamesThePlace(HandoverError):
    pass


class CodesMissing(HandoverError):
    pass


class UnitTaken(HandoverError):
    pass


class CardRefused(HandoverError):
    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field} cannot stand")
        self.field = field


class KeyChanged(HandoverError):
    pass


class TokenRefused(HandoverError):
    pass


class NoLink(HandoverError):
    pass
