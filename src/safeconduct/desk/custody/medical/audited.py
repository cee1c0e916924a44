# SPDX-License-Identifier: AGPL-3.0-or-later
"""The acts of this room that are recorded (R49). A subject is a person's number; what was found is in no record."""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.alerts.registry import Kind
from safeconduct.desk.audit.registry import Act
from safeconduct.desk.operators.roles import Role

ACTS = (
    Act("medical.read", _("read a medical sheet")),
    Act("medical.inspected", _("entered a medical inspection")),
    Act("medical.corrected", _("corrected a medical inspection")),
    Act("medical.described", _("wrote down a state on arrival")),
    Act("medical.noted", _("wrote on a medical sheet")),
    Act("medical.transfer", _("said whether somebody may travel")),
    Act("medical.word", _("wrote a word on somebody seriously ill")),
    Act("medical.heard", _("read a word on somebody seriously ill")),
    Act("medical.told", _("passed on a word on somebody seriously ill")),
    Act("medical.printed", _("printed a medical sheet")),
)
LOSS = "medical.loss"
# What was found is in no alarm: only that somebody has to be seen, which the register's clear event says as well.
KINDS = (
    Kind(
        LOSS,
        _("A medical review is needed after an inspection"),
        "custody:board",
        lasts=True,
        asks=frozenset({Role.MEDICAL}),
    ),
)
