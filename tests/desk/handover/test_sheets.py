# SPDX-License-Identifier: AGPL-3.0-or-later
"""To whom a released sheet is sealed: the people of its unit whose keys somebody has heard, and nobody else."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from tests.desk.conftest import House
from tests.desk.handover.conftest import CARD, POINT, Cell

from safeconduct.desk.alerts.models import Alert
from safeconduct.desk.handover import acts, overdue, readers, records, releasing, sealed, unit_acts, units
from safeconduct.desk.handover.errors import MoveRefused, NeedsAnother, NobodyReceives
from safeconduct.desk.handover.models import SheetReader
from safeconduct.desk.handover.states import Move
from safeconduct.desk.operators import acts as people
from safeconduct.desk.operators.models import Operator
from safeconduct.desk.operators.roles import Role
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


def rings() -> bool:
    overdue.watch(datetime.now(UTC))
    return Alert.objects.filter(kind=readers.ALERT, is_over=False).exists()


@pytest.mark.rule("R14")
@pytest.mark.parametrize("way", ["retired", "dismissed", "deactivated", "renewed", "of another role"])
def test_a_released_sheet_that_nobody_at_the_unit_can_open_rings_and_is_marked(
    house: House, the_cell: Cell, case: str, way: str
) -> None:
    handover = the_cell.released(case)
    planning, address = house.signed_in(Role.PLANNER), f"/handovers/{handover.number}/"
    assert not rings()
    assert "Nobody at the unit can open" not in planning.get(address).content.decode()
    somebody = Operator.objects.filter(pk=the_cell.unit.operator.pk)
    if way == "retired":
        units.retire(the_cell.planner, the_cell.receiving.pk)
    elif way == "dismissed":
        units.dismiss(the_cell.planner, the_cell.unit.operator.pk)
    elif way == "deactivated":
        people.deactivate(somebody.get(), actor=house.person(Role.ADMINISTRATOR).operator)
    elif way == "renewed":
        people.renew(somebody.get())
    else:
        somebody.update(role=Role.EDITOR.value)
    assert rings()
    assert "Nobody at the unit can open" in planning.get(address).content.decode()
    assert "nobody at the unit can open the sheet" in planning.get("/handovers/").content.decode()


@pytest.mark.rule("R14")
def test_the_alert_of_a_sheet_that_nobody_can_open_ends_when_it_is_sealed_anew(
    the_cell: Cell, case: str, house: House
) -> None:
    handover = the_cell.released(case)
    renewed = replace_hand(the_cell, house, people.renew(the_cell.unit.operator))
    assert rings()
    fingerprint = Operator.objects.get(pk=renewed.operator.pk).fingerprint
    units.assign(the_cell.planner, the_cell.receiving.pk, renewed.operator.pk, fingerprint=fingerprint)
    assert rings()
    releasing.reissue(the_cell.planner, handover.number)
    assert not rings()


@pytest.mark.rule("R14")
def test_the_alert_of_a_sheet_that_nobody_can_open_ends_with_its_outcome_and_no_plan_raises_it(
    the_cell: Cell, case: str
) -> None:
    handover = the_cell.approved(case)
    assert not rings()  # a plan has no sheet
    the_cell.tell(handover)
    releasing.release(the_cell.planner, handover.number, seen=acts.mark(handover))
    units.dismiss(the_cell.planner, the_cell.unit.operator.pk)
    assert rings()
    releasing.tell_outcome(the_cell.planner, handover.number, Move.ABORT)
    assert not Alert.objects.filter(kind=readers.ALERT, is_over=False).exists()
    assert not rings()


def test_a_sheet_of_an_earlier_release_rings_only_for_who_has_left(the_cell: Cell, case: str) -> None:
    the_cell.released(case)
    SheetReader.objects.update(key=None)
    assert not rings()
    Operator.objects.filter(pk=the_cell.unit.operator.pk).update(active=False)
    assert rings()
