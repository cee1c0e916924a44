# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of lists on this room's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import telling
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.movements.errors import MovementRefused
from safeconduct.desk.custody.movements.states import Kind, Mark, State

KINDS = {Kind.EVACUATION: _("evacuation"), Kind.TRANSFER: _("transfer")}
STATES = {
    State.DRAWN_UP: _("drawn up"),
    State.TOLD: _("told"),
    State.DEPARTED: _("on the way"),
    State.ARRIVED: _("arrived"),
    State.CALLED_OFF: _("called off"),
}
MARKS = {
    Mark.GOES: _("travels"),
    Mark.NOT_TO_TRAVEL: _("not to travel"),
    Mark.STRUCK: _("taken off the list"),
    Mark.STAYED: _("did not depart"),
    Mark.MISSING: _("did not arrive"),
    Mark.ARRIVED: _("arrived"),
}


def refused(error: CustodyError) -> str | Promise:
    """What to do about it, and about whom."""
    sentence = telling.refused(error)
    numbers = error.numbers if isinstance(error, MovementRefused) else ()
    return f"{sentence} {', '.join(numbers)}" if numbers and str(sentence).endswith(":") else sentence
