# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of a death on paper, after the Convention's Annex IV.D."""

from datetime import date

from django.conf import settings

from safeconduct.desk.custody.deaths.access import Known, days_of
from safeconduct.desk.custody.deaths.acts import standing
from safeconduct.desk.custody.models import Person
from safeconduct.paper.content import DeathRecord
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.deaths import CauseOfDeath, DeathTold
from safeconduct.vocabulary.reception import Received

P = PersonEvent
_LINE_MOST = 200


def record_on_paper(person: Person, who: Received | None, known: Known) -> DeathRecord:
    """What is not known stays empty, to be written by hand."""
    who, told, days = who or Received(), known.told or DeathTold(), days_of(person)
    died = standing(person, P.DIED)
    return DeathRecord(
        power=who.power,
        surname=who.surname,
        first_names=who.first_names,
        fathers_first_name=who.fathers_first_name,
        birth_place=who.birth_place,
        birth_date=who.birth.text if who.birth else "",
        rank=who.rank,
        service_number=who.service_number,
        prisoner_number=person.number,
        camp=died.camp.name if died and died.camp else "",
        next_of_kin_address=who.next_of_kin_address,
        fell_into_power_of=settings.DESK.detaining_power,
        fell_into_power_on=who.in_power_since.isoformat() if who.in_power_since else "",
        died=_line(days.get(P.DIED), told.place),
        cause=known.cause.cause if known.cause else "",
        is_violent_or_unknown=P.DEATH_UNEXPLAINED in days,
        inquiry_opened=_line(days.get(P.INQUIRY_OPENED), told.inquiry_by),
        examined=_examined(days.get(P.DEATH_EXAMINED), known.cause),
        burial_place=_line(days.get(P.BURIED), told.burial_place),
        grave_marked=told.grave,
        cremation_reasons=told.cremation_reasons,
        effects=_line(told.effects_sent, told.effects),
        will=_line(told.will_received, told.will_sent.isoformat() if told.will_sent else ""),
        account=told.account,
        authority=told.certified_by,
    )


def _examined(day: date | None, cause: CauseOfDeath | None) -> str:
    return _line(day, cause.examined_by if cause else "")


def _line(day: date | None, words: str) -> str:
    told = ", ".join(one for one in (day.isoformat() if day else "", " ".join(words.split())) if one)
    return told if len(told) <= _LINE_MOST else told[: _LINE_MOST - 1] + "…"
