# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues did with a case, written into the case itself: sealed like a note, by day, and only ever added to.

The desk cannot read the monitor's record; who answers a person has to know who looked at the case and who moved it.
"""

import hashlib
from datetime import date

from safeconduct.desk.cases import holding, writing
from safeconduct.desk.cases.models import Case, Sort, StoredEnvelope, today
from safeconduct.desk.cases.opening import protect_wraps
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing import envelope as sealing
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.casework import CaseAct, Casework
from safeconduct.vocabulary.records import encode


def write(  # noqa: PLR0913 - what an entry may carry, by name
    hand: Hand,
    case: Case,
    record: Casework,
    *,
    submission: bytes | None = None,
    is_frame: bool = False,
    day: date | None = None,
) -> StoredEnvelope:
    """Add it to the case. `is_frame`: every page of the case has to know it, however far down it stands."""
    readers = holding.readers(hand, case)
    envelope = writing.seal(hand, case, Purpose.NOTE, encode(record), readers, day=day or today())
    core, wraps = sealing.split(envelope)
    header = envelope.header
    return StoredEnvelope.objects.create(
        case=case,
        envelope=header.envelope,
        purpose=header.purpose.value,
        core=core,
        wraps=protect_wraps(writing.erasure_key(hand.keys, case), header.envelope, wraps),
        day=header.day,
        opened_day=header.day,
        has_clear_label=False,
        author=hand.operator,
        submission=submission,
        sort=_sort(record) if is_frame else "",
    )


def _sort(record: Casework) -> Sort:
    return Sort.REASON if isinstance(record, CaseAct) and record.reason else Sort.FRAME


def write_once_a_day(hand: Hand, case: Case, act: str) -> None:
    """The same act by the same colleague, told once a day: who opens a case ten times has read it."""
    said = (act, str(hand.operator.pk), today().isoformat())
    parts = (b"safeconduct/1/act", case.conversation, *(one.encode() for one in said))
    submission = hashlib.sha256(b"\0".join(parts)).digest()
    if not StoredEnvelope.objects.filter(submission=submission).exists():
        write(hand, case, CaseAct(act), submission=submission)
