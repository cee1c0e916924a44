# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused


class CasesError(Exception):
    """What cases refuse.

    CasesError
    ├── TransitionRefused      R14: this state has no such move
    ├── HeldByOthers           another team answers this case now
    ├── CellRefused            it cannot go to the handover cell, or not come back
    │   ├── UnderDuress        R5
    │   ├── OfRelative         R6
    │   ├── OfConscript        R7
    │   ├── NoApplication      nobody has said what they are, so that neither rule could be kept
    │   └── HandoverUnderWay   it cannot come back either: somebody may be on the way
    ├── Crossed                the person wrote meanwhile, or a colleague did: read that first
    ├── CaseGone               no such case, or it was erased: a view answers 404
    ├── HeldBy                 a colleague has this case; `name` says who
    ├── HandsFull              the operator has as many cases as they said that they can answer; `most`
    ├── NeedRefused            what a case is said to need is not in the list
    ├── NothingWaits           a case in which nothing waits is nobody's
    ├── CalendarRefused        what is promised when cannot be read
    ├── EscalationGone         nothing waits there any more
    ├── NotReadYet             a message of the case is unopened: read it first
    ├── NothingStands          the case is not frozen, or not under review
    ├── NoUnit                 R6, R7: such an application is of no unit
    ├── NoMember               that case, or that attempt, is not of the unit
    ├── AlreadyMember          that case is of a unit already, or is one itself
    ├── NotFolded              the case lies under no other, or cannot
    ├── SamePerson             whoever marked a case does not review it
    ├── AlreadyMerged          that case stands under another one of the same person
    ├── NotMerged              these two cases are not (or no longer) brought together
    ├── ReplyRefused           a reply holds what may not stand in one message
    ├── NoMailbox              nothing readable says where an answer could be sealed to
    ├── FileGone               a person's file is not (or no longer) in its folder, or is no file
    ├── NoSandbox              none can be made on this machine: no file of a person is decoded at all
    ├── RenderingFailed        `reason`: what became of it inside the sandbox
    ├── CredentialRefused      the desk's own keys are missing or not what they should be
    └── ErasureStoreRefused    the file of the erasure keys cannot be used as it stands
    """


class TransitionRefused(CasesError):
    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"a case that is {state} cannot {move}")
        self.state = state
        self.move = move


class HeldByOthers(CasesError):
    pass


class CellRefused(CasesError):
    pass


class UnderDuress(CellRefused):
    pass


class OfRelative(CellRefused):
    pass


class OfConscript(CellRefused):
    pass


class NoApplication(CellRefused):
    pass


class HandoverUnderWay(CellRefused):
    pass


class Crossed(CasesError):
    pass


class CaseGone(CasesError):
    pass


class HeldBy(CasesError):
    def __init__(self, name: str) -> None:
        super().__init__("a colleague has this case")
        self.name = name


class HandsFull(CasesError):
    def __init__(self, most: int) -> None:
        super().__init__("as many cases as can be answered at a time")
        self.most = most


class NeedRefused(CasesError):
    pass


class NothingWaits(CasesError):
    pass


class CalendarRefused(CasesError):
    pass


class EscalationGone(CasesError):
    pass


class NotReadYet(CasesError):
    pass


class NothingStands(CasesError):
    pass


class NoUnit(CasesError):
    pass


class NoMember(CasesError):
    pass


class AlreadyMember(CasesError):
    pass


class NotFolded(CasesError):
    pass


class SamePerson(CasesError):
    pass


class ReplyRefused(CasesError):
    pass


class NoMailbox(CasesError):
    pass


class FileGone(CasesError):
    pass


class NoSandbox(CasesError):
    pass


class RenderingFailed(CasesError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CredentialRefused(CasesError):
    pass


class ErasureStoreRefused(CasesError):
    pass


class AlreadyMerged(CasesError):
    pass


class NotMerged(CasesError):
    pass
