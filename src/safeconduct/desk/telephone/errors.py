# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What can go wrong between an operator and a call.

TelephoneError
├── BadSetting   a value in the environment is not what it must be; the text names the setting and the mend
├── NotStarted   the process cannot listen where it was told to
├── Down         the process does not answer: the desk goes on, the page says so
├── Refusal      what the page asked for is not possible; `why` says why
└── CallOver     the other side of the call has gone
"""

from safeconduct.desk.telephone.messages import Why


class TelephoneError(Exception):
    """Base of all errors of this package. No text holds a number, an address or a name."""


class BadSetting(TelephoneError):
    pass


class NotStarted(TelephoneError):
    pass


class Down(TelephoneError):
    pass


class Refusal(TelephoneError):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class CallOver(TelephoneError):
    pass
