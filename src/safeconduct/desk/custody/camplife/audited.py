# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is the name of a camp, with a visit's or a person's own number and a closed word why."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("camplife.day", _("entered a camp's day")),
    Act("camplife.posted", _("entered what is posted in a camp")),
    Act("camplife.elected", _("entered representatives of prisoners")),
    Act("camplife.struck", _("struck an election that was not held")),
    Act("camplife.approved", _("approved or refused a representative")),
    Act("camplife.ended", _("entered that somebody is a representative no more")),
    Act("camplife.asked", _("entered that a visit was asked for")),
    Act("camplife.visited", _("entered that a visit was made")),
    Act("camplife.proposed", _("asked that a visit be refused")),
    Act("camplife.refused", _("refused a visit")),
    Act("camplife.visit_struck", _("struck what was entered of a visit")),
    Act("camplife.read", _("read the log of visits")),
    Act("camplife.denied", _("was not let refuse a visit")),
)
VACANT, STRUCK = "camplife.vacant", "camplife.visit_struck"
UNELECTED, ENDED = "camplife.election_struck", "camplife.representative_ended"
KINDS = (
    Kind(
        VACANT,
        _("A camp has no representative of the prisoners"),
        "custody:board",
        lasts=True,
        asks=frozenset({Role.CAMP_COMMANDER, Role.REGISTRAR}),  # one holds the election, the other approves it
    ),
    Kind(STRUCK, _("What was entered of a visit was struck"), "custody:board", audience=frozenset({Role.MONITOR})),
    Kind(
        UNELECTED, _("An election of representatives was struck"), "custody:board", audience=frozenset({Role.MONITOR})
    ),
    Kind(
        ENDED,
        _("The office of an approved representative was ended"),
        "custody:board",
        audience=frozenset({Role.MONITOR}),
    ),
)
