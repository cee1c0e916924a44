# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the monitor and counsel look at. The list opens nothing; reading one is an act of its own, and recorded."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody.complaints import sealed
from safeconduct.desk.custody.complaints.errors import NoSuchComplaint
from safeconduct.desk.custody.complaints.models import Complaint
from safeconduct.desk.custody.complaints.sealed import Opened
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.operators.keyring import Keyring

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint in the list, without a word of it."""

    row: Complaint
    late_for: tuple[str, ...]  # "taken_up", "forwarded": what should have been done by now


def listed(today: date, *, answered: bool) -> list[Line]:
    """Those that are open, or those that were answered: ill-treatment first, then the oldest."""
    rows = _open() if not answered else Complaint.objects.filter(answered__isnull=False).order_by("-answered", "-pk")
    return [Line(row, _late_for(row, today)) for row in rows[:SHOWN]]


@transaction.atomic
def read(keyring: Keyring, pk: int, act: str = "complaints.read") -> Opened:
    """Raises `NoSuchComplaint`, `NotAdmitted`, `Tampered`."""
    row = Complaint.objects.filter(pk=pk).first()
    if row is None:
        raise NoSuchComplaint
    audit.record(keyring.operator, act, str(pk))
    return sealed.opened(keyring, row)


def _open() -> QuerySet[Complaint]:
    """A report that nobody took up, or that was not forwarded, stays open even if it was answered."""
    return Complaint.objects.exclude(
        pk__in=Complaint.objects.filter(answered__isnull=False, forwarded__isnull=False)
        .exclude(is_ill_treatment=True, taken_up=None)
        .values("pk")
    ).order_by(F("is_ill_treatment").desc(), "entered", "pk")


def _late_for(row: Complaint, today: date) -> tuple[str, ...]:
    late = []
    if row.is_ill_treatment and not row.taken_up and today > row.entered + _within("ill-treatment"):
        late.append("taken_up")
    if not row.forwarded and today > row.entered + _within("complaint"):
        late.append("forwarded")
    return tuple(late)


def _within(code: str) -> timedelta:
    return timedelta(days=BY_CODE[code].within)
