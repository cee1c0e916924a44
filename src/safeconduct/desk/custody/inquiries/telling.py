# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of this room's refusals."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.errors import CustodyError, NoSuchPerson
from safeconduct.desk.custody.inquiries.errors import NothingAsked, NoWords

_REFUSED: dict[type[CustodyError], str | Promise] = {
    NothingAsked: _("Enter a name or a service number: there is nothing to look for without one."),
    NoWords: _("Write what was answered."),
    NoSuchPerson: _("Nobody in the register has this number."),
}


def refused(error: CustodyError) -> str | Promise:
    """What to do about it, for the person at the page."""
    return _REFUSED.get(type(error)) or register.refused(error)
