# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses.

CustodyError
├── NotCleared          nobody has checked within 72 hours that this person may be returned
├── ReleaseNotCleared   the same before a release, of whoever stated a fear or had a decision
├── ReturnStopped       `why`: what stands against a return
├── NobodyListed        of these people none can stand on an exchange list
├── TooManyListed       more than one list holds
├── ListSettled         the list was handed over or dropped, or nobody has approved it
├── NotApprovable       somebody else decided, it lapsed, or whoever built it cannot approve it
├── DecisionIncomplete  a decision has grounds and the names of at least two people
├── ReleaseIncomplete   a release has a day, and a third country a name that is not the Power's
├── AnotherStands       what waits for the second person is not what they read
├── TooLong             (a `DoesNotFit`) more words than a page keeps
└── NothingToDecide     no decision waits for a second person
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError, DoesNotFit
from safeconduct.desk.custody.wishes.counting import Stop, Unlisted

_STOPPED: dict[Stop, str | Promise] = {
    Stop.DOUBT: _("Something else was said last, in a record that is incomplete. Ask the person again, with all that makes a record valid."),
    Stop.REFUSES: _("The person refuses to be sent back while hostilities last (art. 109). They stay."),
    Stop.NO_WISH: _("No valid record says that the person wishes to be exchanged. They are not exchanged."),
    Stop.NOT_LISTED: _("This person can be exchanged by no list that was handed over. Nobody is exchanged on one registrar's word: build a list, have another registrar approve it, and hand it over."),
    Stop.FEAR: _("The person fears to return, or wishes otherwise. An individual decision comes first (art. 118)."),
    Stop.NOT_RETURNED: _("It was decided that the person is not returned."),
    Stop.NOT_OVER: _("No camp has entered that hostilities ended. Until then nobody is returned on that ground."),
    Stop.NOT_SICK: _("The medical office has not entered that this person is to be sent home as seriously sick or wounded."),
    Stop.WISHES_OTHERWISE: _("No valid record says that the person wishes to be released so. Ask them; until then they stay a prisoner of war, with all that the Convention gives."),
}  # fmt: skip


class NotCleared(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "Whether this person may be returned has not been checked within the last 72 hours, or something was said since. Check it on their page, under Return."
    )


class ReleaseNotCleared(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "This person stated a fear to return, or it was decided on. They are not entered as released before it was checked within the last 72 hours that nothing stands against their return: a release must not become one. If they are not returned, two registrars release them by a decision on their page, under Return."
    )


class ReturnStopped(CustodyError):
    def __init__(self, why: Stop) -> None:
        super().__init__(why.value)
        self.why = why

    @property
    def told(self) -> str | Promise:
        return _STOPPED[self.why]


class NobodyListed(CustodyError):
    """`left_out`: by number, why each of them cannot."""

    sentence: ClassVar[str | Promise] = _("None of these people can stand on a list now.")

    def __init__(self, left_out: Mapping[str, Unlisted]) -> None:
        super().__init__()
        self.left_out = left_out


class TooManyListed(CustodyError):
    sentence: ClassVar[str | Promise] = _("One list holds at most 400 people. Make two.")


class ListSettled(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "This list cannot be used: it is not approved, or it was handed over or dropped."
    )


class NotApprovable(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "You cannot approve this: you proposed it yourself, it has changed or lapsed, or somebody has decided it already."
    )


class AnotherStands(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "Another decision was proposed since you opened the page. Read what stands here now, and compare it with the paper."
    )


class TooLong(DoesNotFit):
    sentence: ClassVar[str | Promise] = _(
        "These words are longer than 4,000 characters, and nothing was kept of them. Shorten them, or enter them in two parts."
    )


class DecisionIncomplete(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "A decision needs its grounds, and the names of at least two people who made it."
    )


class ReleaseIncomplete(CustodyError):
    sentence: ClassVar[str | Promise] = _(
        "A release needs its day. A third country needs a name, and is not the Power from which the person came."
    )


class NothingToDecide(CustodyError):
    sentence: ClassVar[str | Promise] = _("No decision waits for a second person.")
