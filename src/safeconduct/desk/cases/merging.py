# SPDX-License-Identifier: AGPL-3.0-or-later
"""R50: two people bring two cases of one person together, and two people can take them apart. Both cases stay as they are.

The older case leads. What is approved is exactly what was compared: claims that changed meanwhile need a new proposal.
`seen` is the mark of the pair that was on the screen: nobody proposes or approves what they have not seen.
"""

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.approvals.errors import ApprovalsError, ContentChanged, NotApproved
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.approvals.registry import Kind
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit.refusing import refusals_recorded
from safeconduct.desk.cases import history, holding, identity, indexing, likeness, reading
from safeconduct.desk.cases.errors import AlreadyMerged, CaseGone, CasesError, NotMerged, OfRelative
from safeconduct.desk.cases.identity import Person
from safeconduct.desk.cases.likeness import Likeness
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope, today
from safeconduct.desk.cases.writing import Hand
from safeconduct.matching.comparing import Comparer
from safeconduct.vocabulary.casework import CaseAct

MERGE, UNDO = "cases.merge", "cases.unmerge"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases side by side. `likeness` is that of their likest claims; None when either has none."""

    leading: Person
    other: Person
    likeness: Likeness | None
    merge: Merge | None
    proposal: Proposal | None
    content: bytes  # what two people decide on, each having seen the same

    @property
    def kind(self) -> str:
        """What can be decided now."""
        return UNDO if self.merge else MERGE

    @property
    def subject(self) -> str:
        return subject_of(self.leading.case, self.other.case)

    @property
    def mark(self) -> str:
        """Names what a page shows, and whether it is to merge or to undo, without telling anything of it."""
        return hashlib.sha256(self.content).hexdigest()[:32]


def subject_of(leading: Case, other: Case) -> str:
    return f"{leading.number} {other.number}"


def page_of(subject: str) -> str:
    """Where the pair is looked at."""
    return reverse("cases:merge", args=subject.split())


KINDS = (
    Kind(MERGE, _("Bring two cases of one person together"), proposes=MERGE, approves=MERGE, page=page_of),
    Kind(UNDO, _("Take two merged cases apart"), proposes=MERGE, approves=MERGE, page=page_of),
)


@transaction.atomic
def compare(hand: Hand, one: str, other: str) -> Pair:
    """Open what is known of both. Raises `CaseGone`, and `OfRelative`: a relative's case is never laid beside another (R6)."""
    pair = _pair(hand, one, other)
    audit.record(hand.operator, "cases.compared", pair.subject)
    return pair


def propose(hand: Hand, one: str, other: str, *, seen: str) -> None:
    """Ask a colleague: to merge, or to undo what is merged. Raises `CasesError`, `ApprovalsError`."""
    with _act(hand, one, other):
        pair = _seen_pair(hand, one, other, seen)
        deciding.propose(hand.operator, pair.kind, pair.subject, pair.content)


def approve(hand: Hand, one: str, other: str, *, seen: str) -> None:
    """Say yes to what stands proposed, and do it at once. Raises `CasesError`, `ApprovalsError`."""
    with _act(hand, one, other):
        pair = _seen_pair(hand, one, other, seen)
        if pair.proposal is None:
            raise NotApproved(pair.kind)
        deciding.approve(hand.operator, pair.proposal.pk, pair.content)
        deciding.spend(pair.proposal.pk, pair.content, actor=hand.operator)
        if pair.merge:
            _take_apart(hand, pair, pair.merge)
        else:
            _bring_together(hand, pair)


def linked(case: Case) -> list[Case]:
    """The cases that are this person's too, the leading one first."""
    found = {case.pk: case}
    edge = [case]
    while edge:
        near = Merge.objects.filter(undone_day=None).select_related("leading", "other")
        pks = [one.pk for one in edge]
        beside = [one.leading for one in near.filter(other__in=pks)] + [
            one.other for one in near.filter(leading__in=pks)
        ]
        edge = [one for one in beside if one.pk not in found]
        found |= {one.pk: one for one in edge}
    return [found[pk] for pk in sorted(found) if pk != case.pk]


def _seen_pair(hand: Hand, one: str, other: str, seen: str) -> Pair:
    """Raises `ContentChanged` for a page that shows other claims, or the opposite act."""
    pair = _pair(hand, one, other)
    if pair.mark != seen:
        raise ContentChanged(pair.kind)
    return pair


def _pair(hand: Hand, one: str, other: str) -> Pair:
    if one == other:
        raise CaseGone(other)
    cases = {
        number: holding.take(hand.operator, number) for number in sorted({one, other})
    }  # no two wait for each other
    leading, later = sorted((_person(hand, case) for case in cases.values()), key=lambda person: person.case.pk)
    merge = Merge.objects.filter(leading=leading.case, other=later.case, undone_day=None).first()
    kind = UNDO if merge else MERGE
    return Pair(
        leading=leading,
        other=later,
        likeness=_likeness(leading, later),
        merge=merge,
        proposal=approvals.standing(kind, subject_of(leading.case, later.case)),
        content=_content(merge, leading, later),
    )


def _person(hand: Hand, case: Case) -> Person:
    opened = reading.frame(hand, case)
    person = identity.person_of(case, opened)
    if person.is_of_relative:
        raise OfRelative
    indexing.at_opening(hand, case, opened)
    return person


def _likeness(one: Person, other: Person) -> Likeness | None:
    comparer = Comparer()
    pairs = [
        likeness.compare(
            ours, likeness.identity(ours, one.language), theirs, language=other.language, comparer=comparer
        )
        for ours in one.claims
        for theirs in other.claims
    ]
    return max(pairs, key=lambda pair: pair.score, default=None)


def _content(merge: Merge | None, *people: Person) -> bytes:
    """A merge is decided on what was compared; taking apart what is merged, on nothing but that."""
    parts = [(UNDO if merge else MERGE).encode(), *(one.case.conversation_id for one in people)]
    if merge:
        parts.append(str(merge.pk).encode())
    else:
        said = dict(StoredEnvelope.objects.filter(pk__in=[one.seen for one in people]).values_list("pk", "envelope"))
        parts += [bytes(said.get(one.seen, b"")) for one in people]
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def _bring_together(hand: Hand, pair: Pair) -> None:
    if Merge.objects.filter(other=pair.other.case, undone_day=None).exists():
        raise AlreadyMerged(pair.other.case.number)
    Merge.objects.create(leading=pair.leading.case, other=pair.other.case, day=today())
    _tell(hand, pair, "merge")
    audit.record(hand.operator, "cases.merged", pair.subject)


def _take_apart(hand: Hand, pair: Pair, merge: Merge) -> None:
    if not Merge.objects.filter(pk=merge.pk, undone_day=None).update(undone_day=today()):
        raise NotMerged(pair.other.case.number)
    _tell(hand, pair, "unmerge")
    audit.record(hand.operator, "cases.unmerged", pair.subject)


def _tell(hand: Hand, pair: Pair, act: str) -> None:
    """Each case tells of the other."""
    history.write(hand, pair.leading.case, CaseAct(act, about=pair.other.case.number))
    history.write(hand, pair.other.case, CaseAct(act, about=pair.leading.case.number))


def _act(hand: Hand, one: str, other: str) -> AbstractContextManager[None]:
    return refusals_recorded(hand.operator, "cases.merge-refused", f"{one} {other}", of=(CasesError, ApprovalsError))
