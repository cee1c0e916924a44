# SPDX-License-Identifier: AGPL-3.0-or-later
"""Approvals that somebody leaves behind: on the list of their shift, and an alert when nobody can go on with them."""

from collections.abc import Iterable

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals.access import Waiting
from safeconduct.desk.approvals.models import LIVING
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.shifts.models import ShiftApproval, ShiftHandover

ALERT = "approvals.left"


def write_down(made: ShiftHandover, gives: Iterable[Operator]) -> None:
    """Whatever is theirs to approve, to use or to withdraw."""
    theirs = (one for person in gives for one in approvals.open_for(person) if not one.has_lapsed)
    found = dict.fromkeys(one.proposal.pk for one in theirs)
    ShiftApproval.objects.bulk_create(ShiftApproval(handover=made, proposal_id=pk) for pk in found)


def still_open(row: ShiftHandover, reader: Operator) -> tuple[tuple[Waiting, ...], int]:
    """Those on the list that are not decided yet: the ones that concern the reader's role, and how many others there are."""
    lines = row.approvals.select_related("proposal__proposed_by", "proposal__approved_by")
    living = [line.proposal for line in lines.filter(proposal__state__in=LIVING)]
    seen = tuple(approvals.as_seen_by(reader, living))
    return seen, len(living) - len(seen)


def watch() -> None:
    """Called by the clock: whoever left may have left for good."""
    (raise_alert if approvals.stranded() else settle_alert)(ALERT)
