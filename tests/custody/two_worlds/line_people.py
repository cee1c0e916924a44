# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line's people in a world: those who read, who plan, who approve and who receive. Needs Django started in the line's process."""

import asyncio
import json
from dataclasses import dataclass

from django.conf import settings
from django.test.utils import setup_test_environment
from tests.desk.cases.conftest import Line
from tests.desk.cases.conftest import Person as Applicant
from tests.desk.conftest import CHEAP, House, Person, found
from tests.desk.handover.conftest import CARD
from tests.desk.handover.conftest import Cell as TheCell

from safeconduct.cli.places import Places
from safeconduct.desk.cases import acts as cases
from safeconduct.desk.cases import cell, keys
from safeconduct.desk.cases.writing import Hand
from safeconduct.desk.handover import links, releasing, units
from safeconduct.desk.handover.states import Move
from safeconduct.desk.handover.unit_acts import UnitHand
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators import roles, vaults
from safeconduct.desk.operators.roles import Role
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.signatures import SigningKey
from safeconduct.spool.contract import Quota
from safeconduct.spool.sqlite import SqliteSpool

HEADS = 4


@dataclass
class Cell:
    """The handover cell at work, and the line it works for."""

    line: Line
    cell: TheCell
    reader: Hand

    @classmethod
    def begin(cls, runner: asyncio.Runner, here: Places) -> "Cell":
        setup_test_environment()
        vaults.COST = CHEAP
        house = _house()
        line = _line(runner, here, house)
        keys.of_this_desk = lambda: line.keys
        planner, approver, reader = (
            _hand(house, line, role, team)
            for role, team in ((Role.PLANNER, "handover"), (Role.APPROVER, "handover"), (Role.OPERATOR, "intake"))
        )
        receiver = house.person(Role.RECEIVING_UNIT)
        unit = units.add(planner, "Kestrel 3", CARD)
        units.assign(planner, unit.pk, receiver.operator.pk, fingerprint=receiver.operator.fingerprint)
        unit_hand = UnitHand(receiver.operator, house.opened(receiver), line.keys)
        return cls(line, TheCell(planner, approver, unit_hand, unit, house), reader)

    def case_of_four(self) -> str:
        """People at the front whose case is the cell's."""
        someone = self.line.apply(Applicant(), "хочу жить", head_count=HEADS)
        self.line.collect()
        number = str(self.line.case(someone).number)
        cases.read(self.reader, number)
        cell.offer(self.reader, number, handover=self.cell.planner.team.public)
        cell.accept(self.cell.planner, number)
        cases.read(self.cell.planner, number)
        return number

    def hand_over(self, case: str, outcome: str) -> str:
        handover = self.cell.released(case, head_count=HEADS)
        releasing.tell_outcome(self.cell.planner, handover.number, Move(outcome))
        return str(handover.number)

    def link(self, number: str, token: str) -> None:
        """Two people, each from the same slip of paper."""
        links.propose(self.cell.planner, number, token)
        links.seal(self.cell.approver, number, token)

    def end(self) -> None:
        self.line.run(self.line.spool.close())
        self.line.keys.erasure.close()


def _house() -> House:
    team_keys = {code: found(code) for code in ("monitor", "intake", "handover")}
    staff = {}
    for role in roles.here():
        welcome = people.add_operator(f"{role.value} one", role)
        if role.team:
            people.let_in(people.team_key(role.team), team_keys[role.team], welcome.operator)
        staff[role] = Person(welcome)
    return House(team_keys, staff)


def _line(runner: asyncio.Runner, here: Places, house: House) -> Line:
    edge = SigningKey.generate()
    desk = SigningKey.from_seed((here.credentials / "desk" / "signing.key").read_bytes())
    doors = {"edge": edge.verify_key.raw.hex(), "desk": desk.verify_key.raw.hex()}
    (here.credentials / "doors.json").write_text(json.dumps(doors))
    telegram = PrivateKey.generate()
    (here.credentials / "delivery.json").write_text(json.dumps({"telegram": telegram.public.raw.hex()}))
    desk_keys = keys.DeskKeys.load(settings.DESK.home, settings.DESK.credentials)
    here.spool.parent.mkdir()
    spool = runner.run(SqliteSpool.open(here.spool, quota=Quota(64 << 20)))
    return Line(edge, house.keys["intake"], desk_keys, spool, runner, here.spool, here.home, telegram)


def _hand(house: House, line: Line, role: Role, team: str) -> Hand:
    someone = house.person(role)
    return Hand(someone.operator, house.opened(someone), house.keys[team], line.keys)
