# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case needs of whoever answers it. A colleague who has read it says so; in clear stands only that somebody did.

It is a record of the case like any other: sealed to the team that has it, signed by the desk, under the erasure key, wrapped
anew with every new key. The case names the newest row, so that a queue opens fifty short needs and not one case.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.cases import acts, claiming, history, holding, journal
from safeconduct.desk.cases.errors import NeedRefused, NotReadYet
from safeconduct.desk.cases.models import Case, Merge, StoredEnvelope
from safeconduct.desk.cases.opening import open_all
from safeconduct.desk.cases.refusing import recorded
from safeconduct.desk.cases.states import TRANSITIONS, Move
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.operators import skills
from safeconduct.sealing import envelope as sealing
from safeconduct.vocabulary.casework import CaseNeed
from safeconduct.vocabulary.identifiers import ConversationId
from safeconduct.vocabulary.skills import NEEDED

OPENED_MOST = 50

Needs = Mapping[int, frozenset[str]]  # by the case's pk; one that is not there needs nothing in particular


@recorded
def say(hand: Hand, number: str, trained_for: Collection[str], *, gives_back: bool) -> None:
    """Who has read the case says what its next answer needs; nothing: anybody. Saying the same again changes nothing.

    `gives_back`: into the queue, for a colleague. Raises `CaseGone`, `HeldByOthers`, `NeedRefused`, `NotReadYet`.
    """
    if not set(trained_for) <= set(NEEDED):
        raise NeedRefused(number)
    case = holding.take_to_answer(hand.operator, number)
    if not StoredEnvelope.objects.filter(case=case, author=hand.operator).exists():  # reading leaves an entry of theirs
        raise NotReadYet(number)
    if own(hand, case) != frozenset(trained_for):
        said = CaseNeed.of(skill for skill in NEEDED if skill in trained_for)
        case.need_row = history.write(hand, case, said).pk
        case.save(update_fields=["need_row"])
        audit.record(hand.operator, "cases.need", number)
    if gives_back:
        _give_back(hand, case)
    else:
        claiming.renew(case, hand.operator)


def bring_along(hand: Hand, case: Case) -> None:
    """It opens for the hand's team alone from now on: the case is theirs. Called in the act that took it over."""
    row = StoredEnvelope.objects.select_related("case").filter(case=case, pk=case.need_row or 0)
    if holding.rewrap_all(hand, row, lambda _row, whole, by: sealing.replace_wraps(whole, by, [hand.team.public])):
        transaction.on_commit(journal.empty)


def own(hand: Hand, case: Case) -> frozenset[str]:
    """What was said of this case itself, whatever other cases the person has."""
    return _opened(hand, [case.need_row]).get(case.pk, frozenset()) if case.need_row else frozenset()


class Opener:
    """Opens the needs of cases, in their order, and no more than `most` in its life. It opens no case.

    Cases that were brought together keep what each of them needs; an answer to one needs it all. What does not open, or
    comes too late in the order, is no need: nobody waits for what cannot be read.
    """

    def __init__(self, hand: Hand, *, most: int = OPENED_MOST) -> None:
        self._hand = hand
        self._left = most

    def __call__(self, cases: Sequence[Case]) -> Needs:
        if not cases:
            return {}
        together = _together([case.pk for case in cases])
        rows = _rows_of(cases, together)
        wanted = [rows[pk] for case in cases for pk in sorted(together[case.pk]) if pk in rows]
        wanted = list(dict.fromkeys(wanted))[: self._left]
        self._left -= len(wanted)
        opened = _opened(self._hand, wanted) if wanted else {}
        found = {case.pk: frozenset[str]().union(*(opened.get(pk, ()) for pk in together[case.pk])) for case in cases}
        return {pk: every for pk, every in found.items() if every}


def told(hand: Hand, case: Case) -> dict[str, object]:
    """For the page of one case: all that it needs, in words, and what can be ticked."""
    mine = own(hand, case)
    every = Opener(hand)([case]).get(case.pk, frozenset())
    return {
        "named": skills.titles(skill for skill in NEEDED if skill in every),
        "offered": [(skill, skills.title(skill), skill in mine) for skill in NEEDED],
    }


def nobodys(cases: Sequence[Case]) -> Needs:
    """For whom no key opens anything."""
    del cases
    return {}


def _give_back(hand: Hand, case: Case) -> None:
    """What waits is anybody's again; what was answered waits once more. Who said nothing yet waits for nothing."""
    if case.waiting_since is not None:
        Case.objects.filter(pk=case.pk).update(folded_into=None)  # a colleague finds it in the queue, or nowhere
        claiming.release(hand.operator, case.number)
    elif (case.case_state, Move.RETURN) in TRANSITIONS:
        acts.into_queue(hand, case)


def _opened(hand: Hand, rows: Iterable[int | None]) -> Needs:
    """Of the cases that these rows belong to. A row that was altered or erased, or is another team's, says nothing."""
    stored = list(StoredEnvelope.objects.filter(pk__in=set(rows)).select_related("case"))
    keys = hand.keys.erasure.get_many(ConversationId(row.case.conversation) for row in stored)
    found: dict[int, frozenset[str]] = {}
    for row in stored:
        key = keys.get(ConversationId(row.case.conversation))
        if key is None or row.case.need_row != row.pk:
            continue
        record = open_all([row], key, hand.team, hand.keys.doors, older=hand.older).items[0].record
        if isinstance(record, CaseNeed):
            found[row.case_id] = frozenset(record.skills)
    return found


def _rows_of(cases: Sequence[Case], together: Mapping[int, frozenset[int]]) -> dict[int, int]:
    """Where each of these cases, and of those brought together with them, says what it needs."""
    known = {case.pk: case.need_row for case in cases}
    others = {pk for pks in together.values() for pk in pks} - known.keys()
    if others:
        known |= dict(Case.objects.filter(pk__in=others).values_list("pk", "need_row"))
    return {pk: row for pk, row in known.items() if row is not None}


def _together(pks: Collection[int]) -> dict[int, frozenset[int]]:
    """Each case with all that are the same person's."""
    groups = {pk: {pk} for pk in pks}
    edge = set(pks)
    while edge:
        pairs = Merge.objects.filter(undone_day=None).filter(Q(leading__in=edge) | Q(other__in=edge))
        found: set[int] = set()
        for one, other in pairs.values_list("leading", "other"):
            found |= {one, other} - groups.keys()
            whole = groups.setdefault(one, {one}) | groups.setdefault(other, {other})
            groups |= dict.fromkeys(whole, whole)
        edge = found
    return {pk: frozenset(groups[pk]) for pk in pks}
