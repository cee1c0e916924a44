# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses. A complaint itself is refused for one reason alone: nothing was said, or more than a form holds.

CustodyError
├── NothingSaid      there are no words
├── TooLong          (a `DoesNotFit`) more than a form holds; the rest is another complaint
├── NoSuchComplaint  there is none of this number
└── NotNamed         the person named others to whom it goes
"""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError, DoesNotFit


class NothingSaid(CustodyError):
    pass


class TooLong(DoesNotFit):
    sentence: ClassVar[str | Promise] = _(
        "This is more than one form holds. Enter the rest as another complaint: there may be any number of them."
    )


class NoSuchComplaint(CustodyError):
    pass


class NotNamed(CustodyError):
    pass
