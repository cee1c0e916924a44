# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and what it raises an alert for. A subject is a number: no place, no time and no code (R17)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.cases import offers
from safeconduct.desk.handover import readers, stopping
from safeconduct.desk.handover.links import OPENED
from safeconduct.desk.handover.overdue import ALERT
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("handover.start", _("began to plan a handover")),
    Act("handover.read", _("opened the plan of a handover")),
    Act("handover.plan", _("wrote the plan of a handover")),
    Act("handover.propose", _("proposed the plan of a handover")),
    Act("handover.approve", _("approved the plan of a handover")),
    Act("handover.refuse", _("refused the plan of a handover")),
    Act("handover.void", _("found that the approval of a plan stands no more")),
    Act("handover.release", _("released a handover to the receiving unit")),
    Act("handover.reissue", _("sealed a released sheet anew to the unit's people")),
    Act("handover.codes", _("told a person the words of their handover")),
    Act("handover.receive", _("noted that the people of a handover were received")),
    Act("handover.not-come", _("noted that nobody came to a handover")),
    Act("handover.abort", _("aborted a handover")),
    Act("handover.lose", _("noted that contact was lost in a handover")),
    Act("handover.erase", _("destroyed place and time of a handover")),
    Act("handover.link", _("sealed the link of a handover to custody")),
    Act("handover.link-opened", _("opened the link of a handover to custody")),
    Act("handover.denied", _("was refused an act of a handover")),
    Act("units.card", _("read the cards of the receiving units")),
    Act("units.add", _("added a receiving unit")),
    Act("units.change", _("changed a receiving unit")),
    Act("units.retire", _("retired a receiving unit")),
    Act("units.assign", _("took a person into a receiving unit")),
    Act("units.dismiss", _("took a person out of a receiving unit")),
    Act("units.denied", _("was refused an act with a receiving unit")),
    Act("sheets.read", _("read a released handover sheet")),
    Act("sheets.denied", _("was refused an act with a handover sheet")),
)
KINDS = (
    Kind(
        ALERT,
        _("The window of a handover has passed, and nobody has said what became of it."),
        page="handover:overview",
        lasts=True,
    ),
    Kind(
        stopping.ALERT,
        _("A released handover was stopped. Tell the receiving unit by radio, and then call it off."),
        page="handover:overview",
        lasts=True,
    ),
    Kind(
        stopping.CALLED_OFF,
        _("A released handover has ended, and nobody was received. Call the unit, and tell the person."),
        page="handover:overview",
    ),
    Kind(
        stopping.VOID,
        _("The plan of a handover stands no more. Plan it anew; if its person was told the words, tell them first."),
        page="handover:overview",
    ),
    Kind(
        readers.ALERT,
        _("Nobody at the receiving unit can open a released sheet. Call the unit, then seal it anew or call it off."),
        page="handover:overview",
        lasts=True,
    ),
    Kind(
        offers.ALERT,
        _("Intake has offered a case to the handover cell, and nobody there has taken it or declined."),
        page="handover:overview",
        lasts=True,
        asks=roles.ACTS["cell.accept"],
    ),
    # The monitor's alone: whoever else took it would end it.
    Kind(
        OPENED,
        _("Two people of the handover cell have opened a link to custody."),
        audience=frozenset({Role.MONITOR}),
    ),
)
