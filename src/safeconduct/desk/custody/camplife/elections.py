# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prisoners' representatives (arts. 79 to 81, R31). Who voted, and how, is nowhere: a ballot leaves counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts, crossing, days, numbers
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.camplife.audited import ENDED, UNELECTED, VACANT
from safeconduct.desk.custody.camplife.errors import (
    AlreadyDecided,
    BeforeElection,
    CountsRefused,
    ElectedAlready,
    NobodyElected,
    PowerNotTold,
    WrongWay,
)
from safeconduct.desk.custody.camplife.models import Election, Representative
from safeconduct.desk.custody.duties import HALF_YEAR
from safeconduct.desk.custody.errors import DayRefused, NoSuchEvent, UnknownNumbers
from safeconduct.desk.custody.mistakes import Mistake
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.camplife import Ended, Way
from safeconduct.vocabulary.custody import CampEvent, Category


@dataclass(frozen=True, slots=True)
class Counted:
    """What a ballot leaves: who could vote, how many did, and the votes of each who was elected, by number."""

    voters: int
    cast: int
    elected: Mapping[str, int]


def ways(camp: Camp) -> tuple[Way, ...]:
    """What art. 79 asks for here. In a camp of both, the senior officer has assistants whom the others elect."""
    places = dict(camp.quarters.filter(places__gt=0).values_list("category", "places"))
    if Category.OFFICERS.value not in places:
        return (Way.BALLOT,)
    return (Way.SENIOR,) if len(places) == 1 else (Way.SENIOR, Way.BALLOT)


@crossing.act
def elect(actor: Operator, camp: Camp, way: Way, day: date, counted: Counted) -> Election:
    """Who was elected, for six months. Raises `WrongWay`, `CountsRefused`, `NobodyElected`, `DayRefused`, `ElectedAlready`."""
    if way not in ways(camp):
        raise WrongWay
    people = _named(counted.elected)
    if not people or any(one.camp != camp for one in people.values()) or len(set(people.values())) < len(people):
        raise NobodyElected
    if way is Way.SENIOR and len(people) > 1:
        raise NobodyElected
    if way is Way.BALLOT:
        _check(counted)
    event = acts.happen_in_camp(camp, CampEvent.ELECTED, When(day))
    _require_first(camp, way, day)  # behind the event, which holds the camp: of two at one moment one waits
    until = day + timedelta(days=HALF_YEAR)
    counts = {"voters": counted.voters, "cast": counted.cast} if way is Way.BALLOT else {}
    made = Election.objects.create(camp=camp, event=event, way=way.value, until=until, **counts)
    Representative.objects.bulk_create(
        Representative(election=made, person=people[number], votes=votes if way is Way.BALLOT else 0)
        for number, votes in counted.elected.items()
    )
    watch()
    audit.record(actor, "camplife.elected", camp.name)
    return made


@crossing.act
def strike(actor: Operator, camp: Camp, pk: int, why: Mistake) -> None:
    """There was no such election. Its row stays, and counts no more; the monitor hears of it: whom they elected acts no more (R31).

    Raises `NoSuchEvent`.
    """
    made = camp.elections.filter(pk=pk, event__stands=True).first()
    if made is None:
        raise NoSuchEvent
    acts.strike_in_camp(camp, made.event_id)
    watch()
    raise_alert(UNELECTED)
    audit.record(actor, "camplife.struck", f"{camp.name} {why.value}")


@crossing.act
def approve(actor: Operator, camp: Camp, pk: int, day: date) -> None:
    """The Power that holds them agrees: they act from now on. Raises `AlreadyDecided`, `DayRefused`, `BeforeElection`."""
    row = _undecided(camp, pk)
    _check_days(row, day)
    row.approved = day
    row.save()
    watch()
    audit.record(actor, "camplife.approved", camp.name)


