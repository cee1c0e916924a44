# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the mail office does. Many pieces at once: what cannot be entered comes back with the reason, and all else is entered once.

A letter beyond a camp's limit is entered like any other: the limit says what the Power must let through, and the register never what
is held back. Nothing here can be withheld: a piece is on its way until it was handed over, sent, shared out or sent on.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, days, numbers, owing, sealed
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.errors import CustodyError, DayRefused, NobodyReads
from safeconduct.desk.custody.models import Camp, Event, Owed, Person
from safeconduct.desk.custody.post.contents import PARCEL
from safeconduct.desk.custody.post.errors import (
    BeforeItCame,
    BelowConvention,
    CensoredTwice,
    EnteredAlready,
    GoneAlready,
    NoSuchPiece,
    NotAParcel,
    NotCensored,
    NotElsewhere,
    OpenedTwice,
)
from safeconduct.desk.custody.post.kinds import CAME, ENDS, Before, Deed, Kind, Outcome, Sheet, Way
from safeconduct.desk.custody.post.models import CARDS_LEAST, LETTERS_LEAST, Allowance, Piece
from safeconduct.desk.custody.post.sheets import Failed, Line, slips
from safeconduct.desk.operators.errors import UnknownTeam
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.post import ParcelContents

Row = TypeVar("Row")
_TOLD, _TOLD_LETTERS = 8, 40


@dataclass(frozen=True, slots=True)
class Result:
    """How many were entered, and what was not, with the reason."""

    entered: int
    failed: list[Failed]


@transaction.atomic
def set_allowance(actor: Operator, camp: Camp, letters: int, cards: int) -> None:
    """What a person in this camp may send in a month. Raises `BelowConvention`."""
    if letters < LETTERS_LEAST or cards < CARDS_LEAST:
        raise BelowConvention
    Allowance.objects.update_or_create(camp=camp, defaults={"letters": letters, "cards": cards})
    audit.record(actor, "post.allowance", f"{camp.name}: {letters}, {cards}")


@crossing.act
def enter_sheet(  # noqa: PLR0913 - what stands on one sheet
    actor: Operator, ticket: bytes, sheet: Sheet, lines: Sequence[Line], *, camp: Camp, when: When
) -> Result:
    """A sack of mail, a day's letters, or forms given out. The same page sent again enters nothing twice."""
    named = slips(ticket, sheet, lines)

    def one(line: Line) -> None:
        person = register.person_of(line.number)
        if sheet is Sheet.FORMS:
            _offer(actor, person, when)
            return
        way = Way.IN if sheet is Sheet.CAME else Way.OUT
        for slip in named[line.place]:
            _take(actor, person, line.kind, way, slip, camp=camp, when=when)

    people = numbers.holders(line.number for line in lines)
    result = _each(people, lines, one, lambda line, why: Failed(line.place, line.text, why))
    told = _counted(line.text for line in lines)
    audit.record(actor, "post.sheet", f"{sheet.value} {when.day} {camp.name}: {told}")
    return result


@crossing.act
def deal(actor: Operator, pks: Collection[int], deed: Deed, when: When) -> Result:
    """Many pieces were handed over or sent, censored, sent after somebody, or shared out."""
    asked = sorted(set(pks))
    does = {Deed.DONE: _finish, Deed.CENSORED: _censor, Deed.REDIRECTED: _redirect, Deed.SHARED: _share}[deed]
    people = set(Piece.objects.filter(pk__in=asked).values_list("person_id", flat=True))
    result = _each(people, asked, lambda pk: does(actor, held(pk), when), lambda pk, why: Failed(pk, _named(pk), why))
    audit.record(actor, "post.dealt", f"{deed.value} {when.day}: {_counted(map(str, asked))}")
    return result


@crossing.act
def open_parcel(actor: Operator, pk: int, before: Before, contents: str, when: When) -> None:
    """In the presence of its owner or of the representative; what is in it is sealed to the mail office.

    Raises `NoSuchPiece`, `NotAParcel`, `OpenedTwice`, `BeforeItCame`, `DayRefused`, `NobodyReads`.
    """
    piece = held(pk)
    if piece.kind != Kind.PARCEL.value:
        raise NotAParcel
    if piece.opened:
        raise OpenedTwice
    _on_its_way(piece, when)
    Piece.objects.filter(pk=pk).update(opened=when.day, before=before.value)
    try:
        sealed.keep(piece.person, PARCEL, ParcelContents(parcel=pk, contents=contents), entered=register.today())
    except UnknownTeam:
        raise NobodyReads from None
    audit.record(actor, "post.opened", f"{piece.person.number} {pk}")


