# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages about a person, sealed to the teams of custody that may read them, one copy each. No page opens for another person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import msgspec
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody.models import Person, Sealed
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.reception import HealthOnArrival, Received

CUSTODY, BUREAU, MEDICAL = "custody", "bureau", "medical"
Record = TypeVar("Record", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """A kind of page: its stored name (12 letters at most), what stands on it, and each team that gets a copy."""

    kind: str
    record: type[Record]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written(Generic[Record]):
    """One page as its reader sees it."""

    pk: int
    record: Record
    entered: date


# The Bureau has a copy: it tells the Power and the Agency who it is (art. 122).
IDENTITY = Page("identity", Received, (CUSTODY, BUREAU))
# The capture card says it (field 11), and the doctor starts from it.
HEALTH = Page("arrival", HealthOnArrival, (CUSTODY, MEDICAL))


def keep(person: Person, page: Page[Record], record: Record, *, entered: date) -> None:
    """The newest page of that kind. Called inside an act. Raises `UnknownTeam` while a team that reads it has no key."""
    plain = pad(msgspec.json.encode(record))
    for team in page.teams:
        key = team_key(team)
        body = seal_to(key.key, plain, purpose=_purpose(person, page.kind))
        Sealed.objects.create(
            person=person, kind=page.kind, team=team, key_version=key.version, body=body, entered=entered
        )


def newest(keyring: Keyring, person: Person, page: Page[Record]) -> Record | None:
    """What was written last; None where nothing was. Raises `NotAdmitted`, `Tampered`."""
    row = _mine(keyring, person, page).last()
    return None if row is None else _read(keyring, person, page, [row])[0].record


def every(keyring: Keyring, person: Person, page: Page[Record]) -> list[Written[Record]]:
    """All pages of that kind, oldest first. Raises `NotAdmitted`, `Tampered`."""
    return _read(keyring, person, page, list(_mine(keyring, person, page)))


def newest_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, Record]:
    """What was written last about each of several people; without those of whom nothing was. Raises `NotAdmitted`, `Tampered`."""
    mine = Sealed.objects.filter(person__in=persons, kind=page.kind, team=_team(keyring, page))
    last = {row["person"]: row["last"] for row in mine.values("person").annotate(last=Max("pk")).order_by()}
    rows = Sealed.objects.filter(pk__in=last.values()).select_related("person")
    return {row.person_id: _read(keyring, row.person, page, [row])[0].record for row in rows}


def identity(keyring: Keyring, person: Person) -> Received | None:
    """Who the person said they are. Raises `NotAdmitted`, `Tampered`."""
    return newest(keyring, person, IDENTITY)


def _mine(keyring: Keyring, person: Person, page: Page[Record]) -> QuerySet[Sealed]:
    return Sealed.objects.filter(person=person, kind=page.kind, team=_team(keyring, page))


def _team(keyring: Keyring, page: Page[Record]) -> str:
    team = keyring.operator.plays.team
    if team is None or team not in page.teams:
        raise NotAdmitted("such a page is sealed to other teams")
    return team


def _read(keyring: Keyring, person: Person, page: Page[Record], rows: list[Sealed]) -> list[Written[Record]]:
    held = {one.version: one.private for one in keyring.held_keys(_team(keyring, page))}
    if any(row.key_version not in held for row in rows):
        raise NotAdmitted("no colleague has let the operator in to that key")
    purpose = _purpose(person, page.kind)
    return [
        Written(row.pk, msgspec.json.decode(unpad(_open(held, row, purpose)), type=page.record), row.entered)
        for row in rows
    ]


def _open(held: Mapping[int, PrivateKey], row: Sealed, purpose: bytes) -> bytes:
    return open_with(held[row.key_version], bytes(row.body), purpose=purpose)


def _purpose(person: Person, kind: str) -> bytes:
    """Binds a page to its person and kind, so that none can be put in another's place."""
    return b"custody/" + kind.encode() + b"/" + bytes(person.token)


_TABLE = SealedTable(
    "custody.pages",
    _("Pages about prisoners of war"),
    Sealed,
    lambda team: Sealed.objects.filter(team=team).select_related("person"),
    lambda row: _purpose(row.person, row.kind),
)
REWRAPPERS = (_TABLE.rewrapper(),)
DESTROYERS = (_TABLE.destroyer(),)
