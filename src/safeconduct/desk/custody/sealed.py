# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages about a person, sealed to the teams of custody that may read them, one copy each. No page opens for another person."""

import contextlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import msgspec
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from safeconduct.desk.custody import signing
from safeconduct.desk.custody.errors import PageAltered
from safeconduct.desk.custody.models import Person, Sealed
from safeconduct.desk.custody.resealing import SealedTable
from safeconduct.desk.operators.acts import team_key
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing.keys import PrivateKey, open_with, seal_to
from safeconduct.sealing.padding import pad, unpad
from safeconduct.vocabulary.reception import HealthOnArrival, Received

CUSTODY, BUREAU, MEDICAL, MAIL = "custody", "bureau", "medical", "mail"
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
    keep_all({person: record}, page, entered=entered)


def keep_all(records: Mapping[Person, Record], page: Page[Record], *, entered: date) -> None:
    """The same of each of these people."""
    rows = []
    for team in page.teams:
        key = team_key(team)
        for person, record in records.items():
            plain = pad(msgspec.json.encode(record))
            body = seal_to(key.key, plain, purpose=_purpose(person, page.kind))
            rows.append(
                Sealed(person=person, kind=page.kind, team=team, key_version=key.version, body=body, entered=entered)
            )
    signing.keep(TABLE, rows)


def newest(keyring: Keyring, person: Person, page: Page[Record]) -> Record | None:
    """What was written last; None where nothing was. Raises `NotAdmitted`, `Tampered`, of which `PageAltered` is one."""
    row = signing.newest(TABLE, _mine(keyring, person, page))
    return None if row is None else _read(keyring, person, page, [row])[0].record


def every(keyring: Keyring, person: Person, page: Page[Record]) -> list[Written[Record]]:
    """All pages of that kind, oldest first. Raises `NotAdmitted`, `Tampered`."""
    return _read(keyring, person, page, list(signing.standing(TABLE, _mine(keyring, person, page))))


def every_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, list[Written[Record]]]:
    """The same of each of several people. Raises `NotAdmitted`, `Tampered`."""
    return {pk: _read(keyring, rows[0].person, page, rows) for pk, rows in _standing_of(persons, keyring, page).items()}


def last_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, Record]:
    """What was written last about each of several people, as `newest` has it of one. Raises `NotAdmitted`, `Tampered`."""
    rows = _rows_of(persons, keyring, page)
    last = {pk: signing.last(TABLE, some) for pk, some in rows.items()}
    return {pk: _read(keyring, row.person, page, [row])[0].record for pk, row in last.items() if row is not None}


def newest_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, Record]:
    """What was written last about each of several people; without those of whom nothing was. Raises `NotAdmitted`, `Tampered`.

    Whose page was altered is left out, and the monitor hears of it: one such page must not end the search for everybody.
    """
    mine = Sealed.objects.filter(person__in=persons, kind=page.kind, team=_team(keyring, page))
    last = mine.values("person").annotate(last=Max("pk")).order_by().values("last")
    latest = list(Sealed.objects.filter(pk__in=last).select_related("person"))
    rows = {row.person_id: row for row in signing.lasting(TABLE, latest)}
    rows |= _before_those_set_aside([row for row in latest if row.person_id not in rows], keyring, page)
    return {pk: _read(keyring, row.person, page, [row])[0].record for pk, row in rows.items()}


def _before_those_set_aside(rows: Collection[Sealed], keyring: Keyring, page: Page[Record]) -> dict[int, Sealed]:
    """What counts in their stead. A person is found under what is left of them (art. 123)."""
    aside, found = [row.person_id for row in rows if signing.is_set_aside(TABLE, row)], {}
    for pk, some in (_rows_of(aside, keyring, page) if aside else {}).items():
        with contextlib.suppress(PageAltered):
            if (row := signing.last(TABLE, some)) is not None:
                found[pk] = row
    return found


def identity(keyring: Keyring, person: Person) -> Received | None:
    """Who the person said they are. Raises `NotAdmitted`, `Tampered`."""
    return newest(keyring, person, IDENTITY)


def _mine(keyring: Keyring, person: Person, page: Page[Record]) -> QuerySet[Sealed]:
    rows = Sealed.objects.filter(person=person, kind=page.kind, team=_team(keyring, page))
    return rows.select_related("person")  # the signature names them


def _standing_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, list[Sealed]]:
    rows = {pk: list(signing.standing(TABLE, some)) for pk, some in _rows_of(persons, keyring, page).items()}
    return {pk: some for pk, some in rows.items() if some}


def _rows_of(persons: Collection[int], keyring: Keyring, page: Page[Record]) -> dict[int, list[Sealed]]:
    found: dict[int, list[Sealed]] = defaultdict(list)
    rows = Sealed.objects.filter(person__in=persons, kind=page.kind, team=_team(keyring, page))
    for row in rows.select_related("person"):
        found[row.person_id].append(row)
    return found


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


TABLE = SealedTable(
    "custody.pages",
    _("Pages about prisoners of war"),
    Sealed,
    lambda team: Sealed.objects.filter(team=team).select_related("person"),
    lambda row: _purpose(row.person, row.kind),
    rows=lambda: Sealed.objects.select_related("person"),
    day_of=lambda row: row.entered,
    reads_without=True,
    is_counted=False,  # counsel's pages are among them
)
REWRAPPERS = (TABLE.rewrapper(),)
DESTROYERS = (TABLE.destroyer(),)
