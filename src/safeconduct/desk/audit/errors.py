# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can go wrong with the record.

AuditError
├── UnknownAct         the act is not in the registry
├── NoMonitorKey       nobody could ever read the entry; nothing is done that cannot be recorded
├── NotInTransaction   the entry could be kept while the act is not, or the other way round
└── CheckpointRefused  a countersignature that is not the monitor's, or of another chain
"""


class AuditError(Exception):
    """Base of all errors of this package."""


class UnknownAct(AuditError):
    pass


class NoMonitorKey(AuditError):
    pass


class NotInTransaction(AuditError):
    pass


class CheckpointRefused(AuditError):
    pass
