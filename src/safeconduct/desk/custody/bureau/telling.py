# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of packages and of this room's refusals."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling as register
from safeconduct.desk.custody.bureau.errors import AcknowledgementRefused, NoBureauKey, NoWorry, WorryWaits, Wrong
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.vocabulary.bureau import TOLD, Word

_WORDS: dict[str, str | Promise] = {
    Word.HELD_AGAIN.value: _("held again"),
    Word.DETAILS.value: _("details written anew"),
    Word.POWER_WAITS.value: _("the Power's copy waits"),
    Word.POWER_MAY_KNOW.value: _("the Power may know"),
    Word.STILL_ILL.value: _("still seriously ill"),
} | {event.value: register.EVENTS[event] for event in TOLD}

_REFUSED: dict[type[CustodyError], str | Promise] = {
    NoBureauKey: _("The Bureau's public key is not among custody's credentials. `safeconduct custody packages key` puts it there."),
    NoWorry: _("Nothing waits for counsel about this person."),
    WorryWaits: _("Counsel has been asked about this person already."),
}  # fmt: skip


WRONG: dict[Wrong, str | Promise] = {
    Wrong.NONE: _("This file is no acknowledgement, or it was cut short. Ask the Bureau for it again; its name ends in .sca."),
    Wrong.TOO_LONG: _("This file is longer than an acknowledgement can be. Nothing of it was kept."),
    Wrong.OTHER_LINE: _("This acknowledgement is for another register, not for this one. Give it back to whoever brought it."),
    Wrong.OTHER_KEY: _("This acknowledgement was signed with another key than the Bureau's newest that is here. Compare the keys aloud, and ask the Bureau to acknowledge anew."),
    Wrong.ALTERED: _("The signature does not fit: this file was altered on its way, or is forged. Nothing of it counts; ask the Bureau for it again, and tell them."),
}  # fmt: skip


def kind(value: str) -> str | Promise:
    return _WORDS.get(value, value)


def refused(error: CustodyError) -> str | Promise:
    """What to do about it, for the person at the page."""
    if isinstance(error, AcknowledgementRefused):
        return WRONG[error.why]
    return _REFUSED.get(type(error)) or register.refused(error)
