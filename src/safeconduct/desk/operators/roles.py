# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one table of role × act (T6). What is not in it, nobody may do."""

from enum import Enum

from django.conf import settings
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
    REGISTRAR = "registrar"
    MEDICAL = "medical"
    CAMP_COMMANDER = "camp-commander"
    MAIL_OFFICE = "mail-office"
    BUREAU = "bureau"
    COUNSEL = "counsel"

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
    Role.REGISTRAR: _("Registrar"),
    Role.MEDICAL: _("Medical officer"),
    Role.CAMP_COMMANDER: _("Camp commander"),
    Role.MAIL_OFFICE: _("Mail office"),
    Role.BUREAU: _("Information Bureau"),
    Role.COUNSEL: _("Independent counsel"),
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
    Role.REGISTRAR: "custody",
    Role.MEDICAL: "medical",
    Role.CAMP_COMMANDER: None,
    Role.MAIL_OFFICE: "mail",
    Role.BUREAU: "bureau",
    Role.COUNSEL: "counsel",
}

_CUSTODY = frozenset({Role.REGISTRAR, Role.MEDICAL, Role.CAMP_COMMANDER, Role.MAIL_OFFICE, Role.BUREAU, Role.COUNSEL})
_BOTH = frozenset({Role.ADMINISTRATOR, Role.MONITOR})  # of people of their own in each house (R20)

EVERYONE = frozenset(Role)
_SUPERVISORS = frozenset({Role.SUPERVISOR})
_OPERATORS = frozenset({Role.OPERATOR}) | _SUPERVISORS  # a supervisor does what an operator does, and more
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_MONITORS = frozenset({Role.MONITOR})
_CELL = frozenset({Role.PLANNER, Role.APPROVER})  # R16: nobody else reads a place or a time
_EDITORS = frozenset({Role.EDITOR})
_REGISTRARS = frozenset({Role.REGISTRAR})
_KEEPERS = frozenset(role for role in _CUSTODY if _TEAMS[role])  # of custody's keys
_DUTIES = _CUSTODY | _MONITORS

