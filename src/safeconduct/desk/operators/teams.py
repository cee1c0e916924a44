# SPDX-License-Identifier: AGPL-3.0-or-later
"""The teams in words. Their codes are stored, and typed at the ceremony; people read these."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TITLES: dict[str, str | Promise] = {
    "intake": _("intake"),
    "handover": _("the handover cell"),
    "monitor": _("the monitor"),
    "custody": _("custody"),
    "medical": _("the medical team"),
    "mail": _("the mail office"),
    "bureau": _("the Information Bureau"),
    "counsel": _("independent counsel"),
}
_DESK = {"desk": _("the whole desk")}  # what an approval may be about besides a team


def title(code: str) -> str | Promise:
    """A team that this release does not know is called by its code."""
    return _TITLES.get(code, code)


def subject(said: str) -> str | Promise:
    """What an approval is about, in words where it is a team or the desk; a number of a case stays what it is."""
    return _DESK.get(said) or title(said)
