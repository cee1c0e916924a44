# SPDX-License-Identifier: AGPL-3.0-or-later
"""The medical sheet on paper. The name is written in by hand: the medical team has the number, and no page of who a person is."""

from safeconduct.desk.custody.medical.sheets import Sheet
from safeconduct.desk.custody.models import Person
from safeconduct.paper.content import Inspection, MedicalSheet


def sheet_on_paper(person: Person, sheet: Sheet) -> MedicalSheet:
    return MedicalSheet(
        prisoner_number=person.number,
        camp=person.camp.name if person.camp else "",
        height=str(sheet.state.centimetres or ""),
        state_on_arrival=sheet.state.state,
        known=sheet.state.known,
        inspections=tuple(
            Inspection(
                date=one.day.isoformat(),
                weight=one.kilograms,
                health=one.record.health,
                contagious=one.record.contagious,
                treatment=one.record.treatment,
                signed=one.record.signed,
            )
            for one in sheet.inspections
        ),
    )
