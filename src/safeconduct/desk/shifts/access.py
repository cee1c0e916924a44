# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading shifts that were handed over. The note is opened with intake's key, and that it was read is recorded."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils import timezone

from safeconduct.desk.approvals.access import Waiting
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import claiming, promises
from safeconduct.desk.cases.claiming import Holder
from safeconduct.desk.cases.models import Case
from safeconduct.desk.cases.promises import Standing
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.desk.shifts import left_approvals
from safeconduct.desk.shifts.errors import HandoverGone
from safeconduct.desk.shifts.models import ShiftHandover, ShiftPerson, Side
from safeconduct.sealing.errors import SealingError
from safeconduct.sealing.keys import open_with

INTAKE = "intake"
NOTE_PURPOSE = b"shift note"
TEAM_ROLES = sorted(role.value for role in Role if role.team == INTAKE)


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When, and what is to be known. Sealed: what people write at the end of a night names what it should not."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Handover:
    """One line of the list."""

    row: ShiftHandover
    gives: tuple[ShiftPerson, ...]
    takes: tuple[ShiftPerson, ...]
    is_for_you: bool  # and you have not said yet that you took it

    @property
    def is_taken(self) -> bool:
        return any(one.acknowledged_day for one in self.takes)


@dataclass(frozen=True, slots=True)
class Item:
    """A case on it, as it stands now."""

    case: Case
    why: str
    holder: Holder | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One of them, opened. No note: it does not open with a key that this person has."""

    handover: Handover
    note: Note | None
    items: tuple[Item, ...]
    approvals: tuple[Waiting, ...]  # those that concern the reader's role
    other_approvals: int


def team() -> list[Operator]:
    """Everybody who may give or take a shift."""
    return list(Operator.objects.filter(active=True, role__in=TEAM_ROLES).defer("vault", "public").order_by("name"))


def history(operator: Operator) -> list[Handover]:
    """Of the last week, the newest first."""
    rows = ShiftHandover.objects.prefetch_related("people__operator").defer("sealed")
    return [_handover(row, operator) for row in rows]


def waiting_for(operator: Operator) -> int:
    """How many this person has been named in and has not acknowledged."""
    return ShiftPerson.objects.filter(operator=operator, side=Side.TAKES, acknowledged_day=None).count()


@transaction.atomic
def read(keyring: Keyring, pk: int) -> Reading:
    """Raises `HandoverGone`."""
    row = ShiftHandover.objects.prefetch_related("people__operator", "items__case__claimed_by").filter(pk=pk).first()
    if row is None:
        raise HandoverGone(str(pk))
    now, calendar = timezone.now(), promises.current()
    items = tuple(
        Item(one.case, one.why, claiming.holder_of(one.case, now), promises.standing(calendar, one.case, now))
        for one in row.items.all()
    )
    audit.record(keyring.operator, "shifts.read", str(pk))
    approvals, others = left_approvals.still_open(row, keyring.operator)
    return Reading(_handover(row, keyring.operator), _note(row, keyring), items, approvals, others)


def _handover(row: ShiftHandover, operator: Operator) -> Handover:
    people = tuple(row.people.all())
    takes = tuple(one for one in people if one.side == Side.TAKES)
    is_for_you = any(one.operator_id == operator.pk and one.acknowledged_day is None for one in takes)
    return Handover(row, tuple(one for one in people if one.side == Side.GIVES), takes, is_for_you)


def _note(row: ShiftHandover, keyring: Keyring) -> Note | None:
    for key in keyring.team_privates(INTAKE):
        try:
            return msgspec.json.decode(open_with(key, bytes(row.sealed), purpose=NOTE_PURPOSE), type=Note)
        except (SealingError, msgspec.DecodeError):
            continue
    return None
