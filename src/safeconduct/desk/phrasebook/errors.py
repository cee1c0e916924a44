# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can be wrong with a sentence of the phrasebook.

PhrasebookError
├── UnknownPhrase      no such sentence, or no such language
├── NotApproved        two people have not approved its wording in this language, and this is no demonstration
├── ValueRefused       what was typed into a sentence cannot stand there
├── WordingRefused     a proposed wording breaks a rule; the errors name each
└── DraftGone          nothing waits there for a second person (any more)
"""

from collections.abc import Sequence

from django.utils.functional import Promise


class PhrasebookError(Exception):
    """Base of all errors of this package."""


class UnknownPhrase(PhrasebookError):
    pass


class NotApproved(PhrasebookError):
    pass


class ValueRefused(PhrasebookError):
    """`name` is the value's. What was typed is never repeated."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the value {name} cannot be used")
        self.name = name


class WordingRefused(PhrasebookError):
    """`reasons` are for the editor."""

    def __init__(self, reasons: Sequence[str | Promise]) -> None:
        super().__init__("the wording breaks a rule")
        self.reasons = tuple(reasons)


class DraftGone(PhrasebookError):
    pass
