# SPDX-License-Identifier: AGPL-3.0-or-later
"""To whom a released sheet is sealed: the people of its unit whose keys somebody has heard, and nobody else."""

import pytest
from msgspec.structs import replace
from tests.desk.conftest import House
from tests.desk.handover.conftest import CARD, POINT, Cell

from safeconduct.desk.handover import acts, records, releasing, sealed, unit_acts, units
from safeconduct.desk.handover.errors import MoveRefused, NeedsAnother, NobodyReceives
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError


def test_a_unit_whose_people_are_gone_gets_no_sheet(the_cell: Cell, case: str) -> None:
    handover = the_cell.told(case)
    units.dismiss(the_cell.planner, the_cell.unit.operator.pk)
    with pytest.raises(NobodyReceives):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R18")
def test_who_has_left_a_unit_takes_no_room_and_stands_in_no_card(the_cell: Cell) -> None:
    unit, person = the_cell.receiving, the_cell.unit.operator
    gone = tuple(records.Person(10**6 + one, bytes(16)) for one in range(units.PEOPLE_MAX))
    unit.card = sealed.close_card(the_cell.planner, replace(CARD, people=gone))
    unit.save()
    units.dismiss(the_cell.planner, person.pk)
    units.assign(the_cell.planner, unit.pk, person.pk, fingerprint=person.fingerprint)
    card = units.one(the_cell.planner, unit.pk).card
    assert card is not None
    assert [one.operator for one in card.people] == [person.pk]


@pytest.mark.rule("T6")
def test_nothing_is_sealed_to_a_key_that_nobody_heard(the_cell: Cell, case: str, house: House) -> None:
    handover = the_cell.told(case)
    people.renew(the_cell.unit.operator)
    with pytest.raises(NobodyReceives):
        releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))


@pytest.mark.rule("R15", "R18")
def test_a_sheet_is_sealed_anew_to_who_got_a_new_key_but_not_by_the_approver(
    the_cell: Cell, case: str, house: House
) -> None:
    handover = the_cell.released(case)
    welcome = people.renew(the_cell.unit.operator)
    renewed = replace_hand(the_cell, house, welcome)
    with pytest.raises(SealingError):
        unit_acts.read(renewed, handover.number)
    fingerprint = Operator.objects.get(pk=renewed.operator.pk).fingerprint
    units.assign(the_cell.planner, the_cell.receiving.pk, renewed.operator.pk, fingerprint=fingerprint)
    with pytest.raises(NeedsAnother):
        releasing.reissue(the_cell.approver, handover.number)
    releasing.reissue(the_cell.planner, handover.number)
    shown = unit_acts.read(renewed, handover.number)
    assert shown.sheet is not None
    assert shown.sheet.point == POINT


def replace_hand(the_cell: Cell, house: House, welcome: people.Welcome) -> unit_acts.UnitHand:
    return unit_acts.UnitHand(welcome.operator, house.opened(house.newcomer(welcome)), the_cell.unit.keys)


def test_a_draft_has_no_sheet_to_seal_anew(the_cell: Cell, case: str) -> None:
    handover = the_cell.approved(case)
    with pytest.raises(MoveRefused):
        releasing.reissue(the_cell.planner, handover.number)
