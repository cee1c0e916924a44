# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses.

CustodyError
├── NoSuchInquiry   there is none with this number
├── NothingAsked    neither a name nor a service number was given
└── NoWords         an answer says something
"""

from safeconduct.desk.custody.errors import CustodyError


class NoSuchInquiry(CustodyError):
    pass


class NothingAsked(CustodyError):
    pass


class NoWords(CustodyError):
    pass
