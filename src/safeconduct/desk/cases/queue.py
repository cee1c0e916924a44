# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of cases. Every question they ask is answered from an index, whatever the number of cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from safeconduct.desk.cases import claiming, telling
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.skilled import NOT_KNOWN
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
    mine: bool = False
    channel: str = ""
    kind: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Self:
        """As an address or a form has them."""
        steps = {str(step.value): step for step in Urgency}
        language, channel, kind = (said.get(name, "") for name in ("language", "channel", "kind"))
        return cls(
            language if language in LANGUAGES else "",
            steps.get(said.get("urgency", "")),
            said.get("mine") == "1",
            channel if channel in telling.CHANNELS else "",
            kind if kind in telling.KINDS else "",
        )

    @property
    def said(self) -> dict[str, str]:
        """The same again, without what is not asked."""
        urgency = str(self.urgency.value) if self.urgency else ""
        mine = "1" if self.mine else ""
        asked = {"mine": mine, "language": self.language, "urgency": urgency}
        asked |= {"channel": self.channel, "kind": self.kind}
        return {name: value for name, value in asked.items() if value}

    @property
    def steps(self) -> list[Urgency]:
        """The steps of urgency to show, the most urgent first."""
        return [self.urgency] if self.urgency else sorted(Urgency, reverse=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and which languages they say that they speak. Nobody in particular sees everything."""

    pk: int = 0
    languages: tuple[str, ...] = ()
    is_of_cell: bool = False


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


def waiting(filters: Filters, after: Place | None, reader: Reader | None = None) -> Page:
    """Who waits: the most urgent first, then whoever has waited longest. For `mine`, what a colleague has is left out."""
    now = timezone.now()
    found: list[Case] = []
    for step in filters.steps:
        if after and step.value > after.urgency:
            continue
        lines = [_free(line, reader, now) if filters.mine else line for line in _lines(filters, step, reader)]
        if after and step.value == after.urgency:
            lines = [_behind(line, after) for line in lines]
        found += _first(lines, PAGE + 1 - len(found))
        if len(found) > PAGE:
            break
    shown = found[:PAGE]
    return Page(shown, str(Place.of(shown[-1])) if len(found) > PAGE else "")


def counts(filters: Filters, reader: Reader | None = None) -> dict[Urgency, int]:
    """How many wait at each step, counted up to `COUNT_MAX`; those that a colleague has among them."""
    every = replace(filters, urgency=None)
    return {step: _count(every, step, reader) for step in every.steps}


def of(operator_pk: int) -> list[Case]:
    """The cases that this operator has, whoever has waited longest first."""
    mine = Case.objects.filter(claiming.held(timezone.now()), claimed_by=operator_pk)
    # Sorted here: an order in the question would send the planner through the whole queue for a handful of cases.
    return sorted(_with_name(mine), key=lambda case: (-(case.urgency or 0), case.waiting_since, case.pk))


def count_of(language: str) -> int:
    """How many wait in this language, counted up to `COUNT_MAX`."""
    return _WAITING.filter(language=language)[:COUNT_MAX].count()


def oldest_of(language: str) -> datetime | None:
    """Since when the longest wait in this language lasts."""
    steps = (_WAITING.filter(language=language, urgency=step.value).order_by("waiting_since") for step in Urgency)
    firsts = [first for step in steps if (first := step.values_list("waiting_since", flat=True).first())]
    return min(firsts, default=None)


def with_needs(most: int) -> list[Case]:
    """The first of those who wait at intake and of whom somebody said who should answer."""
    said = _WAITING.filter(need_row__isnull=False).exclude(with_cell="cell")
    return list(said.order_by("-urgency", "waiting_since", "pk")[:most])


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


_WAITING = Case.objects.filter(waiting_since__isnull=False, folded_into=None)


def _lines(filters: Filters, step: Urgency, reader: Reader | None) -> list[QuerySet[Case]]:
    """One for each language: a list of languages in one question is a range of no index."""
    line = _asked(filters).filter(urgency=step.value)
    if reader and reader.is_of_cell:
        line = line.exclude(with_cell="")  # the others are intake's, and not for the cell to see
    if filters.language:
        return [line.filter(language=filters.language)]
    if not filters.mine:
        return [line]
    languages = reader.languages if reader else ()
    return [line.filter(language=tag) for tag in (*languages, *NOT_KNOWN)] if languages else []


def _free(line: QuerySet[Case], reader: Reader | None, now: datetime) -> QuerySet[Case]:
    """What a colleague has is left out, and what the handover cell answers."""
    return line.filter(~claiming.held(now) | Q(claimed_by=reader.pk if reader else 0)).exclude(with_cell="cell")


def _behind(line: QuerySet[Case], after: Place) -> QuerySet[Case]:
    # Two conditions instead of one OR, which no planner turns into a range of the index.
    return line.filter(waiting_since__gte=after.since).exclude(waiting_since=after.since, pk__lte=after.pk)


def _first(lines: Sequence[QuerySet[Case]], most: int) -> list[Case]:
    if len(lines) == 1:
        return list(_with_name(lines[0].order_by("waiting_since", "pk"))[:most])
    places = [
        place
        for line in lines
        for place in line.order_by("waiting_since", "pk").values_list("waiting_since", "pk")[:most]
    ]
    first = [pk for _, pk in sorted(places)[:most]]
    whole = _with_name(Case.objects.all()).in_bulk(first)
    return [whole[pk] for pk in first if pk in whole]  # one that was erased in this moment is not


def _count(filters: Filters, step: Urgency, reader: Reader | None) -> int:
    lines = _lines(filters, step, reader)
    if len(lines) == 1:
        return lines[0][:COUNT_MAX].count()
    if reader is None or not lines:
        return 0
    # In any order a list of languages is as good as one.
    spoken = (*reader.languages, *NOT_KNOWN)
    return _asked(filters).filter(urgency=step.value, language__in=spoken)[:COUNT_MAX].count()


def _asked(filters: Filters) -> QuerySet[Case]:
    """By what is in clear besides language and urgency."""
    line = _WAITING.filter(channel=filters.channel) if filters.channel else _WAITING
    return line.filter(kind=filters.kind) if filters.kind else line


def _with_name(line: QuerySet[Case]) -> QuerySet[Case]:
    """Who had it open last and who has it, by name; their keys stay where they are."""
    keys = [f"{who}__{key}" for who in ("opened_by", "claimed_by") for key in ("public", "vault")]
    return line.select_related("opened_by", "claimed_by").defer(*keys)


def _read_day(text: str) -> tuple[date, int] | None:
    try:
        day, pk = (int(part) for part in text.split("."))
        return date.fromordinal(day), pk
    except (ValueError, OverflowError):
        return None
