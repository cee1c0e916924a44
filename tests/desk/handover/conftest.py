# SPDX-License-Identifier: AGPL-3.0-or-later
"""A handover cell at work: a planner, an approver, a receiving unit, and a case that is the cell's."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.desk.cases.conftest import (  # noqa: F401 -- pytest finds fixtures by name
    Line,
    Person,
    Window,
    chromium,
    hand,
    line,
    person,
    planner,
    window,
)
from tests.desk.conftest import House

from safeconduct.desk.audit import access as record
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import cell, keys, outgoing
from safeconduct.desk.cases.models import Outgoing
from safeconduct.desk.cases.writing import Hand, Writing
from safeconduct.desk.handover import acts, codes, releasing, units
from safeconduct.desk.handover.models import Handover, ReceivingUnit
from safeconduct.desk.handover.records import HoldFire, Plan, UnitCard
from safeconduct.desk.handover.unit_acts import UnitHand
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role

POINT = "37U DB 12345 67890, Stara Balka"
CARD = UnitCard(
    sectors=("North", "River"),
    languages=("ru", "uk"),
    zone="Europe/Kyiv",
    days=(0, 1, 2, 3, 4, 5, 6),
    opens="00:00",
    closes="00:00",
)


@dataclass
class Cell:
    """The people of a handover, each with their opened keys."""

    planner: Hand
    approver: Hand
    unit: UnitHand
    receiving: ReceivingUnit
    house: House

    def plan(self, **changed: Any) -> Plan:
        """A plan that nothing is wrong with: its window has just begun, and lasts two hours."""
        begins = datetime.now(UTC).replace(second=0, microsecond=0)
        said: dict[str, Any] = {
            "salt": bytes(16),
            "unit": self.receiving.pk,
            "point": POINT,
            "begins": begins,
            "ends": begins + timedelta(hours=2),
            "head_count": 2,
            "wounded": 1,
            "language": "ru",
            "signal": "White cloth on a stick, hands up",
            "abort": "Red flare, go back",
            "fallback": "The same time tomorrow, same signal",
            "hold_fire": HoldFire("Duty officer Kestrel", begins - timedelta(hours=2)),
            "planned_by": "",
        }
        return Plan(**(said | changed))

    def planned(self, number: str, **changed: Any) -> Handover:
        """A draft for this case."""
        handover = acts.start(self.planner, number)
        acts.plan(self.planner, handover.number, self.plan(**changed), seen=acts.mark(handover))
        return now(handover)

    def proposed(self, number: str, **changed: Any) -> Handover:
        handover = self.planned(number, **changed)
        acts.propose(self.planner, handover.number, seen=acts.mark(handover))
        return now(handover)

    def approved(self, number: str, **changed: Any) -> Handover:
        handover = self.proposed(number, **changed)
        acts.approve(self.approver, handover.number, seen=acts.mark(handover))
        return now(handover)

    def told(self, number: str, **changed: Any) -> Handover:
        """Approved, and the person knows their words."""
        handover = self.approved(number, **changed)
        self.tell(handover)
        return now(handover)

    def tell(self, handover: Handover) -> None:
        row = now(handover)
        assert row.case is not None
        text = codes.text_for_person(releasing.codes_of(self.planner, row, row.case), "ru")
        releasing.tell_codes(self.planner, row.number, Writing(text, seen=10**9, form=secrets.token_hex(16)))
        arrives()

    def released(self, number: str, **changed: Any) -> Handover:
        handover = self.told(number, **changed)
        releasing.release(self.planner, handover.number, seen=acts.mark(handover))
        return now(handover)

    def recorded(self, prefix: str = "handover.") -> list[str]:
        """The acts of this room in the record, oldest first."""
        lines = [one.told for one in record.page([self.house.keys["monitor"]]).lines]
        return [told.act for told in reversed(lines) if told and told.act.startswith(prefix)]


def arrives() -> None:
    """What the desk has sent lies in the mailboxes."""
    for row in Outgoing.objects.values_list("pk", flat=True):
        outgoing.delivered(row)


def now(handover: Handover) -> Handover:
    """The row as it stands."""
    return Handover.objects.select_related("case").get(pk=handover.pk)


@pytest.fixture
def the_cell(house: House, line: Line, planner: Hand, monkeypatch: pytest.MonkeyPatch) -> Cell:  # noqa: F811
    """A planner, an approver and a unit with one person, whose key was heard."""
    approver = house.person(Role.APPROVER)
    approving = Hand(approver.operator, house.opened(approver), house.keys["handover"], line.keys)
    receiver = house.person(Role.RECEIVING_UNIT)
    unit = units.add(planner, "Kestrel 3", CARD)
    fingerprint = Operator.objects.get(pk=receiver.operator.pk).fingerprint
    units.assign(planner, unit.pk, receiver.operator.pk, fingerprint=fingerprint)
    monkeypatch.setattr(keys, "of_this_desk", lambda: line.keys)
    unit_hand = UnitHand(receiver.operator, house.opened(receiver), line.keys)
    return Cell(planner, approving, unit_hand, unit, house)


@pytest.fixture
def case(line: Line, person: Person, hand: Hand, planner: Hand) -> str:  # noqa: F811
    """A soldier at the front whose case is the cell's, and of whom everything has been read."""
    number = str(line.case(person).number)
    cases.read(hand, number)
    cell.offer(hand, number, handover=planner.team.public)
    cell.accept(planner, number)
    cases.read(planner, number)
    return number


def second_case(the_cell: Cell, line: Line, hand: Hand, text: str) -> str:  # noqa: F811
    """Another conversation that is the cell's, of somebody new."""
    return taken_over(the_cell, line, hand, line.apply_new(text))


def taken_over(the_cell: Cell, line: Line, hand: Hand, somebody: Person) -> str:  # noqa: F811
    """Their conversation, read and the cell's."""
    line.collect()
    number = str(line.case(somebody).number)
    cases.read(hand, number)
    cell.offer(hand, number, handover=the_cell.planner.team.public)
    cell.accept(the_cell.planner, number)
    cases.read(the_cell.planner, number)
    return number
