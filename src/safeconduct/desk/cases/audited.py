# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.cases.astray import ALERT as ASTRAY_ALERT
from safeconduct.desk.cases.expiry import STOPPED_ALERT, UNREAD_ALERT
from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("cases.collect", _("took over what arrived")),
    Act("cases.erase", _("erased a case at the person's wish")),
    Act("cases.deliver", _("laid a reply into the person's mailbox")),
    Act("cases.undeliverable", _("found no mailbox for a reply")),
    Act("cases.read", _("opened a case and read it")),
    Act("cases.file", _("looked at a file that the person sent")),
    Act("cases.file-refused", _("was shown nothing of a file")),
    Act("cases.reply", _("replied to the person")),
    Act("cases.note", _("wrote an internal note")),
    Act("cases.settle", _("marked a case as needing no answer")),
    Act("cases.close", _("closed a case")),
    Act("cases.return", _("put a case back into the queue")),
    Act("cases.need", _("said who should answer a case")),
    Act("cases.claim", _("took a case to answer it")),
    Act("cases.take-over", _("took a case over from a colleague")),
    Act("cases.release", _("gave a case back for others to answer")),
    Act("cases.left", _("gave back a case that its operator had left")),
    Act("cases.escalate", _("told supervisors of a promise that is not kept")),
    Act("cases.acknowledge", _("acknowledged a promise that is not kept")),
    Act("cases.calendar", _("changed what is promised when")),
    Act("cases.offer", _("offered a case to the handover cell")),
    Act("cases.accept", _("took a case over for the handover cell")),
    Act("cases.give-back", _("gave a case back to intake")),
    Act("cases.move-place", _("moved an entry of a case to the handover cell alone")),
    Act("cases.pass-on", _("passed on to the handover cell what had still come to intake")),
    Act("cases.instruct", _("told the public door to whom a conversation is sealed")),
    Act("cases.cell-refused", _("was refused to hand a case over")),
    Act("cases.freeze", _("froze a case and its handover")),
    Act("cases.lift", _("lifted the freezing of a case")),
    Act("cases.suspect-minor", _("marked a person as perhaps younger than 18")),
    Act("cases.found-minor", _("reviewed a case: the person is younger than 18")),
    Act("cases.found-adult", _("reviewed a case: the person is of age")),
    Act("cases.person-read", _("read what was entered of who a person is")),
    Act("cases.person-entered", _("entered who a person is")),
    Act("cases.searched", _("searched, and opened these cases to compare them")),
    Act("cases.compared", _("opened two cases to compare them")),
    Act("cases.merged", _("brought two cases of one person together")),
    Act("cases.unmerged", _("took two cases apart again")),
    Act("cases.merge-refused", _("was refused to bring two cases together or to take them apart")),
    Act("cases.unit", _("wrote down something about a unit")),
    Act("cases.printed", _("printed a case")),
    Act("cases.fold", _("folded a case under another")),
    Act("cases.unfold", _("took a case out of a fold")),
    Act("cases.words-destroyed", _("destroyed words after their time")),
    Act("cases.expire", _("destroyed a case after its time")),
    Act("cases.refused", _("was refused an act with a case")),
    Act("cases.draft", _("began a text that is not sent yet")),
)
KINDS = (
    Kind(
        ASTRAY_ALERT,
        _(
            "A message for the handover cell came to intake, and the cell cannot open it. Open its case: that passes it on."
        ),
        page="cases:queue",
        lasts=True,
        asks=frozenset({Role.OPERATOR, Role.SUPERVISOR}),
    ),
    Kind(
        UNREAD_ALERT,
        _("Something that a person wrote has been lying unread for days. After 180 days it is destroyed."),
        page="cases:unread",
        lasts=True,
    ),
    Kind(
        STOPPED_ALERT,
        _("A case has been frozen or under review for two weeks, and no supervisor has decided."),
        page="cases:unread",
        lasts=True,
        asks=roles.ACTS["cases.lift"],
    ),
)
