# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people are trained for: a supervisor says it, beside the languages that they say themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safeconduct.desk.cases import telling
from safeconduct.desk.operators import duty, duty_acts, roles, skills
from safeconduct.desk.operators.errors import CardRefused
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.skills import SKILLS

_ON_DUTY = sorted(role.value for role in Role if roles.may(role, "duty.take"))


@dataclass(frozen=True, slots=True)
class Trained:
    """One person's row."""

    operator: Operator
    languages: tuple[str, ...]
    skills: tuple[str, ...]


def everybody() -> list[Trained]:
    """All who ever go on duty."""
    people = Operator.objects.filter(active=True, role__in=_ON_DUTY).select_related("duty_card").order_by("name")
    return [_trained(one) for one in people]


@require_http_methods(["GET", "HEAD", "POST"])
@may("skills.set")
def page(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Of anybody who goes on duty, oneself too: a small line has one supervisor."""
    person = get_object_or_404(Operator, pk=pk, active=True)
    if person.role not in _ON_DUTY:
        raise Http404
    if request.method != "POST":
        return _shown(request, person, duty.skills_of(person))
    said = request.POST.getlist("skills")
    try:
        duty_acts.set_skills(request.keyring.operator, person, said)
    except CardRefused:
        return _shown(request, person, said, problem=_("Choose from the list."), status=400)
    return HttpResponseRedirect(f"{reverse('duty')}?kept=1#trained", status=303)


def _trained(operator: Operator) -> Trained:
    card = getattr(operator, "duty_card", None)
    if card is None:
        return Trained(operator, (), ())
    spoken = tuple(map(telling.language, card.languages.split()))
    return Trained(operator, spoken, skills.titles(card.skills.split()))


def _shown(
    request: DeskRequest, person: Operator, chosen: Iterable[str], *, problem: str = "", status: int = 200
) -> HttpResponse:
    ticked = set(chosen)
    offered = [(skill, skills.title(skill), skill in ticked) for skill in SKILLS]
    context = {"person": person, "of": _trained(person), "offered": offered, "problem": problem}
    return render(request, "project/skills.html", context, status=status)
