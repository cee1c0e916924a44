# SPDX-License-Identifier: AGPL-3.0-or-later
"""A register of many persons and of two years of events, most of them on time. Needs Django started and migrated."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from django.db import transaction

from bench import bulk, invented
from safeconduct.desk.custody import sealed, signing
from safeconduct.desk.custody.models import Camp, Event, Person, Sealed
from safeconduct.desk.custody.names import tokens
from safeconduct.desk.custody.names.models import Indexed, Token
from safeconduct.desk.operators import acts as operators
from safeconduct.desk.operators import index_key
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import TeamKey
from safeconduct.sealing.keys import seal_to
from safeconduct.sealing.padding import pad
from safeconduct.vocabulary.custody import CampEvent, CampKind, PersonEvent, Precision
from safeconduct.vocabulary.identity import IdentityClaim
from safeconduct.vocabulary.reception import Received

CAMPS = 100
MONTHS = 24
LATE = 0.05  # the share of persons whose last month's inspection and mail were missed

_AT_ARRIVAL = (
    PersonEvent.REGISTERED, PersonEvent.ARRIVED, PersonEvent.QUARTERED, PersonEvent.RIGHTS_READ,
    PersonEvent.CARD_SENT, PersonEvent.BUREAU_NOTIFIED, PersonEvent.CLOTHED,
)  # fmt: skip
_EVERY_MONTH = (
    PersonEvent.INSPECTED, PersonEvent.MAIL_OFFERED, PersonEvent.MAIL_RECEIVED, PersonEvent.MAIL_DELIVERED,
)  # fmt: skip
_EVERY_DAY = (CampEvent.MORNING_MEAL, CampEvent.MIDDAY_MEAL, CampEvent.EVENING_MEAL, CampEvent.WATER)
_EVERY_WEEK = (CampEvent.HYGIENE_INSPECTED, CampEvent.WORSHIP_OFFERED, CampEvent.RECREATION_OFFERED)
_COLUMNS = ("person_id", "camp_id", "kind", "of", "happened", "precision", "entered", "stands")

Row = tuple[int | None, int, str, str, date, str, date, bool]


def _token_of(row: int) -> bytes:
    return row.to_bytes(16, "big")


def number_of(index: int) -> str:
    """The number of the person with this index, from 0."""
    return f"B-{index:06d}"


def fill(persons: int, today: date) -> int:
    """So many persons in a hundred camps, and what happened to them in two years. How many events that is."""
    dice = random.Random(7)
    camps = [
        Camp.objects.create(name=f"Bench camp {index:03d}", kind=CampKind.PERMANENT.value).pk for index in range(CAMPS)
    ]
    first = (Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows = ((first + at, number_of(at), _token_of(first + at), camps[at % CAMPS]) for at in range(persons))
    with bulk.at_once(Person), transaction.atomic():
        bulk.insert(Person, ("id", "number", "token", "camp_id"), rows)
    before = Event.objects.count()
    with bulk.at_once(Event), transaction.atomic():  # row by row SQLite would wait for the disk each time
        bulk.insert(Event, _COLUMNS, _events(dice, first, persons, camps, today))
    return Event.objects.count() - before


def name(keyring: Keyring, persons: int, today: date) -> list[str]:
    """Who they are: a page each, sealed to the registrars, and the tokens by which they are found. Names to look for."""
    team, page = operators.team_key("custody"), sealed.IDENTITY
    first = Person.objects.get(number=number_of(0)).pk
    known = [_received(claim) for claim in invented.people(persons)]
    first_page = (Sealed.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    tokens_of, long = _tokens(keyring, known), tokens.lengths(persons)[tokens.NAME][0]
    with bulk.at_once(Sealed, Indexed, Token), transaction.atomic():
        pages = ((first + at, _sealed(team, first + at, one)) for at, one in enumerate(known))
        rows = (
            (at, person, page.kind, "custody", team.version, body, _signed(at, team, person, body, today), today)
            for at, (person, body) in enumerate(pages, first_page)
        )
        bulk.insert(Sealed, ("id", "person_id", "kind", "team", "key_version", "body", "signature", "entered"), rows)
        bulk.insert(
            Indexed,
            ("person_id", "team", "bits", "version"),
            ((first + at, "custody", long, tokens.VERSION) for at in range(persons)),
        )
        bulk.insert(
            Token,
            ("person_id", "team", "value"),
            ((first + at, "custody", value) for at, values in enumerate(tokens_of) for value in values),
        )
    return [f"{one.surname} {one.first_names}" for one in random.Random(5).sample(known, 150)]


def _received(claim: IdentityClaim) -> Received:
    family, _, given = claim.name.partition(" ")
    return Received(surname=family, first_names=given, birth=claim.birth, service_number=claim.service_number)


def _tokens(keyring: Keyring, known: list[Received]) -> Iterator[set[int]]:
    key, long = index_key.index_key(keyring, "custody"), tokens.lengths(len(known))
    return (tokens.made(key, tokens.identity(one), long) for one in known)


def _sealed(team: TeamKey, person: int, received: Received) -> bytes:
    token = _token_of(person)
    return seal_to(team.key, pad(msgspec.json.encode(received)), purpose=b"custody/identity/" + token)


def _signed(row: int, team: TeamKey, person: int, body: bytes, day: date) -> bytes:
    one = Person(pk=person, token=_token_of(person))
    said = Sealed(pk=row, person=one, kind="identity", team="custody", key_version=team.version, body=body, entered=day)
    signing.sign(sealed.TABLE, [said])
    return bytes(said.signature)


def _events(dice: random.Random, first: int, persons: int, camps: list[int], today: date) -> Iterator[Row]:
    for at in range(persons):
        yield from _of_person(dice, first + at, camps[at % CAMPS], today)
    for camp in camps:
        yield from _of_camp(camp, today)


def _of_person(dice: random.Random, person: int, camp: int, today: date) -> Iterator[Row]:
    arrived = today - timedelta(days=30 * MONTHS + dice.randrange(20))
    for kind in _AT_ARRIVAL:
        yield _row(kind, arrived, camp, person)
    for month in range(MONTHS - (dice.random() < LATE)):
        day = arrived + timedelta(days=30 * (month + 1))
        for kind in _EVERY_MONTH:
            yield _row(kind, min(day, today), camp, person)


def _of_camp(camp: int, today: date) -> Iterator[Row]:
    opened = today - timedelta(days=30 * MONTHS + 30)
    yield _row(CampEvent.OPENED, opened, camp)
    for ago in range(1, 30 * MONTHS):
        for kind in _EVERY_DAY:
            yield _row(kind, today - timedelta(days=ago), camp)
    for ago in range(1, 30 * MONTHS, 7):
        for kind in _EVERY_WEEK:
            yield _row(kind, today - timedelta(days=ago), camp)


def _row(kind: PersonEvent | CampEvent, day: date, camp: int, person: int | None = None) -> Row:
    return person, camp, kind.value, "", day, Precision.DAY.value, day, True
