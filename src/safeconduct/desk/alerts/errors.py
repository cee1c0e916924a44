# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can be wrong with an alert.

AlertsError
├── UnknownKind    no room has registered it
├── AlertGone      somebody has answered it already, or it is over
└── BadSettings    alerts.toml cannot be used; the text says the mend and repeats no value of it
"""


class AlertsError(Exception):
    """Base of all errors of this package."""


class UnknownKind(AlertsError):
    pass


class AlertGone(AlertsError):
    pass


class BadSettings(AlertsError):
    pass
