# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing a shift over and taking it: one function, one transaction, one entry in the record."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from django.db import transaction
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import claiming, escalating
from safeconduct.desk.cases.models import Case, today
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.shifts import access, left_approvals
from safeconduct.desk.shifts.access import INTAKE, NOTE_PURPOSE, Note
from safeconduct.desk.shifts.errors import HandoverGone, HandoverRefused
from safeconduct.desk.shifts.models import ShiftHandover, ShiftItem, ShiftPerson, Side
from safeconduct.sealing.keys import seal_to

NOTE_MAX = 4000
ITEMS_MAX = 200
KEPT_DAYS = 7

CLAIMED, OVERDUE = "claimed", "overdue"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """Who gives, who takes, and what is to be known. Operators by number."""

    gives: frozenset[int]
    takes: frozenset[int]
    note: str
    form: str = ""  # random, made with the page: the same words from the same form, posted twice, are one handover

    def submission(self, actor: Operator) -> bytes | None:
        """Kept in place of the form. Nobody can guess what was said from it: the form's random name is kept nowhere."""
        if not self.form:
            return None
        said = msgspec.json.encode((actor.pk, self.form, sorted(self.gives), sorted(self.takes), self.note))
        return hashlib.sha256(b"safeconduct/1/shift-form" + said).digest()


def hand_over(actor: Operator, said: Said) -> ShiftHandover:
    """What the leaving have, and what is overdue, goes on a list for those who come. Raises `HandoverRefused`.

    The same form once more gives the handover that it made.
    """
    with refusals_recorded(actor, "shifts.refused", "", of=HandoverRefused):
        gives, takes = _people(said)
        made, is_new = _made(actor, said)
        if is_new:
            _fill(made, actor, gives, takes)
            audit.record(actor, "shifts.hand_over", str(made.pk))
        return made


def _made(actor: Operator, said: Said) -> tuple[ShiftHandover, bool]:
    note = msgspec.json.encode(Note(timezone.now(), said.note.strip()))
    row = {"day": today(), "sealed": seal_to(team_key(INTAKE).key, note, purpose=NOTE_PURPOSE)}
    submission = said.submission(actor)
    if submission is None:
        return ShiftHandover.objects.create(**row), True
    return ShiftHandover.objects.get_or_create(submission=submission, defaults=row)


def _fill(made: ShiftHandover, actor: Operator, gives: list[Operator], takes: list[Operator]) -> None:
    roster = [(one, Side.GIVES) for one in gives] + [(one, Side.TAKES) for one in takes]
    ShiftPerson.objects.bulk_create(
        ShiftPerson(handover=made, operator=one, side=side, is_author=one.pk == actor.pk) for one, side in roster
    )
    left = _left_open(gives)
    ShiftItem.objects.bulk_create(ShiftItem(handover=made, case_id=pk, why=why) for pk, why in left.items())
    left_approvals.write_down(made, gives)


@transaction.atomic
def acknowledge(actor: Operator, pk: int) -> None:
    """They have read it, and go on with it. Twice is once. Raises `HandoverGone` for who does not take this one."""
    mine = ShiftPerson.objects.select_for_update().filter(handover_id=pk, operator=actor, side=Side.TAKES)
    if not mine.exists():
        raise HandoverGone(str(pk))
    if mine.filter(acknowledged_day=None).update(acknowledged_day=today()):
        audit.record(actor, "shifts.acknowledge", str(pk))


@transaction.atomic
def forget(day: date) -> int:
    """Destroy what is older than a week. Returns how many. Called by the clock."""
    gone = ShiftHandover.objects.filter(day__lt=day - timedelta(days=KEPT_DAYS))
    count = gone.count()
    if count:
        gone.delete()
        audit.record(None, "shifts.forget", str(count))
    return count


def _people(said: Said) -> tuple[list[Operator], list[Operator]]:
    if len(said.note) > NOTE_MAX:
        raise HandoverRefused("note")
    known = {one.pk: one for one in access.team()}
    if not said.gives or not said.gives <= set(known):
        raise HandoverRefused("gives")
    if not said.takes or not said.takes <= set(known) or said.gives & said.takes:
        raise HandoverRefused("takes")
    return [known[pk] for pk in sorted(said.gives)], [known[pk] for pk in sorted(said.takes)]


def _left_open(gives: Collection[Operator]) -> dict[int, str]:
    """What the leaving have, and then whatever is overdue, as many as anybody reads."""
    now = timezone.now()
    theirs = Case.objects.filter(claiming.held(now), claimed_by__in=[one.pk for one in gives])
    found = dict.fromkeys(theirs.order_by("-urgency", "waiting_since").values_list("pk", flat=True), CLAIMED)
    for one in escalating.open_now(now):
        if one.is_broken:
            found.setdefault(one.row.case_id, OVERDUE)
    return dict(list(found.items())[:ITEMS_MAX])
