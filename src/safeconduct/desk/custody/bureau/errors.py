# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses.

CustodyError
├── NoBureauKey         there is no bureau.pub among the credentials, or it is none
├── AcknowledgementRefused   no acknowledgement, another Bureau's, altered, or cut short
├── NoWorry             nothing waits for counsel about this person
└── WorryWaits          it waits for counsel already
"""

from safeconduct.desk.custody.errors import CustodyError


class NoBureauKey(CustodyError):
    pass


class AcknowledgementRefused(CustodyError):
    pass


class NoWorry(CustodyError):
    pass


class WorryWaits(CustodyError):
    pass
