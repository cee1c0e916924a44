# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places in the head of every page, by role."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.operators import roles
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.project.environment import CUSTODY, DESK


@dataclass(frozen=True, slots=True)
class Place:
    """One link: the name of its address, the act that it needs, its word, and the letter that follows `g`."""

    address: str
    act: str
    title: str | Promise
    key: str
    house: str | None = None  # None: both have it


@dataclass(frozen=True, slots=True)
class Link:
    """A place as one page shows it."""

    title: str | Promise
    key: str
    url: str
    is_here: bool


PLACES = (
    Place("custody:board", "custody.board", _("Duties"), "q", CUSTODY),
    Place("custody:people", "custody.people", _("Persons"), "f", CUSTODY),
    Place("custody:register", "custody.register", _("Register"), "w", CUSTODY),
    Place("reception:arrivals", "custody.register", _("Arrivals"), "s", CUSTODY),
    Place("custody:camps", "custody.camps", _("Camps"), "o", CUSTODY),
    Place("reception:forms", "custody.forms", _("Forms"), "v", CUSTODY),
    Place("wishes:lists", "custody.exchange", _("Exchange"), "e", CUSTODY),
    Place("wishes:counsel", "custody.counsel", _("Counsel"), "j", CUSTODY),
    Place("bureau:worries", "custody.worries", _("Worries"), "y", CUSTODY),
    Place("medical:index", "custody.medical", _("Medical"), "m", CUSTODY),
    Place("deaths:index", "custody.death", _("Deaths"), "x", CUSTODY),
    Place("medical:seriously-ill", "custody.seriously_ill", _("Seriously ill"), "i", CUSTODY),
    Place("movements:lists", "custody.lists", _("Journeys"), "j", CUSTODY),
    Place("custody:altered", "custody.altered", _("Altered pages"), "e", CUSTODY),
    Place("custody:commanders", "custody.bind", _("Commanders"), "d", CUSTODY),
    Place("bureau:packages", "custody.packages", _("Bureau"), "u", CUSTODY),
    Place("post:waiting", "custody.post", _("Mail"), "t", CUSTODY),
    Place("complaints:list", "custody.complaints", _("Complaints"), "c", CUSTODY),
    Place("complaints:write", "custody.complain", _("Complaint form"), "r", CUSTODY),
    Place("names:search", "custody.names", _("Names"), "n", CUSTODY),
    Place("inquiries:inquiries", "custody.inquiries", _("Inquiries"), "j", CUSTODY),
    Place("cases:queue", "cases.queue", _("Queue"), "q", DESK),
    Place("cases:search", "cases.search", _("Search"), "f", DESK),
    Place("shifts:shifts", "shifts.see", _("Shifts"), "w", DESK),
    Place("shifts:load", "load.see", _("Load"), "o", DESK),
    Place("telephone:phone", "telephone.use", _("Phone"), "t", DESK),
    Place("phrasebook:pick", "phrasebook.pick", _("Phrasebook"), "i", DESK),
    Place("phrasebook:languages", "phrasebook.write", _("Wordings"), "y", DESK),
    Place("alerts:page", "alerts.see", _("Alerts"), "l"),
    Place("handover:overview", "handover.see", _("Handovers"), "e", DESK),
    Place("handover:sheets", "sheets.see", _("Sheets"), "e", DESK),
    Place("approvals:waiting", "approvals.see", _("Approvals"), "b"),
    Place("record", "audit.read", _("Audit"), "a"),
    Place("operators:people", "people.see", _("People"), "p"),
    Place("operators:keys", "keys.see", _("Keys"), "k"),
    Place("duty", "duty.see", _("Duty"), "d", DESK),
    Place("prompts", "prompts.hear", _("Voice"), "v", DESK),
    Place("health", "desk.health", _("Health"), "s"),
    Place("help", "desk.help", _("Help"), "h"),
)


def places(role: Role, path: str = "") -> tuple[Link, ...]:
    """Where a person in this role may go, in the order of the head."""
    allowed = (place for place in PLACES if place.house in (None, settings.DESK.house) and roles.may(role, place.act))
    return tuple(_link(place, path) for place in allowed)


def _link(place: Place, path: str) -> Link:
    url = reverse(place.address)
    return Link(place.title, place.key, url, is_here=url != "/" and path.startswith(url))
