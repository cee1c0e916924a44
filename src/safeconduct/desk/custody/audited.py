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
    Act("custody.renumbered", _("corrected a prisoner's number")),
    Act("custody.registration_doubted", _("said that a registration was wrong")),
    Act("custody.registration_dated", _("put the day of a registration right")),
    Act("custody.registration_taken_back", _("took a registration back")),
    Act("custody.card", _("made a capture card")),
    Act("custody.cards", _("looked at whose capture cards are due in a camp")),
    Act("custody.cards_made", _("made the capture cards that are due in a camp")),
    Act("custody.altered", _("found a page that was altered outside the program")),
    Act("custody.set_aside", _("set an altered page aside")),
    Act("custody.pages_signed", _("signed the pages that were there before signatures were")),
)
LATE, LATE_APART, LATE_COUNSEL = "custody.late", "custody.late_apart", "custody.late_counsel"
FULL = "custody.full"
TAKEN_BACK = "custody.registration_taken_back"
NOWHERE, ESCAPED, DIED, DEATH_STRUCK = "custody.nowhere", "custody.escaped", "custody.died", "custody.death_struck"
ALTERED = "custody.altered"
# An office that holds people does not end what it owes them unheard: others than its own hear of it.
_ACCOUNT = frozenset({Role.REGISTRAR, Role.MONITOR, Role.COUNSEL})
# Every camp owes, and its commander sees its own: who is asked stands outside of it and sees them all.
_WATCH = frozenset({Role.REGISTRAR, Role.MONITOR})
KINDS = (
    Kind(LATE, _("A duty of the Convention is late"), "custody:board", lasts=True, asks=_WATCH),
    Kind(LATE_APART, _("A duty that few offices see is late"), "custody:board", lasts=True, audience=_ACCOUNT),
    Kind(
        LATE_COUNSEL,
        _("Independent counsel has not spoken with somebody in time"),
        "custody:board",
        lasts=True,
        audience=frozenset({Role.COUNSEL, Role.MONITOR}),
    ),
    Kind(
        FULL,
        _("A camp holds more people than it has places"),
        "custody:camps",
        lasts=True,
        asks=frozenset({Role.REGISTRAR}),
    ),
    Kind(
        NOWHERE,
        _("Somebody is held nowhere, and nothing says that they left"),
        "custody:people",
        lasts=True,
        audience=_ACCOUNT,
    ),
    Kind(TAKEN_BACK, _("A registration was taken back: look into it"), "custody:people", audience=_ACCOUNT),
    Kind(ESCAPED, _("An escape was entered: look into it"), "custody:people", audience=_ACCOUNT),
    Kind(DIED, _("A death was entered: look into it"), "custody:people", audience=_ACCOUNT),
    # The monitor's alone: whoever altered a page, or let it happen, must not take the alarm away.
    Kind(
        ALTERED,
        _("A sealed page was altered outside the program"),
        "custody:altered",
        audience=frozenset({Role.MONITOR}),
    ),
    Kind(DEATH_STRUCK, _("A death was struck from the register: look into it"), "custody:people", audience=_ACCOUNT),
)
