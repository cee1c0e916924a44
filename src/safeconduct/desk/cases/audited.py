# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

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
    Act("cases.draft", _("began a text that is not sent yet")),
)
