# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rows of a case are opened. A conversation of 10,000 messages opens as fast as one of ten: a page of it at a time.

Besides the page, every reading needs the frame: facts, where the person reads, what is known of a unit. Whether a row is
of the frame is noted when it comes or is written, and again when it was opened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import claiming, history, holding, indexing, standing, writing
from safeconduct.desk.cases.models import OF_FRAME, Case, Sort, StoredEnvelope, today
from safeconduct.desk.cases.opening import Item, Opened, open_all
from safeconduct.desk.cases.states import Move, after
from safeconduct.desk.cases.writing import Hand
from safeconduct.sealing.envelope import Purpose
from safeconduct.vocabulary.records import ApplicationFacts, ChatContact, FileSent, PersonText

PAGE = 30
FIRST = 20  # of a case that nobody has sorted: its facts are among them
FRAME_MAX = 200  # rows of the frame, the newest from outside and the newest of ours: what holds now is among them
FRAME_FIRST = 20  # and the first of them: they name the mailbox for good, and no flood puts another in its place (T13)
LATER = 2 * PAGE  # rows after an older page, in which the reports of its replies are looked for


@dataclass(frozen=True, slots=True)
class Span:
    """One page of a conversation: which rows, and the ways to the others."""

    pks: frozenset[int]
    older: int  # the page before this one ends before that row; 0 where the conversation begins
    later: int  # the page after this one, likewise; 0 for the newest
    is_newest: bool
    unread: int  # messages elsewhere in the case that nobody has opened
    unread_at: int  # the page on which the first of them stands, as `older` is


@dataclass(frozen=True, slots=True)
class Read:
    """Cases, opened as far as one page and what every page needs. One, or those of one person (R50)."""

    parts: tuple[tuple[Case, Opened], ...]
    span: Span

    @property
    def case(self) -> Case:
        return self.parts[0][0]

    @property
    def opened(self) -> Opened:
        return self.parts[0][1]


@transaction.atomic
def read(hand: Hand, *numbers: str, before: int = 0) -> Read:
    """Open a page of a case, or of several as one: the newest, or the one that ends before this row.

    Nothing is read that is not recorded, for each of them.
    """
    cases = [holding.take(hand.operator, number) for number in sorted(numbers)]
    for case in cases:
        holding.pass_on(hand, case)
    page = _page(cases, before)
    pks = frozenset(page[:PAGE])
    parts = tuple((case, _opened(hand, case, _of(case, pks) if len(cases) > 1 else pks, before)) for case in cases)
    return Read(parts, _span(cases, page, before))


def _of(case: Case, page: frozenset[int]) -> frozenset[int]:
    return frozenset(_rows(case).filter(pk__in=page).values_list("pk", flat=True))


def _opened(hand: Hand, case: Case, pks: frozenset[int], before: int) -> Opened:
    """These rows of the case and its frame, with all that a reading does."""
    opened = open_rows(hand, case, {*pks, *_frame(case), *_reports_after(pks, case, before)})
    if holding.is_answered_by(hand.operator, case):  # who only looks on keeps nobody from it
        case.state = after(case.case_state, Move.READ).value
        case.opened_by = hand.operator
        case.opened_at = timezone.now() if case.waiting_since else None
        claiming.keep(case, hand.operator)
    standing.notice(hand, case, opened)
    indexing.at_opening(hand, case, opened)
    case.save()
    _mark(opened, pks)
    audit.record(hand.operator, "cases.read", case.number)
    history.write_once_a_day(hand, case, "read")
    return opened


def frame(hand: Hand, case: Case, *, seen: int | None = None) -> Opened:
    """What an act has to know: the facts, where to answer, and what came after the row that its operator had seen."""
    came = case.envelopes.filter(pk__gt=seen).order_by("pk") if seen is not None else case.envelopes.none()
    return open_rows(hand, case, {*_frame(case), *came.values_list("pk", flat=True)[:FRAME_MAX]})


def open_rows(hand: Hand, case: Case, pks: Iterable[int]) -> Opened:
    rows = case.envelopes.select_related("case", "author").filter(pk__in=set(pks)).order_by("pk")
    return open_all(rows, writing.erasure_key(hand.keys, case), hand.team, hand.keys.doors, older=hand.older)


