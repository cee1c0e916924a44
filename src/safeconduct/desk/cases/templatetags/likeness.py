# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a comparison."""

from django import template
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.cases import holding, merging
from safeconduct.desk.cases.models import Case

register = template.Library()

_FIELDS = {
    "name": _("Name"),
    "birth": _("Born"),
    "unit": _("Unit"),
    "service_number": _("Service number"),
}
_OUTCOMES = {
    "agree": (_("agrees"), "fine"),
    "close": (_("close"), "accent"),
    "differ": (_("differs"), "now"),
    "unknown": (_("not known"), "plain"),
}


@register.inclusion_tag("cases/one_person.html")
def one_person(case: Case) -> dict[str, object]:
    """For the case's page: the way to who they are, and to the other cases that are theirs."""
    return {"number": case.number, "linked": merging.linked(case)}


@register.inclusion_tag("cases/together_notice.html", takes_context=True)
def together(context: template.Context, case: Case) -> dict[str, object]:
    """The way to all conversations of the person at once, where there are several that this operator may see.

    That the person may be forced in another is told to everybody who writes to them here (R5).
    """
    theirs = merging.linked(case)
    linked = [one for one in theirs if holding.is_seen_by(context["operator"], one)]
    is_forced = not case.frozen_day and any(one.frozen_day for one in theirs)
    return {"number": case.number, "linked": linked, "is_forced": is_forced}


@register.filter
def field(code: str) -> str:
    return str(_FIELDS.get(code, code))


@register.filter
def outcome(code: str) -> str:
    return str(_OUTCOMES[code][0])


@register.filter
def tone(code: str) -> str:
    """The badge's colour; the word beside it says the same."""
    return _OUTCOMES[code][1]
