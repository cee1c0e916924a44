# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can go wrong with the record.

AuditError
├── UnknownAct         the act is not in the registry
├── NoMonitorKey       nobody could ever read the entry; nothing is done that cannot be recorded
├── NotInTransaction   the entry could be kept while the act is not, or the other way round
├── NoSigningKey       the desk's own signing key is not among its credentials
├── NotAnExport        a file that is no export of the record, or no checkpoint
└── CheckpointRefused  a countersigned checkpoint that this record does not have, or that does not verify
"""


class AuditError(Exception):
    """Base of all errors of this package."""


class UnknownAct(AuditError):
    pass


class NoMonitorKey(AuditError):
    pass


class NotInTransaction(AuditError):
    pass


class NoSigningKey(AuditError):
    pass


class NotAnExport(AuditError):
    pass


class CheckpointRefused(AuditError):
    pass
