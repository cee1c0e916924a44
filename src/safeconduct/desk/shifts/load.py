# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is on duty, what they have, and what waits in which language. Reads counts, and the needs that a key opens."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count

from safeconduct.desk.cases import claiming, promises, queue, telling
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.needs import OPENED_MOST
from safeconduct.desk.cases.promises import Kept
from safeconduct.desk.cases.routing import NeedsOf
from safeconduct.desk.cases.skilled import Colleague, Wait, can
from safeconduct.desk.operators import duty, skills
from safeconduct.desk.operators.duty import OnDuty
from safeconduct.vocabulary.applications import Urgency
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.skills import NEEDED

WEEK = timedelta(days=6)  # with today seven days
_NEVER = datetime.max.replace(tzinfo=UTC)
_FRONT, _OTHERS = (Urgency.NOW,), (Urgency.SOON, Urgency.LATER)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on duty, with how many cases they have and can have."""

    name: str
    languages: tuple[str, ...]
    has: int
    most: int
    rings: bool
    skills: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.has >= self.most


@dataclass(frozen=True, slots=True)
class Language:
    """What waits in one language, and for whom."""

    name: str
    waiting: int
    is_many: bool
    oldest: datetime | None
    people: tuple[str, ...]

    @property
    def is_alone(self) -> bool:
        return bool(self.waiting) and not self.people


@dataclass(frozen=True, slots=True)
class Unmet:
    """What some who wait in one language need of whoever answers, and nobody on duty can."""

    language: str
    needs: tuple[str, ...]
    waiting: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Promises of some days: to people at the front, and to everybody else. Who still waits, overdue, counts as late."""

    front: Kept
    others: Kept


@dataclass(frozen=True, slots=True)
class Load:
    """One look at the line."""

    people: tuple[Person, ...]
    languages: tuple[Language, ...]
    today: Span
    week: Span


def now(moment: datetime) -> Load:
    """As it is at that moment."""
    present = duty.on_duty()
    first = moment.date()
    late = (promises.overdue(_FRONT, moment), promises.overdue(_OTHERS, moment))
    return Load(_people(present, moment), _languages(present), _span(first, late), _span(first - WEEK, late))


def unmet(needs_of: NeedsOf) -> tuple[Unmet, ...]:
    """What those who wait need and nobody on duty has, with the language; the longest wait first.

    As far as `needs_of` opens needs. They are offered to anyone: a supervisor may find somebody better.
    """
    present = [Colleague(frozenset(one.languages), frozenset(one.skills)) for one in duty.on_duty()]
    cases = queue.with_needs(OPENED_MOST)
    needs = needs_of(cases)
    alone: dict[tuple[str, tuple[str, ...]], list[datetime]] = {}
    for case in cases:
        wait = Wait(case.pk, case.urgency or 0, case.language, needs.get(case.pk, frozenset()))
        if wait.needs and not any(can(one, wait) for one in present):
            named = tuple(skill for skill in NEEDED if skill in wait.needs)
            alone.setdefault((case.language, named), []).append(case.waiting_since or _NEVER)
    found = [
        Unmet(telling.language(tag), skills.titles(named), len(since), min(since))
        for (tag, named), since in alone.items()
    ]
    return tuple(sorted(found, key=lambda one: one.oldest))


def _people(present: list[OnDuty], moment: datetime) -> tuple[Person, ...]:
    held = Case.objects.filter(claiming.held(moment)).values("claimed_by").annotate(has=Count("pk")).order_by()
    has = dict(held.values_list("claimed_by", "has"))
    return tuple(
        Person(
            one.operator.name,
            tuple(map(telling.language, one.languages)),
            has.get(one.operator.pk, 0),
            one.capacity,
            one.rings,
            skills.titles(one.skills),
        )
        for one in present
    )


def _languages(present: list[OnDuty]) -> tuple[Language, ...]:
    """Those in which somebody waits or that somebody speaks; the longest wait first."""
    every = [_language(tag, present) for tag in (*LANGUAGES, "und")]
    shown = [one for one in every if one.waiting or one.people]
    return tuple(sorted(shown, key=lambda one: (one.oldest or _NEVER, one.name)))


def _language(tag: str, present: list[OnDuty]) -> Language:
    count = queue.count_of(tag)
    people = tuple(one.operator.name for one in present if tag in one.languages)
    oldest = queue.oldest_of(tag) if count else None
    return Language(telling.language(tag), count, count >= queue.COUNT_MAX, oldest, people)


def _span(first: date, late: tuple[int, int]) -> Span:
    front, others = promises.kept_since(first, _FRONT), promises.kept_since(first, _OTHERS)
    return Span(Kept(front.kept, front.broken + late[0]), Kept(others.kept, others.broken + late[1]))
