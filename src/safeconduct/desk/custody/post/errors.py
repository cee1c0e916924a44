# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What this room refuses. None of it takes a letter away: what is refused here is an entry, and the piece stays to be handed over.

CustodyError
├── BelowConvention   a limit lower than two letters and four cards a month (art. 71)
├── NoSuchPiece       there is none of this number, or it was struck
├── CensoredTwice     it was censored already (art. 76)
├── NotCensored       a parcel is opened before its owner, and not censored
├── OpenedTwice       it was opened already
├── NotAParcel        only parcels are opened or shared out
├── NotElsewhere      they are in the camp where it lies: it is handed over
├── NothingSuch       this was not entered of it, or was struck already
├── GoneAlready       it was handed over or sent already
├── BeforeItCame      a day before the one on which it came
├── TooManyShown      more pieces at once than a page shows
├── Unread            a line that does not say number, kind and count
├── NotHandedIn       a parcel among what prisoners hand in: letters and cards (art. 71)
├── FormsAlone        more than a number, of somebody to whom forms were given
├── TooMany           more lines than are entered at once
└── EnteredAlready    the same was entered for this day
"""

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError


class BelowConvention(CustodyError):
    pass


class NoSuchPiece(CustodyError):
    pass


class CensoredTwice(CustodyError):
    pass


class NotCensored(CustodyError):
    pass


class OpenedTwice(CustodyError):
    pass


class NotAParcel(CustodyError):
    pass


class NotElsewhere(CustodyError):
    pass


class NotHandedIn(CustodyError):
    sentence = _(
        "Prisoners hand in letters and cards. If this parcel came for them, enter its line again under “came for them”."
    )


class FormsAlone(CustodyError):
    sentence = _("Of forms that were given out, write the number alone on the line.")


class NothingSuch(CustodyError):
    sentence = _("This does not stand in the ledger any more. Look at the page again.")


class GoneAlready(CustodyError):
    pass


class BeforeItCame(CustodyError):
    pass


class Unread(CustodyError):
    pass


class TooMany(CustodyError):
    pass


class TooManyShown(CustodyError):
    sentence = _(
        "A page shows at most 150 pieces, and no more are entered at once. Open it again, and tick what was done."
    )


class EnteredAlready(CustodyError):
    pass
