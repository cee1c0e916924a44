# SPDX-License-Identifier: AGPL-3.0-or-later
"""A package for each thing that article 122 names, in the transaction in which it happened. Nothing can hold one back (R26).

Without a key of the Bureau's a package gets its number all the same, and is sealed when there is one.
"""

from datetime import date, timedelta

from django.db.models import QuerySet

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.audit import appender
from safeconduct.desk.custody import acts, crossing, holding, sealed
from safeconduct.desk.custody.bureau import keys
from safeconduct.desk.custody.bureau.models import Package, Series, Worry
from safeconduct.desk.custody.models import Event, Owed, Person
from safeconduct.desk.operators.keyring import Keyring
from safeconduct.sealing import packages
from safeconduct.vocabulary import bureau
from safeconduct.vocabulary.bureau import TOLD, Notified, Particulars, Word
from safeconduct.vocabulary.custody import LEAVES, PersonEvent, Precision
from safeconduct.vocabulary.reception import Received

ABOUT = (PersonEvent.REGISTERED.value, Word.DETAILS.value)  # what says who it is
ILL = (PersonEvent.SERIOUSLY_ILL.value, Word.STILL_ILL.value)
_KINDS = frozenset(event.value for event in TOLD)
_LEFT = frozenset(event.value for event in LEAVES)
_NUMBERED = (PersonEvent.REGISTERED.value, PersonEvent.RENUMBERED.value)
_WEEKLY = timedelta(days=6)  # so that the seventh day finds it told


def keep(person: Person, received: Received) -> None:
    """Who was registered; or, from then on, that their details were written anew."""
    event = Event.objects.filter(person=person, kind=PersonEvent.REGISTERED.value).first()
    first = Package.objects.filter(person=person, kind=PersonEvent.REGISTERED.value).first()
    about = bureau.particulars(received)
    if first is None and event is not None:
        make(person, PersonEvent.REGISTERED.value, event=event, about=about)
    else:
        make(person, Word.DETAILS.value, corrects=first, about=about)


def follow(row: Event) -> None:
    """What happened, or was put right. A registration waits for the person's answers (`keep`), unless it is taken back or dated anew."""
    is_new = row.kind == PersonEvent.REGISTERED.value and row.corrects_id is None
    if row.person is None or is_new:
        return
    if row.kind == PersonEvent.ARRIVED.value:
        _follow_arrival(row, row.person)
    elif row.kind in _KINDS:
        _tell(row, row.person, row.kind)
        if row.corrects_id is None and row.kind in _LEFT:
            _tell_who_had_come_back(row, row.person)


def _tell(row: Event, person: Person, kind: str) -> None:
    old = Package.objects.filter(event=row.corrects).first() if row.corrects_id else None
    if old is not None and old.told_id is not None:  # what did not happen needs no word of it
        acts.amend(person, old.told_id, None)
    make(person, kind, event=row, corrects=old or _with_another_number(row))


def _follow_arrival(row: Event, person: Person) -> None:
    """Who had left and is held again: else the Bureau would know of the escape alone. What another arrival means is told as a transfer."""
    if row.corrects_id is not None:
        is_told = Package.objects.filter(event=row.corrects).exists()
    else:
        before = [one for one in holding.standing(person) if one != row and one.happened <= row.happened]
        is_told = bool(before) and holding.place(before) is None
    if is_told:
        _tell(row, person, Word.HELD_AGAIN.value)


def _tell_who_had_come_back(left: Event, person: Person) -> None:
    """Papers of a leaving that come later than those of the arrival after it."""
    after = [one for one in holding.standing(person) if one.happened > left.happened]
    first = min(after, key=lambda one: (one.happened, holding.first_entry(one)), default=None)
    if (
        first is not None
        and first.kind == PersonEvent.ARRIVED.value
        and not Package.objects.filter(event=first).exists()
    ):
        _tell(first, person, Word.HELD_AGAIN.value)


def _with_another_number(row: Event) -> Package | None:
    """The last package that said which number somebody has, when that was put right: so the Bureau knows whose it was."""
    if row.kind != PersonEvent.RENUMBERED.value:
        return None
    return Package.objects.filter(person=row.person, kind__in=_NUMBERED).last()


