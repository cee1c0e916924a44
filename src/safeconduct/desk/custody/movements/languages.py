# SPDX-License-Identifier: AGPL-3.0-or-later
"""The languages of a camp follow its people: what a page in clear must not know of a person, a camp may say of itself (art. 41)."""

from collections.abc import Iterable

from safeconduct.desk.custody import acts, days, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Person
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.vocabulary.custody import CampEvent
from safeconduct.vocabulary.languages import LANGUAGES
from safeconduct.vocabulary.reception import Received

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


def end(camp: Camp, when: When) -> None:
    """Nobody of any language is there any more."""
    told = camp.events.filter(person=None, kind=CampEvent.LANGUAGE_PRESENT.value, stands=True)
    for tag in sorted(set(told.values_list("of", flat=True))):
        if _is_present(camp, tag):
            acts.happen_in_camp(camp, CampEvent.LANGUAGE_GONE, _not_before(camp, tag, when), of=tag)


def spoken_by(keyring: Keyring, people: Iterable[Person]) -> dict[int, str]:
    """The language of each person, by their row, as far as the reader's key opens it and it was said."""
    known = {person.pk: _language(keyring, person) for person in people}
    return {pk: tag for pk, tag in known.items() if tag}


def _language(keyring: Keyring, person: Person) -> str:
    try:
        page = sealed.identity(keyring, person)
    except NotAdmitted:
        return ""
    return page.language if page else ""


def _is_present(camp: Camp, tag: str) -> bool:
    told = camp.events.filter(person=None, kind__in=_TOLD, of=tag, stands=True).order_by("-happened", "-pk").first()
    return told is not None and told.kind == CampEvent.LANGUAGE_PRESENT.value


def _not_before(camp: Camp, tag: str, when: When) -> When:
    """A language is not gone before it was there: late papers may close a camp on an earlier day."""
    came = camp.events.filter(person=None, kind=CampEvent.LANGUAGE_PRESENT.value, of=tag, stands=True).latest(
        "happened"
    )
    return max(when, When(came.happened), key=lambda one: one.day)
