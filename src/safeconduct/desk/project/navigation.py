# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places in the head of every page, by role."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role


@dataclass(frozen=True, slots=True)
class Place:
    """One link: the name of its address, the act that it needs, its word and its key."""

    address: str
    act: str
    title: str | Promise
    key: str

    @property
    def url(self) -> str:
        return reverse(self.address)


PLACES = (
    Place("cases:queue", "cases.queue", _("Queue"), "q"),
    Place("operators:people", "people.see", _("People"), "p"),
    Place("audit", "audit.read", _("Audit"), "a"),
    Place("health", "desk.health", _("Health"), "h"),
    Place("help", "desk.help", _("Help"), "?"),
)


def places(role: Role) -> tuple[Place, ...]:
    """Where a person in this role may go, in the order of the head."""
    return tuple(place for place in PLACES if roles.may(role, place.act) and _exists(place))


def _exists(place: Place) -> bool:
    try:
        reverse(place.address)
    except NoReverseMatch:
        return False
    return True