def still_ill(today: date) -> int:
    """The weekly word on who is seriously ill. How many packages were made. Nobody is signed in."""
    waiting = Owed.objects.filter(duty="seriously-ill", person__isnull=False).select_related("person")
    return sum(_tell_weekly(row.person, today) for row in waiting if row.person is not None)


@crossing.act
def _tell_weekly(person: Person, today: date) -> bool:
    Person.objects.select_for_update().get(pk=person.pk)
    if Package.objects.filter(person=person, kind__in=ILL, made__gt=today - _WEEKLY).exists():
        return False
    made = make(person, Word.STILL_ILL.value)
    audit.record(None, "custody.bureau_package", f"{made.number} {person.number}")
    return True


def make(
    person: Person,
    kind: str,
    *,
    event: Event | None = None,
    corrects: Package | None = None,
    about: Particulars | None = None,
) -> Package:
    """The next number, sealed at once if there is a key. Called inside the act that it tells of."""
    row = Package.objects.create(
        number=_next(),
        person=person,
        event=event,
        kind=kind,
        corrects=corrects,
        power_waits=waits(person),
        made=acts.today(),
    )
    _seal(row, about)
    return row


def waits(person: Person) -> bool:
    """Whether counsel looks into a worry about this person, or has upheld the last one."""
    latest = Worry.objects.filter(person=person).first()
    return latest is not None and not latest.power_may_know


@crossing.act
def make_anew(keyring: Keyring, most: int = 200) -> int:
    """Seal to the Bureau's newest key what was sealed to none or to an earlier one. Number and token stay.

    How many were sealed. Raises `NoBureauKey`, `NotAdmitted`.
    """
    rows = list(stale()[:most])
    for row in rows:
        received = sealed.identity(keyring, row.person) if row.kind in ABOUT else None
        _seal(row, bureau.particulars(received) if received else None)
        row.sent = None
        row.save(update_fields=["sent"])
    if rows:
        numbers = f"{rows[0].number} to {rows[-1].number}"
        audit.record(keyring.operator, "custody.bureau_anew", numbers)
    return len(rows)


@crossing.act
def go_on_after(number: int) -> int:
    """After a restore: give no number that the Bureau has already. The series never goes back; the last number that was given."""
    _series(at_least=number)
    audit.record(None, "custody.bureau_package", f"go on after {number}")
    return Series.objects.get(pk=1).last


def stale() -> QuerySet[Package]:
    """What nobody could open who has the Bureau's newest key alone. Raises `NoBureauKey`."""
    newest = keys.bureau().sealing.key_id
    open_ones = Package.objects.filter(acknowledged=None).select_related("person__camp", "event__camp", "corrects")
    return open_ones.exclude(key=newest) | open_ones.filter(key=None)


def _next() -> int:
    """The row is held until the transaction ends: a number that was given and not kept would be a gap."""
    return _series(more=1).last


def _series(*, more: int = 0, at_least: int = 0) -> Series:
    Series.objects.get_or_create(pk=1)
    series = Series.objects.select_for_update().get(pk=1)
    series.last = max(series.last + more, at_least)
    series.save(update_fields=["last"])
    return series


def _seal(row: Package, about: Particulars | None) -> None:
    there = keys.bureau_or_none()
    if there is None:
        return
    row.body = packages.seal_package(
        bureau.encode(_record(row, about)),
        series=bytes(Series.objects.get(pk=1).name),
        day=row.made,
        bureau=there.sealing,
        signer=appender.signing_key(),
    )
    row.key = there.sealing.key_id
    row.save(update_fields=["body", "key"])


def _record(row: Package, about: Particulars | None) -> Notified:
    event = row.event
    camp = event.camp if event else row.person.camp
    return Notified(
        number=row.number,
        token=bytes(row.token).hex(),
        prisoner=row.person.number,
        kind=row.kind,
        day=event.happened if event else row.made,
        precision=Precision(event.precision) if event else Precision.DAY,
        made=row.made,
        camp=camp.name if camp else "",
        corrects=row.corrects.number if row.corrects else None,
        stands=event is None or not _says_that_it_was_none(event),
        power_waits=row.power_waits,
        about=about,
    )


def _says_that_it_was_none(event: Event) -> bool:
    """Whether this entry strikes another one. One that gave another day and was put right itself is no such."""
    return event.corrects_id is not None and not event.stands and not Event.objects.filter(corrects=event).exists()
