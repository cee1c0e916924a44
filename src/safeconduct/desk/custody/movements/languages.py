# SPDX-License-Identifier: AGPL-3.0-or-later
"""The languages of a camp follow its people: what a page in clear must not know of a person, a camp may say of itself (art. 41)."""

from collections.abc import Iterable, Mapping

from django.db.models import F

from safeconduct.desk.custody import acts, crossing, days, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.movements.models import LanguageToSee
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import CampEvent, Precision
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.reception import Received

_AT_ONCE = 100  # persons in one request
_TOLD = (CampEvent.LANGUAGE_PRESENT.value, CampEvent.LANGUAGE_GONE.value)


def keep(person: Person, received: Received) -> None:
    """Whoever is registered, or says later which language is theirs: the camp has it from today on."""
    if person.camp is not None:
        day = min(acts.today(), days.here())  # neither clock may call it tomorrow
        settle(person.camp, {received.language}, When(day))


def settle(camp: Camp, tags: Iterable[str], when: When) -> None:
    """Enters each language that was not there yet: from then on the Convention is owed in it."""
    for tag in sorted({tag for tag in tags if tag in LANGUAGES}):
        if not _is_present(camp, tag):
            acts.happen_in_camp(camp, CampEvent.LANGUAGE_PRESENT, when, of=tag)


def note(row: Event) -> None:
    """Somebody arrived, by whoever's hand: only who may read their sheet can say which language came with them."""
    told = {"camp": row.camp, "came": row.happened, "precision": row.precision}
    LanguageToSee.objects.update_or_create(person=row.person, defaults=told)


@crossing.act
def catch_up(keyring: Keyring) -> None:
    """Settles the languages of those who arrived since. Nothing for whose key opens no sheet: it waits for somebody else."""
    if (keyring.operator.plays.team or "") not in sealed.IDENTITY.teams:
        return
    waiting = list(LanguageToSee.objects.select_for_update(of=("self",)).order_by("camp_id", "pk")[:_AT_ONCE])
    if not waiting:
        return
    try:
        sheets = sealed.newest_of([one.person_id for one in waiting], keyring, sealed.IDENTITY)
    except NotAdmitted:
        return
    spoken, there = spoken_by(sheets), _still_there(waiting)
    first: dict[tuple[int, str], LanguageToSee] = {}
    for one in sorted(there, key=lambda one: (one.camp_id, one.came)):
        first.setdefault((one.camp_id, spoken.get(one.person_id, "")), one)
    for (_camp, tag), one in first.items():
        settle(one.camp, {tag}, When(one.came, Precision(one.precision)))
    LanguageToSee.objects.filter(pk__in=[one.pk for one in waiting]).delete()


def _still_there(waiting: Iterable[LanguageToSee]) -> list[LanguageToSee]:
    """Who has left the camp again took their language along."""
    rows = LanguageToSee.objects.filter(pk__in=[one.pk for one in waiting], person__camp=F("camp"), camp__is_open=True)
    return list(rows.select_related("camp"))


def end(camp: Camp, when: When) -> None:
    """Nobody of any language is there any more."""
    told = camp.events.filter(person=None, kind=CampEvent.LANGUAGE_PRESENT.value, stands=True)
    for tag in sorted(set(told.values_list("of", flat=True))):
        if _is_present(camp, tag):
            acts.happen_in_camp(camp, CampEvent.LANGUAGE_GONE, _not_before(camp, tag, when), of=tag)


def spoken_by(sheets: Mapping[int, Received]) -> dict[int, str]:
    """The language of each person, by their row, where it was said."""
    return {pk: sheet.language for pk, sheet in sheets.items() if sheet.language}


def _is_present(camp: Camp, tag: str) -> bool:
    told = camp.events.filter(person=None, kind__in=_TOLD, of=tag, stands=True).order_by("-happened", "-pk").first()
    return told is not None and told.kind == CampEvent.LANGUAGE_PRESENT.value


def _not_before(camp: Camp, tag: str, when: When) -> When:
    """A language is not gone before it was there: late papers may close a camp on an earlier day."""
    came = camp.events.filter(person=None, kind=CampEvent.LANGUAGE_PRESENT.value, of=tag, stands=True).latest(
        "happened"
    )
    return max(when, When(came.happened), key=lambda one: one.day)
