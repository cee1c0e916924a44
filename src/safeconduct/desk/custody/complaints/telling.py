# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling
from safeconduct.desk.custody.complaints.errors import NothingSaid, NotNamed
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.vocabulary.complaints import Addressee

ADDRESSEES: dict[Addressee, str | Promise] = {
    Addressee.PROTECTING_POWER: _("The Protecting Power"),
    Addressee.RED_CROSS: _("The International Committee of the Red Cross"),
    Addressee.REPRESENTATIVE: _("The prisoners' representative"),
    Addressee.AUTHORITIES: _("The military authorities of the camp"),
}
_REFUSED: dict[type[CustodyError], str | Promise] = {
    NothingSaid: _("Write down what was said."),
    NotNamed: _("The person did not name them: what they said goes to nobody else."),
}


def refused(error: CustodyError) -> str | Promise:
    return _REFUSED.get(type(error)) or telling.refused(error)
