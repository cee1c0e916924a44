# SPDX-License-Identifier: AGPL-3.0-or-later
"""What registrars and counsel may look at. Each reading is an act, and recorded."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals.models import Proposal
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import sealed, signing
from safeconduct.desk.custody.models import Event, Person, Sealed
from safeconduct.desk.custody.sealed import Written
from safeconduct.desk.custody.wishes import list_sealing, listing, records, returning, sheets
from safeconduct.desk.custody.wishes.counting import Fear, Missing, Standing, Unlisted, in_order, missing, standing
from safeconduct.desk.custody.wishes.kinds import LIST
from safeconduct.desk.custody.wishes.listing import Looked
from safeconduct.desk.custody.wishes.models import LIVING, Clearance, ExchangeList, ListState
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Membership
from safeconduct.desk.operators.roles import Role
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import Decision, ForCounsel, Wish

_WITH_COUNSEL = (PersonEvent.SPONTANEOUS_OFFER.value, PersonEvent.COUNSEL_SAW.value)

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One record, and what it lacks."""

    wish: Wish
    lacks: list[Missing]


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that somebody said of their wish, newest first, and what counts."""

    standing: Standing
    said: list[Said]
    handed: list[int]  # lists that the exchange office has with their name on them, though they cannot be exchanged


@dataclass(frozen=True, slots=True)
class Return:
    """What stands before a return."""

    fear: Fear
    decision: Decision | None
    draft: Decision | None  # it waits for a second registrar
    proposal: Proposal | None
    named: str  # which decision is shown, for whoever confirms it; empty when none waits
    cleared: Clearance | None
    handed: list[int]  # as of `Wishes`


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody for whom counsel was asked: whether nobody has spoken with them since, and how often words were passed on."""

    person: Person
    waits: bool
    pages: int


@dataclass(frozen=True, slots=True)
class OneList:
    """A list as it is now."""

    row: ExchangeList
    looked: list[Looked]
    proposal: Proposal | None
    is_set_aside: bool = (
        False  # by the monitor: what is stored of it is not what a colleague wrote, and nobody is shown on it
    )

    @property
    def staying(self) -> int:
        return sum(one.why is None for one in self.looked)

    @property
    def gone(self) -> int:
        return len(self.looked) - self.staying

    @property
    def withdrawn(self) -> list[str]:
        """Whom the exchange office has on a list that was handed over, must not exchange now, and does not know of yet."""
        return [one.entry.number for one in self._off if not one.is_told]

    @property
    def told(self) -> list[str]:
        """Of whom the exchange office was told so."""
        return [one.entry.number for one in self._off if one.is_told]

    @property
    def _off(self) -> list[Looked]:
        is_handed = self.row.state == listing.HANDED
        return [one for one in self.looked if is_handed and one.why not in {None, Unlisted.STRUCK}]


@transaction.atomic
def wishes(keyring: Keyring, person: Person) -> Wishes:
    """Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.wish_read", person.number)
    told = [one.record for one in sealed.every(keyring, person, records.WISH)]
    newest_first = [Said(one, missing(one, sheets.VERSIONS)) for one in reversed(in_order(told))]
    return Wishes(standing(told, sheets.VERSIONS), newest_first, listing.against(keyring, person))


@transaction.atomic
def coming_return(keyring: Keyring, person: Person) -> Return:
    """Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.return_read", person.number)
    proposal = returning.waiting_proposal(person)
    draft = sealed.newest(keyring, person, records.DRAFT) if proposal else None
    return Return(
        returning.fear_of(keyring, person),
        sealed.newest(keyring, person, records.DECISION),
        draft,
        proposal,
        returning.named(person, proposal, draft) if proposal and draft else "",
        Clearance.objects.filter(person=person, lapses__gt=clock.latest(timezone.now())).first(),
        listing.against(keyring, person),
    )


def lists() -> list[ExchangeList]:
    """The newest first; nothing is opened."""
    return list(ExchangeList.objects.all()[:SHOWN])


@transaction.atomic
def one_list(keyring: Keyring, row: ExchangeList) -> OneList:
    """Every entry looked at anew, as the next step will; also once it was handed over. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.exchange_read", str(row.pk))
    if signing.is_set_aside(list_sealing.TABLE, row):
        return OneList(row, [], None, is_set_aside=True)
    if row.state == listing.HANDED:
        return OneList(row, listing.look_since(keyring, row), None)
    kept = list_sealing.opened(keyring, row)
    if row.state in LIVING:
        at = clock.latest(timezone.now()) if row.state == ListState.BUILT.value else None
        return OneList(row, listing.look(keyring, kept, at), approvals.standing(LIST, str(row.pk)))
    return OneList(row, listing.kept(kept), None)


def is_counsel_there() -> bool:
    """Whether anybody holds the key to what is sealed to counsel. Recovery shares may still bring it back."""
    held = Membership.objects.filter(wrapped__isnull=False, operator__active=True, key__retired=False)
    return held.filter(key__team__code=Role.COUNSEL.team).exists()


def told_to_counsel() -> list[Client]:
    """Who asked for counsel or was heard to need it: those with whom nobody has spoken since come first."""
    rows = Event.objects.filter(kind__in=_WITH_COUNSEL)
    waiting = _waiting_in(rows)
    asked = rows.filter(kind=PersonEvent.SPONTANEOUS_OFFER.value, stands=True).values_list("person_id", flat=True)
    pages = Counter(Sealed.objects.filter(kind=records.FOR_COUNSEL.kind).values_list("person_id", flat=True))
    people = Person.objects.filter(pk__in=asked).select_related("camp")
    found = [Client(one, one.pk in waiting, pages[one.pk]) for one in people]
    return sorted(found, key=lambda one: not one.waits)


def waits_for_counsel(person: int | None) -> bool:
    """Counsel was asked for, and has not spoken with them since."""
    return bool(_waiting_in(Event.objects.filter(person=person, kind__in=_WITH_COUNSEL)))


def _waiting_in(rows: "QuerySet[Event]") -> set[int]:
    """By the days on which they spoke, whenever that was entered; of one day, as it was entered."""
    told = list(rows.filter(stands=True).values_list("pk", "corrects_id", "person_id", "happened", "kind"))
    entered = _first_entries({pk: corrects for pk, corrects, *_ in told if corrects is not None})
    last: dict[int, tuple[date, int, str]] = {}
    for pk, _, person, happened, kind in told:
        if person is not None:
            this = (happened, entered.get(pk, pk), kind)
            last[person] = max(last.get(person, this), this)
    return {person for person, (_, _, kind) in last.items() if kind == PersonEvent.SPONTANEOUS_OFFER.value}


def _first_entries(corrections: dict[int, int]) -> dict[int, int]:
    """A correction keeps the place of what it corrects, and that the place of what it corrected itself."""
    found, earlier = corrections, corrections
    while earlier:
        rows = Event.objects.filter(pk__in=set(found.values()), corrects__isnull=False)
        earlier = {pk: corrects for pk, corrects in rows.values_list("pk", "corrects_id") if corrects is not None}
        found = {pk: earlier.get(at, at) for pk, at in found.items()}
    return found


@transaction.atomic
def words_for_counsel(keyring: Keyring, person: Person) -> list[Written[ForCounsel]]:
    """The newest first. Raises `NotAdmitted`, `Tampered`."""
    audit.record(keyring.operator, "custody.counsel_read", person.number)
    return list(reversed(sealed.every(keyring, person, records.FOR_COUNSEL)))
