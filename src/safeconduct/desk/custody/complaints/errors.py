# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses. A complaint itself is refused for one reason alone: nothing was said, or more than a form holds.

CustodyError
├── NothingSaid      there are no words
├── TooLong          more than a form holds; the rest is another complaint
├── NoSuchComplaint  there is none of this number
└── NotNamed         the person named others to whom it goes
"""

from safeconduct.desk.custody.errors import CustodyError


class NothingSaid(CustodyError):
    pass


class TooLong(CustodyError):
    pass


class NoSuchComplaint(CustodyError):
    pass


class NotNamed(CustodyError):
    pass
