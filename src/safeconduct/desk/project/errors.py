# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can be wrong with the desk as a whole.

ProjectError
├── BadSetting     a value in the environment is not what it must be; the text names the setting and the mend
├── NotReady       the desk must not start like this; the text lists the mends
├── LogBusy        a reader kept the write-ahead log from being emptied; it is tried again
└── BackupKeyGone  the key of a backup's day was destroyed, as it must be after seven days, or is lost
"""


class ProjectError(Exception):
    """Base of all errors of this package."""


class BadSetting(ProjectError):
    """A setting is malformed. The process does not start."""


class NotReady(ProjectError):
    pass


class BackupKeyGone(ProjectError):
    pass


class LogBusy(ProjectError):
    pass
