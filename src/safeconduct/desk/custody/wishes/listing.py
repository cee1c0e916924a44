# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exchange lists: built by one registrar, approved by another, looked at again before each step (R40, R43).

Whoever is taken off does not show in clear: each list that is still open is sealed anew with every wish that is entered,
whoever's it is, and its count stays as it was.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.utils import timezone

from safeconduct.desk.alerts import clock
from safeconduct.desk.approvals import access as approvals
from safeconduct.desk.approvals import acts as deciding
from safeconduct.desk.approvals.errors import ApprovalsError
from safeconduct.desk.audit import acts as audit
from safeconduct.desk.custody import acts as register
from safeconduct.desk.custody import crossing, numbers
from safeconduct.desk.custody.acts import today
from safeconduct.desk.custody.models import Person
from safeconduct.desk.custody.wishes import dropping, list_sealing, returning
from safeconduct.desk.custody.wishes.counting import FEARED, Standing, Unlisted, unlisted
from safeconduct.desk.custody.wishes.errors import ListSettled, NobodyListed, NotApprovable, TooManyListed
from safeconduct.desk.custody.wishes.kinds import LIST
from safeconduct.desk.custody.wishes.models import LIVING, ExchangeList, ListState
from safeconduct.desk.operators.errors import NotAdmitted
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.desk.operators.models import Operator
from safeconduct.sealing.errors import SealingError, TooLarge
from safeconduct.vocabulary.custody import PersonEvent
from safeconduct.vocabulary.wishes import LISTED_MOST, Listed, Listing

