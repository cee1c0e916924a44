# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading what persons said. There is no other way to it, and none without an entry in the record."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import expiry, holding, reaching, reading, talk, telling
from safeconduct.desk.cases.errors import CaseGone, CasesError
from safeconduct.desk.cases.models import Case, Draft, today
from safeconduct.desk.cases.opening import Opened
from safeconduct.desk.cases.reading import Span
from safeconduct.desk.cases.states import Move, offered
from safeconduct.desk.cases.talk import Entry
from safeconduct.desk.cases.telling import Fact
from safeconduct.desk.cases.writing import Hand, open_draft
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.envelope import Purpose
from safeconduct.sealing.errors import SealingError
from safeconduct.vocabulary.applications import Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """An opened case as its page shows it."""

    case: Case
    opened: Opened
    facts: list[Fact]
    talk: list[Entry]
    in_chat: str  # what will happen to a reply there, in words
    moves: tuple[Move, ...]
    span: Span
    drafts: dict[str, str] = field(default_factory=dict)
    before: str = ""  # who had it open before this reading, while it waits
    before_at: datetime | None = None
    words_end: date | None = None  # R3

    @property
    def has_words_left(self) -> bool:
        """Whether any of what the person said can still be read, or may be: nothing tells of what nobody has opened."""
        return self.words_end is None or self.words_end > today() or any(one.tongue for one in self.talk)

    @property
    def facts_type(self) -> str:
        """The application's type, or nothing."""
        return self.opened.facts.type.value if self.opened.facts else ""

    @property
    def gist(self) -> str:
        """The first facts in a line, for a screen on which the table stands far below."""
        return " · ".join(fact.value for fact in self.facts[:4] if fact.value != "1")  # one person goes without saying


def read(hand: Hand, number: str, *, before: int = 0) -> Reading:
    """Open a case: its newest page, or the one that ends before this row. Raises `CaseGone`."""
    earlier = Case.objects.select_related("opened_by").filter(number=number).first()
    with refusals_recorded(hand.operator, "cases.refused", number, of=CasesError):
        done = reading.read(hand, number, before=before)
    case, opened = done.case, done.opened
    return Reading(
        case=case,
        opened=opened,
        facts=telling.facts(opened.facts, timezone.now()) if opened.facts else [],
        talk=talk.entries(opened, page=done.span.pks, replies=sent(case, opened)),
        in_chat=reaching.told(opened, hand.keys.delivery, timezone.now()),
        moves=offered(case.case_state),
        span=done.span,
        drafts=drafts_of(hand, case),
        before=_name(earlier, hand),
        before_at=earlier.opened_at if earlier else None,
        words_end=expiry.words_end(case),
    )


def kind_of_news_since(operator: Operator, number: str, seen: int) -> str:
    """The kind of what lies there that a page does not show yet, or nothing. Opens nothing. Raises `CaseGone`.

    What neither waits to be read nor waits for an answer is no news: that a reply went its way.
    """
    case = Case.objects.filter(number=number).first()
    if case is None or not holding.is_seen_by(operator, case):
        raise CaseGone(number)
    unseen = case.envelopes.filter(purpose=Purpose.TO_TEAM.value, pk__gt=seen)
    has_news = unseen.filter(Q(opened_day=None) | Q(has_clear_label=True)).exists()
    return (case.kind or Kind.MESSAGE.value) if has_news else ""


def sent(case: Case, opened: Opened) -> set[bytes]:
    """The replies among what reports tell of: those of this case, wherever in it they stand."""
    told = case.envelopes.filter(purpose=Purpose.TO_PERSON.value, envelope__in=talk.reported(opened))
    return {bytes(one) for one in told.values_list("envelope", flat=True)}


def _name(earlier: Case | None, hand: Hand) -> str:
    if earlier is None or earlier.opened_at is None or earlier.opened_by in (None, hand.operator):
        return ""
    return earlier.opened_by.name


def drafts_of(hand: Hand, case: Case) -> dict[str, str]:
    found = {}
    for draft in Draft.objects.filter(case=case, operator=hand.operator).select_related("case"):
        try:
            found[draft.box] = open_draft(hand, draft)
        except SealingError:  # of a key that the operator no longer has
            continue
    return found
