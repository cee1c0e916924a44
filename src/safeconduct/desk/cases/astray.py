# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of a case of the handover cell that an edge, which had not heard of it yet, sealed to intake.

The cell cannot open them, and intake does not look into its cases. Whoever of intake opens the case passes them on unread.
That a row is one of them stands in its sort until then.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.cases.models import Case, Sort, StoredEnvelope
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.states import Whose
from safeconduct.desk.operators.models import TeamKey
from safeconduct.sealing.envelope import Envelope, Purpose
from safeconduct.vocabulary.board import HANDOVER
from safeconduct.vocabulary.identifiers import KeyId

ALERT = "cases.astray"


def cases() -> QuerySet[Case]:
    """Those that somebody of intake has to open."""
    rows = StoredEnvelope.objects.filter(sort=Sort.INTAKE)
    return Case.objects.exclude(with_cell="").filter(with_cell=Whose.CELL.value, pk__in=rows.values("case"))


def cell_keys() -> frozenset[KeyId]:
    """Every key that the cell has or had."""
    return frozenset(one.key.key_id for one in TeamKey.objects.filter(team__code=HANDOVER))


def is_one(envelope: Envelope, keys: Collection[KeyId]) -> bool:
    """Whether it opens for none of these."""
    return not any(wrap.recipient in keys for wrap in envelope.wraps)


def mark(opened: Opened) -> None:
    """The cell takes a case over: what came since the offer, and nobody of intake has opened, is out of its reach."""
    shut = [item.stored.pk for item in opened.items if item.is_elsewhere]
    StoredEnvelope.objects.filter(pk__in=shut, purpose=Purpose.TO_TEAM.value, opened_day=None).update(sort=Sort.INTAKE)


def end(case: Case) -> None:
    """They were passed on, or intake answers the case again. What they are shows when they are opened."""
    if StoredEnvelope.objects.filter(case=case, sort=Sort.INTAKE).update(sort=Sort.FRAME):
        look_again()


def watch() -> None:
    """Called by the clock."""
    (raise_alert if cases().exists() else settle_alert)(ALERT)


def look_again() -> None:
    """What was raised is over at once, unless another is left."""
    if not cases().exists():
        settle_alert(ALERT)
