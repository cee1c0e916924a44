# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49), and the alarms that counsel hears, with the monitor or alone. No entry says what was wished."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("custody.wish", _("entered what a prisoner wishes")),
    Act("custody.wish_read", _("read what a prisoner wishes")),
    Act("custody.wish_print", _("printed the record of a wish")),
    Act("custody.exchange", _("made or changed an exchange list")),
    Act("custody.exchange_read", _("read an exchange list")),
    Act("custody.exchange_approved", _("approved an exchange list")),
    Act("custody.exchange_handed", _("handed over an exchange list")),
    Act("custody.exchange_told", _("told the exchange office how a list stands")),
    Act("custody.exchange_dropped", _("dropped an exchange list")),
    Act("custody.exchange_print", _("printed an exchange list")),
    Act("custody.return_cleared", _("checked that a prisoner may be returned")),
    Act("custody.return_stopped", _("checked a return, and something stood against it")),
    Act("custody.return_drafted", _("proposed a decision on who fears to return")),
    Act("custody.return_decided", _("decided on who fears to return")),
    Act("custody.return_read", _("read a decision on who fears to return")),
    Act("custody.counsel_told", _("passed a prisoner's words to counsel")),
    Act("custody.counsel_read", _("read what a prisoner said for counsel")),
)
ASKED, UNHEARD, NOBODY = "custody.counsel", "custody.counsel_unheard", "custody.counsel_nobody"
KINDS = (
    Kind(ASKED, _("Somebody has asked for counsel"), "wishes:counsel", audience=frozenset({Role.COUNSEL})),
    Kind(
        NOBODY,
        _("Somebody has asked for counsel, and nobody holds counsel's key"),
        "operators:people",
        audience=frozenset({Role.MONITOR}),
    ),
    # What was owed to them ends when they leave: that it was not kept must not end unseen.
    Kind(
        UNHEARD,
        _("Somebody left before counsel had spoken with them"),
        "wishes:counsel",
        audience=frozenset({Role.COUNSEL, Role.MONITOR}),
    ),
)
