# SPDX-License-Identifier: AGPL-3.0-or-later
"""A camp commander is bound to camps: of every other camp, and of who is held there, they see nothing. Nobody else is bound.

The middleware guards every address that names a person or a camp, whichever room it belongs to: one that forgets cannot leak.
Lists are cut by `camps_of`.
"""

import re
from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from safeconduct.desk.custody import numbers
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.operators.keyring import keyring_of
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import LEAVES

_OF_CAMP = re.compile(r"camps/<int:(\w+)>")  # in an address: what names the camp
_LONGEST = 18  # digits: more is no row's number


def is_bound(operator: Operator) -> bool:
    return operator.plays is Role.CAMP_COMMANDER


def camps_of(operator: Operator) -> QuerySet[Camp]:
    """The camps that this person may look at. A commander whom nobody has bound has none."""
    return Camp.objects.filter(commanders__operator=operator) if is_bound(operator) else Camp.objects.all()


def may_see(operator: Operator, person: Person) -> bool:
    """Who has left is seen where they were last."""
    if not is_bound(operator):
        return True
    camp = person.camp_id or _left(person)
    return camp is not None and camps_of(operator).filter(pk=camp).exists()


class CampBounds:
    """What is of another camp answers as what does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, named: Mapping[str, object]
    ) -> HttpResponseBase | None:
        keyring = keyring_of(request)
        if keyring is None or keyring.is_locked or not is_bound(keyring.operator):
            return None
        if not (_person_is_theirs(keyring.operator, named) and _camps_are_theirs(request, keyring.operator, named)):
            raise Http404
        return None


def _person_is_theirs(operator: Operator, named: Mapping[str, object]) -> bool:
    if "number" not in named:
        return True
    person = numbers.holder(str(named["number"]))
    return person is not None and may_see(operator, person)


def _camps_are_theirs(request: HttpRequest, operator: Operator, named: Mapping[str, object]) -> bool:
    """Of the address, and of what is asked for after it or posted."""
    route = request.resolver_match.route if request.resolver_match else ""
    told = {str(named[name]) for name in _OF_CAMP.findall(route) if name in named}
    told |= {*request.GET.getlist("camp"), *request.POST.getlist("camp")}
    rows = {int(one) for one in told if one.isascii() and one.isdigit() and len(one) <= _LONGEST}
    return not rows or camps_of(operator).filter(pk__in=rows).count() == len(rows)


def _left(person: Person) -> int | None:
    gone = Event.objects.filter(person=person, stands=True, kind__in=[event.value for event in LEAVES])
    last = gone.order_by("-happened", "-pk").first()
    return last.camp_id if last else None
