# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people are trained for, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_TITLES: dict[str, str | Promise] = {
    "interpreter": _lazy("Interpreting between two people"),
    "telephone": _lazy("Answering calls"),
    "units": _lazy("Units and commanders"),
    "relatives": _lazy("Relatives"),
    "minors": _lazy("Minors"),
    "medical": _lazy("Wounds and illness"),
    "legal": _lazy("Questions of law"),
    "distress": _lazy("Great distress"),
}


def title(skill: str) -> str:
    """One of a later release is told as such."""
    return str(_TITLES.get(skill) or _("something that this desk does not know yet"))


def titles(skills: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(title, skills))
