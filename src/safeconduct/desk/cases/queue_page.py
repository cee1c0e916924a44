# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue, the shelves of what is answered or closed, and the way to a case by its number."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from safeconduct.desk.cases import (
    astray,
    claiming,
    folding,
    holding,
    need_page,
    promises,
    queue,
    routing,
    saved_filters,
    telling,
)
from safeconduct.desk.cases.claiming import Holder
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.needs import Needs
from safeconduct.desk.cases.promises import Calendar, Standing
from safeconduct.desk.cases.queue import COUNT_MAX, Filters, Place, Reader
from safeconduct.desk.cases.states import QUIET, CaseState
from safeconduct.desk.operators import duty, roles, skills
from safeconduct.desk.operators.guards import may, polling
from safeconduct.desk.operators.keyring import DeskRequest
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.board import INTAKE
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.skills import NEEDED

TEMPLATE = "cases/queue.html"
SHELVES = {state.value: state for state in QUIET - {CaseState.SILENT}}  # who said nothing is on no list


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue."""

    case: Case
    promise: Standing | None
    holder: Holder | None
    reader: int
    needs: tuple[str, ...] = ()  # in words, for whose key opens them

    @property
    def is_mine(self) -> bool:
        return self.holder is not None and self.holder.pk == self.reader


@dataclass(frozen=True, slots=True)
class Unspoken:
    """A language in which so many wait and which nobody on duty speaks."""

    name: str
    count: int
    is_many: bool


@require_safe
@may("cases.queue")
def queue_page(request: DeskRequest) -> HttpResponse:
    """Who waits."""
    operator = request.keyring.operator
    mine = {
        "saved": saved_filters.of(operator, request.keyring.private),
        "may_fold": roles.may(operator.plays, "cases.fold"),
        "folded": folding.count(),
        "astray": astray.cases().order_by("pk")[: queue.PAGE] if operator.plays.team == INTAKE else (),
    }
    return render(request, TEMPLATE, _waiting(request) | mine)


@require_safe
@polling
@may("cases.queue")
def queue_rows(request: DeskRequest) -> HttpResponse:
    """The rows for a page that looks by itself; 204 while they are what it shows already."""
    context = _waiting(request)
    if context["have"] == request.GET.get("have"):
        return HttpResponse(status=204)
    return render(request, f"{TEMPLATE}#rows", context)


@require_safe
@may("cases.queue")
def shelf(request: DeskRequest, state: str) -> HttpResponse:
    """What is answered or closed, the latest contact first."""
    page = queue.quiet(SHELVES[state], request.GET.get("after", ""))
    return render(request, "cases/shelf.html", {"page": page, "state": state})


@require_safe
@may("cases.queue")
def find(request: DeskRequest) -> HttpResponseBase:
    """To the case of this number, however it was typed."""
    digits = "".join(one for one in request.GET.get("number", "") if one in "0123456789")
    number = f"{digits[:2]}-{digits[2:]}"
    case = Case.objects.filter(number=number).first()
    if case is not None and holding.is_seen_by(request.keyring.operator, case):
        return HttpResponseRedirect(reverse("cases:case", args=[number]))
    return render(request, TEMPLATE, {**_waiting(request), "not_found": True}, status=404)


def _waiting(request: DeskRequest) -> dict[str, Any]:
    asked = request.GET
    filters = Filters.read(asked.dict())
    after, operator, now = Place.read(asked.get("after", "")), request.keyring.operator, timezone.now()
    reader, calendar = routing.reader_of(operator), promises.current()
    page = queue.waiting(filters, after, reader)
    needed = need_page.opener_of(request)(page.cases)
    known = {
        "filters": filters,
        "page": page,
        "rows": [replace(_row(case, calendar, operator, now), needs=_named(needed, case)) for case in page.cases],
        "held": [_row(case, calendar, operator, now) for case in queue.of(operator.pk)] if after is None else (),
        "is_first": after is None,
        "speaks": reader.languages,
        "steps": _steps(filters, reader),
        "unspoken": _unspoken() if after is None and roles.may(operator.plays, "duty.see") else (),
        "languages": sorted((telling.language(tag), tag) for tag in LANGUAGES),
        "channels": telling.CHANNELS.items(),
        "kinds": telling.KINDS.items(),
        "asked": urlencode(filters.said),
        "asked_of_all": urlencode(replace(filters, mine=False).said),
        "asked_of_mine": urlencode(replace(filters, mine=True, language="").said),
    }
    listed = render_to_string(TEMPLATE + "#list", known, request)
    return {**known, "listed": listed, "have": hashlib.sha256(listed.encode()).hexdigest()[:16]}


def _row(case: Case, calendar: Calendar, operator: Operator, now: datetime) -> Row:
    return Row(case, promises.standing(calendar, case, now), claiming.holder_of(case, now), operator.pk)


def _named(needed: Needs, case: Case) -> tuple[str, ...]:
    return skills.titles(skill for skill in NEEDED if skill in needed.get(case.pk, frozenset()))


def _unspoken() -> list[Unspoken]:
    """Languages in which somebody waits, and which nobody on duty speaks."""
    spoken = {tag for one in duty.on_duty() for tag in one.languages}
    counted = ((tag, queue.count_of(tag)) for tag in LANGUAGES if tag not in spoken)
    found = [Unspoken(telling.language(tag), count, count >= COUNT_MAX) for tag, count in counted if count]
    return sorted(found, key=lambda one: (-one.count, one.name))


def _steps(filters: Filters, reader: Reader) -> list[dict[str, Any]]:
    """A link for each step of urgency, with how many wait there."""
    counts = queue.counts(filters, reader)
    total = sum(counts.values())
    is_many = any(count >= COUNT_MAX for count in counts.values())
    every = {
        "step": None,
        "name": "",
        "count": total,
        "is_many": is_many,
        "asked": urlencode(replace(filters, urgency=None).said),
    }
    return [every] + [
        {
            "step": step,
            "name": telling.URGENCIES[step],
            "count": count,
            "is_many": count >= COUNT_MAX,
            "asked": urlencode(replace(filters, urgency=step).said),
        }
        for step, count in counts.items()
    ]
