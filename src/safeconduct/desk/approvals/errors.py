# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can be wrong with an approval.

ApprovalsError
├── UnknownKind       no room has registered it
├── NoSuchProposal    there is none (any more)
├── NotAllowed        the actor's role does not carry it, or somebody it rests on has left or does something else now
├── SamePerson        nobody approves what they proposed themselves
├── AlreadyProposed   a colleague has proposed the same thing; it waits to be approved
├── ContentChanged    it is no longer what was proposed
├── Lapsed            it was left for too long
├── NotOpen           somebody has decided already
└── NotApproved       it cannot take effect: nobody has approved it, or it has taken effect already
"""


class ApprovalsError(Exception):
    """Base of all errors of this package."""


class UnknownKind(ApprovalsError):
    pass


class NoSuchProposal(ApprovalsError):
    pass


class NotAllowed(ApprovalsError):
    pass


class SamePerson(ApprovalsError):
    pass


class AlreadyProposed(ApprovalsError):
    pass


class ContentChanged(ApprovalsError):
    pass


class Lapsed(ApprovalsError):
    pass


class NotOpen(ApprovalsError):
    pass


class NotApproved(ApprovalsError):
    pass
