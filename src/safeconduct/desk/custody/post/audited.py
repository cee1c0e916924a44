# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49)."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.audit.registry import Act

ACTS = (
    Act("post.allowance", _("set how much a camp's prisoners may send in a month")),
    Act("post.sheet", _("entered a sheet of mail")),
    Act("post.dealt", _("entered what became of mail")),
    Act("post.opened", _("opened a parcel before its owner or the representative")),
    Act("post.contents", _("read what is in a parcel")),
    Act("post.struck", _("struck an entry of the mail")),
    Act("post.cards", _("entered that capture cards were sent")),
)
