# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and what it raises an alert for."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.cases.escalating import ALERT, CELL_ALERT
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.shifts.left_approvals import ALERT as LEFT_APPROVALS

ACTS = (
    Act("shifts.hand_over", _("handed a shift over")),
    Act("shifts.refused", _("was refused to hand a shift over")),
    Act("shifts.read", _("read the note of a shift")),
    Act("shifts.acknowledge", _("took a shift over")),
    Act("shifts.forget", _("destroyed the notes of shifts that are a week old")),
)
KINDS = (
    Kind(
        ALERT,
        _("People wait for longer than was promised them, or soon will, and nobody has said that they see to it."),
        page="shifts:escalations",
        lasts=True,
        asks=frozenset({Role.OPERATOR, Role.SUPERVISOR}),
    ),
    Kind(
        CELL_ALERT,
        _(
            "People whom the handover cell answers wait for longer than was promised them, or soon will, and nobody has said "
            "that they see to it."
        ),
        page="shifts:escalations",
        lasts=True,
        asks=frozenset({Role.PLANNER, Role.APPROVER}),
    ),
    Kind(
        LEFT_APPROVALS,
        _("Something waits for a second person and can go no further: somebody it rests on has left."),
        page="approvals:waiting",
        lasts=True,
    ),
)
