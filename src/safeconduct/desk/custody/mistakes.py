# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""Why an entry of a room is struck: one of a closed list, in clear. What was entered stays to be read, and counts no more."""

from enum import Enum

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class Mistake(Enum):
    """The strings are stored. Words would be content, and might name somebody."""

    TWICE = "twice"
    OTHER_DAY = "other-day"
    OTHER_MEANT = "other-meant"
    NOT_HAPPENED = "not-happened"


MISTAKES: dict[Mistake, str | Promise] = {
    Mistake.TWICE: _("it was entered twice"),
    Mistake.OTHER_DAY: _("it was on another day"),
    Mistake.OTHER_MEANT: _("another person, camp, visit or piece was meant"),
    Mistake.NOT_HAPPENED: _("it did not happen"),
}


class MistakeNeeded(CustodyError):
    sentence = _("Say what was wrong with the entry.")


def mistake(said: QueryDict) -> Mistake:
    """Raises `MistakeNeeded`."""
    for one in Mistake:
        if one.value == said.get("mistake"):
            return one
    raise MistakeNeeded


def choices() -> list[tuple[str, str | Promise]]:
    """As a page offers them."""
    return [(one.value, words) for one, words in MISTAKES.items()]
