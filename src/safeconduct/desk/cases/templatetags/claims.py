# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from safeconduct.desk.cases import claim_page, telling
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.promises import Standing
from safeconduct.desk.operators import roles

register = template.Library()


@register.inclusion_tag("cases/holder.html", takes_context=True)
def holder(context: template.Context, case: Case) -> dict[str, Any]:
    """Who has this case, and the buttons to take it or give it back; nothing for who may not."""
    operator = context["operator"]
    if operator is None or not roles.may(operator.plays, "cases.claim"):
        return {}
    return claim_page.told(case, operator) | {"csrf_token": context.get("csrf_token")}


@register.filter
def against(standing: Standing) -> str:
    """What is left of a promise, or by how much it is broken, in words."""
    now = timezone.now()
    said = telling.waited(now - abs(standing.left), now)
    return (_("%(time)s overdue") if standing.left < timedelta(0) else _("%(time)s left")) % {"time": said}


@register.filter
def tone(standing: Standing) -> str:
    """The same for the eye, beside the words."""
    return "now" if standing.is_broken else "soon" if standing.is_soon else "plain"
