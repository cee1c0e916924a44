# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses.

CustodyError
├── NoBureauKey         there is no bureau.pub among the credentials, or it is none
├── AcknowledgementRefused   `why`: no acknowledgement, for another line, another Bureau's, or altered
├── NoWorry             nothing waits for counsel about this person
└── WorryWaits          it waits for counsel already
"""

from enum import Enum

from safeconduct.desk.custody.errors import CustodyError


class NoBureauKey(CustodyError):
    pass


class Wrong(Enum):
    """What is wrong with a file that is to be an acknowledgement."""

    NONE = "none"
    TOO_LONG = "too-long"
    OTHER_LINE = "other-line"
    OTHER_KEY = "other-key"
    ALTERED = "altered"


class AcknowledgementRefused(CustodyError):
    def __init__(self, why: Wrong) -> None:
        super().__init__(why.value)
        self.why = why


class NoWorry(CustodyError):
    pass


class WorryWaits(CustodyError):
    pass
