# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can go wrong between an operator and the desk.

OperatorsError
├── KeyringError
│   ├── Locked          the operator's key is closed; the passphrase opens it again
│   └── NotAdmitted     the operator is in the team, but no colleague has wrapped its key to them yet
├── NameTaken           another operator has this name
├── NameRefused         a name that could not be told apart or typed
├── NotAllowed          an act that the actor's role or keys do not carry
├── LastHolder          nobody else holds a team's key, and who asks has not said that they know what follows
├── UnknownTeam         no such team, or a team without a key
├── StaleTicket         a wait ticket that is forged, spent or of another account
├── TooEarly            a wait ticket that is not ripe yet
├── CardRefused         what an operator said of themselves for a call cannot be used
├── KeyNotBelieved      what a security key answered does not fit
├── NothingToRotate     no rotation of this team is on its way, or a colleague has begun another
├── NoCard              who goes on duty has to say first what they speak
└── TooBusy             more people are signing in than the desk serves at once
"""

from collections.abc import Collection


class OperatorsError(Exception):
    """Base of all errors of this package."""


class KeyringError(OperatorsError):
    pass


class Locked(KeyringError):
    pass


class NotAdmitted(KeyringError):
    pass


class NameTaken(OperatorsError):
    pass


class NameRefused(OperatorsError):
    pass


class NotAllowed(OperatorsError):
    pass


class LastHolder(OperatorsError):
    """`teams` are their codes."""

    def __init__(self, teams: Collection[str]) -> None:
        super().__init__(f"nobody else holds the key of {', '.join(sorted(set(teams)))}")
        self.teams = frozenset(teams)


class UnknownTeam(OperatorsError):
    pass


class StaleTicket(OperatorsError):
    pass


class TooEarly(OperatorsError):
    """`seconds` are left."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{seconds} seconds are left")
        self.seconds = seconds


class CardRefused(OperatorsError):
    """`field` is the one that cannot be used. What stood in it is never repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field} cannot be used")
        self.field = field


class KeyNotBelieved(OperatorsError):
    pass


class NothingToRotate(OperatorsError):
    pass


class NoCard(OperatorsError):
    pass


class TooBusy(OperatorsError):
    pass
