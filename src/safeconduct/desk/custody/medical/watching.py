# SPDX-License-Identifier: AGPL-3.0-or-later
"""The alarm of R28: it lasts while somebody's review has not been made."""

from django.db.models import BigIntegerField, Case, Exists, F, Func, OuterRef, Q, QuerySet, When
from django.db.models.lookups import IsNull

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody.medical.audited import LOSS
from safeconduct.desk.custody.models import Event as EventRow
from safeconduct.vocabulary.custody import LEAVES, PersonEvent

P = PersonEvent
_LEAVES = [event.value for event in LEAVES]
_ANSWERS = [P.REVIEWED.value, *_LEAVES]
_MATTERS = frozenset({P.REVIEW_DUE.value, *_ANSWERS})
# The first entry of what was dated anew, however often: a correction keeps its place, as in `holding.first_entry`.
_FIRST = f"""(
    WITH RECURSIVE earlier(id, corrects) AS (
        SELECT %(expressions)s UNION ALL
        SELECT c.id, c.corrects_id FROM {EventRow._meta.db_table} c JOIN earlier ON c.id = earlier.corrects
    ) SELECT MIN(id) FROM earlier
)"""  # noqa: S608, SLF001 - the name of our own table, in Django's own way


def ring(row: EventRow) -> None:
    """After a review became due, was made, or was struck."""
    if row.kind not in _MATTERS:
        return
    if _unanswered().exists():
        raise_alert(LOSS)
    else:
        settle_alert(LOSS)


def _unanswered() -> QuerySet[EventRow]:
    """What the duty "review" has open; that is worked out only behind this.

    A review answers what was entered before it. Of one day the last entry says whether they are here; who died stays dead.
    """
    is_later = Q(entry__gt=_entry(OuterRef("pk"), OuterRef("corrects")))
    is_gone = Q(kind__in=_LEAVES) & (Q(happened__gt=OuterRef("happened")) | Q(kind=P.DIED.value) | is_later)
    told = EventRow.objects.filter(
        person=OuterRef("person"), kind__in=_ANSWERS, stands=True, happened__gte=OuterRef("happened")
    )
    answers = told.annotate(entry=_entry(F("pk"), F("corrects"))).filter(
        (Q(kind=P.REVIEWED.value) & is_later) | is_gone
    )
    return EventRow.objects.filter(~Exists(answers), kind=P.REVIEW_DUE.value, stands=True)


def _entry(pk: F, corrects: F) -> Case:
    """Hardly anything is dated anew: only of that is the first entry looked for."""
    first = Func(pk, corrects, template=_FIRST, output_field=BigIntegerField())
    return Case(When(IsNull(corrects, True), then=pk), default=first, output_field=BigIntegerField())