ACTS: dict[str, frozenset[Role]] = {
    "desk.home": EVERYONE,
    "desk.help": EVERYONE,
    "desk.mine": EVERYONE,
    "desk.health": _ADMINISTRATORS,
    "people.see": EVERYONE,
    "people.add": _ADMINISTRATORS,
    "people.change": _ADMINISTRATORS,
    "people.admit": _OPERATORS | _CELL | _MONITORS | _KEEPERS,
    "keys.see": _OPERATORS | _CELL | _MONITORS | _KEEPERS | _ADMINISTRATORS,
    "emergency.see": _SUPERVISORS | _REGISTRARS | _ADMINISTRATORS,
    "emergency.lock": _SUPERVISORS | _REGISTRARS | _ADMINISTRATORS,
    "emergency.lift": _SUPERVISORS | _REGISTRARS | _ADMINISTRATORS,
    "emergency.destroy": _SUPERVISORS | _REGISTRARS | _ADMINISTRATORS,
    "keys.own": EVERYONE,
    "keys.rotate": _OPERATORS | _CELL | _MONITORS | _KEEPERS,
    "duty.see": _OPERATORS | _ADMINISTRATORS,
    "duty.take": _OPERATORS,
    "skills.set": _SUPERVISORS,
    "audit.read": _MONITORS,
    "phrasebook.pick": _OPERATORS | _CELL | _EDITORS,
    "phrasebook.write": _EDITORS,
    "phrasebook.approve": _EDITORS,
    "alerts.see": _OPERATORS | _CELL | _CUSTODY | _ADMINISTRATORS | _MONITORS,
    "alerts.take": _OPERATORS | _CELL | _CUSTODY | _ADMINISTRATORS | _MONITORS,
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
    "escalations.see": _OPERATORS | _CELL,
    "escalations.take": _OPERATORS | _CELL,
    "handover.see": _CELL,
    "handover.plan": frozenset({Role.PLANNER}),
    "handover.approve": frozenset({Role.APPROVER}),
    "handover.release": _CELL,
    "handover.codes": _CELL,
    "handover.outcome": _CELL,
    "handover.link": _CELL,
    "units.see": _CELL,
    "units.change": _CELL,
    "sheets.see": frozenset({Role.RECEIVING_UNIT}),
    "sheets.outcome": frozenset({Role.RECEIVING_UNIT}),
    "telephone.use": _OPERATORS,
    "prompts.hear": _OPERATORS | _EDITORS | _ADMINISTRATORS,
    "custody.board": _DUTIES,
    "custody.people": _DUTIES,
    "custody.register": _REGISTRARS,
    "custody.renumber": _REGISTRARS,
    "custody.take_back": _REGISTRARS,  # one says it, another says the same
    "custody.enter": _CUSTODY,
    "custody.identity": _REGISTRARS | {Role.BUREAU},
    "custody.arrival": _REGISTRARS | {Role.MEDICAL},
    "custody.effects": _REGISTRARS,
    "custody.forms": _DUTIES,
    "custody.medical": frozenset({Role.MEDICAL}),  # R28: nobody else
    "custody.seriously_ill": frozenset({Role.MEDICAL, Role.BUREAU}),
    "custody.tell_health": frozenset({Role.BUREAU}),
    "custody.camplife": _REGISTRARS | _MONITORS | {Role.CAMP_COMMANDER, Role.COUNSEL},
    "custody.day_sheet": frozenset({Role.CAMP_COMMANDER}),
    "custody.elect": frozenset({Role.CAMP_COMMANDER}),
    "custody.elected_approve": _REGISTRARS,
    "custody.visits": _REGISTRARS | {Role.CAMP_COMMANDER},
    "custody.visit_made": _REGISTRARS,  # R35: the camp that owes it does not say that it was made
    "custody.visit_approve": _REGISTRARS,  # R35: and never who asked for it
    "custody.visit_log": _REGISTRARS | _MONITORS,
    "custody.death": _REGISTRARS | _MONITORS | {Role.MEDICAL, Role.BUREAU, Role.COUNSEL},
    "custody.death_write": _REGISTRARS,
    "custody.death_examine": frozenset({Role.MEDICAL}),
    "custody.death_print": _REGISTRARS | {Role.BUREAU},
    "custody.camps": _REGISTRARS,
    "custody.hostilities": _REGISTRARS,  # one proposes, another confirms
    "custody.wish": _REGISTRARS | {Role.COUNSEL},  # R43: nobody who writes to the home Power, and not the camp
    "custody.wish_take": _REGISTRARS,
    "custody.exchange": _REGISTRARS,
    "custody.return": _REGISTRARS,
    "custody.return_read": _REGISTRARS | {Role.COUNSEL},
    "custody.to_counsel": _CUSTODY,
    "custody.counsel": frozenset({Role.COUNSEL}),  # R42: and nowhere else
    "custody.altered": _MONITORS,
    "custody.complain": _CUSTODY | _MONITORS,
    "custody.post": frozenset({Role.MAIL_OFFICE}),
    "custody.post_ledger": _REGISTRARS | _MONITORS | {Role.MAIL_OFFICE},
    "custody.post_limit": _REGISTRARS,
    "custody.complaints": _MONITORS | {Role.COUNSEL},  # R30, R37: nobody whom a complaint may accuse
    "custody.packages": _REGISTRARS | _MONITORS | {Role.BUREAU},
    "custody.packages.send": _REGISTRARS | {Role.BUREAU},
    "custody.packages.take": frozenset({Role.BUREAU}),
    "custody.worry": _REGISTRARS | {Role.BUREAU, Role.COUNSEL},
    "custody.worry.decide": frozenset({Role.COUNSEL}),
    "custody.worries": frozenset({Role.COUNSEL}) | _MONITORS,
    "custody.names": _REGISTRARS | {Role.BUREAU},
    "custody.inquiries": frozenset({Role.BUREAU}),  # R45
    "custody.bind": _REGISTRARS | _ADMINISTRATORS,
    "custody.lists": _REGISTRARS | _MONITORS | {Role.MEDICAL, Role.CAMP_COMMANDER},
    "custody.move": _REGISTRARS,
    "custody.travel": frozenset({Role.MEDICAL}),
    "custody.quarters": _REGISTRARS | {Role.CAMP_COMMANDER},
}


def here() -> frozenset[Role]:
    """The roles that people of this house can have."""
    return _BOTH | _CUSTODY if settings.DESK.house == "custody" else EVERYONE - _CUSTODY


def may(role: Role, act: str) -> bool:
    """Whether this role carries this act. An unknown act is a mistake in the program and raises `KeyError`."""
    return role in ACTS[act]
