# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused
"""What is refused of journeys. Each tells its reader what to do; who it is about stands in `numbers`, and never why.

MovementRefused
├── StepRefused       a list moves on as its table says
├── SameCamp          a list leads to another camp
├── NotFromTransit    an evacuation leads away from a transit camp
├── NobodyListed      a list names somebody, and at most `MOST`
├── NotThere          they are not held where the list begins
├── ListedAlready     they stand on another list
├── NotToTravel       a doctor says so
├── NoAddress         nobody can be told an address that the camp does not have
├── NotTold           they have not been told
├── NoDoctorsWord     no doctor has said that they may travel
├── ComradesParted    they would be parted from comrades without having agreed to it
├── DayBefore         this is before the list, or before the departure
│   └── DepartsBefore  the departure that is planned is before the list
├── DepartsFar        a list leaves within a month
├── NotOnAList        nobody departs or is moved without a list
├── NotToHospital    a doctor said that they are not to travel, and none that they go to hospital
├── OnTheirWay        people are on their way to this camp, or are to go there
├── NoSuchComrades    a party has two people at least
└── NoSuchList        there is no such list, or it is none of the reader's
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.errors import CustodyError

MOST = 150  # people on one list: a page posts at most 200 fields


class MovementRefused(CustodyError):
    """Base of all refusals of this room."""

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        self.numbers = tuple(sorted(numbers))
        super().__init__(*self.numbers)


class StepRefused(MovementRefused):
    sentence = _("This list has moved on meanwhile. Look at where it stands now.")

    def __init__(self, state: str, step: str) -> None:
        super().__init__()
        self.state, self.step = state, step


class SameCamp(MovementRefused):
    sentence = _("Choose two different camps.")


class NotFromTransit(MovementRefused):
    sentence = _(
        "An evacuation begins in a transit camp. From any other camp people are transferred: choose a transfer."
    )


class NobodyListed(MovementRefused):
    sentence = _("A list names at least one person, and at most 150.")


class NotThere(MovementRefused):
    sentence = _("They are not held in the camp that the list leads from:")


class ListedAlready(MovementRefused):
    sentence = _("They stand on another list that has not ended:")


class NotToTravel(MovementRefused):
    sentence = _("They are not to travel:")


class NoAddress(MovementRefused):
    sentence = _(
        "The camp has no postal address yet that they could be told. Enter it on the camp's page, under Change."
    )


class NotTold(MovementRefused):
    sentence = _("They have not been told of the transfer and the new address:")


class NoDoctorsWord(MovementRefused):
    sentence = _("A doctor has not said yet that they may travel:")


class ComradesParted(MovementRefused):
    sentence = _(
        "They would be parted from comrades without having agreed to it. Let comrades go together, or write down who agrees:"
    )


class DayBefore(MovementRefused):
    sentence = _("This day is before the list was drawn up, or before the departure.")


class DepartsBefore(DayBefore):
    sentence = _(
        "The list is of a later day than the departure. A list is there before anybody leaves: choose a later departure, or the day on which the list was drawn up."
    )


class DepartsFar(MovementRefused):
    sentence = _("A list leaves within a month of the day on which it was drawn up: nobody would hear that it did not.")


class NotOnAList(MovementRefused):
    sentence = _(
        "Nobody is moved without a list. Draw one up under Journeys, with the days as they were; a hospital takes people without."
    )


class NotToHospital(MovementRefused):
    sentence = _(
        "A doctor says that they are not to travel. A doctor enters first that they are taken to hospital, or may travel."
    )


class OnTheirWay(MovementRefused):
    sentence = _("People stand on a list that leads to this camp. Call it off, or let them arrive first.")


class NoSuchComrades(MovementRefused):
    sentence = _("Comrades are two people at least.")


class NoSuchList(MovementRefused):
    sentence = _("There is no such list.")
