# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of what answers or ends a duty, and of which only the month or the year is known: on which of its days it counts."""

from datetime import date

from django.db.models import Max, QuerySet

from safeconduct.desk.custody import holding
from safeconduct.desk.custody.duties import TABLE, Event
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import Precision


def day_of(rows: QuerySet[EventRow], event: Event, day: date, precision: Precision) -> date:
    """The first that it can have been; not before what it answers, if that began in the same month or year.

    "Card sent in October" answers an arrival of 5 October, and "no longer ill in October" ends what began then. `rows` are all
    about one person or one camp.
    """
    if precision is Precision.DAY:
        return day
    within = rows.filter(kind__in=_begins(event), stands=True, happened__range=(day, holding.last_of(day, precision)))
    latest: date | None = within.aggregate(latest=Max("happened"))["latest"]
    return latest or day


def _begins(event: Event) -> set[str]:
    """What begins the duties that it answers or ends; where each is answered by itself, no day counts."""
    answered = (duty for duty in TABLE if not duty.each and event in (*duty.fulfils, *duty.ends))
    return {start.value for duty in answered for start in duty.starts}
