# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one table of role × act (T6). What is not in it, nobody may do."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(Enum):
    """What a person does at the desk. The strings are stored."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    PLANNER = "planner"
    APPROVER = "approver"
    RECEIVING_UNIT = "receiving-unit"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"
    MONITOR = "monitor"

    @property
    def title(self) -> str | Promise:
        return _TITLES[self]

    @property
    def team(self) -> str | None:
        """The team whose key a person in this role needs. None for who sees no content, or only what is sealed to them alone."""
        return _TEAMS[self]


_TITLES = {
    Role.OPERATOR: _("Operator"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.PLANNER: _("Handover planner"),
    Role.APPROVER: _("Handover approver"),
    Role.RECEIVING_UNIT: _("Receiving unit"),
    Role.EDITOR: _("Editor"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.MONITOR: _("Monitor"),
}
_TEAMS = {
    Role.OPERATOR: "intake",
    Role.SUPERVISOR: "intake",
    Role.PLANNER: "handover",
    Role.APPROVER: "handover",
    Role.RECEIVING_UNIT: None,
    Role.EDITOR: None,
    Role.ADMINISTRATOR: None,
    Role.MONITOR: "monitor",
}

EVERYONE = frozenset(Role)
_SUPERVISORS = frozenset({Role.SUPERVISOR})
_OPERATORS = frozenset({Role.OPERATOR}) | _SUPERVISORS  # a supervisor does what an operator does, and more
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_MONITORS = frozenset({Role.MONITOR})
_CELL = frozenset({Role.PLANNER, Role.APPROVER})  # R16: nobody else reads a place or a time
_EDITORS = frozenset({Role.EDITOR})

ACTS: dict[str, frozenset[Role]] = {
    "desk.home": EVERYONE,
    "desk.help": EVERYONE,
    "desk.mine": EVERYONE,
    "desk.health": _ADMINISTRATORS,
    "people.see": EVERYONE,
    "people.add": _ADMINISTRATORS,
    "people.change": _ADMINISTRATORS,
    "people.admit": _OPERATORS | _CELL | _MONITORS,
    "keys.see": _OPERATORS | _CELL | _MONITORS | _ADMINISTRATORS,
    "emergency.see": _SUPERVISORS | _ADMINISTRATORS,
    "emergency.lock": _SUPERVISORS | _ADMINISTRATORS,
    "emergency.lift": _SUPERVISORS | _ADMINISTRATORS,
    "emergency.destroy": _SUPERVISORS | _ADMINISTRATORS,
    "keys.own": EVERYONE,
    "keys.rotate": _OPERATORS | _CELL | _MONITORS,
    "duty.see": _OPERATORS | _ADMINISTRATORS,
    "duty.take": _OPERATORS,
    "skills.set": _SUPERVISORS,
    "audit.read": _MONITORS,
    "phrasebook.pick": _OPERATORS | _CELL | _EDITORS,
    "phrasebook.write": _EDITORS,
    "phrasebook.approve": _EDITORS,
    "alerts.see": _OPERATORS | _CELL | _ADMINISTRATORS,
    "alerts.take": _OPERATORS | _CELL | _ADMINISTRATORS,
    "approvals.see": EVERYONE - _MONITORS - {Role.RECEIVING_UNIT},
    "cases.queue": _OPERATORS | _CELL,
    "cases.open": _OPERATORS | _CELL,
    "cases.file": _OPERATORS | _CELL,
    "cases.reply": _OPERATORS | _CELL,
    "cases.note": _OPERATORS | _CELL,
    "cases.status": _OPERATORS | _CELL,
    "cases.mark": _OPERATORS | _CELL,
    "cases.lift": _SUPERVISORS,
    "cases.unit": _OPERATORS | _CELL,
    "cases.print": _OPERATORS,
    "cases.fold": _OPERATORS,
    "cases.filters": _OPERATORS | _CELL,
    "cases.claim": _OPERATORS | _CELL,
    "cases.person": _OPERATORS | _CELL,
    "cases.search": _OPERATORS | _CELL,
    "cases.merge": _OPERATORS,
    "cases.next": _OPERATORS,
    "cases.need": _OPERATORS | _CELL,
    "cell.offer": _OPERATORS,
    "cell.move": _OPERATORS,
    "cell.accept": frozenset({Role.PLANNER}),
    "cell.give_back": frozenset({Role.PLANNER}),
    "shifts.see": _OPERATORS,
    "load.see": _SUPERVISORS,
    "promises.change": _SUPERVISORS,
    "escalations.see": _OPERATORS,
    "escalations.take": _OPERATORS,
    "handover.see": _CELL,
    "handover.plan": frozenset({Role.PLANNER}),
    "handover.approve": frozenset({Role.APPROVER}),
    "handover.release": _CELL,
    "handover.codes": _CELL,
    "handover.outcome": _CELL,
    "units.see": _CELL,
    "units.change": _CELL,
    "sheets.see": frozenset({Role.RECEIVING_UNIT}),
    "sheets.outcome": frozenset({Role.RECEIVING_UNIT}),
    "telephone.use": _OPERATORS,
    "prompts.hear": _OPERATORS | _EDITORS | _ADMINISTRATORS,
}


def may(role: Role, act: str) -> bool:
    """Whether this role carries this act. An unknown act is a mistake in the program and raises `KeyError`."""
    return role in ACTS[act]
