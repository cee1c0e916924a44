# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is a number of a person or the name of a camp."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("custody.camp", _("opened a camp")),
    Act("custody.camp_changed", _("changed what a camp has")),
    Act("custody.camp_reopened", _("opened a camp again")),
    Act("custody.quarters", _("gave quarters")),
    Act("custody.bound", _("bound a camp commander to a camp")),
    Act("custody.unbound", _("freed a camp commander from a camp")),
    Act("custody.register", _("registered a prisoner of war")),
    Act("custody.identity", _("read a prisoner's details")),
    Act("custody.correct_identity", _("wrote a prisoner's details anew")),
    Act("custody.event", _("entered what happened")),
    Act("custody.correct", _("corrected what was entered")),
    Act("custody.card", _("made a capture card")),
)
LATE = "custody.late"
FULL = "custody.full"
NOWHERE, ESCAPED, DIED, DEATH_STRUCK = "custody.nowhere", "custody.escaped", "custody.died", "custody.death_struck"
# An office that holds people does not end what it owes them unheard: others than its own hear of it.
_ACCOUNT = frozenset({Role.REGISTRAR, Role.MONITOR, Role.COUNSEL})
KINDS = (
    Kind(LATE, _("A duty of the Convention is late"), "custody:board", lasts=True),
    Kind(FULL, _("A camp holds more people than it has places"), "custody:camps", lasts=True),
    Kind(
        NOWHERE,
        _("Somebody is held nowhere, and nothing says that they left"),
        "custody:people",
        lasts=True,
        audience=_ACCOUNT,
    ),
    Kind(ESCAPED, _("An escape was entered: look into it"), "custody:people", audience=_ACCOUNT),
    Kind(DIED, _("A death was entered: look into it"), "custody:people", audience=_ACCOUNT),
    Kind(DEATH_STRUCK, _("A death was struck from the register: look into it"), "custody:people", audience=_ACCOUNT),
)
