# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lists ask of the register's events, and what events do to lists."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from safeconduct.desk.alerts.raising import raise_alert, settle_alert
from safeconduct.desk.custody import registrations
from safeconduct.desk.custody.acts import When
from safeconduct.desk.custody.models import Camp, Event, Person
from safeconduct.desk.custody.movements import languages
from safeconduct.desk.custody.movements.audited import MISSING
from safeconduct.desk.custody.movements.errors import NotOnAList, NotToHospital, OnTheirWay
from safeconduct.desk.custody.movements.models import Listed, Movement
from safeconduct.desk.custody.movements.states import WAITING, Kind, Mark, State
from safeconduct.desk.operators.models import Operator
from safeconduct.vocabulary.custody import LEAVES, CampEvent, CampKind, PersonEvent, Precision

P = PersonEvent
_MOVES = frozenset({P.TRANSFERRED, P.ARRIVED})
_DEPARTS = {P.DEPARTED: Kind.EVACUATION, P.TRANSFER_DEPARTED: Kind.TRANSFER}
_WORDS = (P.TRANSFER_PASSED.value, P.TRANSFER_REFUSED.value, P.TAKEN_TO_HOSPITAL.value)  # a doctor's alone
_LEFT = frozenset(event.value for event in (*LEAVES, *_MOVES))


def gate(_actor: Operator, person: Person, event: PersonEvent, camp: Camp | None) -> None:
    """List first (R24, R34): nobody sets out or changes camps without one, but into a hospital. Raises `NotOnAList`, `NotToHospital`.

    Who is held nowhere was never moved from anywhere: their papers come late, or they come back.
    """
    if not _is_covered(person, event, camp):
        raise NotOnAList


def after(row: Event) -> None:
    """A doctor's no takes a person off every list that has not departed, whoever keeps it; an arrival or an end finds who was missing, and an arrival brings a language.

    What is struck of these is awaited again.
    """
    if row.stands and row.person is None:
        _end_languages(row)
    if row.person is not None and not row.stands and row.kind in _LEFT:
        _await_again(row)
        watch_missing()
    if row.person is None or not row.stands:
        return
    if row.kind == P.ARRIVED.value and row.camp is not None:
        languages.note(row)
    if row.kind == P.TRANSFER_REFUSED.value:
        waiting = [state.value for state in WAITING]
        Listed.objects.filter(person=row.person, mark=Mark.GOES.value, movement__state__in=waiting).update(
            mark=Mark.NOT_TO_TRAVEL.value
        )
    if row.kind in _LEFT:
        watch_missing()


def _await_again(row: Event) -> None:
    """Who did not arrive after all is missing from the list with which they were entered, until they are found.

    Of a registration that was an error nobody waits for anybody.
    """
    if row.person is None or registrations.is_taken_back(row.person):
        return
    came = Event.objects.filter(
        person=OuterRef("person"),
        camp=OuterRef("movement__to"),
        kind__in=[event.value for event in _MOVES],
        happened__gte=OuterRef("movement__departed"),
        stands=True,
    )
    arrived = Listed.objects.filter(person=row.person, mark=Mark.ARRIVED.value, movement__to=row.camp)
    arrived.filter(~Exists(came)).update(mark=Mark.MISSING.value)


def _end_languages(row: Event) -> None:
    """A camp that closed holds nobody, and so nobody of any language."""
    if row.kind == CampEvent.CLOSED.value and row.camp is not None:
        languages.end(row.camp, When(row.happened, Precision(row.precision)))


def require_nobody_on_their_way(camp: Camp) -> None:
    """Raises `OnTheirWay`."""
    coming = [state.value for state in (*WAITING, State.DEPARTED)]
    if Movement.objects.filter(to=camp, state__in=coming).exists():
        raise OnTheirWay


def watch_missing() -> None:
    """Somebody is missing while their list has arrived and the register still has them where they left."""
    missing = _still_missing(Listed.objects.filter(mark=Mark.MISSING.value, person__camp=F("movement__origin")))
    if missing.exists():
        raise_alert(MISSING)
    else:
        settle_alert(MISSING)


def _is_covered(person: Person, event: PersonEvent, camp: Camp | None) -> bool:
    if event in _DEPARTS:
        return _rows(person, Mark.GOES, State.DEPARTED).filter(movement__kind=_DEPARTS[event].value).exists()
    if event not in _MOVES or camp is None or person.camp is None or camp == person.camp:
        return True
    return _is_on_their_way(person, camp) or _is_hospital(person, camp)


def _is_hospital(person: Person, camp: Camp) -> bool:
    """A doctor's no is over only when a doctor said so (art. 47), or took them to hospital. Raises `NotToHospital`."""
    if camp.kind != CampKind.HOSPITAL.value:
        return False
    said = person.events.filter(kind__in=_WORDS, stands=True).order_by("happened", "pk").last()
    if said is not None and said.kind == P.TRANSFER_REFUSED.value:
        raise NotToHospital
    return True


def _is_on_their_way(person: Person, camp: Camp) -> bool:
    late = _still_missing(_rows(person, Mark.MISSING, State.ARRIVED).filter(movement__to=camp))
    return _rows(person, Mark.GOES, State.DEPARTED).filter(movement__to=camp).exists() or late.exists()


def _still_missing(rows: QuerySet[Listed]) -> QuerySet[Listed]:
    """Who was found elsewhere, came back or left since the list departed is missing from it no more: another journey needs another list."""
    origin, to, departed = (OuterRef(f"movement__{name}") for name in ("origin", "to", "departed"))
    since = Q(happened__gt=departed) | (Q(happened=departed) & ~Q(camp=origin))
    return rows.exclude(
        Exists(Event.objects.filter(since, ~Q(camp=to), person=OuterRef("person"), kind__in=_LEFT, stands=True))
    )


def _rows(person: Person, mark: Mark, state: State) -> QuerySet[Listed]:
    return Listed.objects.filter(person=person, mark=mark.value, movement__state=state.value)
