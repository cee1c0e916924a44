# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who lives where in a camp, who are comrades, and which camp fits whom."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from safeconduct.desk.custody import camp_acts, days, forms
from safeconduct.desk.custody import telling as words
from safeconduct.desk.custody.errors import CustodyError
from safeconduct.desk.custody.found import known_camp, known_person
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.custody.movements import access, asked, comrades, known, proposing, telling
from safeconduct.desk.custody.movements.allocation import Proposal
from safeconduct.desk.custody.movements.models import Comrade
from safeconduct.desk.custody.movements.proposing import Told
from safeconduct.desk.operators.guards import may
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.vocabulary.custody import Category, Need
from safeconduct.vocabulary.reception import RetainedPersonnel

_FORM = ["GET", "HEAD", "POST"]
_CATEGORIES = [(one.value, name) for one, name in words.CATEGORIES.items()]


@require_http_methods(_FORM)
@may("custody.quarters")
def quarters(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Everybody in the camp with their quarters; whoever's are changed gets others."""
    camp = known_camp(pk)
    if request.method != "POST":
        return _quarters(request, camp)
    try:
        chosen = {one: asked.category(request.POST, f"category-{one.pk}") for one in _page_of(request, camp)}
        anew = {one: category for one, category in chosen.items() if category and category is not _category(one)}
        if anew:
            camp_acts.give_quarters(request.keyring.operator, anew, forms.when(request.POST))
    except CustodyError as error:
        return _quarters(request, camp, problem=telling.refused(error))
    return redirect("custody:camp", pk=camp.pk)


@require_http_methods(_FORM)
@may("custody.move")
def comrades_of(request: DeskRequest, number: str) -> HttpResponseBase:
    """With whom the person is to stay, and whether they have agreed to go alone."""
    person, operator = known_person(number), request.keyring.operator
    if request.method != "POST":
        return _comrades(request, person)
    try:
        match request.POST.get("do"):
            case "part":
                comrades.agree_to_part(operator, person)
            case "rejoin":
                comrades.rejoin(operator, person)
            case _:
                comrades.together(operator, [person, *asked.people(request.POST)])
    except CustodyError as error:
        return _comrades(request, person, problem=telling.refused(error))
    return redirect("movements:comrades", number=person.number)


@require_safe
@may("custody.move")
def allocation(request: DeskRequest) -> HttpResponse:
    """In which camp somebody waits for a place."""
    rows = [(one, words.KINDS[kind], one.held) for one, kind in _open_camps()]
    return render(request, "movements/allocation.html", {"rows": rows})


@require_http_methods(_FORM)
@may("custody.move")
def allocate_all(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Camps for those who are held here."""
    camp = known_camp(pk)
    return _allocate(request, access.held_in(camp), camp)


@require_http_methods(_FORM)
@may("custody.move")
def allocate(request: DeskRequest, number: str) -> HttpResponseBase:
    """A camp for one person."""
    person = known_person(number)
    if person.camp is None:
        raise Http404
    return _allocate(request, [person], person.camp)


def _allocate(request: DeskRequest, people: list[Person], camp: Camp) -> HttpResponse:
    if request.method != "POST":
        return _told(request, people, camp)
    told = {one: _said_of(request, one) for one in people if f"category-{one.pk}" in request.POST}
    if not told:
        return _told(request, people, camp, status=400)
    try:
        proposed = proposing.propose(request.keyring, told)
    except CustodyError as error:
        return _told(request, people, camp, problem=telling.refused(error))
    return _told(
        request, people, camp, status=200, proposals=_by_camp(proposed, camp, known.retained(request.keyring, told))
    )


def _said_of(request: DeskRequest, person: Person) -> Told:
    category = asked.category(request.POST, f"category-{person.pk}")
    return Told(category, asked.needs(request.POST, f"needs-{person.pk}"))


def _by_camp(
    proposed: dict[str, Proposal], here: Camp, retained: dict[str, RetainedPersonnel]
) -> list[dict[str, object]]:
    """Each camp with those who should go there; who may as well stay is told so."""
    names = {camp.pk: camp for camp in Camp.objects.filter(pk__in={one.camp for one in proposed.values()})}
    rows: dict[int, list[Proposal]] = {}
    for number in sorted(proposed):
        rows.setdefault(proposed[number].camp, []).append(proposed[number])
    return [
        {
            "camp": names[pk],
            "people": [(one, words.CATEGORIES[one.category], _role(retained.get(one.number))) for one in told],
            "numbers": " ".join(one.number for one in told),
            "is_here": pk == here.pk,
            "is_short": any(not one.fits for one in told),
        }
        for pk, told in sorted(rows.items())
    ]


def _role(retained: RetainedPersonnel | None) -> str | Promise:
    return words.RETAINED[retained] if retained else ""


def _told(request: DeskRequest, people: list[Person], camp: Camp, *, status: int = 0, **more: Any) -> HttpResponse:
    by_sheet = known.categories(request.keyring, people) if request.method != "POST" else {}
    rows = [
        {
            "person": one,
            "category": request.POST.get(f"category-{one.pk}", _chosen(one, by_sheet)),
            "needs": request.POST.getlist(f"needs-{one.pk}"),
        }
        for one in people
    ]
    context = {
        "camp": camp,
        "rows": rows,
        "categories": _CATEGORIES,
        "needs": [(one.value, words.NEEDS[one]) for one in Need],
        "today": days.here(),
        "is_cut": len(people) == access.SHOWN,
        **more,
    }
    return render(request, "movements/allocate.html", context, status=status or (400 if more else 200))


def _quarters(request: DeskRequest, camp: Camp, **more: Any) -> HttpResponse:
    people = _page_of(request, camp)
    told = known.categories(request.keyring, [one for one in people if one.quarters is None])
    context = {
        "camp": camp,
        "rows": [_lodged(one, told) for one in people],
        "categories": _CATEGORIES,
        "after": people[-1].number if len(people) == access.SHOWN else "",
        "said": request.POST,
        "today": days.here(),
        **more,
    }
    return render(request, "movements/quarters.html", context, status=400 if more else 200)


def _lodged(person: Person, told: Mapping[int, Category]) -> tuple[Person, str, str]:
    """Somebody with the quarters that they have, and those that are chosen on the page: until they have any, by their sheet."""
    had = person.quarters.category if person.quarters else ""
    return person, had, had or _value(told.get(person.pk))


def _page_of(request: DeskRequest, camp: Camp) -> list[Person]:
    after = request.GET.get("after", "").replace("\0", "")
    people = camp.people.select_related("camp", "quarters").filter(number__gt=after).order_by("number")
    return list(people[: access.SHOWN])


def _category(person: Person) -> Category | None:
    return Category(person.quarters.category) if person.quarters else None


def _chosen(person: Person, told: Mapping[int, Category]) -> str:
    """Women's quarters are chosen for who has them; every other's by their sheet, where it tells."""
    lodged = _category(person)
    return _value(lodged if lodged is Category.WOMEN else told.get(person.pk))


def _value(category: Category | None) -> str:
    return category.value if category is not None else ""


def _comrades(request: DeskRequest, person: Person, **more: Any) -> HttpResponse:
    mine = Comrade.objects.filter(person=person).first()
    others = Comrade.objects.filter(party=mine.party).exclude(person=person) if mine else Comrade.objects.none()
    context = {
        "person": person,
        "mine": mine,
        "others": others.select_related("person__camp").order_by("person__number"),
        "said": request.POST,
        **more,
    }
    return render(request, "movements/comrades.html", context, status=400 if more else 200)


def _open_camps() -> list[tuple[Any, Any]]:
    kinds = {kind.value: kind for kind in words.KINDS}
    camps = Camp.objects.filter(is_open=True, people__isnull=False).annotate(held=Count("people"))
    return [(one, kinds[one.kind]) for one in camps]
