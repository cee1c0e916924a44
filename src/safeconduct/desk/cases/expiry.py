# SPDX-License-Identifier: AGPL-3.0-or-later
"""R3, R7: what lies here too long is destroyed, and nothing unread without an alarm first. Opens nothing.

All that it needs stands in clear: days, and of a row whether it was opened and what sort it was found to be. A case that is
frozen (R5) or under review (R13) is left alone: somebody still has to understand it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import journal, parting
from safeconduct.desk.cases.keys import DeskKeys
from safeconduct.desk.cases.models import Case, Retention, Sort, StoredEnvelope
from safeconduct.desk.cases.states import CaseState, Whose
from safeconduct.sealing.envelope import Purpose

UNREAD_ALERT = "unread"
STOPPED_ALERT = "stopped"
WORDS = timedelta(days=30)  # after the last contact
READ = timedelta(days=7)  # after the first reading, when that came late: who read it must be able to act on it
DORMANT = timedelta(days=180)
UNREAD = timedelta(days=180)
UNREAD_FOR = timedelta(days=3)  # then the alarm rings, every day
WARNED = timedelta(days=7)  # so long the alarm rings at least before anything unread is destroyed
STOPPED_FOR = timedelta(days=14)  # frozen or under review, and no supervisor has decided
BATCH = 200
_LEFT_ALONE = Q(frozen_day__isnull=False) | Q(review_day__isnull=False)
_NOT_OPENED = Q(purpose=Purpose.TO_TEAM.value, opened_day=None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A case in which something lies unread for days, and when that is destroyed if nobody reads it."""

    case: Case
    since: date
    ends: date | None  # None: not while the case is frozen or under review


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What one run destroyed."""

    words: int
    unread: int
    cases: int


def alarm(now: datetime) -> int:
    """Ring for what nobody has read, and for what waits for a supervisor. How many rows ring for the first time."""
    today = now.date()
    fresh = _old_unread(today).filter(alarmed_day=None).update(alarmed_day=today)
    _ring(UNREAD_ALERT, is_on=_old_unread(today).exists())
    _ring(STOPPED_ALERT, is_on=_stopped(today).exists())
    return fresh


def destroy(now: datetime, keys: DeskKeys) -> Destroyed:
    """All that is due today. What was due while the desk stood still is done now."""
    today = now.date()
    words, unread, cases = _destroy_words(today), _destroy_unread(today), _expire(today, keys)
    if words or unread or cases:
        transaction.on_commit(journal.empty)  # if a reader stands in the way, the clock's next minute empties it
    if not _old_unread(today).exists():
        settle_alert(UNREAD_ALERT)
    return Destroyed(words, unread, cases)


def unread_now(today: date) -> list[Unread]:
    """The cases that the alarm rings for, the oldest first."""
    rows = _old_unread(today).values("case").annotate(since=Min("day")).order_by("since", "case")[:BATCH]
    since = {row["case"]: row["since"] for row in rows}
    cases = Case.objects.select_related("folded_into").in_bulk(list(since))
    return [Unread(cases[pk], day, _ends(cases[pk], day)) for pk, day in since.items() if pk in cases]


def _ends(case: Case, since: date) -> date | None:
    return None if case.frozen_day or case.review_day else since + UNREAD


def words_end(case: Case) -> date | None:
    """R3: when what the person said is destroyed, if no further word comes. None while it is left alone."""
    return None if case.frozen_day or case.review_day else case.last_day + WORDS


def _ring(kind: str, *, is_on: bool) -> None:
    if is_on:
        raise_alert(kind)
    else:
        settle_alert(kind)


def _old_unread(today: date) -> QuerySet[StoredEnvelope]:
    return StoredEnvelope.objects.filter(_NOT_OPENED, day__lte=today - UNREAD_FOR)


def _stopped(today: date) -> QuerySet[Case]:
    long_ago = today - STOPPED_FOR
    return Case.objects.filter(Q(frozen_day__lte=long_ago) | Q(review_day__lte=long_ago))


def _destroy_words(today: date) -> int:
    """Their rows, and nothing else of the case."""
    due = StoredEnvelope.objects.filter(
        sort=Sort.WORDS,
        opened_day__lte=today - READ,
        case__last_day__lte=today - WORDS,
        case__frozen_day=None,
        case__review_day=None,
    )
    return _destroy_all(due)


def _destroy_unread(today: date) -> int:
    """What nobody has read in all that time, though the alarm rang."""
    due = StoredEnvelope.objects.filter(
        _NOT_OPENED,
        day__lte=today - UNREAD,
        alarmed_day__lte=today - WARNED,
        case__frozen_day=None,
        case__review_day=None,
    )
    return _destroy_all(due)


def _destroy_all(due: QuerySet[StoredEnvelope]) -> int:
    """Case by case, each in a transaction of its own."""
    done = 0
    while pks := list(due.order_by().values_list("case", flat=True).distinct()[:BATCH]):
        done += sum(_destroy_of(case, due.filter(case=case)) for case in pks)
    return done


@transaction.atomic
def _destroy_of(pk: int, due: QuerySet[StoredEnvelope]) -> int:
    case = Case.objects.select_for_update().filter(pk=pk).first()
    if case is None:  # the person erased it in this moment, and its rows with it
        return 0
    count, _ = due.delete()
    if count:
        audit.record(None, "cases.words-destroyed", case.number)
    return count


def _expire(today: date, keys: DeskKeys) -> int:
    """R7, and whoever came to a chat and said nothing; and a case of which nothing is left that anybody ever read."""
    rings = StoredEnvelope.objects.filter(_NOT_OPENED, case=OuterRef("pk"))
    remains = StoredEnvelope.objects.filter(case=OuterRef("pk"), purpose=Purpose.TO_TEAM.value)
    is_old = Q(last_day__lte=today - DORMANT)
    is_empty = Q(state=CaseState.SILENT.value) | (Q(opened_by=None) & ~Exists(remains))
    is_forgotten = Q(with_cell=Whose.INTAKE.value) & is_empty
    # A conscript's case, whosever it is: it may have been offered, or taken over, before they said so.
    due = Case.objects.filter(Q(retention=Retention.DORMANT) | is_forgotten, is_old).exclude(_LEFT_ALONE)
    due = due.exclude(Exists(rings))
    done = 0
    while pks := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        done += sum(_expire_one(due.filter(pk=pk), keys) for pk in pks)
    return done


@transaction.atomic
def _expire_one(due: QuerySet[Case], keys: DeskKeys) -> int:
    """The key first: from here on it cannot be read, whatever happens next. Whoever wrote a moment ago has kept it alive.

    No digest stays as after a person's own erasure: should they write once more through a door that had not ended their
    conversation yet, that is a new case and not a message lost.
    """
    case = due.select_for_update(of=("self",)).first()
    if case is None:
        return 0
    keys.erasure.destroy(case.conversation_id)
    audit.record(None, "cases.expire", case.number)
    parting.part(case)
    case.delete()
    return 1
