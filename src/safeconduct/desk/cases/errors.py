# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused


class CasesError(Exception):
    """What cases refuse.

    CasesError
    ├── TransitionRefused      R14: this state has no such move
    ├── Crossed                the person wrote meanwhile: read that first
    ├── CaseGone               no such case, or it was erased: a view answers 404
    ├── NoMailbox              nothing readable says where an answer could be sealed to
    ├── CredentialRefused      the desk's own keys are missing or not what they should be
    └── ErasureStoreRefused    the file of the erasure keys cannot be used as it stands
    """


class TransitionRefused(CasesError):
    def __init__(self, state: str, move: str) -> None:
        super().__init__(f"a case that is {state} cannot {move}")
        self.state = state
        self.move = move


class Crossed(CasesError):
    pass


class CaseGone(CasesError):
    pass


class NoMailbox(CasesError):
    pass


class CredentialRefused(CasesError):
    pass


class ErasureStoreRefused(CasesError):
    pass
