# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can go wrong here.

EmergencyError
├── NotLocked    there is nothing to lift
└── DrillFailed  the lock would have left somebody inside
"""


class EmergencyError(Exception):
    """Base of all errors of this package."""


class NotLocked(EmergencyError):
    pass


class DrillFailed(EmergencyError):
    pass
