# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of this room."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling
from safeconduct.desk.custody.errors import CustodyError, NoSuchPerson
from safeconduct.desk.custody.mistakes import MISTAKES, Mistake
from safeconduct.desk.custody.post import errors
from safeconduct.desk.custody.post.kinds import Before, Deed, Entry, Kind, Outcome, Sheet
from safeconduct.desk.custody.post.models import Piece, StruckEntry

KINDS: dict[Kind, str | Promise] = {Kind.LETTER: _("letter"), Kind.CARD: _("card"), Kind.PARCEL: _("parcel")}
SHEETS: dict[Sheet, str | Promise] = {
    Sheet.CAME: _("came for them"),
    Sheet.HANDED_IN: _("handed in by them, to be sent"),
    Sheet.FORMS: _("forms for letters and cards given out"),
}
DEEDS: dict[Deed, str | Promise] = {
    Deed.DONE: _("handed over or sent"),
    Deed.CENSORED: _("read by the censor"),
    Deed.REDIRECTED: _("sent after who is elsewhere now"),
    Deed.SHARED: _("parcel shared out among the sick"),
}
BEFORE: dict[Before, str | Promise] = {
    Before.PERSON: _("the person themselves"),
    Before.REPRESENTATIVE: _("the prisoners' representative"),
}
ENTRIES: dict[Entry, str | Promise] = {
    Entry.CAME: _("that it was there"),
    Entry.CENSORED: _("that it was censored"),
    Entry.DONE: _("that it ended"),
}
OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.HANDED_OVER: _("handed over"),
    Outcome.SENT: _("sent"),
    Outcome.SHARED: _("shared out among the sick"),
    Outcome.SENT_ON: _("sent on"),
}
_REFUSED: dict[type[CustodyError], str | Promise] = {
    errors.BelowConvention: _("Nobody may have less than two letters and four cards a month (article 71)."),
    errors.NoSuchPiece: _("This is not in the ledger any more."),
    errors.CensoredTwice: _("The censor has read this already. It may be read once (article 76)."),
    errors.NotCensored: _("A parcel is opened before its owner or the representative; use its own page."),
    errors.OpenedTwice: _("This parcel was opened already."),
    errors.NotAParcel: _("This is no parcel."),
    errors.NotElsewhere: _("Their place is here: hand it over, or send it."),
    errors.GoneAlready: _("This was handed over or sent already."),
    errors.BeforeItCame: _("This day is before the one on which it came."),
    errors.Unread: _("Write a number, then letter, card or parcel, then how many."),
    errors.TooMany: _("More than 500 lines are not entered at once. Send the rest now."),
    errors.EnteredAlready: _("This is entered already."),
    NoSuchPerson: _("Nobody has this number."),
}


def refused(error: CustodyError) -> str | Promise:
    return _REFUSED.get(type(error)) or telling.refused(error)


def kind(piece: Piece) -> str | Promise:
    return KINDS[Kind(piece.kind)]


def outcome(piece: Piece | StruckEntry) -> str | Promise:
    return OUTCOMES[Outcome(piece.outcome)] if piece.outcome else ""


def struck(row: StruckEntry) -> dict[str, object]:
    """An entry that counts no more: what it said, and why it was struck."""
    return {
        "row": row,
        "what": ENTRIES[Entry(row.what)],
        "outcome": outcome(row),
        "why": MISTAKES[Mistake(row.why)],
    }