def sort_of(item: Item) -> str:
    """What a row is, now that it is open. Ours were sorted when they were written; what does not open keeps what it had."""
    if item.stored.purpose != Purpose.TO_TEAM.value or item.record is None:
        return item.stored.sort
    if isinstance(item.record, PersonText | FileSent):
        return Sort.WORDS
    return Sort.FRAME if isinstance(item.record, ApplicationFacts | ChatContact) else ""


def _page(cases: Sequence[Case], before: int) -> list[int]:
    """Newest first, and one more than fit: whether there is an older page. The desk numbers rows as it takes them."""
    lines = [_rows(case).order_by("-pk") for case in cases]
    lines = [rows.filter(pk__lt=before) for rows in lines] if before else lines
    return sorted((pk for rows in lines for pk in rows.values_list("pk", flat=True)[: PAGE + 1]), reverse=True)[
        : PAGE + 1
    ]


def _rows(case: Case) -> QuerySet[StoredEnvelope]:
    """Not by the relation of the case: it asks each row for its case, one by one, where only numbers are wanted."""
    return StoredEnvelope.objects.filter(case=case)


def _frame(case: Case) -> list[int]:
    """Whoever floods a case from outside pushes out of sight neither the first rows of it nor what we wrote."""
    found = _rows(case).filter(sort__in=OF_FRAME).values_list("pk", flat=True)
    ours, theirs = found.filter(purpose=Purpose.NOTE.value), found.exclude(purpose=Purpose.NOTE.value)
    newest = {*ours.order_by("-pk")[:FRAME_MAX], *theirs.order_by("-pk")[:FRAME_MAX]}
    if newest:
        return sorted({*found.order_by("pk")[:FRAME_FIRST], *newest})
    return list(_rows(case).order_by("pk").values_list("pk", flat=True)[:FIRST])


def _reports_after(page: frozenset[int], case: Case, before: int) -> list[int]:
    """What an older page needs to tell of its replies. A report is no word and not of the frame."""
    if not before or not page:
        return []
    later = _rows(case).filter(sort="", pk__gt=max(page), purpose=Purpose.TO_TEAM.value, opened_day__isnull=False)
    return list(later.order_by("pk").values_list("pk", flat=True)[:LATER])


def _mark(opened: Opened, page: frozenset[int]) -> None:
    """What stood on the page has been read. What was opened only for the frame has not, unless it is of the frame."""
    by_sort: dict[str, list[int]] = {}
    read_now = []
    for item in opened.items:
        if item.is_elsewhere:  # the other team has it, and reads it
            continue
        sort = sort_of(item)
        if item.stored.sort != sort:
            by_sort.setdefault(sort, []).append(item.stored.pk)
        if item.stored.opened_day is None and (item.stored.pk in page or sort == Sort.FRAME):
            read_now.append(item.stored.pk)
    for sort, pks in by_sort.items():
        StoredEnvelope.objects.filter(pk__in=pks).update(sort=sort)
    if read_now:
        StoredEnvelope.objects.filter(pk__in=read_now).update(opened_day=today())


def _span(cases: Sequence[Case], page: list[int], before: int) -> Span:
    # Only what comes from outside is ever unopened.
    waiting = StoredEnvelope.objects.filter(case__in=cases, opened_day=None)
    first = waiting.order_by("pk").values_list("pk", flat=True).first()
    return Span(
        pks=frozenset(page[:PAGE]),
        older=page[PAGE - 1] if len(page) > PAGE else 0,
        later=_page_with(cases, max(page[:PAGE]) + 1) if before and page else 0,
        is_newest=not before,
        unread=waiting.count(),
        unread_at=_page_with(cases, first) if first else 0,
    )


def _page_with(cases: Sequence[Case], first: int) -> int:
    """The page that begins with this row, as what it ends before; 0 is the newest."""
    lines = [_rows(case).filter(pk__gte=first).order_by("pk").values_list("pk", flat=True) for case in cases]
    rows = sorted(pk for line in lines for pk in line[: PAGE + 1])
    return rows[PAGE] if len(rows) > PAGE else 0
