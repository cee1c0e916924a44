# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever does whatever in whatever order: no forbidden state, every act in the record, and no trace of a refusal (R14, T5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.desk.cases.conftest import Line, Person
from tests.desk.conftest import House
from tests.desk.handover.conftest import Cell, arrives

from safeconduct.desk.approvals import acts as approving
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit import records
from safeconduct.desk.audit.acts import THE_DESK
from safeconduct.desk.audit.models import Entry
from safeconduct.desk.audit.records import Recorded
from safeconduct.desk.cases import access, cell, standing
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases.models import Case, Draft, Outgoing, StoredEnvelope
from safeconduct.desk.cases.states import OWNERS, QUIET, CaseState, CellMove, Whose
from safeconduct.desk.cases.states import TRANSITIONS as CASE_TRANSITIONS
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import acts, codes, gates, releasing, unit_acts, wall
from safeconduct.desk.handover.models import Handover, SheetReader
from safeconduct.desk.handover.states import LIVING, OUTCOMES, TRANSITIONS, HandoverState, Move
from safeconduct.desk.handover.unit_acts import UnitHand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.vocabulary.applications import ApplicationType, Kind
from safeconduct.vocabulary.records import PersonText

pytestmark = pytest.mark.rule("R14", "R15", "T5", "T6", "R49")

WHO = ("operator", "supervisor", "planner", "planner two", "approver", "approver two", "administrator", "unit")
ABOUT_HANDOVERS = {f"handover.{one.value}" for one in Move}
ABOUT_WHOSE = {f"cases.{one.value}": one for one in CellMove}
FORBIDDEN_TYPES = (ApplicationType.CONSCRIPT, ApplicationType.RELATIVE)
TABLES: tuple[Any, ...] = (Case, StoredEnvelope, Outgoing, Draft, Proposal, Handover, SheetReader, Operator)


@dataclass
class World:
    """What every sequence starts from."""

    line: Line
    cell: Cell
    hands: dict[str, Hand]
    monitor: PrivateKey
    unit: UnitHand
    rows: dict[str, Any] = field(default_factory=dict)

    def told(self, since: int) -> list[Recorded]:
        """The record after this row, oldest first."""
        rows = Entry.objects.filter(pk__gt=since).order_by("pk")
        return [records.open_sealed(bytes(one.sealed), self.monitor) for one in rows]

    def applies(self, kind: ApplicationType) -> str:
        person = self.line.apply(Person(), "есть вопрос", type=kind)
        self.line.collect()
        number = str(self.line.case(person).number)
        self.rows[number] = person
        return number


@pytest.fixture
def world(line: Line, the_cell: Cell, house: House) -> World:
    hands = {"planner": the_cell.planner, "approver": the_cell.approver}
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        someone = house.person(role)
        hands[role.value] = Hand(someone.operator, house.opened(someone), line.team, line.keys)
    for name, role in (("planner two", Role.PLANNER), ("approver two", Role.APPROVER)):
        second = people.add_operator(name, role)
        people.let_in(people.team_key("handover"), house.keys["handover"], second.operator)
        hands[name] = Hand(second.operator, house.opened(house.newcomer(second)), the_cell.planner.team, line.keys)
    for name, role in (("administrator", Role.ADMINISTRATOR), ("unit", Role.RECEIVING_UNIT)):
        someone = house.person(role)  # they hold no team's key; here they try with one of their own
        own = house.opened(someone)
        hands[name] = Hand(someone.operator, own, own, line.keys)
    return World(line, the_cell, hands, house.keys["monitor"], the_cell.unit)


def snapshot() -> list[Any]:
    """Everything that an act could have changed, but the record."""
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


def fresh(hand: Hand) -> Hand:
    """As the next request of this person would find them."""
    return replace(hand, operator=Operator.objects.get(pk=hand.operator.pk))


