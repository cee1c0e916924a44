# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever was told "nobody here" is not forgotten: who is registered, or described anew, after that is compared with what they asked.

Custody at rest cannot compare: it is done for whoever of the Bureau opens the board or the inquiries, a few at a time, those that
were compared longest ago first. Every inquiry that was answered goes through it alike, so that no column tells how.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing
from safeconduct.desk.custody import sealed as pages
from safeconduct.desk.custody.inquiries import acts, alarms, sealed
from safeconduct.desk.custody.inquiries.models import Inquiry
from safeconduct.desk.custody.models import Sealed
from safeconduct.desk.custody.names import search, tokens
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.matching.comparing import Comparer
from safeconduct.sealing.errors import Tampered
from safeconduct.vocabulary.bureau import Inquiry as Asked
from safeconduct.vocabulary.bureau import InquiryAnswer
from safeconduct.vocabulary.reception import Received

BATCH = 20  # inquiries in one request
PAGES = 50  # identities that are opened for them


@dataclass(frozen=True, slots=True)
class _Since:
    """Identities that were written since the first of some inquiries was compared. `written`: the newest page of each person."""

    last: int
    written: Mapping[int, int]
    known: Mapping[int, Received]


def catch_up(keyring: Keyring) -> None:
    """Nothing for another office, and for whoever was not let in yet."""
    if keyring.operator.plays.team == sealed.TEAM and _behind().exists():
        with suppress(NotAdmitted):
            _look(keyring)


@crossing.act
def _look(keyring: Keyring) -> None:
    rows = list(_behind().select_for_update().order_by("looked", "pk")[:BATCH])
    if not rows:
        return
    for row in rows:
        row.looked = row.looked or _before(row)
    since = _since(keyring, rows)
    comparer = Comparer()
    for row in rows:
        if _could_be(keyring, row, since, comparer):
            row.again = register.today()
        row.looked = max(row.looked, since.last)
    Inquiry.objects.bulk_update(rows, ["looked", "again"])
    alarms.ring_again()


def _behind() -> QuerySet[Inquiry]:
    last = acts.newest_page()
    return Inquiry.objects.filter(answered__isnull=False, again=None, looked__lt=last)


def _before(row: Inquiry) -> int:
    """What the register had when it was answered, by the day."""
    last: int | None = acts.identities().filter(entered__lt=row.answered).aggregate(last=Max("pk"))["last"]
    return last or 0


def _since(keyring: Keyring, rows: Collection[Inquiry]) -> _Since:
    first = min(row.looked for row in rows)
    found = list(acts.identities().filter(pk__gt=first).order_by("pk").select_related("person")[:PAGES])
    written = {one.person_id: one.pk for one in found}
    known = pages.newest_of(list(written), keyring, pages.IDENTITY)
    if known:
        audit.record(keyring.operator, "custody.inquiries_again", _numbers(found, known))
    return _Since(found[-1].pk if found else first, written, known)


def _numbers(found: Sequence[Sealed], known: Collection[int]) -> str:
    return " ".join(dict.fromkeys(one.person.number for one in found if one.person_id in known))


def _could_be(keyring: Keyring, row: Inquiry, since: _Since, comparer: Comparer) -> bool:
    """Whether somebody who was written of since would be proposed for it. What was altered is the monitor's to look at, and ends nothing here."""
    new = [said for pk, said in since.known.items() if since.written[pk] > row.looked]
    if not new:
        return False
    try:
        if any(one.prisoner for one in sealed.every(keyring, row, sealed.ANSWERED, InquiryAnswer)):
            return False
        questions = sealed.every(keyring, row, sealed.ASKED, Asked)
    except Tampered:
        return False
    who = [tokens.sought(acts.described(one)) for one in questions]
    return any(search.could_be(one, said, comparer) for one in who for said in new)
