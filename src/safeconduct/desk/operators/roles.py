# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one table of role × act (T6). What is not in it, nobody may do."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(Enum):
    """What a person does at the desk. The strings are stored."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    MONITOR = "monitor"

    @property
    def title(self) -> str | Promise:
        return _TITLES[self]

    @property
    def team(self) -> str | None:
        """The team whose key a person in this role needs. An administrator needs none: they see no content."""
        return _TEAMS[self]


_TITLES = {
    Role.OPERATOR: _("Operator"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.MONITOR: _("Monitor"),
}
_TEAMS = {Role.OPERATOR: "intake", Role.ADMINISTRATOR: None, Role.MONITOR: "monitor"}

EVERYONE = frozenset(Role)
_OPERATORS = frozenset({Role.OPERATOR})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_MONITORS = frozenset({Role.MONITOR})

ACTS: dict[str, frozenset[Role]] = {
    "desk.home": EVERYONE,
    "desk.help": EVERYONE,
    "desk.health": _ADMINISTRATORS,
    "people.see": EVERYONE,
    "people.add": _ADMINISTRATORS,
    "people.change": _ADMINISTRATORS,
    "people.admit": _OPERATORS | _MONITORS,
    "duty.see": _OPERATORS | _ADMINISTRATORS,
    "duty.take": _OPERATORS,
    "audit.read": _MONITORS,
    "cases.queue": _OPERATORS,
    "cases.open": _OPERATORS,
    "cases.file": _OPERATORS,
    "cases.reply": _OPERATORS,
    "cases.note": _OPERATORS,
    "cases.status": _OPERATORS,
    "telephone.use": _OPERATORS,
    "prompts.hear": _OPERATORS | _ADMINISTRATORS,
}


def may(role: Role, act: str) -> bool:
    """Whether this role carries this act. An unknown act is a mistake in the program and raises `KeyError`."""
    return role in ACTS[act]