class People(RuleBasedStateMachine):
    """Eight people, three applicants, and no order at all."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self._now = wall.now
        self.passed = timedelta(0)
        self.soldier = self.world.applies(ApplicationType.INDIVIDUAL)
        self.others = [self.world.applies(kind) for kind in FORBIDDEN_TYPES]
        self.away: str | None = None

    def teardown(self) -> None:
        wall.now = self._now
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)

    @initialize(steps=st.integers(0, 7))
    def somebody_has_begun(self, steps: int) -> None:
        """By chance alone few sequences would come as far as a sheet."""
        for _ in range(steps):
            self.the_next_step_is_done_by_who_may()

    @rule(who=st.sampled_from(WHO), what=st.sampled_from(["read", "reply", "note", "settle", "close", "return"]))
    def works_on_a_case(self, who: str, what: str) -> None:
        writing = self.world.line.writing("Чекайте.")
        does: dict[str, Callable[[Hand, str], object]] = {
            "read": access.read,
            "reply": lambda hand, number: cases.reply(hand, number, writing),
            "note": lambda hand, number: cases.note(hand, number, writing),
            "settle": lambda hand, number: cases.settle(hand, number, seen=10**9),
            "close": lambda hand, number: cases.close(hand, number, seen=10**9),
            "return": cases.put_back,
        }
        self.tries(who, does[what], self.soldier, "cases.refused")

    @rule(who=st.sampled_from(WHO), move=st.sampled_from(CellMove), about=st.integers(0, 3))
    def moves_a_case_to_the_cell_and_back(self, who: str, move: CellMove, about: int) -> None:
        number = self.others[about] if about < len(self.others) else self.soldier
        key = self.world.cell.planner.team.public
        does: dict[CellMove, Callable[[Hand, str], object]] = {
            CellMove.OFFER: lambda hand, number: cell.offer(hand, number, handover=key),
            CellMove.ACCEPT: cell.accept,
            CellMove.GIVE_BACK: cell.give_back,
        }
        self.tries(who, does[move], number, "cases.cell-refused")

    @rule(who=st.sampled_from(WHO), about=st.integers(0, 5))
    def begins_a_handover(self, who: str, about: int) -> None:
        number = self.others[about] if about < len(self.others) else self.soldier
        self.tries(who, acts.start, number, "handover.denied")

    @rule(
        who=st.sampled_from(WHO),
        what=st.sampled_from(["plan", "plan", "bad plan", "propose", "approve", "refuse", "recall", "release", "read"]),
        has_seen=st.sampled_from([True, True, True, False]),
    )
    def works_on_a_handover(self, who: str, what: str, *, has_seen: bool) -> None:
        row = self.newest()
        seen = acts.mark(row) if has_seen and row else "0" * 32
        self.tries(who, self.handover_act(what, seen), row.number if row else "00000", "handover.denied")

    @rule()
    def the_next_step_is_done_by_who_may(self) -> None:
        """Sense among the chance."""
        row, case = self.newest(), Case.objects.get(number=self.soldier)
        if case.whose is Whose.INTAKE:
            self.works_on_a_case("operator", "read")
            self.moves_a_case_to_the_cell_and_back("operator", CellMove.OFFER, 3)
        elif case.whose is Whose.OFFERED:
            self.moves_a_case_to_the_cell_and_back("planner", CellMove.ACCEPT, 3)
            self.works_on_a_case("planner", "read")
        elif row is None or row.handover_state in OUTCOMES:
            self.begins_a_handover("planner", 5)
        else:
            steps = {"draft": "propose" if row.plan else "plan", "proposed": "approve", "approved": "release"}
            step = steps.get(row.state)
            if step == "release" and not self.is_told(row):
                self.tells_the_words("planner")
            who = "approver" if step == "approve" else "planner"
            if step:
                self.works_on_a_handover(who, step, has_seen=True)
            else:
                self.a_unit_tells("receive")

    @rule(
        who=st.sampled_from(WHO), move=st.sampled_from([Move.RECEIVE, Move.NOT_COME, Move.ABORT, Move.LOSE, Move.ERASE])
    )
    def tells_an_outcome(self, who: str, move: Move) -> None:
        row = self.newest()
        act = lambda hand, number: releasing.tell_outcome(hand, number, move)  # noqa: E731
        self.tries(who, act, row.number if row else "00000", "handover.denied")

    @rule(who=st.sampled_from(WHO))
    def tells_the_words(self, who: str) -> None:
        row = self.newest()
        text = self.words(row) if row else "лимон окно"
        act = lambda hand, number: releasing.tell_codes(hand, number, self.world.line.writing(text))  # noqa: E731
        self.tries(who, act, row.number if row else "00000", "handover.denied")
        arrives()

    @rule(what=st.sampled_from(["read", "receive", "not-come", "abort", "plan"]), is_early=st.booleans())
    def a_unit_tells(self, what: str, *, is_early: bool = True) -> None:
        row = self.newest()
        number = row.number if row else "00000"
        with self.watched("unit", "sheets.denied"):
            if what == "read":
                unit_acts.read(self.world.unit, number)
            else:
                unit_acts.tell(self.world.unit, number, Move(what), is_early=is_early)

    @rule(who=st.sampled_from(WHO), what=st.sampled_from(["withdraw", "refuse"]))
    def decides_elsewhere(self, who: str, what: str) -> None:
        newest = Proposal.objects.order_by("-pk").first()
        decide = approving.withdraw if what == "withdraw" else approving.refuse
        with self.watched(who, "approvals.denied") as hand:
            decide(hand.operator, newest.pk if newest else 0)

    @rule(duress=st.sampled_from([False, False, False, False, True]))
    def the_person_writes(self, duress: bool) -> None:  # noqa: FBT001 - Hypothesis names it
        case, line = Case.objects.get(number=self.soldier), self.world.line
        key = self.world.cell.planner.team if case.whose is Whose.CELL else line.team
        person = self.world.rows[self.soldier]
        line.put(person, line.seal(person, PersonText("я тут", duress), Kind.MESSAGE, recipients=[key.public]))
        line.collect()

    @rule(who=st.sampled_from(WHO))
    def somebody_doubts_their_age(self, who: str) -> None:
        def doubts(hand: Hand, number: str) -> None:
            standing.suspect_minor(hand, number, "a young voice")

        self.tries(who, doubts, self.soldier, "cases.refused")

    @rule(
        who=st.sampled_from(WHO), change=st.sampled_from([{"active": False}, {"role": "editor"}, {"role": "approver"}])
    )
    def somebody_leaves_or_changes(self, who: str, change: dict[str, Any]) -> None:
        if self.away is None:
            self.away, row = who, self.world.hands[who].operator
            Operator.objects.filter(pk=row.pk).update(**change)

    @rule()
    def they_come_back(self) -> None:
        if self.away is not None:
            was = self.world.hands[self.away].operator
            Operator.objects.filter(pk=was.pk).update(active=True, role=was.role)
            self.away = None

    @rule(hours=st.sampled_from([1, 20]))
    def time_passes(self, hours: int) -> None:
        self.passed += timedelta(hours=hours)
        moment = timezone.now() + self.passed
        wall.now = lambda: moment

    @rule(days=st.sampled_from([0, 4, 9]))
    def the_desk_forgets(self, days: int) -> None:
        before, since = snapshot_of_handovers(), newest_entry()
        releasing.sweep(timezone.now() + self.passed + timedelta(days=days), keys=self.world.line.keys)
        self.replay(before, self.world.told(since), actor=THE_DESK)

    @invariant()
    def nobody_who_may_not_is_handed_over(self) -> None:
        assert not Handover.objects.filter(case__number__in=self.others).exists()
        assert not Case.objects.filter(number__in=self.others).exclude(with_cell="").exists()

    @invariant()
    def one_handover_is_under_way_and_its_secrets_are_where_they_may_be(self) -> None:
        rows = list(Handover.objects.all())
        assert sum(row.handover_state in LIVING for row in rows) <= 1
        for row in rows:
            has_words = row.handover_state in {HandoverState.APPROVED, HandoverState.RELEASED}
            assert (row.codes is not None) is has_words
            assert row.sheet is None or row.handover_state is HandoverState.RELEASED or row.erase_at is not None
            assert row.handover_state in LIVING or row.plan is None or row.erase_at is not None

    @invariant()
    def quiet_cases_have_nothing_in_clear(self) -> None:
        for case in Case.objects.all():
            assert case.case_state not in QUIET or (case.language == "" and case.waiting_since is None)

    @invariant()
    def whoever_released_did_not_approve(self) -> None:
        for row in Handover.objects.filter(state=HandoverState.RELEASED.value):
            said = [one for one in self.world.told(0) if one.subject == row.number]
            planned = next(one.actor for one in reversed(said) if one.act == "handover.propose")
            approved = next(one.actor for one in reversed(said) if one.act == "handover.approve")
            released = next(one.actor for one in reversed(said) if one.act == "handover.release")
            assert planned != approved != released

    @invariant()
    def nobody_is_met_who_does_not_know_their_words(self) -> None:
        for row in Handover.objects.filter(state=HandoverState.RELEASED.value, case__isnull=False):
            said = [one.act for one in self.world.told(0) if one.subject == row.number]
            since = len(said) - said[::-1].index("handover.approve")
            assert "handover.codes" in said[since : len(said) - said[::-1].index("handover.release")]

    def is_told(self, row: Handover) -> bool:
        try:
            assert row.case is not None
            return releasing.codes_of(self.world.cell.planner, row, row.case).told
        except gates.REFUSALS:
            return True

    def tries(self, who: str, act: Callable[[Hand, str], object], number: str, denied: str) -> None:
        with self.watched(who, denied) as hand:
            act(hand, number)

    @contextmanager
    def watched(self, who: str, denied: str) -> Iterator[Hand]:
        """One act by one person: what it did stands in the record; what was refused left its entry and nothing else."""
        hand = fresh(self.world.hands[who])
        everything, since, before = snapshot(), newest_entry(), snapshot_of_handovers()
        was = {one.number: (one.case_state, one.whose) for one in Case.objects.all()}
        try:
            yield hand
        except gates.REFUSALS:
            told = self.world.told(since)
            assert [(one.actor, one.act) for one in told] == [(hand.operator.name, denied)]
            assert snapshot() == everything
            event(f"refused: {denied}")
            return
        told = self.world.told(since)
        assert snapshot() == everything or told
        assert {one.actor for one in told} <= {hand.operator.name, THE_DESK}
        self.replay(before, told, actor=hand.operator.name)
        self.replay_cases(was, told)

    def replay(self, before: dict[str, HandoverState], told: list[Recorded], *, actor: str) -> None:
        """The record alone, walked through the table, gives the states that are there now."""
        states = dict(before)
        for one in told:
            if one.act == "handover.start":
                states[one.subject.split()[0]] = HandoverState.DRAFT
            elif one.act in ABOUT_HANDOVERS:
                move = Move(one.act.removeprefix("handover."))
                states[one.subject] = TRANSITIONS[states[one.subject], move]
                assert one.actor in {actor, THE_DESK}
                event(f"done: {one.act}")
        assert states == snapshot_of_handovers()
        if any(one.act in {"handover.approve", "handover.release"} for one in told):
            assert standing.stops(Case.objects.get(number=self.soldier)) == frozenset()

    @staticmethod
    def replay_cases(was: dict[str, tuple[CaseState, Whose]], told: list[Recorded]) -> None:
        expected = {number: whose for number, (_state, whose) in was.items()}
        for one in told:
            if one.act in ABOUT_WHOSE:
                expected[one.subject] = OWNERS[expected[one.subject], ABOUT_WHOSE[one.act]]
        for case in Case.objects.all():
            state = was[case.number][0]
            assert case.whose is expected[case.number]
            assert case.case_state is state or case.case_state in reachable(state)

    def handover_act(self, what: str, seen: str) -> Callable[[Hand, str], object]:
        the_cell = self.world.cell
        begins = (timezone.now() + self.passed + timedelta(hours=1)).replace(second=0, microsecond=0)
        good = the_cell.plan(begins=begins, ends=begins + timedelta(hours=2))
        bad = the_cell.plan(begins=begins, ends=begins, wounded=9)
        does: dict[str, Callable[[Hand, str], object]] = {
            "plan": lambda hand, number: acts.plan(hand, number, good, seen=seen),
            "bad plan": lambda hand, number: acts.plan(hand, number, bad, seen=seen),
            "propose": lambda hand, number: acts.propose(hand, number, seen=seen),
            "approve": lambda hand, number: acts.approve(hand, number, seen=seen),
            "refuse": acts.refuse,
            "recall": acts.recall,
            "release": lambda hand, number: releasing.release(hand, number, seen=seen),
            "read": acts.read,
        }
        return does[what]

    def words(self, row: Handover) -> str:
        try:
            assert row.case is not None
            return codes.text_for_person(releasing.codes_of(self.world.cell.planner, row, row.case), "ru")
        except gates.REFUSALS:
            return "лимон окно"

    @staticmethod
    def newest() -> Handover | None:
        return Handover.objects.select_related("case").order_by("-pk").first()


def reachable(state: CaseState) -> set[CaseState]:
    """By one move, or by a reading and one."""
    near = {to for (before, _move), to in CASE_TRANSITIONS.items() if before is state}
    return near | {to for (before, _move), to in CASE_TRANSITIONS.items() if before in near}


def snapshot_of_handovers() -> dict[str, HandoverState]:
    return {row.number: row.handover_state for row in Handover.objects.all()}


def newest_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_whoever_does_whatever_no_forbidden_state_is_reached(world: World) -> None:
    machine = type("PeopleOfThisDesk", (People,), {"world": world})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    how = settings(max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=checks, database=None)
    run_state_machine_as_test(machine, settings=how)