OFF, ON = "1", "0"
HANDED = ListState.HANDED_OVER.value


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry as it is now. `why` None: the person may stay on the list. `is_told`: the exchange office knows why not."""

    entry: Listed
    why: Unlisted | None
    is_told: bool = False


def look(keyring: Keyring, listing: Listing, at: datetime | None) -> list[Looked]:
    """Every entry, looked at anew; `at` as for `unlisted`. Who was struck once stays struck, whatever they say afterwards."""
    people = Person.objects.in_bulk([one.number for one in listing.entries], field_name="number")
    return [
        Looked(one, Unlisted.STRUCK if is_off == OFF else _why(keyring, one, people.get(one.number), at))
        for one, is_off in zip(listing.entries, listing.struck, strict=True)
    ]


def look_since(keyring: Keyring, row: ExchangeList) -> list[Looked]:
    """Every entry of a list that was handed over, looked at anew: a wish is revised until they are gone (R40)."""
    return [
        one if one.why else Looked(one.entry, why_since(keyring, row, one.entry), one.is_told)
        for one in kept(list_sealing.opened(keyring, row))
    ]


def against(keyring: Keyring, person: Person) -> list[int]:
    """The lists that the exchange office has and on which this person stands, who must not be exchanged now, unless it was told.

    A list that does not open for who asks is passed over: only registrars read lists.
    """
    return [
        row.pk for row in _handed_rows() if any(why and not is_told for why, is_told in _since_of(keyring, row, person))
    ]


def is_to_be_exchanged(keyring: Keyring, person: Person) -> bool:
    """Whether a list that two people made and the exchange office has names this person, who may still be exchanged by it."""
    return any(why is None for row in _handed_rows() for why, _ in _since_of(keyring, row, person))


def kept(listing: Listing) -> list[Looked]:
    """Every entry as it was left."""
    told = listing.told or ON * len(listing.entries)
    return [
        Looked(one, Unlisted.STRUCK if is_off == OFF else None, is_told == OFF)
        for one, is_off, is_told in zip(listing.entries, listing.struck, told, strict=True)
    ]


@crossing.act
def build(keyring: Keyring, people: Collection[Person]) -> tuple[ExchangeList, dict[str, Unlisted]]:
    """A list of those who can stand on one now, and why each other cannot. It waits for a second registrar.

    Nobody stands on two: of two lists with one person, whoever builds the later one hears that there is another. A list that
    does not open for who builds is passed over. Raises `NobodyListed`, `TooManyListed`.
    """
    named = [one.pk for one in people]
    register.hold(named)  # of two who list one person the second sees the first one's list
    at, entries, left_out, taken = clock.latest(timezone.now()), [], {}, _on_lists(keyring)
    held = Person.objects.in_bulk(named)
    for person in (held[pk] for pk in named):
        now = returning.standing_of(keyring, person)
        why = _unlisted(keyring, person, now, at) or _listed(person, taken)
        if why is None and now.counts is not None and person.camp_id is not None:
            entries.append(Listed(person.number, " ".join(now.counts.name.split()), person.camp_id))
        else:
            left_out[person.number] = why or Unlisted.MOVED
    if not entries:
        raise NobodyListed(left_out)
    row = ExchangeList(day=today(), count=len(entries))
    _propose(keyring.operator, row, entries)
    return row, left_out


def approve(keyring: Keyring, pk: int) -> list[Looked]:
    """Another registrar looks at every entry anew. When all still stand the list is approved, and nothing is given back.

    Else those who cannot stay are taken off, it is proposed anew by whoever looked, and given back is who they were; when
    nobody is left the list is dropped. Raises `NotApprovable`, `ListSettled`.
    """
    changed = _cleaned(keyring, pk)
    if changed:
        return changed
    proposal = approvals.standing(LIST, str(pk))
    if proposal is None:
        raise NotApprovable
    try:
        if proposal.is_open:
            content = _content(list_sealing.opened(keyring, ExchangeList.objects.get(pk=pk)))
            deciding.approve(keyring.operator, proposal.pk, content)
    except ApprovalsError:
        raise NotApprovable from None
    _become(keyring.operator, pk, ListState.BUILT, ListState.APPROVED)
    return []


@crossing.act
def hand_over(keyring: Keyring, pk: int) -> list[Looked]:
    """The last look: whoever cannot stay is struck, and the rest is what goes to the exchange office. Given back: the struck.

    Whoever enters a wish of anybody on it does so before this look or after it. Raises `ListSettled`, `NotApprovable`.
    """
    _hold_people(keyring, pk)
    row = _held(pk, ListState.APPROVED)
    looked = look(keyring, list_sealing.opened(keyring, row), None)
    gone = _strike(keyring, row, looked)
    is_empty = len(gone) == len(looked)
    row.state = (ListState.DROPPED if is_empty else ListState.HANDED_OVER).value
    mark_told(keyring, row, ())
    row.save()
    _spend(keyring, row)
    audit.record(keyring.operator, "custody.exchange_dropped" if is_empty else "custody.exchange_handed", str(pk))
    return gone


def mark_told(keyring: Keyring, row: ExchangeList, numbers_told: Collection[str]) -> None:
    """Seals the list anew, with those of whom the exchange office knows that they must not be exchanged. The caller saves it."""
    listing = list_sealing.opened(keyring, row)
    told = "".join(OFF if one.number in numbers_told else ON for one in listing.entries)
    list_sealing.close(row, msgspec.structs.replace(listing, told=told))


def look_again(keyring: Keyring, person: Person) -> None:
    """Called with every wish that is entered: who cannot stay is struck, and all open lists are sealed anew, so that none stands out.

    A list that does not open for who enters it keeps no wish from being entered: the next step looks at everybody again.
    """
    for row in ExchangeList.objects.select_for_update().filter(state__in=LIVING):
        try:
            entries = list_sealing.opened(keyring, row).entries
        except (NotAdmitted, SealingError):
            continue
        _strike(
            keyring,
            row,
            [Looked(one, _why(keyring, one, person, None) if one.number == person.number else None) for one in entries],
        )
        row.save()


def handed(keyring: Keyring, row: ExchangeList) -> list[Listed]:
    """Who was handed over and may still be exchanged, or was. Raises `ListSettled`."""
    if row.state != HANDED:
        raise ListSettled
    return [one.entry for one in look_since(keyring, row) if one.why is None]


def _why(keyring: Keyring, entry: Listed, person: Person | None, at: datetime | None) -> Unlisted | None:
    if person is None or person.camp_id != entry.camp:
        return Unlisted.MOVED
    return _why_by_word(keyring, entry, person, at)


def why_since(keyring: Keyring, row: ExchangeList, entry: Listed) -> Unlisted | None:
    """Nobody is taken off by being sent home, or by waiting for it in another camp."""
    person = Person.objects.filter(number=entry.number).first()
    if person is None or (person.camp_id is None and not _went_home(person, row)):
        return Unlisted.MOVED
    return None if _went_home(person, row) else _why_by_word(keyring, entry, person, None)


def _went_home(person: Person, row: ExchangeList) -> bool:
    went = person.events.filter(kind=PersonEvent.REPATRIATED.value, stands=True)
    return went.filter(happened__gte=row.day).exists()


def _handed_rows() -> Iterable[ExchangeList]:
    return ExchangeList.objects.filter(state=HANDED)


def _since_of(keyring: Keyring, row: ExchangeList, person: Person) -> list[tuple[Unlisted | None, bool]]:
    """Of each entry of this person, under any number: why they must not be exchanged by it, and whether the office was told."""
    try:
        entries = kept(list_sealing.opened(keyring, row))
    except (NotAdmitted, SealingError):
        return []
    theirs = {person.number, *numbers.before(person)}
    return [
        (why_since(keyring, row, one.entry), one.is_told)
        for one in entries
        if one.why is None and one.entry.number in theirs
    ]


def _why_by_word(keyring: Keyring, entry: Listed, person: Person, at: datetime | None) -> Unlisted | None:
    now = returning.standing_of(keyring, person)
    if now.counts is not None and " ".join(now.counts.name.split()) != entry.name:
        return Unlisted.OTHER_NAME
    return _unlisted(keyring, person, now, at)


def _on_lists(keyring: Keyring) -> set[str]:
    """The number of everybody who stands on a list that waits or is approved."""
    found: set[str] = set()
    for row in ExchangeList.objects.filter(state__in=LIVING):
        with suppress(NotAdmitted, SealingError):
            found.update(one.entry.number for one in kept(list_sealing.opened(keyring, row)) if one.why is None)
    return found


def _listed(person: Person, taken: Collection[str]) -> Unlisted | None:
    return None if {person.number, *numbers.before(person)}.isdisjoint(taken) else Unlisted.LISTED


def _unlisted(keyring: Keyring, person: Person, now: Standing, at: datetime | None) -> Unlisted | None:
    """A fear counts on a list as it does before a return, whatever the wish (art. 118)."""
    return Unlisted.FEAR if returning.fear_of(keyring, person) in FEARED else unlisted(now, at)


@crossing.act
def _cleaned(keyring: Keyring, pk: int) -> list[Looked]:
    row = _held(pk, ListState.BUILT)
    looked = look(keyring, list_sealing.opened(keyring, row), clock.latest(timezone.now()))
    gone = [one for one in looked if one.why is not None]
    if not gone:
        return []
    if len(gone) == len(looked):
        dropping.drop(keyring.operator, pk)
    else:
        _propose(keyring.operator, row, [one.entry for one in looked if one.why is None])
    return gone


def _propose(actor: Operator, row: ExchangeList, entries: Sequence[Listed]) -> None:
    if len(entries) > LISTED_MOST:
        raise TooManyListed
    listing = Listing(entries=tuple(entries), struck=ON * len(entries), salt=secrets.token_hex(16))
    try:
        list_sealing.close(row, listing)
    except TooLarge:
        raise TooManyListed from None
    row.save()
    deciding.propose(actor, LIST, str(row.pk), _content(listing))
    audit.record(actor, "custody.exchange", str(row.pk))


def _strike(keyring: Keyring, row: ExchangeList, looked: Sequence[Looked]) -> list[Looked]:
    """Seals the list anew, with those struck who cannot stay. The caller saves it."""
    listing = list_sealing.opened(keyring, row)
    struck = "".join(
        OFF if was == OFF or one.why is not None else ON for was, one in zip(listing.struck, looked, strict=True)
    )
    list_sealing.close(row, msgspec.structs.replace(listing, struck=struck))
    return [one for one, is_off in zip(looked, struck, strict=True) if is_off == OFF]


def _spend(keyring: Keyring, row: ExchangeList) -> None:
    proposal = approvals.standing(LIST, str(row.pk))
    if proposal is None:
        raise NotApprovable
    try:
        deciding.spend(proposal.pk, _content(list_sealing.opened(keyring, row)), actor=keyring.operator)
    except ApprovalsError:
        raise NotApprovable from None


def _hold_people(keyring: Keyring, pk: int) -> None:
    """Everybody on it, before the list itself: whoever enters a wish holds the person first, and then the lists."""
    row = ExchangeList.objects.filter(pk=pk).first()
    entries = list_sealing.opened(keyring, row).entries if row else ()
    register.hold(numbers.holders(one.number for one in entries))


def _held(pk: int, state: ListState) -> ExchangeList:
    row = ExchangeList.objects.select_for_update().filter(pk=pk, state=state.value).first()
    if row is None:
        raise ListSettled
    return row


@crossing.act
def _become(actor: Operator, pk: int, before: ListState, after: ListState) -> None:
    if not ExchangeList.objects.filter(pk=pk, state=before.value).update(state=after.value):
        raise ListSettled
    audit.record(actor, "custody.exchange_approved", str(pk))


def _content(listing: Listing) -> bytes:
    """What two people agree on: who was on it. That somebody is struck afterwards is nothing to agree on."""
    return msgspec.json.encode(msgspec.structs.replace(listing, struck="", told=""))