@crossing.act
def send_cards(actor: Operator, typed: Collection[str], when: When) -> Result:
    """Capture cards that went to the family and the Agency. Who is owed none has had theirs: nothing is entered twice."""
    asked, people = sorted(set(typed)), numbers.holders(typed)
    result = _each(
        people, asked, lambda number: _send_card(actor, number, when), lambda number, why: Failed(0, number, why)
    )
    audit.record(actor, "post.cards", f"{when.day}: {_counted(asked)}")
    return result


def _each(
    people: Collection[int],
    rows: Iterable[Row],
    one: Callable[[Row], None],
    failed: Callable[[Row, CustodyError], Failed],
) -> Result:
    """Each by itself: what is refused leaves nothing behind, and hinders no other. All whom it is about are held from the first on."""
    entered, refused = 0, []
    with owing.together():
        register.hold(people)
        for row in rows:
            try:
                with transaction.atomic():
                    one(row)
            except CustodyError as why:
                refused.append(failed(row, why))
            else:
                entered += 1
    return Result(entered, refused)


def _offer(actor: Operator, person: Person, when: When) -> None:
    kind = PersonEvent.MAIL_OFFERED
    if Event.objects.filter(person=person, kind=kind.value, happened=when.day, stands=True).exists():
        raise EnteredAlready
    register.happen(actor, person, kind, when)


def _take(  # noqa: PLR0913 - what is known of one piece
    actor: Operator, person: Person, kind: Kind, way: Way, slip: bytes, *, camp: Camp, when: When
) -> None:
    if Piece.objects.filter(slip=slip).exists():
        return
    if when.day > days.here():
        raise DayRefused("ahead")
    row = register.happen(actor, person, CAME[kind], when) if way is Way.IN else None
    Piece.objects.create(
        person=person,
        kind=kind.value,
        way=way.value,
        camp=camp,
        day=when.day,
        entered=register.today(),
        slip=slip,
        came_by=row,
    )


def _send_card(actor: Operator, number: str, when: When) -> None:
    person = register.person_of(number)
    if not Owed.objects.filter(person=person, duty="card").exists():
        raise EnteredAlready
    register.happen(actor, person, PersonEvent.CARD_SENT, when)


def _censor(_actor: Operator, piece: Piece, when: When) -> None:
    if piece.kind == Kind.PARCEL.value:
        raise NotCensored
    if piece.censored:
        raise CensoredTwice
    _on_its_way(piece, when)
    Piece.objects.filter(pk=piece.pk).update(censored=when.day)


def _finish(actor: Operator, piece: Piece, when: When) -> None:
    _end(actor, piece, Outcome.HANDED_OVER if piece.way == Way.IN.value else Outcome.SENT, when)


def _share(actor: Operator, piece: Piece, when: When) -> None:
    if piece.kind != Kind.PARCEL.value:
        raise NotAParcel
    _end(actor, piece, Outcome.SHARED, when)


def _redirect(actor: Operator, piece: Piece, when: When) -> None:
    """To the camp where they are now, in which it is still to be handed over; for good after who is not held any more."""
    there = piece.person.camp
    if piece.way != Way.IN.value or there == piece.camp:
        raise NotElsewhere
    if there is None:
        _end(actor, piece, Outcome.SENT_ON, when)
        return
    _on_its_way(piece, when)
    register.happen(actor, piece.person, PersonEvent.MAIL_REDIRECTED, when)
    Piece.objects.filter(pk=piece.pk).update(camp=there, redirected=when.day)


def _end(actor: Operator, piece: Piece, outcome: Outcome, when: When) -> None:
    _on_its_way(piece, when)
    ends = ENDS[Kind(piece.kind)]
    row = register.happen(actor, piece.person, ends[outcome], when) if outcome in ends else None
    Piece.objects.filter(pk=piece.pk).update(done=when.day, outcome=outcome.value, done_by=row)


def _on_its_way(piece: Piece, when: When) -> None:
    if piece.done:
        raise GoneAlready
    if when.day < piece.day:
        raise BeforeItCame
    if when.day > days.here():
        raise DayRefused("ahead")


def held(pk: int) -> Piece:
    """The piece as it is now, for an act: others wait. Raises `NoSuchPiece`."""
    if not Piece.objects.select_for_update().filter(pk=pk, stands=True).exists():
        raise NoSuchPiece
    return Piece.objects.select_related("person__camp", "camp", "came_by", "done_by").get(pk=pk)


def _named(pk: int) -> str:
    return Piece.objects.filter(pk=pk).values_list("person__number", flat=True).first() or str(pk)


def _counted(told: Iterable[str]) -> str:
    """For the record, whose entries hold so much and no more: how many, and the first of them."""
    every = list(told)
    return f"{len(every)}: {' '.join(one[:_TOLD_LETTERS] for one in every[:_TOLD])}"
