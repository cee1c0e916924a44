# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases that may be about the same person. At most fifty are opened for a query, and each of them is recorded as read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Sum

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import holding, indexing, likeness
from safeconduct.desk.cases.likeness import Likeness
from safeconduct.desk.cases.models import Case, Indexed, IndexToken
from safeconduct.desk.cases.opening import Opened, open_all
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators.models import Operator
from safeconduct.matching.comparing import Comparer, Identity
from safeconduct.sealing.erasure import ErasureKey
from safeconduct.vocabulary.identity import IdentityClaim

CANDIDATES = 50
ROWS = 3_000  # of the index that a query weighs, unless the rarest value alone has more
COUNTED = 10 * ROWS  # whatever more of them share is as good as everybody
SHOWN = 10  # more are no answer: many people have such a name
_NEEDED = (
    *("case__number", "case__conversation", "case__with_cell"),
    *("claims__envelope", "claims__purpose", "claims__core", "claims__wraps", "claims__case_id", "claims__sort"),
)
_COUNT = (
    "WITH wanted (value) AS (VALUES %s) SELECT value, (SELECT COUNT(*) FROM ("
    "SELECT 1 FROM cases_indextoken token WHERE token.value = wanted.value LIMIT %d) counted) FROM wanted"
)
Asked = Sequence[tuple[IdentityClaim, Identity]]


@dataclass(frozen=True, slots=True)
class Found:
    """A case, and how it compares: the best of its claims against the best of those that were asked for."""

    case: Case
    claim: IdentityClaim
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Answer:
    """What is alike, the likeliest first; and how many cases were opened for it."""

    found: tuple[Found, ...]
    opened: int

    @property
    def shown(self) -> tuple[Found, ...]:
        return self.found[:SHOWN]

    @property
    def further(self) -> int:
        """How many more fit: whoever asks has to say more."""
        return len(self.found) - len(self.shown)


@transaction.atomic
def find(hand: Hand, asked: Iterable[IdentityClaim], *, language: str = "", but: str = "") -> Answer:
    """Who could be one of these. `but`: the case that asks. Opens nothing when nothing is asked that can be looked up."""
    wanted = tuple(asked)
    rows = [
        row
        for row in candidates(hand, wanted)
        if row.case.number != but and holding.is_seen_by(hand.operator, row.case)
    ]
    if rows:
        audit.record(hand.operator, "cases.searched", " ".join(row.case.number for row in rows))
    identities, comparer = [(claim, likeness.identity(claim, language)) for claim in wanted], Comparer()
    found = [one for row, opened in _opened(hand, rows) if (one := _best(row.case, opened, identities, comparer))]
    found.sort(key=lambda one: (-one.likeness.score, one.case.number))
    return Answer(tuple(found), len(rows))


def exists(operator: Operator, number: str) -> bool:
    """Whether there is such a case for this operator. Opens nothing."""
    case = Case.objects.filter(number=number).first()
    return case is not None and holding.is_seen_by(operator, case)


def candidates(hand: Hand, asked: Iterable[IdentityClaim]) -> list[Indexed]:
    """Those that share most with what is asked: a long token says more than a short one."""
    key = indexing.index_key(hand)
    if key is None:
        return []
    team = hand.operator.plays.team or ""
    wanted = {value for claim in asked for value in indexing.looked_up(key, team, claim)}
    order = _weightiest(_telling(wanted))
    known = Indexed.objects.select_related("case", "claims").only(*_NEEDED).in_bulk(order)
    return [known[pk] for pk in order if pk in known]


def _weightiest(values: list[int]) -> list[int]:
    """Those that share most of these values, the newest first among equals."""
    rows = IndexToken.objects.filter(value__in=values)
    if len(values) == 1:  # all weigh the same: the index has them in order, however many bear the name
        return list(rows.order_by("-indexed").values_list("indexed", flat=True)[:CANDIDATES])
    weighed = rows.values("indexed").annotate(weight=Sum("bits")).order_by("-weight", "-indexed")
    return [row["indexed"] for row in weighed[:CANDIDATES]]


def _telling(wanted: set[int]) -> list[int]:
    """The values that fewest cases share. Who shares only a name with thousands could not be among fifty anyway."""
    taken: list[int] = []
    left = ROWS
    for rows, value in sorted(_counted(wanted)):
        left -= rows
        if taken and left < 0:
            break
        taken.append(value)
    return taken


def _counted(wanted: set[int]) -> list[tuple[int, int]]:
    """How many cases share each value, as far as any does; counted up to `COUNTED`, for some names a tenth of all bear."""
    if not wanted:
        return []
    marks = ", ".join(["(%s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT % (marks, COUNTED), list(wanted))
        return [(rows, value) for value, rows in cursor.fetchall() if rows]


def _opened(hand: Hand, rows: list[Indexed]) -> Iterable[tuple[Indexed, Opened]]:
    keys = hand.keys.erasure.get_many(row.case.conversation_id for row in rows)
    for row in rows:
        erasure: ErasureKey | None = keys.get(row.case.conversation_id)
        row.claims.case = row.case
        if erasure is not None:  # else erased a moment ago
            yield row, open_all([row.claims], erasure, hand.team, hand.keys.doors, older=hand.older)


def _best(case: Case, opened: Opened, asked: Asked, comparer: Comparer) -> Found | None:
    """The pair of claims that is most alike, if it is alike at all."""
    item = indexing.newest(opened)
    if item is None:  # altered, or sealed to another team alone
        return None
    record = indexing.claims_of(item)
    pairs = [
        Found(case, theirs, likeness.compare(ours, mine, theirs, language=record.language, comparer=comparer))
        for ours, mine in asked
        for theirs in record.claims
    ]
    best = max(pairs, key=lambda one: one.likeness.score, default=None)
    return best if best and best.likeness.is_alike else None
