# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case leaves behind that is erased or expires: whom it joined stay joined, and what stopped it stops them (R5, R13, R50).

Whoever forces a person may hold one of their receipts. To erase that conversation must not open the way of another.
Opens nothing; why it was stopped goes with the case.
"""

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases.models import Case, Merge


@transaction.atomic
def part(case: Case) -> None:
    """Called right before its row goes. Of who stay, the oldest that led it leads on, else the oldest that it led."""
    standing = Merge.objects.filter(undone_day=None).select_related("leading", "other").order_by("other_id")
    above = standing.filter(other=case).first()
    below = list(standing.filter(leading=case))
    if above is None and not below:
        return
    head = above.leading if above is not None else below[0].other
    Merge.objects.filter(pk__in=[one.pk for one in below if one.other != head]).update(leading=head)
    _pass_on(case, head)


def _pass_on(going: Case, head: Case) -> None:
    case = Case.objects.get(pk=going.pk)  # as it stands now: another may have passed its marks on to it a moment ago
    kept = Case.objects.select_for_update().get(pk=head.pk)
    if case.frozen_day is not None and kept.frozen_day is None:
        kept.frozen_day = case.frozen_day
        audit.record(None, "cases.freeze", kept.number)
    if case.review_day is not None and kept.review_day is None:
        kept.review_day = case.review_day
        audit.record(None, "cases.suspect-minor", kept.number)
    if kept.frozen_day or kept.review_day:
        kept.folded_into = None  # such a case is never out of sight
    kept.save(update_fields=["frozen_day", "review_day", "folded_into"])
