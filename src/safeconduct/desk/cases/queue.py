# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of cases. Every question they ask is answered from an index, whatever the number of cases."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.db.models import QuerySet

from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.states import QUIET, CaseState
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.languages import LANGUAGES

PAGE = 50
COUNT_MAX = 1000  # "1,000 or more" is all that an operator needs to know, and costs the same at a million
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an operator asked to see. Anything unknown in an address means: everything."""

    language: str = ""
    urgency: Urgency | None = None

    @classmethod
    def read(cls, language: str, urgency: str) -> Self:
        steps = {str(step.value): step for step in Urgency}
        return cls(language if language in LANGUAGES else "", steps.get(urgency))

    @property
    def steps(self) -> list[Urgency]:
        """The steps of urgency to show, the most urgent first."""
        return [self.urgency] if self.urgency else sorted(Urgency, reverse=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the queue ended: the last case's urgency, its waiting time and its id."""

    urgency: int
    since: datetime
    pk: int

    @classmethod
    def of(cls, case: Case) -> Self:
        return cls(case.urgency or 0, case.waiting_since or _EPOCH, case.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for what is no place: the queue then starts from its head."""
        try:
            urgency, since, pk = (int(part) for part in text.split("."))
            return cls(urgency, _EPOCH + since * _MICROSECOND, pk)
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.urgency}.{(self.since - _EPOCH) // _MICROSECOND}.{self.pk}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where the next one starts."""

    cases: list[Case]
    further: str


def waiting(filters: Filters, after: Place | None) -> Page:
    """Who waits: the most urgent first, then whoever has waited longest."""
    found: list[Case] = []
    for step in filters.steps:
        if after and step.value > after.urgency:
            continue
        line = _line(filters, step)
        if after and step.value == after.urgency:
            # Two conditions instead of one OR, which no planner turns into a range of the index.
            line = line.filter(waiting_since__gte=after.since).exclude(waiting_since=after.since, pk__lte=after.pk)
        found += _with_name(line.order_by("waiting_since", "pk"))[: PAGE + 1 - len(found)]
        if len(found) > PAGE:
            break
    shown = found[:PAGE]
    return Page(shown, str(Place.of(shown[-1])) if len(found) > PAGE else "")


def counts(filters: Filters) -> dict[Urgency, int]:
    """How many wait at each step, counted up to `COUNT_MAX`."""
    every = replace(filters, urgency=None)
    return {step: _line(every, step).order_by()[:COUNT_MAX].count() for step in every.steps}


def quiet(state: CaseState, after: str) -> Page:
    """Answered or closed cases, the latest contact first."""
    if state not in QUIET:
        raise ValueError("what waits stands in the queue")
    line = Case.objects.filter(state=state.value)
    place = _read_day(after)
    if place:
        day, pk = place
        line = line.filter(last_day__lte=day).exclude(last_day=day, pk__gte=pk)
    found = list(_with_name(line.order_by("-last_day", "-pk"))[: PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, f"{shown[-1].last_day.toordinal()}.{shown[-1].pk}" if len(found) > PAGE else "")


def _line(filters: Filters, step: Urgency) -> QuerySet[Case]:
    line = Case.objects.filter(waiting_since__isnull=False, folded_into=None, urgency=step.value)
    return line.filter(language=filters.language) if filters.language else line


def _with_name(line: QuerySet[Case]) -> QuerySet[Case]:
    """Who had it open last, by name; their keys stay where they are."""
    return line.select_related("opened_by").defer("opened_by__public", "opened_by__vault")


def _read_day(text: str) -> tuple[date, int] | None:
    try:
        day, pk = (int(part) for part in text.split("."))
        return date.fromordinal(day), pk
    except (ValueError, OverflowError):
        return None
