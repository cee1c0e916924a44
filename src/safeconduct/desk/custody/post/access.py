# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the mail office looks at. What is in a parcel opens for it alone, and reading that is recorded."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import card_printing, sealed
from safeconduct.desk.custody.duties import BY_CODE
from safeconduct.desk.custody.models import Camp, Owed, Person
from safeconduct.desk.custody.post.contents import PARCEL
from safeconduct.desk.custody.post.errors import NoSuchPiece
from safeconduct.desk.custody.post.kinds import DUTIES, Kind, Way
from safeconduct.desk.custody.post.models import CARDS_LEAST, LETTERS_LEAST, Allowance, Piece
from safeconduct.desk.operators.keyring import Keyring

SHOWN = 150  # ticks on one page; a post may have 200 fields
LISTED = 200


@dataclass(frozen=True, slots=True)
class Month:
    """What a person has handed in this month, and what the camp lets everybody send. Beyond it is no refusal."""

    person: Person
    letters: int
    cards: int
    letters_may: int
    cards_may: int

    @property
    def letters_left(self) -> int:
        return max(0, self.letters_may - self.letters)

    @property
    def cards_left(self) -> int:
        return max(0, self.cards_may - self.cards)

    @property
    def is_beyond(self) -> bool:
        return self.letters > self.letters_may or self.cards > self.cards_may


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece on its way. `due`: by when what came is to be handed over. `away`: its person is not where it lies."""

    piece: Piece
    due: date | None
    away: bool


def waiting(camp: Camp | None, way: Way | None) -> list[Waiting]:
    """What lies in a camp, the oldest first."""
    rows = Piece.objects.filter(stands=True, done=None).select_related("person__camp", "camp").order_by("day", "pk")
    rows = rows if camp is None else rows.filter(camp=camp)
    rows = rows if way is None else rows.filter(way=way.value)
    return [_waiting(row) for row in rows[:SHOWN]]


def of_person(person: Person) -> list[Waiting]:
    """All that came for a person or was handed in by them, the newest first, with what was struck."""
    rows = Piece.objects.filter(person=person).select_related("person__camp", "camp").prefetch_related("struck")
    return [_waiting(row) for row in rows.order_by("-day", "-pk")[:LISTED]]


def months(people: Iterable[Person], day: date) -> list[Month]:
    """What each has left in the month of that day. Capture cards and complaints are outside of it (arts. 71, 78)."""
    asked = list(people)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1)
    sent = Piece.objects.filter(person__in=asked, way=Way.OUT.value, stands=True, day__gte=first, day__lt=last)
    counts = Counter(sent.values_list("person", "kind"))
    limits = {
        one.camp_id: one for one in Allowance.objects.filter(camp__in={one.camp_id for one in asked if one.camp_id})
    }
    return [_month(person, counts, limits.get(person.camp_id or 0)) for person in asked]


def held_in(camp: Camp, number: str = "") -> QuerySet[Person]:
    """Who is held there, in the order of their numbers."""
    found = Person.objects.filter(camp=camp, number__startswith=number.replace("\0", "").strip().upper())
    return found.order_by("number")[:LISTED]


def allowance(camp: Camp) -> tuple[int, int]:
    """Letters and cards a month."""
    row = Allowance.objects.filter(camp=camp).first()
    return (row.letters, row.cards) if row else (LETTERS_LEAST, CARDS_LEAST)


def cards_due(camp: Camp | None) -> QuerySet[Owed]:
    """Whose capture card has to go, in the order in which a registrar prints them."""
    return card_printing.due(camp)[:SHOWN]


def piece(pk: int) -> Piece:
    """Raises `NoSuchPiece`."""
    row = Piece.objects.filter(pk=pk, stands=True).select_related("person__camp", "camp").first()
    if row is None:
        raise NoSuchPiece
    return row


@transaction.atomic
def contents(keyring: Keyring, parcel: Piece) -> str:
    """What was in it; nothing when nobody has opened it. Raises `NotAdmitted`, `Tampered`."""
    if not parcel.opened:
        return ""
    audit.record(keyring.operator, "post.contents", f"{parcel.person.number} {parcel.pk}")
    told = [one.record for one in sealed.every(keyring, parcel.person, PARCEL) if one.record.parcel == parcel.pk]
    return told[-1].contents if told else ""


def _waiting(row: Piece) -> Waiting:
    within = timedelta(days=BY_CODE[DUTIES[Kind(row.kind)]].within)
    came = row.way == Way.IN.value
    return Waiting(row, row.day + within if came else None, away=came and row.person.camp_id != row.camp_id)


def _month(person: Person, counts: Counter[tuple[int, str]], limit: Allowance | None) -> Month:
    letters, cards = counts[person.pk, Kind.LETTER.value], counts[person.pk, Kind.CARD.value]
    may = (limit.letters, limit.cards) if limit else (LETTERS_LEAST, CARDS_LEAST)
    return Month(person, letters, cards, *may)