@crossing.act
def refuse(actor: Operator, camp: Camp, pk: int, day: date, power_told: date | None) -> None:
    """They may not act; the Protecting Power was told why (art. 79). Raises `AlreadyDecided`, `PowerNotTold`, `DayRefused`, `BeforeElection`."""
    if power_told is None:
        raise PowerNotTold
    row = _undecided(camp, pk)
    _check_days(row, day, power_told)
    row.refused, row.power_told = day, power_told
    row.save()
    watch()
    audit.record(actor, "camplife.approved", camp.name)


@crossing.act
def end(actor: Operator, camp: Camp, pk: int, day: date, why: Ended) -> None:
    """They are a representative no more; of who had been approved the monitor hears it. Raises `AlreadyDecided`, `DayRefused`, `BeforeElection`."""
    row = _held(camp, pk)
    if row.ended is not None:
        raise AlreadyDecided
    _check_days(row, day)
    row.ended = day
    row.save()
    watch()
    if row.approved is not None:
        raise_alert(ENDED)
    audit.record(actor, "camplife.ended", f"{camp.name} {row.person.number} {why.value}")


def standing(camp: Camp) -> list[Election]:
    """The elections of a camp that were not struck, the latest first."""
    return list(
        camp.elections.filter(event__stands=True)
        .order_by("-event__happened", "-pk")
        .prefetch_related("elected__person")
    )


def struck(camp: Camp) -> list[Election]:
    """Those that did not happen, which stay to be read."""
    rows = camp.elections.filter(event__stands=False).order_by("-pk")
    return list(rows.select_related("event").prefetch_related("elected__person"))


def acting(camp: Camp, today: date) -> QuerySet[Representative]:
    """Approved, in office, still in this camp, and their six months not over."""
    rows = Representative.objects.filter(election__camp=camp, election__event__stands=True, election__until__gte=today)
    return rows.filter(approved__isnull=False, ended__isnull=True, person__camp=F("election__camp"))


def vacant(today: date) -> list[Camp]:
    """Open camps that elected somebody once and have nobody who acts now. The first election is a duty of its own.

    An election that was struck counts here: else whoever strikes the only one would still the alarm with it.
    """
    camps = Camp.objects.filter(is_open=True, elections__isnull=False, people__isnull=False).distinct()
    return [camp for camp in camps if not acting(camp, today).exists()]


def watch() -> None:
    """The alarm lasts while a camp is without."""
    if vacant(acts.today()):
        raise_alert(VACANT)
    else:
        settle_alert(VACANT)


def _named(typed: Iterable[str]) -> dict[str, Person]:
    """Also under a number that was put right. Whether somebody of another camp has a number is nothing for a commander."""
    try:
        return numbers.named(typed)
    except UnknownNumbers:
        raise NobodyElected from None


def _require_first(camp: Camp, way: Way, day: date) -> None:
    """Nobody elects twice on one day, unless nobody is left of whom they elected. Raises `ElectedAlready`.

    Where officers and others are held, the senior officer and those whom the others elect come in two ways (art. 79).
    """
    here = Representative.objects.filter(election__camp=camp, election__way=way.value, person__camp=camp)
    same = here.filter(election__event__stands=True, election__event__happened=day)
    if same.filter(refused=None, ended=None).exists():
        raise ElectedAlready


def _check(counted: Counted) -> None:
    """One who votes may name several; nobody has more votes than were cast."""
    if not 0 < counted.cast <= counted.voters or max(counted.elected.values()) > counted.cast:
        raise CountsRefused


def _check_days(row: Representative, *days_told: date) -> None:
    """Nothing is said of somebody elected before their election, or ahead of today. Raises `DayRefused`, `BeforeElection`."""
    if max(days_told) > days.here():
        raise DayRefused("ahead")
    if min(days_told) < row.election.event.happened:
        raise BeforeElection


def _held(camp: Camp, pk: int) -> Representative:
    row = Representative.objects.select_for_update().filter(pk=pk, election__camp=camp).first()
    if row is None:
        raise AlreadyDecided
    return row


def _undecided(camp: Camp, pk: int) -> Representative:
    row = _held(camp, pk)
    if row.approved or row.refused or row.ended:
        raise AlreadyDecided
    return row
